//! The first reliability test: a discrete-event model of one (flow, key) with the decisions of this crate inside.
//!
//! Six versions travel through a queue that duplicates and reorders; workers die between any two steps; a call may time
//! out here and be executed later there. Question: does the destination end at the newest version? Every part of the
//! protocol is also taken out, one at a time, and must be missed. A history depends on its seed alone.

mod chance;
mod count;
mod destination;
mod queue;
mod regimes;
mod retry;
mod world;
mod worker;

use count::{Count, HEAD};
use regimes::{BURST, FAULTS, FIFO, FLIP, FREEZE, HEAVY, KEYED, KEYED_HEAVY, REFUSING, MILD, NONE, Regime, SKEW, Variant};
use world::World;

/// The only function that knows how histories are run.
fn histories(regime: Regime, variant: Variant, seeds: u64) -> Count {
    let mut sum = Count::default();
    for seed in 0..seeds {
        sum += World::run(seed, regime, variant);
    }
    println!("{:15} {:21} {sum}", regime.name, format!("{variant:?}"));
    sum
}

/// No history may need more sends: six events, and a verify for each receipt of a delivery that met a dirty slot.
const MOST_SENDS: u64 = 30;

/// What holds of every history of the protocol as it ships.
#[track_caller]
fn converge(regimes: &[Regime], seeds: u64) -> Count {
    println!("{:37} {HEAD}", "");
    let mut sum = Count::default();
    for regime in regimes {
        sum += histories(*regime, Variant::Sound, seeds);
    }
    assert_eq!(sum.wrong, 0, "histories that ended at another value");
    assert_eq!(sum.endless, 0, "histories that did not end");
    assert_eq!(sum.sent_by_verifies, 0, "verifies sent by verifies");
    assert!(sum.most_sends <= MOST_SENDS, "{} sends in one history", sum.most_sends);
    sum
}

/// What is missing must be missed.
#[track_caller]
fn diverge(regime: Regime, variant: Variant) -> Count {
    let sum = histories(regime, variant, 2_000);
    assert!(sum.wrong > 0, "{variant:?} makes no difference");
    sum
}

#[test]
fn ten_thousand_histories_all_end_at_the_newest_version() {
    let sum = converge(&[NONE, MILD, FAULTS, SKEW, BURST, HEAVY], 1_667);
    assert!(sum.histories >= 10_000 && sum.crashes > 10_000, "too tame: {sum}");
}

#[test]
fn a_queue_that_keeps_order_converges_too() {
    converge(&[FIFO], 2_000);
}

#[test]
fn workers_that_freeze_for_longer_than_their_lease_do_no_harm() {
    converge(&[FREEZE], 2_000);
}

#[test]
fn values_that_come_back_are_not_taken_for_no_ops_when_a_late_write_lies_between() {
    converge(&[FLIP], 2_000);
}

#[test]
fn a_destination_that_honours_keys_converges_when_every_lease_has_its_own() {
    converge(&[KEYED, KEYED_HEAVY], 2_000);
}

#[test]
fn without_the_lease_histories_end_wrong() {
    diverge(FAULTS, Variant::WithoutLease);
}

/// Under plain faults the re-assert hides a missing fence: whoever finds a lease run out makes the slot dirty, and the
/// verify repairs what the late worker did. A worker that freezes and then writes its old version and its old
/// cleanliness over the newer ones makes that verify obsolete, and shows it.
#[test]
fn without_the_fence_histories_end_wrong_once_workers_freeze() {
    diverge(FREEZE, Variant::WithoutFence);
}

#[test]
fn without_the_reassert_histories_end_wrong() {
    diverge(FAULTS, Variant::WithoutReassert);
}

#[test]
fn a_verify_sent_after_the_commit_is_lost_with_its_worker() {
    diverge(HEAVY, Variant::VerifyAfterCommit);
}

#[test]
fn a_grace_window_shorter_than_the_destination_is_late_does_not_converge() {
    diverge(FAULTS, Variant::ShortGrace);
}

#[test]
fn a_verify_under_the_key_of_its_event_executes_nothing() {
    diverge(KEYED, Variant::VerifyUnderEventKey);
}

/// An event that landed, whose worker died, and that comes again when an older one has since been applied, verified and
/// cleaned: its first key replays the answer, and the commit claims what never happened.
#[test]
fn an_event_under_its_first_key_executes_nothing_either() {
    diverge(KEYED_HEAVY, Variant::EventKeyAcrossLeases);
}

#[test]
fn an_early_verify_waits_instead_of_sending_another() {
    let waiting = converge(&[HEAVY], 2_000);
    let resending = histories(HEAVY, Variant::EarlyVerifyResends, 2_000);
    assert!(resending.sent_by_verifies > 0 && resending.most_sends > 2 * waiting.most_sends, "no storm: {resending}");
}

#[test]
fn a_destination_that_refuses_everything_ends_in_six_dead_events() {
    let sum = histories(REFUSING, Variant::Sound, 200);
    assert_eq!(sum.endless, 0);
    assert!(sum.dead >= sum.histories * 6, "{sum}");
    // The slot keeps the count of one version; two that fail in turn never spend it.
    assert!(histories(REFUSING, Variant::BudgetInSlotAlone, 5).endless > 0);
}

#[test]
fn a_history_depends_on_its_seed_alone() {
    for seed in 0..50 {
        assert_eq!(World::run(seed, HEAVY, Variant::Sound), World::run(seed, HEAVY, Variant::Sound));
    }
}
