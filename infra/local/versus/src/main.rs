//! Measures `pullpush pull` beside a program written by hand, from a mock on loopback, and writes BENCH.md.
//!
//! It is run by people, never by a test of the product. `--pullpush FILE` takes a program that is built already, `--records N`,
//! `--rounds N` and `--firsts N` make it shorter, `--check` only compares; what was given is told, and BENCH.md is written only
//! where nothing but `--pullpush` is.

#[path = "../../../../shared/mapping/versus/src/order/make.rs"]
mod make;
mod mock;
mod rival;
mod rounds;
#[path = "../../../../shared/mapping/versus/src/same.rs"]
mod same;
#[path = "../../../../shared/mapping/versus/src/seed.rs"]
mod seed;
mod table;
mod watch;

use std::{env, fs, path::{Path, PathBuf}, process::{Command, ExitCode}};

use rounds::Contender;

/// How it is run.
const COMMAND: &str = "cargo run --release --manifest-path infra/local/versus/Cargo.toml";
/// Where this package is.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

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
    match given {
        [flag, words @ ..] if flag == "--watch" || flag == "--watch-kept" => return watch::child(flag == "--watch-kept", words),
        [flag, address, rest @ ..] if flag == "--rival" || flag == "--rival-on-one-thread" => return rival(flag == "--rival", address, rest),
        _ => {}
    }
    let has = |flag: &str| given.iter().any(|one| one == flag);
    let value = |flag: &str| given.iter().position(|one| one == flag).and_then(|at| given.get(at + 1));
    let number = |flag: &str, otherwise: u64| value(flag).map_or(Ok(otherwise), |text| text.parse().map_err(|_| format!("{flag} takes a number")));
    let count = |flag: &str, otherwise| number(flag, otherwise).and_then(|number| usize::try_from(number.max(1)).map_err(|wrong| wrong.to_string()));
    let (records, rounds, firsts) = (number("--records", 100_000)?.max(1), count("--rounds", 7)?, count("--firsts", 41)?);
    let program = value("--pullpush").map_or_else(build, |file| Ok(PathBuf::from(file)))?;
    let mock = mock::start(records).map_err(|error| error.to_string())?;
    let config = config(&mock.address)?;
    let contenders = contenders(&program, &config, &mock.address)?;
    let done = rounds::compare(&contenders, records).and_then(|()| if has("--check") { Ok(None) } else { rounds::measure(&contenders, rounds, firsts).map(Some) });
    // It lies among what the system throws away.
    drop(fs::remove_file(&config));
    let Some(measured) = done? else { return Ok(()) };
    let shorter = ["--records", "--rounds", "--firsts"].into_iter().filter_map(|flag| Some(format!(" {flag} {}", value(flag)?))).collect::<String>();
    let text = table::text(&mock, &measured, &if shorter.is_empty() { shorter.clone() } else { format!(" --{shorter}") });
    print!("{text}");
    if shorter.is_empty() { fs::write(Path::new(HERE).join("../BENCH.md"), text).map_err(|error| error.to_string()) } else { Ok(()) }
}

/// Builds the product as it is released.
fn build() -> Result<PathBuf, String> {
    let root = Path::new(HERE).join("../../..");
    let target = root.join("target");
    let built = Command::new("cargo").current_dir(&root).args(["build", "--release", "--locked", "-p", "pullpush", "--target-dir"]).arg(&target).status().map_err(|error| error.to_string())?;
    if built.success() { Ok(target.join("release/pullpush")) } else { Err("pullpush cannot be built".to_owned()) }
}

/// The values of the connection, in a file of their own.
fn config(address: &str) -> Result<PathBuf, String> {
    let file = env::temp_dir().join(format!("pull-versus-{}.json", std::process::id()));
    let text = serde_json::json!({ "base_url": address, "token": mock::TOKEN }).to_string();
    fs::write(&file, text).map_err(|error| error.to_string()).map(|()| file)
}

/// The product first.
fn contenders(program: &Path, config: &Path, address: &str) -> Result<Vec<Contender>, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let text = |path: &Path| path.display().to_string();
    let definition = Path::new(HERE).join("definition.json");
    let pull = [&text(program), "pull", "--definition", &text(&definition), "--config", &text(config), "--canonical"].map(ToOwned::to_owned).to_vec();
    let rival = |name, flag: &str| Contender { name, words: vec![text(&own), flag.to_owned(), address.to_owned()], fields: None };
    Ok(vec![Contender { name: "pullpush", words: pull, fields: Some("fields") }, rival("rival", "--rival"), rival("rival on one thread", "--rival-on-one-thread")])
}

/// The rival, as a program of its own would be.
fn rival(threads: bool, address: &str, rest: &[String]) -> Result<(), String> {
    let limit = match rest {
        [flag, number] if flag == "--limit" => Some(number.parse().map_err(|_| "a limit is a number")?),
        _ => None,
    };
    let mut builder = if threads { tokio::runtime::Builder::new_multi_thread() } else { tokio::runtime::Builder::new_current_thread() };
    let runtime = builder.enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(rival::run(address, mock::TOKEN, limit)).map_err(|error| error.to_string())
}
