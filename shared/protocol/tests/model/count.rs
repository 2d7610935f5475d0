//! What is counted in a history, added up over many, and printed as a row.

use std::fmt;
use std::ops::AddAssign;

use crate::world::VERSIONS;

/// Counts of one history, or of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Histories counted; 0 while one is under way.
    pub(crate) histories: u64,
    /// The destination did not end at the newest value.
    pub(crate) wrong: u64,
    /// The budget of events was spent before the queue was empty.
    pub(crate) endless: u64,
    /// Messages whose retries were spent.
    pub(crate) dead: u64,
    pub(crate) events: u64,
    pub(crate) calls: u64,
    pub(crate) slot_writes: u64,
    pub(crate) receives: u64,
    pub(crate) sends: u64,
    /// The most sends of a single history.
    pub(crate) most_sends: u64,
    /// Verifies that sent verifies.
    pub(crate) sent_by_verifies: u64,
    pub(crate) crashes: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, one: Self) {
        self.histories += one.histories.max(1);
        self.wrong += one.wrong;
        self.endless += one.endless;
        self.dead += one.dead;
        self.events += one.events;
        self.calls += one.calls;
        self.slot_writes += one.slot_writes;
        self.receives += one.receives;
        self.sends += one.sends;
        self.most_sends = self.most_sends.max(one.most_sends);
        self.sent_by_verifies += one.sent_by_verifies;
        self.crashes += one.crashes;
    }
}

/// What the numbers of a row are.
pub(crate) const HEAD: &str = "wrong of  count http/ev  slot/ev  recv/ev  send/ev   most  crashes   dead";

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = self.histories * u64::try_from(VERSIONS).unwrap_or(1);
        let per_event = |sum: u64| {
            let hundredths = sum * 100 / events.max(1);
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        };
        write!(
            f,
            "{:5} of {:6} {:8} {:8} {:8} {:8} {:5} {:8} {:6}",
            self.wrong,
            self.histories,
            per_event(self.calls),
            per_event(self.slot_writes),
            per_event(self.receives),
            per_event(self.sends),
            self.most_sends,
            self.crashes,
            self.dead
        )
    }
}
