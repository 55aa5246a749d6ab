//! HELLO: the handshake of current Redis clients.

use proto::{Reply, Version};

use super::Outcome;
use crate::shared::Shared;

pub(crate) fn hello(
    shared: &Shared,
    spoken: &mut Version,
    version: Option<Version>,
) -> Outcome {
    if let Some(version) = version {
        *spoken = version;
    }
    Reply::Map(vec![
        (Reply::text("server"), Reply::text(&shared.options.program)),
        (
            Reply::text("version"),
            Reply::text(env!("CARGO_PKG_VERSION")),
        ),
        (Reply::text("proto"), Reply::Integer(spoken.number())),
    ])
    .into()
}
