//! What this machine can carry: descriptors and memory maps for so many clients.

use std::{fs, num::NonZeroUsize};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::console::Console;

/// Descriptors that are no client's: streams, the log, the listening socket, pipes of RUN.
const RESERVED_DESCRIPTORS: u64 = 64;
/// Memory maps that are no client's: the program, its libraries, the heap.
const RESERVED_MAPS: u64 = 2_000;
/// Memory maps of a thread: its stack, its signal stack, and a guard for each. Past
/// `vm.max_map_count` the system's refusal reaches code that aborts the process.
const MAPS_PER_THREAD: u64 = 4;

/// Raises the soft limit on descriptors to the hard one, and gives back how many clients can
/// be served: as many as asked for, or fewer, which is said.
pub(crate) fn carry(asked: NonZeroUsize, console: &Console) -> usize {
    raise_descriptors();
    let bounds = [
        (descriptors(), "open files (ulimit -n)"),
        (memory_maps(), "memory maps (sysctl vm.max_map_count)"),
        (
            number_in("/proc/sys/kernel/threads-max"),
            "threads (sysctl kernel.threads-max)",
        ),
        (
            number_in("/proc/sys/kernel/pid_max"),
            "threads (sysctl kernel.pid_max)",
        ),
    ];
    let known = bounds
        .into_iter()
        .filter_map(|(most, what)| Some((most?, what)));
    let Some((most, what)) = known.min_by_key(|(most, _)| *most) else {
        return asked.get();
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX).max(1);
    if most < asked.get() {
        console.warn(format_args!(
            "--max-clients {asked} is lowered to {most}: this machine's limit on {what} \
             carries no more"
        ));
    }
    most.min(asked.get())
}

fn raise_descriptors() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: maximum,
            maximum,
        },
    ); // else as it is
}

fn descriptors() -> Option<u64> {
    let soft = getrlimit(Resource::Nofile).current?;
    Some(soft.saturating_sub(RESERVED_DESCRIPTORS))
}

fn memory_maps() -> Option<u64> {
    let maps = number_in("/proc/sys/vm/max_map_count")?;
    Some(maps.saturating_sub(RESERVED_MAPS) / MAPS_PER_THREAD)
}

/// A number that Linux tells in a file; none on other systems.
fn number_in(file: &str) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}
