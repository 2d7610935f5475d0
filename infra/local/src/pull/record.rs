//! Writes a definition with a run as a recorded test in it, without secrets.

use std::{fs, path::Path, sync::Arc};

use canonical::Millis;
use connector::{Connector, Subject};
use document::{Value, object};
use engine::{Config, Outcome, Ran, Recorder, Secret};
use fault::Simple;

use crate::{Failure, check, say::{several, tell}};

/// What a run came to.
pub(crate) struct Run<'r> {
    pub(crate) subject: &'r Subject,
    pub(crate) now_ms: Millis,
    /// Records that were looked at, or items.
    pub(crate) read: u64,
    pub(crate) fault: Option<&'r Simple>,
    pub(crate) seen: Seen,
}

/// What became of the records.
pub(crate) enum Seen {
    /// They were printed as they are.
    Records,
    /// They were mapped.
    Mapped(Mapped),
    /// They are items of a snapshot, or left out of it.
    Items {
        /// The items.
        items: Vec<Value>,
        /// What is left out, and why.
        left_out: Vec<Value>,
    },
}

/// What became of the records of a canonical run.
#[derive(Default)]
pub(crate) struct Mapped {
    /// The events that were printed.
    pub(crate) events: Vec<Value>,
    /// The records that could not be mapped.
    pub(crate) refused: Vec<Value>,
}

/// A file that is there takes one test more: it has to be the same definition.
pub(crate) fn tried(file: &Path, definition: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Ok(());
    }
    let hint = "`--record` adds a test to the definition in its file: name a definition, or a file that is not there yet";
    let no = |what: String| Failure::Usage(format!("{} {what}, and nothing was asked\n    {hint}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| no(format!("cannot be read: {error}")))?;
    let value = document::parse_str(text.trim_start_matches('\u{feff}')).map_err(|error| no(format!("is no JSON: {} at line {} column {}", error.message, error.line, error.column)))?;
    if value.get("metadata").is_none() {
        return Err(no("is no definition".to_owned()));
    }
    let read = document::parse_str(&crate::text::read(definition)?).ok();
    if read.is_some_and(|read| !same(&read, &value)) {
        let hint = format!("a test belongs to the definition it was read with: name a file that is not there yet, or {} itself", definition.display());
        return Err(Failure::Usage(format!("{} is another definition than {}, and nothing was asked\n    {hint}", file.display(), definition.display())));
    }
    Ok(())
}

/// Whether two definitions are the same but for their tests.
fn same(one: &Value, other: &Value) -> bool {
    let bare = |value: &Value| Value::Object(value.entries().unwrap_or_default().iter().filter(|(name, _)| name != "tests").cloned().collect());
    document::hash_value(&bare(one)) == document::hash_value(&bare(other))
}

/// Writes the definition with one test more.
pub(crate) async fn write(file: &Path, definition: &Path, connector: &Connector, config: &Config, recorder: &Recorder<'_>, tokens: &[(String, Secret)], run: &Run<'_>) -> Result<(), Failure> {
    let name = file.display();
    if run.fault.is_some() && recorder.unanswered() {
        tell!("{name}: nothing is recorded: the run ended without an answer, and a test holds answers");
        return Ok(());
    }
    let (answered, unanswered) = recorder.tries();
    if !recorder.whole() {
        return Err(Failure::Failed(format!("{name}: nothing is recorded: {answered} requests are more than a test holds; end the run earlier, with `--limit`")));
    }
    let unsought = recorder.unsought(connector, config, tokens);
    if unsought.sealed > 0 {
        let hint = "such an answer is in no character set that it or the definition names, or packed, and may hold a secret where nobody can replace it; write such a test by hand";
        return Err(Failure::Failed(format!("{name}: nothing is recorded: {} cannot be looked through for secrets\n    {hint}", several(unsought.sealed, "answer"))));
    }
    let source = if file.exists() { file } else { definition };
    let text = fs::read_to_string(source).map_err(|error| Failure::Failed(format!("{} cannot be read: {error}", source.display())))?;
    let mut value = document::parse_str(text.trim_start_matches('\u{feff}')).map_err(|error| Failure::Failed(format!("{} is no definition: {error}", source.display())))?;
    let now = jiff::Timestamp::from_millisecond(run.now_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string();
    let count = i64::try_from(run.read).unwrap_or(i64::MAX);
    let list = |list: &[Value]| Some(Value::Array(list.to_vec()));
    let (first, second) = match &run.seen {
        Seen::Records => (("data", None), ("ids", None)),
        Seen::Mapped(Mapped { events, refused }) => (("events", list(events)), ("refused", list(refused).filter(|_| !refused.is_empty()))),
        Seen::Items { items, left_out } => (("items", list(items)), ("left_out", list(left_out).filter(|_| !left_out.is_empty()))),
    };
    let expect = object([("records", Some(count.into())), first, second, ("error", run.fault.map(|fault| fault.code.into()))]);
    let (Subject::Entity { name: what, .. } | Subject::Snapshot { kind: what, .. }) = run.subject;
    let mut test = recorder.test(connector, config, tokens, &Ran { name: &format!("{what} of {now}"), subject: run.subject, now: &now, expect });
    let earlier = value.get("tests").and_then(Value::items).unwrap_or_default().to_vec();
    let mut text = |test: &Value| {
        value.set("tests", Value::Array(earlier.iter().chain([test]).cloned().collect()));
        pretty(&value)
    };
    let played = replays(&name.to_string(), &text(&test), &unsought.short).await?;
    if let (Seen::Records, Some((key, read))) = (&run.seen, read(played)) {
        let mut expect = test.get("expect").cloned().unwrap_or(Value::Null);
        expect.set(key, read);
        test.set("expect", expect);
        replays(&name.to_string(), &text(&test), &unsought.short).await?;
    }
    let left = if unsought.short.is_empty() { String::new() } else { format!(" but {}, which {} too short to be looked for", named(&unsought.short), are(&unsought.short)) };
    let text = text(&test);
    super::cursor::replace(file, &text).map_err(|error| Failure::Failed(format!("{name} cannot be written: {error}")))?;
    let lacking = if unanswered == 0 { String::new() } else { format!(", without {} that got no answer", several(unanswered, "attempt")) };
    tell!("{name}: the run is recorded, {}{lacking}; secrets are replaced{left}, what records say is not: look through it before you share it", several(answered, "request"));
    Ok(())
}

/// A recording that asks something else when it is played holds what was computed of a secret, such as its hash or a part of
/// it: nobody can tell it from what is none, so it is written nowhere; nor is a secret that is too short to be replaced.
async fn replays(name: &str, text: &str, short: &[String]) -> Result<Outcome, Failure> {
    let connector = Arc::new(check::usable(name, text)?);
    let Some(test) = connector.tests().last() else { return Ok(Outcome::default()) };
    let played = engine::play(&connector, test).await;
    if played.problems.is_empty() {
        return Ok(played);
    }
    if !short.is_empty() {
        let hint = "what is so short stands in anything, and is not looked for; record with values as long as real ones, or write such a test by hand";
        return Err(Failure::Failed(format!("{name}: nothing is recorded: {} {} too short to be replaced, and played with made-up secrets the run asks or says something else\n    {hint}", named(short), are(short))));
    }
    let hint = "what a request or a record computes of a secret, such as a hash or a part of it, is another with the secret that is made up; write such a test by hand";
    Err(Failure::Failed(format!("{name}: nothing is recorded: played with made-up secrets, the run asks or says something else\n    {hint}")))
}

/// Names, as they are told.
fn named(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn are(names: &[String]) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

/// Bytes of records that a test holds.
const RECORDS: usize = 64 * 1024;
/// Bytes of ids, where the records have more.
const IDS: usize = 1024 * 1024;

/// What a test expects of the records it reads: themselves, or their ids where they are large. They are those of the replay, so
/// that no secret of the run is in them.
fn read(played: Outcome) -> Option<(&'static str, Value)> {
    let within = |list: &Vec<Value>, most: usize| list.iter().map(|value| value.to_string().len()).sum::<usize>() <= most;
    if played.data.is_empty() {
        return None;
    }
    let data = Some(played.data).filter(|data| within(data, RECORDS)).map(|data| ("data", data));
    data.or_else(|| Some(played.ids).filter(|ids| within(ids, IDS)).map(|ids| ("ids", ids))).map(|(key, list)| (key, Value::Array(list)))
}

/// JSON for people: two spaces a level, short values on one line.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    lay(value, 0, &mut out);
    out.push('\n');
    out
}

/// Columns of a line.
const WIDE: usize = 140;

fn lay(value: &Value, depth: usize, out: &mut String) {
    let short = value.to_string();
    let (open, close, members): (char, char, Vec<(Option<&str>, &Value)>) = match value {
        Value::Object(entries) if short.len() > WIDE => ('{', '}', entries.iter().map(|(key, value)| (Some(key.as_str()), value)).collect()),
        Value::Array(items) if short.len() > WIDE => ('[', ']', items.iter().map(|value| (None, value)).collect()),
        _ => return out.push_str(&short),
    };
    out.push(open);
    for (index, (key, value)) in members.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            out.push_str(&Value::from(*key).to_string());
            out.push_str(": ");
        }
        lay(value, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(close);
}
