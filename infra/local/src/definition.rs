//! `pullpush definition check`: every finding in definition files, for people or as JSON. Asks no other system.

use std::{fs, path::{Path, PathBuf}};

use connector::Draft;
use fault::{Fault, Severity};
use serde_json::{Value, json};

use crate::{Failure, say::say};

/// One finding with its place in the file.
struct Line {
    code: String,
    error: bool,
    pointer: String,
    line: usize,
    column: usize,
    message: String,
    hint: String,
}

/// Checks files; fails when any of them has an error.
pub(crate) fn check(files: &[PathBuf], as_json: bool) -> Result<(), Failure> {
    let mut bad = 0;
    let mut shown = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", file.display())))?;
        let (valid, lines) = findings(&text);
        bad += usize::from(!valid);
        if as_json {
            shown.push(json!({ "file": file.display().to_string(), "valid": valid, "findings": lines.iter().map(value).collect::<Vec<_>>() }));
        } else {
            print(file, valid, &lines);
        }
    }
    if as_json {
        say!("{:#}", Value::Array(shown));
    }
    if bad == 0 { Ok(()) } else { Err(Failure::Failed(format!("{bad} of {} definitions cannot be used", files.len()))) }
}

/// Whether the definition can be used, and what was found.
fn findings(text: &str) -> (bool, Vec<Line>) {
    let report = match Draft::parse(text) {
        Ok(draft) => draft.check(),
        Err(error) => {
            let hint = "the file has to be one JSON document".to_owned();
            let line = Line { code: error.code().to_owned(), error: true, pointer: String::new(), line: error.line, column: error.column, message: error.message.to_owned(), hint };
            return (false, vec![line]);
        }
    };
    let lines = report.findings().iter().map(|finding| {
        let (line, column) = report.place(&finding.pointer);
        Line {
            code: finding.code.to_owned(),
            error: finding.severity == Severity::Error,
            pointer: finding.pointer.clone(),
            line,
            column,
            message: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    });
    (report.is_valid(), lines.collect())
}

fn severity(line: &Line) -> &'static str {
    if line.error { "error" } else { "warning" }
}

fn value(line: &Line) -> Value {
    json!({
        "code": line.code, "severity": severity(line), "pointer": line.pointer, "line": line.line, "column": line.column,
        "message": line.message, "hint": line.hint,
    })
}

fn print(file: &Path, valid: bool, lines: &[Line]) {
    let name = file.display();
    for line in lines {
        let pointer = if line.pointer.is_empty() { "the document" } else { &line.pointer };
        say!("{name}:{}:{}: {} {}: {} ({pointer})\n    {}", line.line, line.column, severity(line), line.code, line.message, line.hint);
    }
    say!("{name}: {}", if valid { "can be used" } else { "cannot be used" });
}

#[cfg(test)]
mod tests {
    use super::findings;

    #[test]
    fn what_is_not_json_has_a_place() {
        let (valid, lines) = findings("{\n  \"metadata\": nope\n}");
        assert!(!valid);
        assert_eq!((lines.len(), lines[0].line, lines[0].code.as_str()), (1, 2, "json_invalid"));
    }

    #[test]
    fn an_empty_definition_has_errors_with_hints() {
        let (valid, lines) = findings("{}");
        assert!(!valid && !lines.is_empty());
        assert!(lines.iter().all(|line| !line.hint.is_empty()));
    }
}
