//! Log lines: flat JSON, one per batch, per event only where it failed or was sampled.
//!
//! A line is written with [`Line`], whose fields are a closed list: there is no field for a payload, a header or a
//! secret. What libraries say through `tracing` passes the same list; of strangers only the place is kept, because what
//! they say may quote a request.

use std::{fmt, io::Write as _, sync::OnceLock};

use canonical::{Clock as _, Millis};
use serde_json::{Map, Value};
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::{Context, SubscriberExt as _}};

use crate::SystemClock;

/// The name of this function, for lines that come through `tracing`.
static NAME: OnceLock<&'static str> = OnceLock::new();

/// Targets whose messages are kept: ours, and the runtime's reports of a handler that failed.
const KNOWN: [&str; 18] = [
    "api", "canonical", "connector", "control", "deliver", "document", "engine", "ingest", "lambda_runtime", "outbound", "pipeline", "poll", "queue", "reconcile", "runtime", "store", "transform", "vault",
];

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
}

impl Field {
    const ALL: [Field; 14] = [
        Field::Trace, Field::Tenant, Field::Conn, Field::Flow, Field::Ev, Field::KeyHash, Field::Step, Field::Outcome, Field::Code, Field::Ms, Field::Attempt, Field::Ver, Field::Bytes, Field::Rc,
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

/// Takes in what libraries say through `tracing`, warnings and worse. Called once, at start; later calls change nothing.
pub fn init(fn_name: &'static str) {
    let _ = NAME.set(fn_name);
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Lines));
}

/// Writes to stdout in one piece. A closed stdout is no reason to fail work.
pub(crate) fn write_line(line: &str) {
    let mut bytes = Vec::with_capacity(line.len() + 1);
    bytes.extend_from_slice(line.as_bytes());
    bytes.push(b'\n');
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(&bytes).and_then(|()| out.flush());
}

/// Makes a line of each event of `tracing`.
struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _context: Context<'_, S>) -> bool {
        metadata.is_event() && *metadata.level() <= Level::WARN
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        heard(NAME.get().copied().unwrap_or_default(), event).emit();
    }
}

/// The line of an event of `tracing`.
fn heard(fn_name: &str, event: &Event<'_>) -> Line {
    let target = event.metadata().target();
    let mut line = Line::new(fn_name, "");
    line.level = if *event.metadata().level() == Level::ERROR { "error" } else { "warn" };
    if KNOWN.contains(&target.split("::").next().unwrap_or_default()) {
        event.record(&mut Known(&mut line));
        line
    } else {
        line.field(Field::Step, target)
    }
}

/// Keeps the message and the fields of the closed list.
struct Known<'a>(&'a mut Line);

impl Known<'_> {
    fn keep(&mut self, name: &str, value: Value) {
        let name = match name {
            "message" => "msg",
            "req" => return self.0.head[1].1 = value.as_str().unwrap_or_default().to_owned(),
            name if Field::ALL.iter().any(|field| field.word() == name) => name,
            _ => return,
        };
        self.0.fields.insert(name.to_owned(), value);
    }
}

impl Visit for Known<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn fmt::Debug) {
        self.keep(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        self.keep(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &tracing::field::Field, value: i64) {
        self.keep(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &tracing::field::Field, value: u64) {
        self.keep(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &tracing::field::Field, value: bool) {
        self.keep(field.name(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

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

    /// Keeps what a subscriber hears.
    struct Ear(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Ear {
        fn enabled(&self, metadata: &tracing::Metadata<'_>, context: Context<'_, S>) -> bool {
            Lines.enabled(metadata, context)
        }

        fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
            self.0.lock().unwrap().push(heard("poll", event).render(7));
        }
    }

    #[test]
    fn of_what_libraries_say_only_the_closed_list_is_kept() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Ear(Arc::clone(&heard))), || {
            tracing::warn!(target: "store::slot", tenant = "t_1", ms = 3, authorization = "Bearer pp_x", "lease lost");
            tracing::error!(target: "aws_smithy_runtime::client", body = "s3cret", "failed with s3cret");
            tracing::info!(target: "store", "not heard");
        });
        assert_eq!(
            *heard.lock().unwrap(),
            [r#"{"ts":7,"lvl":"warn","fn":"poll","msg":"lease lost","tenant":"t_1","ms":3}"#, r#"{"ts":7,"lvl":"error","fn":"poll","step":"aws_smithy_runtime::client"}"#]
        );
    }
}
