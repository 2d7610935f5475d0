//! The text of BENCH.md, as Markdown.
//!
//! What it says of machine and versions is read, not written down, so that it cannot be of another run.

use std::{fmt::Write as _, fs};

use crate::{COMMAND, mock::Mock, rounds::{Measured, ends, median}, watch::Run};

const LOCK: &str = include_str!("../Cargo.lock");
const SHOWN: [&str; 5] = ["reqwest", "hyper", "tokio", "serde_json", "jiff"];

const HOW: &str = "A mock on loopback answers pages of a hundred orders that were made beforehand; it checks the bearer, and each page names the cursor of \
the next. Ten fields of a record are mapped: a text from a number, a word from a table, two decimals, an instant, two from nested objects, and the lines with three \
fields each. The rival is `src/rival.rs`: reqwest and `serde_json::Value`, one page after the other, with the default runtime of tokio and with one thread. Each is a \
process of its own, and what it prints is read from a pipe. Before anything is measured, what all of them print is compared, record by record, by value. CPU time is \
the program's own and the system's for it, from start to end of the process; the rounds rotate, a ratio is taken within each round, and the median of those counts. \
`pullpush` also writes what stands around the fields of an event, judges them by the schema of their type, keeps numbers exact, and tells loops of pages. The first \
record is measured on the wall, from the start of the process to its first byte on a pipe, with `--limit 1`.";

/// All of it.
#[must_use]
pub fn text(mock: &Mock, measured: &[Measured], given: &str) -> String {
    let mut text = String::new();
    let rounds = measured.first().map_or(0, |one| one.rounds.len());
    let firsts = measured.first().map_or(0, |one| one.first.len());
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let versions = SHOWN.map(|name| format!("{name} {}", version(name))).join(", ");
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d");
    let mut put = |part: std::fmt::Arguments<'_>| text.write_fmt(part).expect("memory takes what is written");
    put(format_args!("# Pulling, measured\n\nMade by `{COMMAND}{given}` on {date}.\n\n"));
    put(format_args!("On a machine with {cores} cores ({model}); release builds with fat LTO, the system's allocator. {versions}.\n\n{HOW}\n\n"));
    put(format_args!("{} records of {} bytes on average, {rounds} rounds; the first record {firsts} times.\n\n", mock.records, mock.bytes));
    let rivals = &measured[1..];
    put(format_args!("| | CPU µs a record |{} resident MB | first record ms | CPU ms to it |\n|---|--:|{}--:|--:|--:|\n", rivals.iter().map(|rival| format!(" ÷ {} |", rival.name)).collect::<String>(), "--:|".repeat(rivals.len())));
    for one in measured {
        let ratios: String = rivals.iter().map(|rival| format!(" {} |", spread(&one.ratios(rival), 2))).collect();
        let by = |runs: &[Run], of: &dyn Fn(&Run) -> f64, digits: usize| spread(&runs.iter().map(of).collect::<Vec<_>>(), digits);
        put(format_args!(
            "| {} | {} |{ratios} {} | {} | {} |\n", one.name, by(&one.rounds, &|run| run.cpu.as_secs_f64() * 1e6 / mock.records as f64, 2), by(&one.rounds, &|run| run.memory as f64 / 1e6, 1),
            by(&one.first, &|run| run.first.as_secs_f64() * 1e3, 1), by(&one.first, &|run| run.cpu.as_secs_f64() * 1e3, 1)
        ));
    }
    put(format_args!("\nThe median, and in brackets the least and the greatest.\n"));
    text
}

fn spread(numbers: &[f64], digits: usize) -> String {
    let (low, high) = ends(numbers);
    format!("{:.digits$} ({low:.digits$}–{high:.digits$})", median(numbers.to_vec()))
}

/// The version of a crate in the lock file of this package.
fn version(name: &str) -> &'static str {
    let begin = format!("name = \"{name}\"\nversion = \"");
    LOCK.split_once(begin.as_str()).and_then(|(_, rest)| rest.split('"').next()).unwrap_or("?")
}
