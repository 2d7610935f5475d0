//! `pullpush definition explain`, `test` and `schema`: what a definition does, whether its recorded tests pass, and how
//! definitions are written, for editors. Asks no other system.

use std::{path::{Path, PathBuf}, sync::Arc};

use connector::Connector;
use serde_json::{Value, json};

use crate::{Failure, check, say::{say, several}, text};

/// Says what definitions contact, read and write.
pub(crate) fn explain(files: &[PathBuf], as_json: bool) -> Result<(), Failure> {
    for (index, file) in files.iter().enumerate() {
        let connector = read(file)?;
        let explanation = connector::explain(&connector);
        if as_json {
            say!("{}", explanation.to_value());
        } else {
            if index > 0 {
                say!("");
            }
            say!("{}", explanation.to_string().trim_end());
        }
    }
    Ok(())
}

/// Plays the recorded tests of definitions.
pub(crate) async fn test(files: &[PathBuf], as_json: bool) -> Result<(), Failure> {
    let (mut bad, mut all) = (0, 0);
    let mut shown = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let connector = Arc::new(read(file)?);
        if connector.tests().is_empty() && !as_json {
            say!("{name}: no tests; `pullpush pull --record FILE` makes one of a run");
        }
        for test in connector.tests() {
            let outcome = engine::play(&connector, test).await;
            let passed = outcome.problems.is_empty();
            all += 1;
            bad += usize::from(!passed);
            if as_json {
                shown.push(json!({ "file": name, "test": test.name, "passed": passed, "records": outcome.records, "leftOut": outcome.left_out, "requests": outcome.requests, "problems": outcome.problems }));
                continue;
            }
            let left_out = if outcome.left_out == 0 { String::new() } else { format!(", {} left out", outcome.left_out) };
            say!("{name}: {} {} ({}{left_out}, {})", if passed { "passed" } else { "FAILED" }, test.name, several(outcome.records, "record"), several(outcome.requests, "request"));
            for problem in outcome.problems {
                say!("    {problem}");
            }
        }
    }
    if as_json {
        say!("{:#}", Value::Array(shown));
    }
    if bad == 0 { Ok(()) } else { Err(Failure::Failed(format!("{bad} of {all} tests failed"))) }
}

/// The JSON Schema of definitions.
pub(crate) fn schema() {
    say!("{}", connector::schema());
}

fn read(file: &Path) -> Result<Connector, Failure> {
    let name = file.display().to_string();
    check::usable(&name, &text::read(file)?)
}
