//! What a thread does, from the system call that it is in.

use linux_raw_sys::general as calls;

/// What a thread does at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Activity {
    /// It computes, or would if it had a processor.
    Running,
    /// It waits for a connection.
    Accepting,
    /// It waits for bytes on this descriptor.
    Reading(u32),
    /// It waits until it can write to this descriptor.
    Writing(u32),
    /// It waits for another thread: at a lock, a condition variable, a channel.
    Futex,
    /// It waits for the end of the thread with this id.
    Joining(u32),
    /// It waits for one of several descriptors.
    Polling,
    /// It sleeps for some time.
    Sleeping,
    /// It waits for a child process.
    WaitingForChild,
    /// It waits for a signal.
    WaitingForSignal,
    /// It is in another system call, of this number.
    Elsewhere(u32),
    /// Nothing is known of it: it may not be looked at, or waits outside a system call.
    #[default]
    Unknown,
}

/// The bits of a futex operation that say what it does.
const FUTEX_COMMAND: u64 = 0x7f;

impl Activity {
    /// Reads the text of `/proc/PID/task/TID/syscall`. `is_thread` says whether a number
    /// is the id of a thread of the same process: what joins a thread waits for its id to
    /// change.
    pub(super) fn of(text: &str, is_thread: impl Fn(u32) -> bool) -> Self {
        if text.trim_end() == "running" {
            return Self::Running;
        }
        let mut words = text.split_whitespace();
        let Some(call) = words.next().and_then(|word| word.parse::<u32>().ok()) else {
            return Self::Unknown; // -1: it waits for memory, or is stopped
        };
        let mut arguments = words.map(number);
        let mut argument = move |index| arguments.nth(index).unwrap_or_default();
        match call {
            calls::__NR_futex => futex(argument(1), argument(0), is_thread),
            calls::__NR_futex_wait | calls::__NR_futex_waitv => Self::Futex,
            calls::__NR_accept | calls::__NR_accept4 => Self::Accepting,
            calls::__NR_read
            | calls::__NR_readv
            | calls::__NR_recvfrom
            | calls::__NR_recvmsg
            | calls::__NR_recvmmsg => Self::Reading(low(argument(0))),
            calls::__NR_write
            | calls::__NR_writev
            | calls::__NR_sendto
            | calls::__NR_sendmsg
            | calls::__NR_sendmmsg
            | calls::__NR_sendfile => Self::Writing(low(argument(0))),
            calls::__NR_nanosleep | calls::__NR_clock_nanosleep => Self::Sleeping,
            calls::__NR_wait4 | calls::__NR_waitid => Self::WaitingForChild,
            calls::__NR_rt_sigtimedwait | calls::__NR_rt_sigsuspend => {
                Self::WaitingForSignal
            }
            calls::__NR_ppoll
            | calls::__NR_pselect6
            | calls::__NR_epoll_pwait
            | calls::__NR_epoll_pwait2 => Self::Polling,
            other => of_this_machine(other),
        }
    }
}

/// Calls that only older machines have.
#[cfg(target_arch = "x86_64")]
fn of_this_machine(call: u32) -> Activity {
    match call {
        calls::__NR_poll | calls::__NR_select | calls::__NR_epoll_wait => {
            Activity::Polling
        }
        calls::__NR_pause => Activity::WaitingForSignal,
        other => Activity::Elsewhere(other),
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn of_this_machine(call: u32) -> Activity {
    Activity::Elsewhere(call)
}

fn futex(operation: u64, value: u64, is_thread: impl Fn(u32) -> bool) -> Activity {
    let command = u32::try_from(operation & FUTEX_COMMAND).unwrap_or_default();
    let waits = [calls::FUTEX_WAIT, calls::FUTEX_WAIT_BITSET].contains(&command);
    let value = low(value);
    match waits && value > 1 && is_thread(value) {
        true => Activity::Joining(value),
        false => Activity::Futex,
    }
}

fn number(word: &str) -> u64 {
    let digits = word.strip_prefix("0x").unwrap_or(word);
    u64::from_str_radix(digits, 16).unwrap_or_default()
}

/// The half of a register that an `int` is in.
fn low(register: u64) -> u32 {
    u32::try_from(register & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Activity, calls};

    fn of(text: &str) -> Activity {
        Activity::of(text, |id| id == 4711)
    }

    #[test]
    fn the_number_of_a_system_call_says_what_a_thread_waits_for() {
        let call =
            |number: u32, rest: &str| of(&format!("{number} {rest} 0x7ff0 0x7ff1\n"));
        assert_eq!(of("running\n"), Activity::Running);
        assert_eq!(of("-1 0x7ffe 0x7fff\n"), Activity::Unknown);
        assert_eq!(of(""), Activity::Unknown);
        assert_eq!(call(calls::__NR_accept4, "0x3 0x0"), Activity::Accepting);
        assert_eq!(call(calls::__NR_recvfrom, "0x7 0x1"), Activity::Reading(7));
        assert_eq!(call(calls::__NR_sendto, "0x9 0x1"), Activity::Writing(9));
        assert_eq!(call(calls::__NR_clock_nanosleep, "0x1"), Activity::Sleeping);
        assert_eq!(
            call(calls::__NR_setns, "0x1"),
            Activity::Elsewhere(calls::__NR_setns)
        );
    }

    #[test]
    fn who_waits_for_the_id_of_a_thread_joins_it() {
        let futex = |rest: &str| of(&format!("{} {rest}\n", calls::__NR_futex));
        assert_eq!(futex("0x7f00 0x80 0x2 0x0 0x0 0x0"), Activity::Futex);
        assert_eq!(
            futex("0x7f00 0x109 0x1267 0x0 0x0 0x0"),
            Activity::Joining(4711)
        );
        assert_eq!(futex("0x7f00 0x109 0x1268 0x0 0x0 0x0"), Activity::Futex);
        assert_eq!(
            futex("0x7f00 0x81 0x1267 0x0 0x0 0x0"),
            Activity::Futex,
            "a wake"
        );
    }
}
