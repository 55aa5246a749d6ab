//! How many descriptors a server may open, decided while it runs.

/// Lets each of these processes open this many descriptors at most, where the system
/// allows that: only Linux changes the limits of another process.
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "nothing is limited there")
)]
pub(crate) fn limit(processes: &[u32], most: u64) {
    #[cfg(target_os = "linux")]
    for pid in processes {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let pid = i32::try_from(*pid).ok().and_then(Pid::from_raw);
        let _ = prlimit(pid, Resource::Nofile, limit); // may be refused
    }
}
