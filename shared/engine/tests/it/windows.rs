//! The law of windows: in no span of a window's length goes more than its limit, whatever is asked when, and in the long run not
//! much less than it.

use connector::Window;
use engine::Budget;
use proptest::prelude::*;

/// 2026-01-31T09:00:00Z.
const BEGINNING: i64 = 1_769_850_000_000;

/// The most that went within a span of this length.
fn busiest(went: &[(i64, u32)], per_ms: i64) -> u64 {
    went.iter().map(|(from, _)| went.iter().filter(|(at, _)| (*from..from + per_ms).contains(at)).map(|(_, cost)| u64::from(*cost)).sum()).max().unwrap_or(0)
}

/// One after another asks, after a pause each, with a cost, and waits for its turn: when what went.
fn gone(windows: &[Window], asking: &[(i64, u32)]) -> Vec<(i64, u32)> {
    let (mut budget, mut now) = (Budget::default(), BEGINNING);
    let one = |(pause, cost): &(i64, u32)| {
        now += pause;
        now += budget.take(windows, *cost, now);
        (now, *cost)
    };
    asking.iter().map(one).collect()
}

/// The same as soon as the windows let it, by all that went before.
fn soonest(windows: &[Window], asking: &[(i64, u32)]) -> Vec<(i64, u32)> {
    let mut went: Vec<(i64, u32)> = Vec::new();
    for (pause, cost) in asking {
        let mut now = went.last().map_or(BEGINNING, |(at, _)| *at) + pause;
        for window in windows {
            let mut room = i64::from(window.limit) - i64::from(*cost);
            let full = went.iter().rev().find(|(_, cost)| {
                room -= i64::from(*cost);
                room < 0
            });
            now = now.max(full.map_or(now, |(at, _)| at + window.per_ms));
        }
        went.push((now, *cost));
    }
    went
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    let window = (prop_oneof![3 => 4_u32..60, 1 => 60_u32..1_000], prop_oneof![200_i64..2_000, Just(1_000), Just(10_000), Just(60_000), 1_000_i64..100_000]).prop_map(|(limit, per_ms)| Window { limit, per_ms });
    proptest::collection::vec(window, 1..4)
}

/// Pauses and costs: mostly none, so that the windows are full.
fn asking() -> impl Strategy<Value = Vec<(i64, u32)>> {
    let pause = prop_oneof![4 => Just(0), 3 => 0_i64..40, 2 => 0_i64..1_200, 1 => 0_i64..70_000];
    proptest::collection::vec((pause, prop_oneof![4 => Just(1_u32), 1 => 1_u32..5]), 1..400)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_span_holds_more_than_its_limit(windows in windows(), asking in asking()) {
        let went = gone(&windows, &asking);
        for window in &windows {
            prop_assert!(busiest(&went, window.per_ms) <= u64::from(window.limit), "{window:?} of {windows:?}: {} at most, {went:?}", busiest(&went, window.per_ms));
        }
    }

    #[test]
    fn who_always_asks_is_kept_hardly_longer_than_by_who_forgets_nothing(windows in windows(), costs in proptest::collection::vec(prop_oneof![3 => Just(1_u32), 1 => 1_u32..4], 40), answer_ms in 0_i64..50) {
        let asking: Vec<_> = costs.iter().cycle().take(1_500).map(|cost| (answer_ms, *cost)).collect();
        let took = gone(&windows, &asking).last().unwrap().0 - BEGINNING;
        let least = soonest(&windows, &asking).last().unwrap().0 - BEGINNING;
        prop_assert!((least..=least + least / 10).contains(&took), "{took} instead of {least} ms: {windows:?}");
    }
}
