//! The corners of the slot's decisions that a history meets too rarely to be relied upon: each is told as a short
//! story of asks and answers about one slot.

use canonical::{Millis, Version};
use protocol::slot::{Acquired, Ask, Called, Held, Limits, Next, Purpose, Refusal, Slot, Write, acquire, apply, settle};

const START: Millis = 1_000_000;
const GRACE: Millis = 300_000;
const UNCLEAR: Called = Called::Failed { ambiguous: true, burns: true };
const TURNED_AWAY: Called = Called::Failed { ambiguous: false, burns: false };

/// One slot and what is asked of it; versions are numbers, values are letters.
#[derive(Default)]
struct Story {
    slot: Slot,
    receipts: u32,
}

impl Story {
    fn with<T>(&mut self, purpose: Purpose, version: i64, value: &str, what: impl FnOnce(&mut Slot, &Ask<'_>) -> T) -> T {
        let me = self.receipts.to_string();
        let version = Version::of(0, Some(version), None, START);
        let occurrence = version.to_string();
        what(&mut self.slot, &Ask { me: &me, version: &version, purpose, occurrence: &occurrence, body_hash: value, mark: None })
    }

    fn ask(&mut self, at: Millis, purpose: Purpose, version: i64, value: &str) -> Acquired {
        self.receipts += 1;
        self.with(purpose, version, value, |slot, ask| acquire(slot, ask, at, &Limits::default()))
    }

    #[track_caller]
    fn held(&mut self, at: Millis, purpose: Purpose, version: i64, value: &str) -> Held {
        match self.ask(at, purpose, version, value) {
            Acquired::Held(held) => held,
            Acquired::Refused(refusal) => panic!("refused: {refusal:?}"),
        }
    }

    /// A delivery from lease to write, all at one instant.
    #[track_caller]
    fn deliver(&mut self, at: Millis, version: i64, value: &str, called: Called) -> Option<Millis> {
        let held = self.held(at, Purpose::Deliver, version, value);
        let settlement = settle(&held, Purpose::Deliver, called, at, &Limits::default());
        assert!(self.with(Purpose::Deliver, version, value, |slot, ask| apply(slot, ask, &held, &settlement.write)));
        settlement.verify_in
    }
}

#[test]
fn a_value_that_the_destination_has_already_is_not_sent() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", Called::Done);
    assert!(story.held(START + 1, Purpose::Deliver, 2, "a").no_op);
}

#[test]
fn a_value_that_comes_back_is_sent_when_another_may_have_landed_unseen() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", Called::Done);
    story.deliver(START + 1, 2, "b", UNCLEAR);
    // Long after the window nothing more can land, but "b" may have.
    assert!(!story.held(START + 2 * GRACE, Purpose::Deliver, 3, "a").no_op);
}

#[test]
fn a_value_is_sent_again_until_its_verify_has_been_committed() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", UNCLEAR);
    assert_eq!(story.deliver(START + 1_000, 2, "b", Called::Done), Some(GRACE - 1_000 + 1));
    // The window is over, the verify still on its way: "a" may have replaced "b".
    let mut hurried = Story { slot: story.slot.clone(), receipts: 100 };
    assert!(!hurried.held(START + GRACE + 1, Purpose::Deliver, 3, "b").no_op);

    let held = story.held(START + GRACE + 1, Purpose::Verify, 2, "b");
    let settlement = settle(&held, Purpose::Verify, Called::Done, START + GRACE + 50, &Limits::default());
    assert_eq!((settlement.verify_in, settlement.next), (None, Next::Ack));
    assert!(story.with(Purpose::Verify, 2, "b", |slot, ask| apply(slot, ask, &held, &settlement.write)));
    assert!(story.held(START + GRACE + 2_000, Purpose::Deliver, 3, "b").no_op);
}

#[test]
fn a_call_made_inside_the_window_is_verified_even_if_it_ends_outside() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", UNCLEAR);
    let held = story.held(START + GRACE - 20_000, Purpose::Deliver, 2, "b");
    let settlement = settle(&held, Purpose::Deliver, Called::Done, START + GRACE + 5_000, &Limits::default());
    assert_eq!(settlement.verify_in, Some(1));
}

#[test]
fn a_failure_cleans_nothing() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", UNCLEAR);
    story.deliver(START + 2 * GRACE, 1, "a", TURNED_AWAY);
    assert_eq!(story.slot.dirty_until, START + GRACE);
}

#[test]
fn a_verify_of_what_was_never_applied_ends_instead_of_waiting_for_ever() {
    let refused = Story::default().ask(START, Purpose::Verify, 1, "a");
    assert_eq!(refused, Acquired::Refused(Refusal::VerifyObsolete));
}

#[test]
fn a_verify_before_its_time_waits() {
    let mut story = Story::default();
    story.deliver(START, 1, "a", UNCLEAR);
    story.deliver(START, 2, "b", Called::Done);
    let refused = story.ask(START + GRACE - 10, Purpose::Verify, 2, "b");
    assert_eq!(refused, Acquired::Refused(Refusal::TooEarly(11)));
}

#[test]
fn a_lease_whose_answer_was_lost_ends_when_the_table_says_and_is_dirty() {
    let mut story = Story::default();
    let first = story.held(START, Purpose::Deliver, 1, "a");
    let again = story.with(Purpose::Deliver, 1, "a", |slot, ask| acquire(slot, ask, START + 9_000, &Limits::default()));
    let expected = Held { dirty_until: START + 9_000 + GRACE, ..first };
    assert_eq!(again, Acquired::Held(expected));
}

#[test]
fn whoever_lost_the_lease_writes_nothing() {
    let mut story = Story::default();
    let late = story.held(START, Purpose::Deliver, 1, "a");
    let dirty = story.deliver(START + 41_000, 2, "b", Called::Done);
    assert_eq!(dirty, Some(GRACE + 1));
    let before = story.slot.clone();
    assert!(!story.with(Purpose::Deliver, 1, "a", |slot, ask| apply(slot, ask, &late, &Write::Commit { dirty_until: 0 })));
    assert_eq!(story.slot, before);
}
