//! What the figures depend on and the program cannot change: processors, and how fast the disk makes something durable.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::table::whole;

/// Says it.
pub fn describe() -> anyhow::Result<()> {
    let (processors, writes) = (std::thread::available_parallelism()?, durable_writes()?);
    println!("{processors} processors, shared with the visitors");
    println!("{} durable writes of 4 kB a second, one after another", whole(writes));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().and_then(|minute| minute.parse::<f64>().ok()).unwrap_or_default();
    if load > 1.0 {
        println!("{load} other processes at work in the last minute: trust the CPU columns more than the clock");
    }
    Ok(())
}

fn durable_writes() -> anyhow::Result<f64> {
    let mut file = tempfile::tempfile()?;
    let began = Instant::now();
    let mut writes: u32 = 0;
    while began.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        writes += 1;
    }
    Ok(f64::from(writes) / began.elapsed().as_secs_f64())
}
