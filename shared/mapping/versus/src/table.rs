//! The text of BENCH.md, as Markdown on standard output.
//!
//! What they say of machine and versions is read, not written down, so that it cannot be of another run.

use std::fs;

use crate::{clock::{Spent, median}, contender::Workload, records::Records, rounds::Measured};

const LOCK: &str = include_str!("../Cargo.lock");
const SHOWN: [&str; 6] = ["vrl", "serde_json", "serde", "rust_decimal", "jiff", "regex"];

const HOW: &str = "Bytes in to bytes out: each contender gets a record as JSON text and writes the mapped one. All run in one process, on one thread, \
in rounds whose order rotates; a time is the median of the rounds in CPU time, a ratio is taken within each round and is the median of those. Before \
that, the outputs of all for the first thousand records are compared by value, numbers digit for digit. Typed structs borrow what they can and carry \
what is not mapped as raw text; `Value` and vrl have floats for decimals.";

/// Where and with what this was measured, and how.
pub fn head(command: &str) {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let versions = SHOWN.map(|name| format!("{name} {}", version(name))).join(", ");
    let allocator = if cfg!(feature = "mimalloc") { "mimalloc" } else { "the system's allocator" };
    println!("# Mapping, measured\n\nMade by `{command}`.\n");
    println!("On a machine with {cores} cores ({model}), of which one is used; release build with fat LTO, {allocator}. {versions}.\n");
    println!("{HOW}\n");
}

/// The version of a crate in the lock file of this package.
fn version(name: &str) -> &'static str {
    let begin = format!("name = \"{name}\"\nversion = \"");
    LOCK.split_once(begin.as_str()).and_then(|(_, rest)| rest.split('"').next()).unwrap_or("?")
}

/// One workload: a row for each contender, quickest first.
pub fn workload(workload: &Workload, records: &Records, mut measured: Vec<Measured>) {
    let (low, mean, high) = records.lengths();
    let rounds = measured.first().map_or(0, |one| one.rounds.len());
    println!("## {}\n\n{} {} records of {low} to {high} bytes, {mean} on average; {rounds} rounds.\n", workload.title, workload.says, records.count());
    let base: Vec<_> = ["typed structs", "vrl"].into_iter().filter_map(|name| measured.iter().position(|one| one.name == name).map(|at| (name, at))).collect();
    println!("| | µs a record | on the wall | MB/s |{} made ready in |", base.iter().map(|(name, _)| format!(" ÷ {name} |")).collect::<String>());
    println!("|---|--:|--:|--:|{}--:|", "--:|".repeat(base.len()));
    let ratios: Vec<Vec<f64>> = measured.iter().map(|one| base.iter().map(|(_, at)| one.ratio(&measured[*at])).collect()).collect();
    let mut rows: Vec<_> = measured.drain(..).zip(ratios).map(|(one, ratios)| (micros(&one.rounds, records, |spent| spent.cpu.as_secs_f64()), one, ratios)).collect();
    rows.sort_by(|left, right| left.0.total_cmp(&right.0));
    for (cpu, one, ratios) in rows {
        let wall = micros(&one.rounds, records, |spent| spent.wall.as_secs_f64());
        let ratios: String = ratios.iter().map(|ratio| format!(" {ratio:.2} |")).collect();
        println!("| {} | {cpu:.2} | {wall:.2} | {:.0} |{ratios} {} |", one.name, records.lengths().1 as f64 / cpu, time(one.prepare));
    }
    println!();
}

/// The median of the rounds, in microseconds a record.
fn micros(rounds: &[Spent], records: &Records, of: fn(&Spent) -> f64) -> f64 {
    median(rounds.iter().map(of).collect()) * 1e6 / records.count() as f64
}

/// Microseconds, as a reader wants them.
#[must_use]
pub fn time(micros: f64) -> String {
    if micros < 1_000.0 { format!("{micros:.0} µs") } else { format!("{:.1} ms", micros / 1_000.0) }
}
