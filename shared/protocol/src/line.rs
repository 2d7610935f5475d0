//! The line of a halted strict key: who is tried, who joins, who waits, and who is woken next.
//!
//! Events of a key stand in the order of their sequence numbers. While anybody stands in line, one of these exists: a turn
//! on the queue, a timer that will send one, a message on the queue that will join and see to it, or a grave at the head,
//! which waits for a person. Whoever consumes the last of them leaves another; each may be there twice.

use canonical::Millis;

use crate::Outcome;

/// The end of a grave's place: it sorts behind every occurrence.
const GRAVE: &str = "#~";

/// Where an occurrence stands.
#[must_use]
pub fn place(sequence: &str, occurrence: &str) -> String {
    format!("{sequence}#{occurrence}")
}

/// Where the death of a sequence number stands: behind the living of the same number, so that its replay goes first.
#[must_use]
pub fn grave(sequence: &str) -> String {
    format!("{sequence}{GRAVE}")
}

/// What is known of an event's effect on a strict flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// The occurrence that had it done.
    pub done: Option<String>,
    /// The occurrence that began a call whose answer is not known.
    pub begun: Option<String>,
    /// The occurrences that died.
    pub dead: Vec<String>,
    /// Of what the last of them died.
    pub code: String,
}

impl Effect {
    /// How an occurrence of the event ended, if it did: whatever still speaks of it must not be tried again.
    #[must_use]
    pub fn ended(&self, occurrence: &str) -> Option<Outcome> {
        if self.dead.iter().any(|dead| dead == occurrence) {
            return Some(Outcome::Dead);
        }
        self.done.as_deref().map(|by| if by == occurrence { Outcome::Applied } else { Outcome::Duplicate })
    }

    /// Whether a call of the event was begun and cut off. A replay is a person's word about the calls before it.
    #[must_use]
    pub fn cut_off(&self, occurrence: &str, replayed: bool) -> bool {
        self.begun.as_deref().is_some_and(|by| !replayed || by == occurrence)
    }
}

/// A message of a strict key.
#[derive(Debug, Clone, Copy)]
pub struct Arriving<'a> {
    /// Its sequence number.
    pub sequence: &'a str,
    /// Its occurrence.
    pub occurrence: &'a str,
    /// It is a turn: the line's, or that of a replay, which goes ahead of the line.
    pub turn: bool,
}

/// The first of a line.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Its place.
    pub place: &'a str,
    /// Before then it is not tried.
    pub due: Millis,
}

impl Head<'_> {
    /// Whether it is a death that waits for a person.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        self.place.ends_with(GRAVE)
    }
}

/// What a message that has not ended does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is tried.
    Try,
    /// It is the head of the line, and due: tried as its row knows it.
    TryRow,
    /// It is the head of the line, before its time: a timer is made sure of.
    Rest(Millis),
    /// The key is halted: announced at the slot, then into the line.
    Join,
    /// Others stand before it: its row is made sure of, and the head is woken in its stead.
    Behind,
}

/// What a message does, given whether its key is halted and, for a turn, who stands first.
#[must_use]
pub fn step(message: &Arriving<'_>, halted: bool, head: Option<Head<'_>>, now: Millis) -> Step {
    if !message.turn {
        return if halted { Step::Join } else { Step::Try };
    }
    let mine = place(message.sequence, message.occurrence);
    match head {
        Some(head) if head.place == mine && head.due > now => Step::Rest(head.due),
        Some(head) if head.place == mine => Step::TryRow,
        Some(head) if head.place < mine.as_str() => Step::Behind,
        // It stands nowhere, and nobody stands before it: a replay.
        Some(_) | None => Step::Try,
    }
}

/// What somebody does whose row is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// Somebody stands before it, who will wake it.
    Waits,
    /// It is the head: a timer for then is made sure of, the same one each time.
    Timer(Millis),
    /// The halt has gone meanwhile, and nobody comes to wake it: it leaves the line and is tried.
    Try,
}

/// What a joiner does once its row is written, by what it reads then.
#[must_use]
pub fn joined(mine: &str, halted: bool, head: Option<Head<'_>>, now: Millis) -> Joined {
    match head {
        Some(head) if head.place != mine => Joined::Waits,
        _ if !halted => Joined::Try,
        Some(head) => Joined::Timer(head.due.max(now)),
        // Woken and ended in between.
        None => Joined::Waits,
    }
}

/// What the line needs once somebody has left it, or somebody else's turn was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nobody stands in it: the halt ends, unless somebody has announced itself since.
    Resume,
    /// Its head gets its turn.
    Wake,
    /// Its head gets its turn then.
    Timer(Millis),
    /// Its head is dead: a person resumes it, or replays the dead one.
    Person,
}

/// What the line needs, by its head.
#[must_use]
pub fn next(head: Option<Head<'_>>, now: Millis) -> Next {
    match head {
        None => Next::Resume,
        Some(head) if head.is_grave() => Next::Person,
        Some(head) if head.due > now => Next::Timer(head.due),
        Some(_) => Next::Wake,
    }
}
