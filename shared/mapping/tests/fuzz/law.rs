//! What must hold of any bytes as a mapping and a record: the entry of the fuzz target, and of the bounded run among the tests.
//!
//! Nothing panics; what is refused is told with codes, places and hints; running twice gives the same, however the record came.

use document::{Item, Limits, Pointer, parse};
use fault::{Fault, documented};
use mapping::{Draft, Error, Mapping, Outcome, Run, Runner};

/// The first line as a mapping, the others as a record of it.
///
/// # Panics
/// When a law does not hold.
pub(crate) fn holds(data: &[u8]) {
    let (text, record) = data.iter().position(|byte| *byte == b'\n').map_or((data, &b"{}"[..]), |at| (&data[..at], &data[at + 1..]));
    let text = String::from_utf8_lossy(text);
    let Ok(draft) = Draft::parse(&text) else { return };
    let report = draft.check();
    for finding in report.findings() {
        assert!(documented(finding.code).is_some() && !finding.message.is_empty() && !finding.hint.is_empty(), "{finding:?}");
        assert!(Pointer::parse(&finding.pointer).is_ok(), "{finding:?}");
        assert_eq!(report.place(&finding.pointer).0, 1, "a line has one line");
    }
    let valid = report.is_valid();
    let mapping = report.into_checked();
    assert_eq!(mapping.is_ok(), valid, "what is valid is a mapping, and nothing else is");
    if let Ok(mapping) = mapping {
        runs(&mapping, record);
    }
}

fn runs(mapping: &Mapping, record: &[u8]) {
    let first = run(mapping, |runner, run, out| runner.run(record, run, out));
    assert_eq!(first, run(mapping, |runner, run, out| runner.run(record, run, out)), "running twice gives the same");
    if let Ok(tree) = parse(record, &Limits::default()) {
        assert_eq!(first.0, run(mapping, |runner, run, out| runner.run_item(Item::Tree(&tree), run, out)).0, "a tree ends as its text does");
    }
    match first {
        (Ok(Outcome::Mapped), out) => {
            // Operations may make more, and deeper, than a record that comes in may be.
            let limits = Limits { bytes: usize::MAX, depth: usize::MAX, nodes: usize::MAX };
            assert!(parse(&out, &limits).is_ok(), "what is written is a document");
        }
        (end, out) => {
            assert!(out.is_empty(), "nothing is written of a record that is not mapped");
            if let Err(error) = end {
                assert!(documented(error.code()).is_some(), "{error}");
                if let Error::Failure(failure) = error {
                    assert!(Pointer::parse(&failure.pointer).is_ok() && Pointer::parse(&failure.op).is_ok() && !failure.name.is_empty(), "{failure:?}");
                }
            }
        }
    }
}

fn run(mapping: &Mapping, go: impl FnOnce(&mut Runner<'_>, &Run<'_>, &mut Vec<u8>) -> Result<Outcome, Error>) -> (Result<Outcome, Error>, Vec<u8>) {
    let mut out = Vec::new();
    let run = Run { id: "run_1", ..Run::at(jiff::Timestamp::UNIX_EPOCH) };
    let end = go(&mut Runner::new(mapping, Limits::default()), &run, &mut out);
    (end, out)
}
