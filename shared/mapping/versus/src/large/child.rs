//! One measurement of a large record, alone in its process.
//!
//! It prints milliseconds a megabyte and the peak of resident memory for the record, and nothing else.

use std::fs;

use super::{entries, make};
use crate::clock::{median, spent};

/// How often the record is mapped; the peak is that of all of them, the time their median.
const RUNS: usize = 7;

/// Measures one contender with so many lines and prints what `tables` reads.
///
/// # Errors
/// There is no such contender, it refuses the record, or the system does not say how much memory there is.
pub fn child(name: &str, lines: &str) -> Result<(), String> {
    let entry = entries().into_iter().find(|entry| entry.name == name).ok_or("no such contender")?;
    let mut contender = (entry.prepare)();
    let before = peak()?;
    let record = make::order(lines.parse().map_err(|_| "lines are a number")?);
    let size = record.len() as f64;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let mut out = Vec::new();
        let (done, cost) = spent(|| contender.run(&record, &mut out));
        done.map_err(|refusal| refusal.to_string())?;
        times.push(cost.cpu.as_secs_f64() * 1e3 / (size / 1e6));
    }
    println!("{} {}", median(times), (peak()? - before) / size);
    Ok(())
}

/// The most this process ever had resident, in bytes.
fn peak() -> Result<f64, String> {
    let status = fs::read_to_string("/proc/self/status").map_err(|wrong| wrong.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the system does not say the peak")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().map_err(|_| "the peak is no number")?;
    Ok(kilobytes * 1024.0)
}
