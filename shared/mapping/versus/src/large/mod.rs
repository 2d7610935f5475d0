//! `--large`: whether time stays linear and memory near the record when a record has a hundred thousand lines.
//!
//! `mappings/large.json` is the mapping; `mappings/compile.json` is the one of two hundred
//! operations. Each measurement is a process of its own, so that one's peak of memory is not another's. Only `main` calls it.

mod child;
mod make;
mod tree;
mod typed;

use std::{collections::HashMap, env, process::Command};

use crate::{contender::Entry, floor, ours::Ours, program, rounds::prepared, table::time};

const MAPPING: &str = include_str!("../../mappings/large.json");
const LONG_MAPPING: &str = include_str!("../../mappings/compile.json");
const PROGRAM: &str = include_str!("../../programs/large.vrl");
const LONG_PROGRAM: &str = include_str!("../../programs/compile.vrl");
const LINES: [u64; 2] = [10_000, 100_000];

pub use child::child;

fn entries() -> Vec<Entry> {
    vec![
        Entry { name: "typed structs", prepare: || Box::new(typed::Typed) },
        Entry { name: "ours", prepare: || Box::new(Ours::new(MAPPING)) },
        Entry { name: "`serde_json::Value`, by hand", prepare: || Box::new(tree::Tree) },
        Entry { name: "vrl", prepare: || Box::new(program::Compiled::new(PROGRAM, HashMap::new())) },
        floor::ENTRY,
    ]
}

/// Those who compile a mapping before they run it, each with two hundred operations.
fn compilers() -> Vec<Entry> {
    vec![
        Entry { name: "ours", prepare: || Box::new(Ours::new(LONG_MAPPING)) },
        Entry { name: "vrl", prepare: || Box::new(program::Compiled::new(LONG_PROGRAM, HashMap::new())) },
    ]
}

/// Prints both tables.
///
/// # Errors
/// A child failed or said something else than expected.
pub fn tables() -> Result<(), String> {
    println!("## Large records\n\nEach line is about a hundred bytes and has two casts. Peak is what the resident memory of a fresh process grew by, the record itself and its output included.\n");
    println!("| | 1 MB: ms a MB | 10 MB: ms a MB | growth of time | 1 MB: peak ÷ record | 10 MB: peak ÷ record |\n|---|--:|--:|--:|--:|--:|");
    for entry in entries() {
        let [small, large] = LINES.map(|lines| measured(entry.name, lines));
        let ((small, small_peak), (large, large_peak)) = (small?, large?);
        println!("| {} | {small:.2} | {large:.2} | × {:.2} | {small_peak:.1} | {large_peak:.1} |", entry.name, large / small);
    }
    println!("\n## Compiling two hundred operations\n\n| | from text to ready |\n|---|--:|");
    for entry in compilers() {
        println!("| {} | {} |", entry.name, time(prepared(&entry)));
    }
    println!();
    Ok(())
}

/// Milliseconds a megabyte, and peak for the record, from a process of its own.
fn measured(name: &str, lines: u64) -> Result<(f64, f64), String> {
    let program = env::current_exe().map_err(|wrong| wrong.to_string())?;
    let output = Command::new(program).args(["--large-child", name, &lines.to_string()]).output().map_err(|wrong| wrong.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut numbers = said.split_whitespace().map(str::parse::<f64>);
    match (output.status.success(), numbers.next(), numbers.next()) {
        (true, Some(Ok(time)), Some(Ok(peak))) => Ok((time, peak)),
        _ => Err(format!("{name} with {lines} lines: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
