//! The limit on open files: servers have pipes, and many clients are many sockets.

/// Raises this process's soft limit on descriptors to the hard one, and returns the soft
/// limit that then holds. Servers started later inherit it. A refusal leaves the old
/// limit.
pub fn raise_descriptors() -> u64 {
    rlimit::increase_nofile_limit(u64::MAX)
        .or_else(|_| rlimit::Resource::NOFILE.get_soft())
        .unwrap_or(u64::MAX)
}
