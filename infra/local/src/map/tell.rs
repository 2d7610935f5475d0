//! What becomes of lines, on standard error: for people, or as JSON Lines beside a trace in that form.

use std::fmt::{self, Display, Write as _};

use document::{Value, authored::place, object};
use fault::{Fault, documented};
use mapping::{Dropped, Error, Failure as Refused, Outcome};

use super::trace::{Change, Step};
use crate::{Failure, say};

/// So many characters of a value are shown to people, and so many changes of one operation.
const SHOWN_CHARS: usize = 72;
const SHOWN_CHANGES: usize = 50;

/// How many lines ended how; blank ones are none.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) lines: u64,
    pub(crate) mapped: u64,
    pub(crate) filtered: u64,
    pub(crate) missed: u64,
    pub(crate) duplicate: u64,
    pub(crate) failed: u64,
}

impl Counts {
    fn all(&self) -> [(&'static str, u64); 6] {
        [("lines", self.lines), ("mapped", self.mapped), ("filtered", self.filtered), ("missed", self.missed), ("duplicate", self.duplicate), ("failed", self.failed)]
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(_, lines), rest @ ..] = self.all();
        write!(f, "{lines} {}: {}", if lines == 1 { "line" } else { "lines" }, rest.map(|(word, count)| format!("{count} {word}")).join(", "))
    }
}

/// Who tells: the mapping by its file and text, and the form.
pub(crate) struct Teller<'m> {
    pub(crate) name: &'m str,
    pub(crate) text: &'m str,
    pub(crate) json: bool,
}

impl Teller<'_> {
    /// The last line: how many ended how. It is a failure if any line was one.
    pub(crate) fn sum(&self, counts: &Counts) -> Result<(), Failure> {
        match (self.json, counts.failed) {
            (true, failed) => {
                let counts = counts.all().map(|(word, count)| (word.to_owned(), whole(count)));
                say::tell!("{}", Value::Object(counts.into()));
                if failed == 0 { Ok(()) } else { Err(Failure::Told) }
            }
            (false, 0) => {
                say::tell!("pullpush: {counts}");
                Ok(())
            }
            (false, _) => Err(Failure::Failed(counts.to_string())),
        }
    }

    /// A line that cannot be mapped.
    pub(crate) fn failed(&self, number: u64, error: &Error) {
        let remedy = documented(error.code()).map_or("", |code| code.remedy);
        match (self.json, error) {
            (true, error) => say::tell!("{}", self.refusal(number, error, remedy)),
            (false, Error::Document(error)) => say::tell!("line {number}: {}: {} (column {})\n    {remedy}", error.code(), error.message, error.column),
            (false, Error::Failure(refused)) => {
                let Refused { code, op, name, pointer, message, excerpt, .. } = &**refused;
                let found = excerpt.as_ref().map(|excerpt| format!(": {excerpt}")).unwrap_or_default();
                let pointer = if pointer.is_empty() { "the record" } else { pointer };
                let (line, column) = place(self.text, op);
                say::tell!("line {number}: {code}: {message}{found} ({pointer})\n    {name} at {}:{line}:{column} ({op}): {remedy}", self.name);
            }
        }
    }

    fn refusal(&self, number: u64, error: &Error, remedy: &str) -> Value {
        let text = |text: &str| Some(Value::from(text));
        let (code, hint) = (text(error.code()), text(remedy));
        match error {
            Error::Document(error) => {
                object([("line", Some(whole(number))), ("code", code), ("column", Some(whole(error.column as u64))), ("message", text(error.message)), ("hint", hint)])
            }
            Error::Failure(refused) => {
                let Refused { op, name, pointer, message, excerpt, .. } = &**refused;
                let (line, column) = place(self.text, op);
                let at = format!("{}:{line}:{column}", self.name);
                let entries = [
                    ("line", Some(whole(number))), ("code", code), ("pointer", text(pointer)), ("message", text(message)), ("excerpt", excerpt.as_deref().and_then(text)),
                    ("op", text(op)), ("name", text(name)), ("at", text(&at)), ("hint", hint),
                ];
                object(entries)
            }
        }
    }

    /// What every operation did to a line, and how the line ended unless that is a failure, which is told by itself.
    pub(crate) fn traced(&self, number: u64, steps: &[Step<'_>], outcome: Option<&Outcome>) {
        let ended = outcome.map(|outcome| match outcome {
            Outcome::Mapped => "mapped",
            Outcome::Dropped(Dropped::Filtered) => "filtered",
            Outcome::Dropped(Dropped::Missed) => "missed",
            Outcome::Dropped(Dropped::Duplicate) => "duplicate",
            Outcome::Wanting(_) => "wanting",
        });
        let mut told = String::new();
        if self.json {
            told.extend(steps.iter().map(|step| format!("{}\n", json(number, step))));
            told.extend(ended.map(|ended| format!("{}\n", object([("line", Some(whole(number))), ("outcome", Some(ended.into()))]))));
        } else if !steps.is_empty() || ended.is_some() {
            // A text never refuses to be written to.
            _ = writeln!(told, "line {number}:");
            told.extend(steps.iter().map(text));
            told.extend(ended.map(|ended| format!("  {ended}\n")));
        }
        if let Some(told) = told.strip_suffix('\n') {
            say::tell!("{told}");
        }
    }
}

fn whole(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// A step as one line of JSON: what stands where now, and what stands nowhere any more.
fn json(number: u64, step: &Step<'_>) -> Value {
    let set = step.changes.iter().filter_map(|change| Some((change.pointer.clone(), change.after.clone()?))).collect();
    let removed = step.changes.iter().filter(|change| change.after.is_none()).map(|change| change.pointer.as_str().into()).collect();
    let (op, name) = (step.traced.op.as_str().into(), step.traced.name.into());
    object([
        ("line", Some(whole(number))), ("op", Some(op)), ("name", Some(name)), ("wentOn", Some(step.traced.went_on.into())),
        ("set", Some(Value::Object(set))), ("removed", Some(Value::Array(removed))),
    ])
}

/// A step for people.
fn text(step: &Step<'_>) -> String {
    let mut told = format!("  {} at {}{}\n", step.traced.name, step.traced.op, if step.changes.is_empty() && step.traced.went_on { ": nothing changes" } else { "" });
    for Change { pointer, before, after } in step.changes.iter().take(SHOWN_CHANGES) {
        let pointer = if pointer.is_empty() { "the record" } else { pointer };
        told += &match (before, after) {
            (Some(before), Some(after)) => format!("    ~ {pointer}: {} -> {}\n", short(before), short(after)),
            (None, Some(after)) => format!("    + {pointer}: {}\n", short(after)),
            (_, None) => format!("    - {pointer}\n"),
        };
    }
    if let Some(more) = step.changes.len().checked_sub(SHOWN_CHANGES).filter(|more| *more > 0) {
        _ = writeln!(told, "    and {more} more");
    }
    told
}

/// A value as it fits on a line.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
