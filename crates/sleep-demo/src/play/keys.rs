//! The keys that a run leaves on a server that was there before it and stays after it
//! (`--connect`): those that were not there when it began are deleted when it is over.

use std::{collections::BTreeSet, time::Duration};

use client::{ClientError, Connection, Reply};
use launch::Interrupt;

use super::{
    asking::Asked,
    calibration::{harmless, must_be_measured},
};
use crate::scenario::ClientSpec;

/// How long a server may take for each answer that only serves to clean up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keys that are deleted when this is dropped.
#[derive(Debug, Default)]
pub(super) struct Keys {
    address: String,
    made: BTreeSet<Vec<u8>>,
}

impl Keys {
    /// The keys that the clients and the calibration will write, and that the server does
    /// not have yet. A server without EXISTS cannot be cleaned up: there are none then.
    pub(super) fn absent(
        address: &str,
        clients: &[ClientSpec],
        interrupt: &Interrupt,
    ) -> Self {
        // What is wrong with such a server is for the calibration to report.
        let made = missing(address, clients, interrupt).unwrap_or_default();
        Self {
            address: address.to_owned(),
            made,
        }
    }

    fn delete(&self) -> Result<(), ClientError> {
        let mut connection = Connection::open(&self.address, PATIENCE)?;
        for key in &self.made {
            connection.request(&[b"DEL", key.as_slice()])?;
        }
        Ok(())
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if !self.made.is_empty() {
            // A server that is gone has taken its keys with it.
            let _ = self.delete();
        }
    }
}

fn missing(
    address: &str,
    clients: &[ClientSpec],
    interrupt: &Interrupt,
) -> Result<BTreeSet<Vec<u8>>, ClientError> {
    let requests: BTreeSet<&String> =
        clients.iter().flat_map(|client| &client.requests).collect();
    let mut asked = Asked::open(address, PATIENCE, interrupt)?;
    let mut made = BTreeSet::new();
    for request in requests {
        let arguments = proto::split_line(request.as_bytes()).unwrap_or_default();
        let mut all = vec![arguments];
        if must_be_measured(request) {
            all.push(harmless(request));
        }
        for key in keys_of(all, &mut asked)? {
            let reply = asked.request(&[b"EXISTS", key.as_slice()], PATIENCE)?;
            if reply == Reply::Integer(0) {
                made.insert(key);
            }
        }
    }
    Ok(made)
}

/// The keys that requests name: a counter, or what Redis says of a command that the kit
/// does not know.
fn keys_of(
    requests: Vec<Vec<Vec<u8>>>,
    asked: &mut Asked<'_>,
) -> Result<Vec<Vec<u8>>, ClientError> {
    let mut keys = Vec::new();
    for arguments in requests {
        match proto::Request::parse(&arguments) {
            Ok(proto::Request::IncrBy { counter, .. }) => keys.push(counter),
            Ok(_) => {}
            Err(_) => {
                let question = [b"COMMAND".to_vec(), b"GETKEYS".to_vec()];
                let question = [question.as_slice(), arguments.as_slice()].concat();
                if let Reply::Array(named) = asked.request(&question, PATIENCE)? {
                    keys.extend(named.into_iter().filter_map(|one| match one {
                        Reply::Bulk(key) => Some(key),
                        _ => None,
                    }));
                }
            }
        }
    }
    Ok(keys)
}
