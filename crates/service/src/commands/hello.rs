//! HELLO: the handshake of current Redis clients.

use proto::{Reply, Version};

use super::Outcome;
use crate::{connection::Connection, shared::Shared};

pub(super) fn hello(
    shared: &Shared,
    connection: &mut Connection,
    version: Option<Version>,
) -> Outcome {
    if let Some(version) = version {
        connection.version = version;
    }
    Reply::Map(vec![
        (Reply::text("server"), Reply::text(&shared.options.program)),
        (
            Reply::text("version"),
            Reply::text(env!("CARGO_PKG_VERSION")),
        ),
        (
            Reply::text("proto"),
            Reply::Integer(connection.version.number()),
        ),
    ])
    .into()
}
