//! Log lines: flat JSON, one per batch, per event only where it failed or was sampled.
//!
//! A line is written with [`Line`], whose fields are a closed list: there is no field for a payload, a header or a
//! secret. What the rooms and libraries say through `tracing` passes the same list, in `log/heard.rs`.

mod heard;

use std::io::Write as _;

use canonical::{Clock as _, Millis};
use serde_json::{Map, Value};

use crate::SystemClock;
pub use heard::init;

/// Names a line may have, with one spelling everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The W3C trace id.
    Trace,
    /// The tenant.
    Tenant,
    /// The connection.
    Conn,
    /// The flow.
    Flow,
    /// The event.
    Ev,
    /// The hash of the key; never the key.
    KeyHash,
    /// The stage of the work.
    Step,
    /// How it ended.
    Outcome,
    /// The registered code of a fault.
    Code,
    /// How long it took.
    Ms,
    /// Which attempt it was.
    Attempt,
    /// The version of the event.
    Ver,
    /// How many bytes.
    Bytes,
    /// The status of the other system's answer.
    Rc,
    /// How many records a batch has.
    N,
    /// How many of them failed.
    Failed,
    /// The receipt of an event on a flow.
    Occ,
}

impl Field {
    const ALL: [Field; 17] = [
        Field::Trace, Field::Tenant, Field::Conn, Field::Flow, Field::Ev, Field::KeyHash, Field::Step, Field::Outcome, Field::Code, Field::Ms, Field::Attempt, Field::Ver, Field::Bytes, Field::Rc, Field::N,
        Field::Failed, Field::Occ,
    ];

    /// The name on the line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Field::Trace => "trace",
            Field::Tenant => "tenant",
            Field::Conn => "conn",
            Field::Flow => "flow",
            Field::Ev => "ev",
            Field::KeyHash => "key_hash",
            Field::Step => "step",
            Field::Outcome => "outcome",
            Field::Code => "code",
            Field::Ms => "ms",
            Field::Attempt => "attempt",
            Field::Ver => "ver",
            Field::Bytes => "bytes",
            Field::Rc => "rc",
            Field::N => "n",
            Field::Failed => "failed",
            Field::Occ => "occ",
        }
    }
}

/// One line being written.
#[derive(Debug, Clone)]
pub struct Line {
    level: &'static str,
    head: [(&'static str, String); 2],
    fields: Map<String, Value>,
}

impl Line {
    /// A line of a function about a request.
    #[must_use]
    pub fn new(fn_name: &str, request_id: &str) -> Self {
        Self { level: "info", head: [("fn", fn_name.to_owned()), ("req", request_id.to_owned())], fields: Map::new() }
    }

    /// The same line as a warning: kept going, and a person should look.
    #[must_use]
    pub fn warn(self) -> Self {
        Self { level: "warn", ..self }
    }

    /// The same line as an error: work was lost or stands still.
    #[must_use]
    pub fn error(self) -> Self {
        Self { level: "error", ..self }
    }

    /// Adds a field. A later value of the same name replaces the former.
    #[must_use]
    pub fn field(mut self, name: Field, value: impl Into<Value>) -> Self {
        self.fields.insert(name.word().to_owned(), value.into());
        self
    }

    /// Adds a sentence for people; it is part of the program, so it cannot hold what came from outside.
    #[must_use]
    pub fn message(mut self, text: &'static str) -> Self {
        self.fields.insert("msg".to_owned(), text.into());
        self
    }

    /// The line as of a time, without a line break.
    #[must_use]
    pub fn render(&self, now_ms: Millis) -> String {
        let mut line = Map::new();
        line.insert("ts".to_owned(), now_ms.into());
        line.insert("lvl".to_owned(), self.level.into());
        for (name, value) in &self.head {
            if !value.is_empty() {
                line.insert((*name).to_owned(), value.as_str().into());
            }
        }
        line.extend(self.fields.iter().map(|(name, value)| (name.clone(), value.clone())));
        Value::Object(line).to_string()
    }

    /// Writes the line.
    pub fn emit(&self) {
        write_line(&self.render(SystemClock.now_ms()));
    }
}

/// Writes to stdout in one piece. A closed stdout is no reason to fail work.
pub(crate) fn write_line(line: &str) {
    let mut bytes = Vec::with_capacity(line.len() + 1);
    bytes.extend_from_slice(line.as_bytes());
    bytes.push(b'\n');
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(&bytes).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_flat_and_small() {
        let line = Line::new("deliver", "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
        let bare = line.render(1_769_850_100_123);
        assert_eq!(bare, r#"{"ts":1769850100123,"lvl":"info","fn":"deliver","req":"8476a536-e9f4-11e8-9739-2dfe598c3fcd"}"#);
        assert!(bare.len() <= 100);
        let full = line.warn().field(Field::Tenant, "t_1").field(Field::Ms, 12).field(Field::Code, "ambiguous").message("sent without an answer").render(7);
        assert!(full.ends_with(r#","tenant":"t_1","ms":12,"code":"ambiguous","msg":"sent without an answer"}"#), "{full}");
        assert!(full.starts_with(r#"{"ts":7,"lvl":"warn","fn":"deliver","#));
    }

    #[test]
    fn a_value_cannot_break_out_of_its_line() {
        let line = Line::new("ingest", "").field(Field::Ev, "a\"}\n{\"lvl\":\"error").render(7);
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["ev"], "a\"}\n{\"lvl\":\"error");
    }
}
