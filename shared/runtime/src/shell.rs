//! What a deployed process writes about itself: one line a batch, metrics at most every ten seconds.
//!
//! Set up once at cold start; where it was not, as on one machine, nothing is written. Metrics are gathered over batches,
//! because a line of them outweighs everything said of a happy event; a process that dies takes at most ten seconds of
//! them along. What has to be exact is in the ledger.

use std::sync::{Mutex, OnceLock, PoisonError};

use canonical::Millis;
use pipeline::App;

use crate::{Counts, Field, Line, emf::{self, Origin, Requests}, log};

/// Metrics are written no more often than this.
const EVERY_MS: Millis = 10_000;

static SHELL: OnceLock<Shell> = OnceLock::new();

struct Shell {
    function: &'static str,
    stage: String,
    counts: Counts,
    written: Mutex<Written>,
}

/// When metrics were written last, and what had been asked of AWS by then.
#[derive(Default)]
struct Written {
    at_ms: Millis,
    asked: Requests,
}

/// Sets the process up to write. Called once, at start; later calls change nothing.
pub(crate) fn set_up(function: &'static str, stage: String, counts: Counts) {
    let _ = SHELL.set(Shell { function, stage, counts, written: Mutex::default() });
}

/// Writes what a batch or a request left: its line, and metrics when it is time. `None` for the line of something that
/// went well and need not be said.
pub(crate) fn write(app: &App, request: &str, line: impl FnOnce(Line) -> Option<Line>) {
    let Some(shell) = SHELL.get() else { return };
    if let Some(line) = line(Line::new(shell.function, request)) {
        line.emit();
    }
    shell.metrics(app);
}

/// A line of the sweep: how many were started.
pub fn swept(app: &App, request: &str, started: usize, ms: Millis) {
    write(app, request, |line| Some(line.field(Field::Step, "sweep").field(Field::Outcome, "ok").field(Field::N, started).field(Field::Ms, ms)));
}

impl Shell {
    fn metrics(&self, app: &App) {
        let now = app.clock.now_ms();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if (0..EVERY_MS).contains(&(now - written.at_ms)) {
            return;
        }
        let asked = requests(&self.counts);
        let since = Requests { all: asked.all.saturating_sub(written.asked.all), keys: asked.keys.saturating_sub(written.asked.keys) };
        *written = Written { at_ms: now, asked };
        let origin = Origin { function: self.function, stage: &self.stage };
        for line in emf::lines(origin, &app.meter.take(), since, now) {
            log::write_line(&line);
        }
    }
}

fn requests(counts: &Counts) -> Requests {
    let counts = counts.snapshot();
    let keys = counts.iter().filter(|(name, _)| matches!(name.as_str(), "KMS.Decrypt" | "KMS.GenerateDataKey")).map(|(_, count)| count).sum();
    Requests { all: counts.values().sum(), keys }
}
