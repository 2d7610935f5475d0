//! Measures mappings of JSON records beside vrl, `serde_json::Value` and typed structs, in one run and on one thread.
//!
//! Without arguments it prints what BENCH.md holds. It is run by people, never by a test of the product, and nothing of the
//! product depends on it. `--records N` and `--rounds N` make it shorter, `--only A` takes one workload, `--check` measures
//! nothing, `--large` prints only what large records cost.

mod clock;
mod contender;
mod exact;
mod flat;
mod floor;
mod large;
mod lookup;
mod order;
mod ours;
mod probe;
mod product;
mod program;
mod records;
mod rounds;
mod same;
mod seed;
mod table;
mod tree;

use std::{env, process::ExitCode};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const COMMAND: &str = "cargo run --release --manifest-path shared/mapping/versus/Cargo.toml";

fn main() -> ExitCode {
    let given: Vec<String> = env::args().skip(1).collect();
    match run(&given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

fn run(given: &[String]) -> Result<(), String> {
    if let [flag, name, lines] = given && flag == "--large-child" {
        return large::child(name, lines);
    }
    let has = |flag: &str| given.iter().any(|one| one == flag);
    let value = |flag: &str| given.iter().position(|one| one == flag).and_then(|at| given.get(at + 1));
    let number = |flag: &str, otherwise: u64| value(flag).map_or(Ok(otherwise), |text| text.parse().map_err(|_| format!("{flag} takes a number")));
    let (count, rounds) = (number("--records", 100_000)?.max(1), usize::try_from(number("--rounds", 7)?.max(1)).map_err(|wrong| wrong.to_string())?);
    table::head(&if given.is_empty() { COMMAND.to_owned() } else { format!("{COMMAND} -- {}", given.join(" ")) });
    if has("--large") {
        return large::tables();
    }
    for workload in [order::workload(), flat::workload(), product::workload()] {
        if value("--only").is_some_and(|only| !workload.title.starts_with(only.as_str())) {
            continue;
        }
        let records = records::Records::make(count, workload.make);
        rounds::compare(&workload, &records)?;
        if !has("--check") {
            let measured = rounds::measure(&workload, &records, rounds)?;
            table::workload(&workload, &records, measured);
        }
    }
    probe::table(&order::workload());
    if given.is_empty() { large::tables() } else { Ok(()) }
}
