//! What the rooms and libraries say through `tracing`, as log lines: warnings and worse, and the events that are shown.
//!
//! Only names of the closed list are kept. Of strangers only the place is: what they say may quote a request.

use std::{fmt, sync::OnceLock};

use serde_json::Value;
use tracing::{Event, Level, Subscriber, field::Visit};
use tracing_subscriber::{Layer, layer::{Context, SubscriberExt as _}};

use super::{Field, Line};

/// What shows one of many events that went well.
const SHOWN: &str = "event";

/// The name of this function, for lines that come through `tracing`.
static NAME: OnceLock<&'static str> = OnceLock::new();

/// Targets whose messages are kept: ours, and the runtime's reports of a handler that failed.
const KNOWN: [&str; 19] = [
    SHOWN, "api", "canonical", "connector", "control", "deliver", "document", "engine", "ingest", "lambda_runtime", "outbound", "pipeline", "poll", "queue", "reconcile", "runtime", "store", "transform", "vault",
];

/// Takes in what libraries say through `tracing`, warnings and worse. Called once, at start; later calls change nothing.
pub fn init(fn_name: &'static str) {
    let _ = NAME.set(fn_name);
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Lines));
}

/// Makes a line of each event of `tracing`.
struct Lines;

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _context: Context<'_, S>) -> bool {
        metadata.is_event() && (*metadata.level() <= Level::WARN || metadata.target() == SHOWN)
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        heard(NAME.get().copied().unwrap_or_default(), event).emit();
    }
}

/// The line of an event of `tracing`.
fn heard(fn_name: &str, event: &Event<'_>) -> Line {
    let target = event.metadata().target();
    let mut line = Line::new(fn_name, "");
    line.level = match *event.metadata().level() {
        Level::ERROR => "error",
        Level::WARN => "warn",
        _ => "info",
    };
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
            tracing::info!(target: "event", step = "deliver", ev = "evt_1", outcome = "applied", payload = "not kept");
        });
        assert_eq!(
            *heard.lock().unwrap(),
            [r#"{"ts":7,"lvl":"warn","fn":"poll","msg":"lease lost","tenant":"t_1","ms":3}"#, r#"{"ts":7,"lvl":"error","fn":"poll","step":"aws_smithy_runtime::client"}"#,
                r#"{"ts":7,"lvl":"info","fn":"poll","step":"deliver","ev":"evt_1","outcome":"applied"}"#]
        );
    }
}
