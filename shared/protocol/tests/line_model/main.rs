//! The line of a strict key as a discrete model, with the decisions of `protocol::line` inside.
//!
//! Events of one key travel through a queue that keeps order, redelivers and holds copies; workers and persons die between
//! any two steps, answers of tables are lost after the write held, timers fire late and twice, the destination fails,
//! refuses, or acts and does not say so. Question: does every event end, in order, with nobody left in line? Every part
//! of the protocol is also taken out, one at a time, and must be missed. A history depends on its seed alone.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod chance;
mod desk;
mod tables;
mod worker;
mod world;

use world::{Findings, Regime, Variant, history};

const CALM: Regime = Regime { name: "calm", crash: 0, lost: 0, fault: 0, fails: 150, rejects: 0, unclear: 0, copies: 0, twice: 0, doubles: false, skips: false };
const FAULTS: Regime = Regime { name: "faults", crash: 25, lost: 15, fault: 15, fails: 250, rejects: 80, unclear: 60, copies: 100, twice: 100, doubles: false, skips: false };
const HEAVY: Regime = Regime { name: "heavy", crash: 90, lost: 50, fault: 50, fails: 400, rejects: 150, unclear: 150, copies: 250, twice: 300, doubles: false, skips: false };
const DOUBLES: Regime = Regime { name: "doubles", doubles: true, ..FAULTS };
const SKIPS: Regime = Regime { name: "skips", skips: true, ..HEAVY };

fn histories(regime: Regime, variant: Variant, seeds: u64) -> Findings {
    let mut sum = Findings::default();
    for seed in 0..seeds {
        sum += history(seed, regime, variant);
    }
    println!("{:8} {:20} {sum:?}", regime.name, format!("{variant:?}"));
    sum
}

#[test]
fn every_event_ends_in_order_and_nobody_is_left_in_line() {
    let mut sum = Findings::default();
    for (regime, seeds) in [(CALM, 500), (FAULTS, 2_500), (HEAVY, 1_500), (DOUBLES, 1_500), (SKIPS, 1_000)] {
        sum += histories(regime, Variant::Sound, seeds);
    }
    let Findings { stuck, open, passed, doubled, retried, .. } = sum;
    assert_eq!([stuck, open, passed, doubled, retried], [0; 5], "stuck, open, passed, doubled, retried: {sum:?}");
    assert!(sum.histories >= 7_000 && sum.crashes > 10_000 && sum.deaths > 1_000, "too tame: {sum:?}");
}

#[test]
fn a_joiner_that_does_not_see_to_a_timer_leaves_the_line_stuck() {
    let sum = histories(FAULTS, Variant::NobodySeesToTheHead, 1_000);
    assert!(sum.stuck > 0, "{sum:?}");
}

#[test]
fn a_halt_that_is_forced_away_leaves_a_joiner_behind_and_others_pass_it() {
    let sum = histories(HEAVY, Variant::HaltForcedAway, 2_000);
    assert!(sum.passed > 0, "{sum:?}");
}

#[test]
fn a_death_that_leaves_no_grave_is_passed() {
    let sum = histories(FAULTS, Variant::NoGrave, 1_000);
    assert!(sum.passed > 0, "{sum:?}");
}

#[test]
fn a_death_that_is_not_remembered_is_tried_again_by_a_late_turn() {
    let sum = histories(HEAVY, Variant::DeathForgotten, 1_000);
    assert!(sum.retried > 0, "{sum:?}");
}

#[test]
fn a_call_that_is_not_announced_is_made_twice() {
    let sum = histories(DOUBLES, Variant::NotAnnounced, 1_000);
    assert!(sum.doubled > 0, "{sum:?}");
}
