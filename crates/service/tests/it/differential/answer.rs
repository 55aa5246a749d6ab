//! What a server answers to an input, up to the end of the connection.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
};

use super::{comparable::Ending, generate::Input};
use crate::talking::HUNG;

/// All bytes that came back until the connection ended; an error names what did not
/// happen.
pub(crate) fn answer(
    address: SocketAddr,
    input: &Input,
    ending: Ending,
) -> Result<Vec<u8>, String> {
    let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    let set = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_read_timeout(Some(HUNG)));
    set.map_err(|error| error.to_string())?;
    send(&mut stream, input, ending);
    if ending == Ending::Stays {
        // An error means that it has closed already, which the answer will show.
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(bytes),
        Err(error) => Err(format!("{error} after {}", bytes.escape_ascii())),
    }
}

fn send(stream: &mut TcpStream, input: &Input, ending: Ending) {
    let mut cuts = match ending {
        Ending::ClosesAtOnce => Vec::new(),
        _ => input.cuts.clone(),
    };
    cuts.sort_unstable();
    let mut sent = 0;
    for cut in cuts.into_iter().chain([input.bytes.len()]) {
        // The server may have closed the connection over what it got before.
        if stream.write_all(&input.bytes[sent..cut]).is_err() {
            return;
        }
        sent = cut;
    }
}
