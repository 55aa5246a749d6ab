//! Which cores threads run on, where the system does not let a program decide it.

use rustix::process::Pid;

/// Nothing is moved.
#[derive(Debug)]
pub(crate) struct Apart;

impl Apart {
    pub(crate) fn from(_server: &[Pid]) -> Self {
        Self
    }
}
