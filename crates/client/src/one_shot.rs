//! One request, its reply, the end: as ssh runs a command.

use std::{ffi::OsString, io, os::unix::ffi::OsStrExt};

use client::options::Options;
use proto::Arguments;

use crate::{connecting::open, failure::Failure, print};

/// Sends the request of the command line; the exit status is the reply's.
pub(crate) fn run(options: &Options) -> Result<u8, Failure> {
    let request = arguments(&options.request)?;
    let mut connection = open(options)?;
    let reply = connection.request(&request)?;
    print::reply(&request, &reply, &mut io::stdout(), &mut io::stderr())
        .map_err(Failure::Output)
}

/// Words are arguments as they stand: the shell has split them. A word alone is read as a
/// line, since no command has a blank in its name.
fn arguments(words: &[OsString]) -> Result<Arguments, Failure> {
    match words {
        [line] if line.as_bytes().contains(&b' ') => {
            Ok(proto::split_line(line.as_bytes())?)
        }
        words => Ok(words.iter().map(|word| word.as_bytes().to_vec()).collect()),
    }
}
