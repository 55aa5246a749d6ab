//! A connection as the options ask for it.

use std::time::Duration;

use client::{ClientError, Connection, options::Options};

/// How long a request may take where nobody says so.
const USUAL: Duration = Duration::from_secs(90);

/// A connection to the server, made within the timeout; each request on it has as long. A
/// person at the server may take any time to answer a talk.
pub(crate) fn open(options: &Options) -> Result<Connection, ClientError> {
    let timeout = options.timeout.unwrap_or(USUAL);
    let mut connection = Connection::open(&options.connect, timeout)?;
    if options.timeout.is_none() && options.chat.is_some() {
        connection.set_timeout(Duration::MAX);
    }
    Ok(connection)
}
