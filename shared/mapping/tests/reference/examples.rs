//! The worked examples of every operation and chapter: what the reference shows is what happens.

use document::{Limits, parse_str};
use fault::Fault;
use mapping::{Draft, Dropped, OPERATIONS, Outcome, Run, Runner};

use crate::language::CHAPTERS;

/// The only function here that knows how a mapping is compiled and run.
#[track_caller]
fn mapped(ops: &str, input: &str) -> String {
    let report = Draft::parse(ops).unwrap().check();
    let mapping = report.into_checked().unwrap_or_else(|report| panic!("{ops}: {:?}", report.findings()));
    let mut runner = Runner::new(&mapping, Limits::default());
    let mut out = Vec::new();
    let run = Run::at("2026-11-21T12:00:00Z".parse().unwrap());
    match runner.run(input.as_bytes(), &run, &mut out) {
        Ok(Outcome::Mapped) => String::from_utf8(out).unwrap(),
        Ok(Outcome::Dropped(Dropped::Filtered)) => "filtered".into(),
        Ok(Outcome::Dropped(Dropped::Missed)) => "missed".into(),
        Ok(Outcome::Dropped(Dropped::Duplicate)) => "duplicate".into(),
        Ok(Outcome::Wanting(keys)) => format!("wanting {keys:?}"),
        Err(error) => error.code().into(),
    }
}

/// The same record in the same words, or the same word of how it ended.
fn same(made: &str, expected: &str) -> bool {
    made == expected || parse_str(expected).is_ok_and(|expected| parse_str(made).is_ok_and(|made| made.to_string() == expected.to_string()))
}

#[test]
fn every_example_of_every_operation_does_what_it_shows() {
    for entry in OPERATIONS {
        assert!(!entry.examples.is_empty(), "{}", entry.name);
        for example in entry.examples {
            let ops = match entry.tables {
                Some(tables) => format!(r#"{{"tables":{tables},"ops":[{}]}}"#, example.op),
                None => format!("[{}]", example.op),
            };
            let made = mapped(&ops, example.input);
            assert_eq!(mapped(&ops, &spaced(example.input)), made, "{}: space between values is none of {}", entry.name, example.op);
            assert!(same(&made, example.output), "{}: {} of {} gave {made}, not {}", entry.name, example.op, example.input, example.output);
        }
    }
}

#[test]
fn every_key_of_every_operation_is_told_once() {
    for entry in OPERATIONS {
        for (index, param) in entry.params.iter().enumerate() {
            assert!(!param.doc.is_empty() && !param.takes.is_empty() && entry.params[..index].iter().all(|other| other.name != param.name), "{} {}", entry.name, param.name);
        }
    }
}

#[test]
fn every_example_of_a_chapter_does_what_it_shows() {
    for chapter in CHAPTERS {
        for shown in chapter.shown {
            let made = mapped(shown.mapping, shown.input);
            assert!(same(&made, shown.output), "{}: {} of {} gave {made}, not {}", chapter.title, shown.mapping, shown.input, shown.output);
        }
    }
}

/// The same document with space wherever it means nothing.
fn spaced(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    text.chars().flat_map(|char| {
        let outside = !quoted && "{}[]:,".contains(char);
        quoted ^= char == '"' && !escaped;
        escaped = char == '\\' && !escaped;
        if outside { vec![' ', char, '\n'] } else { vec![char] }
    }).collect()
}
