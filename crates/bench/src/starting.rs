//! Starting, and how much memory is held.

use std::path::Path;
use std::time::Duration;

use crate::site::{Engine, Install, Site};
use crate::table::{Table, at_most, millis};

/// How often it is started.
const STARTS: usize = 7;
/// When it has come to rest after the start.
const REST: Duration = Duration::from_secs(3);

/// Starts over nothing, each time a new folder or database.
pub fn cold_starts(engine: Engine, binary: &Path) -> anyhow::Result<Vec<Duration>> {
    let mut install = Install::new(engine, binary)?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(install.serve().started_in());
        install.begin_anew()?;
    }
    Ok(starts)
}

/// The memory that is held when nobody has come yet.
pub async fn idle_memory(site: &Site) -> f64 {
    tokio::time::sleep(REST).await;
    site.server.memory_mb()
}

/// Starts it again and again over what was gathered, and prints everything.
pub fn report(site: &mut Site, empty: &[Duration], idle: f64, busy: f64) {
    let peak = site.server.peak_memory_mb();
    let mut full = Vec::new();
    for _ in 0..STARTS {
        site.server.terminate();
        site.server.start_again();
        full.push(site.server.started_in());
    }
    let mut table = Table::new(&["", "", "target"]);
    for (name, starts) in
        [("start over nothing, ms", median(empty)), ("start over what was gathered, ms", median(&full))]
    {
        table.row([name.to_owned(), millis(starts), at_most(150.0, " ms", starts.as_secs_f64() * 1_000.0)]);
    }
    let megabytes = |memory: f64| format!("{memory:.1}");
    table.row(["memory 3 s after the start, MB".to_owned(), megabytes(idle), at_most(60.0, " MB", idle)]);
    table.row(["most memory, submissions, MB".to_owned(), megabytes(busy), String::new()]);
    table.row(["most memory, submissions and reading, MB".to_owned(), megabytes(peak), String::new()]);
    table.print("Starts (from the process to the first answer that it is ready, median of 7) and memory");
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
