//! What processes use of the machine, read from Linux's `/proc`.

use std::fs;
use std::time::Duration;

/// What a process used from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Time on the clock.
    pub wall: Duration,
    /// Seconds of one processor, in user and kernel mode.
    pub cpu_seconds: f64,
    /// The most memory that it held at once, in MiB (`VmHWM`).
    pub peak_memory_mb: f64,
}

/// The fields of `/proc/{pid}/stat` from the third one, the state, on (`man 5 proc_pid_stat`).
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name in parentheses, which may hold spaces and parentheses itself.
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn seconds(fields: &[String], places: std::ops::RangeInclusive<usize>) -> f64 {
    let ticks: u32 = fields.get(places).into_iter().flatten().filter_map(|field| field.parse::<u32>().ok()).sum();
    let second = u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100);
    f64::from(ticks) / f64::from(second)
}

/// Seconds of one processor that a process has used so far; it may have ended, as long as nobody has waited for it.
pub(crate) fn cpu_seconds(pid: u32) -> Option<f64> {
    // Fields 14 and 15: user and kernel mode.
    Some(seconds(&stat(pid)?, 11..=12))
}

/// The same with its children, those that have ended and those that still run.
pub(crate) fn cpu_seconds_of_family(pid: u32) -> Option<f64> {
    // Fields 16 and 17: children that were waited for.
    let own = seconds(&stat(pid)?, 11..=14);
    let parent = pid.to_string();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let children = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).filter_map(stat);
    Some(
        own + children
            .filter(|fields| fields.get(1) == Some(&parent))
            .map(|fields| seconds(&fields, 11..=12))
            .sum::<f64>(),
    )
}

/// A line of `/proc/{pid}/status` that counts KiB, in MiB; `None` if the process has ended.
pub(crate) fn memory_mb(pid: u32, line: &str) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(':'))?;
    let kib: u32 = value.trim().trim_end_matches(" kB").parse().ok()?;
    Some(f64::from(kib) / 1024.0)
}
