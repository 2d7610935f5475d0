//! Progress on standard error: a line that renews itself for people, one line at the end for everybody.

use std::{io::{IsTerminal as _, Write as _}, time::{Duration, Instant}};

use super::cursor::words;
use crate::say::{several, tell};

/// How often a person is told.
const EVERY: Duration = Duration::from_millis(200);

/// What was read so far.
pub(crate) struct Progress {
    name: String,
    /// What is counted.
    one: &'static str,
    pages: u64,
    records: u64,
    failed: u64,
    known: u64,
    filtered: u64,
    missed: u64,
    begun: Instant,
    told: Instant,
    live: bool,
}

impl Progress {
    pub(crate) fn new(name: &str, one: &'static str) -> Self {
        let begun = Instant::now();
        // Where records go to the same terminal, they are the progress.
        let live = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
        Self { name: name.to_owned(), one, pages: 0, records: 0, failed: 0, known: 0, filtered: 0, missed: 0, begun, told: begun, live }
    }

    pub(crate) fn record(&mut self) {
        self.records += 1;
    }

    /// So many count no more.
    pub(crate) fn forget(&mut self, records: u64) {
        self.records = self.records.saturating_sub(records);
    }

    pub(crate) fn fail(&mut self) {
        self.failed += 1;
    }

    /// Records printed.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Records that could not be mapped.
    pub(crate) fn failed(&self) -> u64 {
        self.failed
    }

    /// A page is printed, of which so many were known, and so many left out by the filter and by lookups.
    pub(crate) fn page(&mut self, known: usize, filtered: usize, missed: usize) {
        self.pages += 1;
        self.known += known as u64;
        self.filtered += filtered as u64;
        self.missed += missed as u64;
        if self.live && self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            let mut err = std::io::stderr();
            // Nobody is left to be told.
            drop(write!(err, "\r\x1b[K{}", self.line()));
            drop(err.flush());
        }
    }

    /// The last line, and where to go on.
    pub(crate) fn end(&self, whole: bool, cursor: Option<&str>) {
        if self.live {
            drop(write!(std::io::stderr(), "\r\x1b[K"));
        }
        tell!("{}{}", self.line(), if whole { "" } else { ", then it failed" });
        if let Some(cursor) = cursor {
            tell!("go on with: {}", words(cursor));
        }
    }

    fn line(&self) -> String {
        let mut line = format!("{}: {} on {}", self.name, several(self.records, self.one), several(self.pages, "page"));
        if self.known > 0 {
            line.push_str(&format!(", {} known before", self.known));
        }
        if self.filtered > 0 {
            line.push_str(&format!(", {} left out by the filter", self.filtered));
        }
        if self.missed > 0 {
            line.push_str(&format!(", {} left out by a lookup", self.missed));
        }
        if self.failed > 0 {
            line.push_str(&format!(", {} failed", self.failed));
        }
        line.push_str(&format!(" in {:.1} s", self.begun.elapsed().as_secs_f64()));
        line
    }
}
