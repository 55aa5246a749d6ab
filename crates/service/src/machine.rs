//! What this machine allows: descriptors and memory maps for its clients.

use std::{fs, num::NonZeroUsize};

use rustix::process::{Resource, getrlimit};

use crate::{Error, console::Console};

/// Descriptors that are no client's: streams, the log, the listening socket, a program
/// that starts.
const RESERVED_DESCRIPTORS: u64 = 64;
/// Memory maps that are no client's: the program, its libraries, the heap.
const RESERVED_MAPS: u64 = 2_000;
/// Memory maps of a thread: its stack, its signal stack, and a guard for each. Past
/// `vm.max_map_count` the system's refusal reaches code that aborts the process.
const MAPS_PER_THREAD: u64 = 4;

/// Address space of a thread's stack, as std asks for it.
const STACK: u64 = 2 * 1024 * 1024;
/// Address space that is left to threads which have begun: where std finds none for their
/// signal stacks it aborts the process.
const RESERVED_ADDRESS_SPACE: u64 = 4 * 1024 * 1024;

/// Whether a limit on address space (`ulimit -v`) leaves room for one more thread. The
/// system would refuse it too, but not always where the refusal can be answered.
pub(crate) fn has_room_for_a_thread() -> bool {
    let Some(limit) = getrlimit(Resource::As).current else {
        return true;
    };
    let needed = STACK + RESERVED_ADDRESS_SPACE;
    address_space().is_none_or(|used| used + needed <= limit)
}

/// Whether a limit on address space leaves something to those who ask little, after what
/// was just received.
pub(crate) fn has_room_for_requests() -> bool {
    let Some(limit) = getrlimit(Resource::As).current else {
        return true;
    };
    address_space().is_none_or(|used| used + RESERVED_ADDRESS_SPACE <= limit)
}

/// Bytes of address space in use; only Linux reports it.
fn address_space() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let size = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:"))?;
    let kib: u64 = size.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// Raises the soft limit on descriptors to the hard one, and returns how many clients the
/// server can serve: at most `asked`. It warns if that is fewer.
///
/// # Errors
///
/// [`Error::NoRoom`] if the machine does not carry a single client.
pub(crate) fn limit_clients(
    asked: NonZeroUsize,
    console: &Console,
) -> Result<usize, Error> {
    let _ = rlimit::increase_nofile_limit(u64::MAX); // refused, the old limit stands
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
        return Ok(asked.get());
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if most == 0 {
        return Err(Error::NoRoom(what));
    }
    if most < asked.get() {
        console.warn(format_args!(
            "--max-clients {asked} is lowered to {most}: this machine's limit on \
             {what} allows no more"
        ));
    }
    Ok(most.min(asked.get()))
}

/// Checks that a pool of `asked` threads can start. A limit on memory may refuse a thread
/// at a place where the program cannot handle the refusal.
///
/// # Errors
///
/// [`Error::TooManyWorkers`].
pub fn check_workers(asked: NonZeroUsize) -> Result<(), Error> {
    let left = |limit: u64| limit.saturating_sub(address_space().unwrap_or(0));
    let stacks = |limit| left(limit).saturating_sub(RESERVED_ADDRESS_SPACE) / (2 * STACK);
    let bounds = [
        (
            getrlimit(Resource::As).current.map(stacks),
            "address space (ulimit -v)",
        ),
        (memory_maps(), "memory maps (sysctl vm.max_map_count)"),
        (
            number_in("/proc/sys/kernel/threads-max"),
            "threads (sysctl kernel.threads-max)",
        ),
    ];
    let too_few = bounds.into_iter().find_map(|(most, what)| {
        let most = usize::try_from(most?).ok()?;
        (most < asked.get()).then_some((most, what))
    });
    match too_few {
        Some((most, what)) => Err(Error::TooManyWorkers { asked, most, what }),
        None => Ok(()),
    }
}

/// Descriptors for clients and their programs.
pub(crate) fn descriptors() -> Option<u64> {
    let soft = getrlimit(Resource::Nofile).current?;
    Some(soft.saturating_sub(RESERVED_DESCRIPTORS))
}

fn memory_maps() -> Option<u64> {
    let maps = number_in("/proc/sys/vm/max_map_count")?;
    Some(maps.saturating_sub(RESERVED_MAPS) / MAPS_PER_THREAD)
}

/// A number from a file of Linux; none on other systems.
fn number_in(file: &str) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}
