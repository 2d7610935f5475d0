//! The first reliability test: a discrete-event model of one (flow, key) with the decisions of this crate inside.
//!
//! Six versions travel through a queue that duplicates and reorders; workers die between any two steps; a call may time
//! out here and be executed later there. Question: does the destination end at the newest version? Every part of the
//! protocol is also taken out, one at a time, and must be missed. A history depends on its seed alone.

mod chance;
mod count;
mod regimes;
mod world;
mod worker;

use count::Count;
use regimes::{BURST, FAULTS, FIFO, FLIP, FREEZE, HEAVY, KEYED, KEYED_HEAVY, REFUSING, MILD, NONE, Regime, SKEW, Variant};
use world::World;

/// The only function that knows how histories are run.
fn histories(regime: Regime, variant: Variant, seeds: std::ops::Range<u64>) -> Count {
    let mut sum = Count::default();
    for seed in seeds {
        sum += World::run(seed, regime, variant);
    }
    println!("{:16} {:20} {sum}", regime.name, format!("{variant:?}"));
    sum
}

#[test]
fn ten_thousand_histories_all_end_at_the_newest_version() {
    let mut sum = Count::default();
    for regime in [NONE, MILD, FAULTS, SKEW, BURST, HEAVY] {
        sum += histories(regime, Variant::Sound, 0..1_667);
    }
    assert!(sum.histories >= 10_000 && sum.crashes > 10_000, "{sum}");
    assert_eq!((sum.wrong, sum.endless, sum.sent_by_verifies), (0, 0, 0));
    println!("most sends {}", sum.most_sends);
}

#[test]
fn x() {
    for r in [FIFO, FREEZE, FLIP, KEYED, KEYED_HEAVY, Regime{skew_ms:15_000,..FREEZE}, Regime{keyed:true,..FREEZE},REFUSING] {
        histories(r, Variant::Sound, 0..5000);
    }
    histories(KEYED, Variant::EventKeyAcrossLeases, 0..10000);
    histories(KEYED_HEAVY, Variant::EventKeyAcrossLeases, 0..10000);
    histories(KEYED, Variant::VerifyUnderEventKey, 0..2000);
    histories(REFUSING, Variant::BudgetInSlotAlone, 0..20);
}
