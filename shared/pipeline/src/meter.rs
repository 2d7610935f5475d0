//! What a process counts beside its work: outcomes, latencies, conflicts. The shell takes it and writes it out.
//!
//! A meter that is off, as on one machine, keeps nothing. What it says may be counted twice after a redelivery; what has
//! to be exact is in the ledger. Tenants and flows are never part of it: each would be billed as a metric of its own.

use std::{collections::BTreeMap, mem, sync::{Mutex, PoisonError}};

use canonical::Millis;
use document::hash_bytes;
use protocol::{Entry, Mark, Outcome};

/// The most measurements of one kind that are kept until they are taken.
const MOST: usize = 1_000;

/// The metrics there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Occurrences taken in, one for each flow.
    Received,
    /// Events whose value the destination has.
    Applied,
    /// Events a newer one overtook.
    Superseded,
    /// Events that were already done.
    Duplicate,
    /// Events nobody wants.
    Filtered,
    /// Events given up.
    Dead,
    /// Received, and neither ended nor known to wait: an alarm.
    Unaccounted,
    /// Milliseconds one call of a destination took.
    AttemptLatency,
    /// Milliseconds from acceptance to effect.
    EndToEndLatency,
    /// Slots another worker held.
    LeaseConflict,
    /// Newest values sent once more after an unclear answer.
    DirtyReassert,
    /// Batches that found their destination spared.
    BreakerOpen,
    /// Deliveries put aside for longer than a queue delays.
    Parked,
    /// Milliseconds from the sweep's message to the poll.
    PollLag,
    /// Sources that repeat themselves.
    CursorLoop,
    /// Milliseconds a delivery was sent back to wait for its turn.
    RateWait,
    /// Requests to AWS for each event.
    AwsRequestsPerEvent,
    /// Keys fetched because none was at hand.
    KmsCacheMiss,
}

impl Metric {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Applied => Metric::Applied,
            Outcome::Superseded => Metric::Superseded,
            Outcome::Duplicate => Metric::Duplicate,
            Outcome::Filtered => Metric::Filtered,
            Outcome::Dead => Metric::Dead,
        }
    }
}

/// What a line of metrics is about: how it went, and with which connector if it concerns one.
pub type Group = (&'static str, Option<String>);

/// What was counted since it was last taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events handled, whatever became of them.
    pub handled: u64,
    /// Sums.
    pub counts: BTreeMap<Group, BTreeMap<Metric, u64>>,
    /// Measurements.
    pub samples: BTreeMap<Group, BTreeMap<Metric, Vec<u64>>>,
}

/// Counts for one process.
#[derive(Debug, Default)]
pub struct Meter {
    on: bool,
    sample: u32,
    tally: Mutex<Tally>,
}

impl Meter {
    /// A meter that counts, and shows one of `sample` events that went well; zero for none.
    #[must_use]
    pub fn on(sample: u32) -> Self {
        Self { on: true, sample, tally: Mutex::default() }
    }

    /// Adds to a sum.
    pub fn add(&self, metric: Metric, count: u64) {
        self.with(|tally| *tally.counts.entry(("ok", None)).or_default().entry(metric).or_default() += count);
    }

    /// Keeps a measurement in milliseconds; what is below zero, of a clock that was set back, is zero.
    pub fn observe(&self, metric: Metric, ms: Millis) {
        self.with(|tally| keep(tally, ("ok", None), metric, ms));
    }

    /// One call of a destination, by how it went.
    pub fn attempt(&self, connector: &str, ok: bool, ms: Millis) {
        let outcome = if ok { "ok" } else { "failed" };
        self.with(|tally| {
            keep(tally, (outcome, None), Metric::AttemptLatency, ms);
            keep(tally, (outcome, Some(connector.to_owned())), Metric::AttemptLatency, ms);
        });
    }

    /// An occurrence ended; the connector is that of its destination, where one was asked.
    pub fn ended(&self, connector: Option<&str>, outcome: Outcome) {
        let metric = Metric::of(outcome);
        self.with(|tally| {
            *tally.counts.entry(("ok", None)).or_default().entry(metric).or_default() += 1;
            if let Some(connector) = connector {
                *tally.counts.entry(("ok", Some(connector.to_owned()))).or_default().entry(metric).or_default() += 1;
            }
        });
    }

    /// What a batch told the ledger where no destination was asked.
    pub fn told(&self, entries: &[(Millis, Entry)]) {
        for (_, entry) in entries {
            match entry.mark {
                Mark::Received => self.add(Metric::Received, 1),
                Mark::Ended(outcome) => self.ended(None, outcome),
                Mark::Waits(_) => {}
            }
        }
    }

    /// So many events were handled.
    pub fn handled(&self, count: usize) {
        self.with(|tally| tally.handled += u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Whether an event or a request that goes well is one of those that are shown: the same ones at every stage.
    #[must_use]
    pub fn shows(&self, id: &str) -> bool {
        let hash = hash_bytes(id.as_bytes());
        self.on && self.sample > 0 && u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).is_multiple_of(self.sample)
    }

    /// Takes what was counted, and begins again.
    #[must_use]
    pub fn take(&self) -> Tally {
        mem::take(&mut *self.tally.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with(&self, change: impl FnOnce(&mut Tally)) {
        if self.on {
            change(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

fn keep(tally: &mut Tally, group: Group, metric: Metric, ms: Millis) {
    let samples = tally.samples.entry(group).or_default().entry(metric).or_default();
    if samples.len() < MOST {
        samples.push(u64::try_from(ms).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_that_is_off_keeps_nothing_and_shows_nothing() {
        let meter = Meter::default();
        meter.add(Metric::Received, 3);
        meter.attempt("shop", true, 12);
        assert_eq!(meter.take(), Tally::default());
        assert!(!meter.shows("evt_1"));
    }

    #[test]
    fn what_was_taken_is_not_taken_again() {
        let meter = Meter::on(0);
        meter.ended(Some("shop"), Outcome::Applied);
        meter.ended(None, Outcome::Dead);
        meter.attempt("shop", false, -4);
        let tally = meter.take();
        assert_eq!(tally.counts[&("ok", None)], BTreeMap::from([(Metric::Applied, 1), (Metric::Dead, 1)]));
        assert_eq!(tally.counts[&("ok", Some("shop".to_owned()))], BTreeMap::from([(Metric::Applied, 1)]));
        assert_eq!(tally.samples[&("failed", None)][&Metric::AttemptLatency], [0]);
        assert_eq!(meter.take(), Tally::default());
    }

    #[test]
    fn one_of_so_many_events_is_shown_and_it_is_the_same_one_each_time() {
        let events: Vec<_> = (0..1000).map(|index| format!("evt_{index}")).collect();
        let shown = |sample| events.iter().filter(|event| Meter::on(sample).shows(event)).count();
        assert_eq!((shown(0), shown(1)), (0, 1000));
        assert!((50..200).contains(&shown(10)), "{}", shown(10));
        assert_eq!(shown(10), shown(10));
    }
}
