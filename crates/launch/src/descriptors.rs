//! The limit on open files: servers have pipes, and a crowd of clients is a crowd of sockets.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises this process's soft limit on descriptors to the hard one, and gives back what the
/// soft limit is then; [`u64::MAX`] where there is none. Servers started later inherit it.
pub fn raise_descriptors() -> u64 {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    let _ = setrlimit(Resource::Nofile, raised); // refused, the old limit stands
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
