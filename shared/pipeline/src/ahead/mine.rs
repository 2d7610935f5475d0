//! The turns this process took with one write, and which of them went.

use std::sync::{Arc, Mutex, PoisonError};

use canonical::Millis;

/// When turns of one write went, and what they cost.
type Gone = Arc<Mutex<Vec<(Millis, u32)>>>;

/// Turns taken with one write.
pub(crate) struct Ahead {
    /// What the row calls them; 0: it does not know them.
    pub(crate) name: u64,
    /// What the row counts of them under this name, and how many of those that went it counts apart.
    pub(crate) counted: u32,
    pub(crate) said: usize,
    /// From when on so many of them may go.
    steps: Vec<(u32, Millis)>,
    /// Until when they may go.
    pub(crate) until: Millis,
    /// What of them is somebody's.
    pub(crate) handed: u32,
    /// Nothing of them is handed out any more.
    pub(crate) closed: bool,
    gone: Gone,
}

/// A turn that was handed out.
pub(crate) struct Turn {
    /// From when on it may go.
    pub(crate) ready: Millis,
    until: Millis,
    cost: u32,
    gone: Gone,
}

impl Turn {
    /// Of no window: it may go from then on.
    pub(crate) fn free(ready: Millis) -> Self {
        Self { ready, until: Millis::MAX, cost: 0, gone: Gone::default() }
    }

    /// Goes now, unless its time is over: whoever rested, froze or waited for a row or a place may come too late.
    pub(crate) fn goes(&self, now: Millis) -> bool {
        let good = now <= self.until;
        if good {
            self.gone.lock().unwrap_or_else(PoisonError::into_inner).push((now.max(self.ready), self.cost));
        }
        good
    }
}

impl Ahead {
    /// Turns that nobody has yet.
    pub(crate) fn of(steps: Vec<(u32, Millis)>, until: Millis) -> Self {
        let counted = steps.last().map_or(0, |(size, _)| *size);
        Self { name: 0, counted, said: 0, steps, until, handed: 0, closed: false, gone: Gone::default() }
    }

    /// From when on the next one may go, if there is one.
    pub(crate) fn ready(&self, cost: u32) -> Option<Millis> {
        let handed = self.handed.saturating_add(cost);
        self.steps.iter().find(|(size, _)| *size >= handed && !self.closed).map(|(_, ready)| *ready)
    }

    /// Hands one out, if there is one.
    pub(crate) fn hand(&mut self, cost: u32) -> Option<Turn> {
        let ready = self.ready(cost)?;
        self.handed = self.handed.saturating_add(cost);
        Some(Turn { ready, until: self.until, cost, gone: Arc::clone(&self.gone) })
    }

    /// Takes one back that did not go.
    pub(crate) fn take_back(&mut self, turn: &Turn) {
        if Arc::ptr_eq(&self.gone, &turn.gone) {
            self.handed = self.handed.saturating_sub(turn.cost);
        }
    }

    /// Whether all were handed out.
    pub(crate) fn is_used_up(&self) -> bool {
        self.steps.last().is_none_or(|(size, _)| self.handed >= *size)
    }

    /// What became of those the row counts under this name: what went, and what is on its way. Nobody has the rest.
    pub(crate) fn became(&self) -> (Vec<(Millis, u32)>, u32) {
        let gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        let on_its_way = gone.iter().fold(self.handed, |handed, (_, cost)| handed.saturating_sub(*cost));
        (gone[self.said..].to_vec(), on_its_way)
    }
}
