//! Listening where other machines reach: said aloud, and not with more commands by
//! accident.

use std::net::SocketAddr;

use crate::{Error, Options, console::Console};

/// Checks the address before anything is served on it.
pub(crate) fn check(
    address: SocketAddr,
    options: &Options,
    console: &Console,
) -> Result<(), Error> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    if !options.allow.is_empty() && !options.expose_commands {
        return Err(Error::Exposed { address });
    }
    console.warn(format_args!(
        "every machine that reaches {address} can use this server; \
         --listen 127.0.0.1:{} keeps it to this machine",
        address.port()
    ));
    Ok(())
}
