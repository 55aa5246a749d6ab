//! What the kernel has counted: processor time of processes, context switches of the
//! machine.

use std::fs;

use rustix::param::clock_ticks_per_second;

/// Both since some moment that is the same for each reading. Only on Linux.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// Seconds of processor time that the server has used.
    pub(crate) server: f64,
    /// Seconds that the programs have used which this process started and has seen end.
    pub(crate) ended: f64,
    /// Context switches of the whole machine.
    pub(crate) switches: f64,
}

impl Counted {
    /// Reads all three; `None` where the system does not report them.
    pub(crate) fn read(server: u32) -> Option<Self> {
        let machine = fs::read_to_string("/proc/stat").ok()?;
        let switches = machine.lines().find_map(|line| line.strip_prefix("ctxt "));
        Some(Self {
            server: seconds(&server.to_string(), 11)?,
            ended: seconds("self", 13)?,
            switches: switches?.trim().parse().ok()?,
        })
    }
}

/// The sum of two neighbouring times in `/proc/PID/stat`, `field` places after the name
/// in parentheses, in which anything may stand.
fn seconds(process: &str, field: usize) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let times = fields.split_whitespace().skip(field).take(2);
    let ticks = times.map(str::parse::<u64>).sum::<Result<u64, _>>().ok()?;
    Some(ticks as f64 / clock_ticks_per_second() as f64)
}
