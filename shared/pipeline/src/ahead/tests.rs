//! Turns taken ahead, one step at a time.

use super::{simulated::{ALLOWED, NOW, limits}, *};

/// A process that saw this row, and nobody else.
fn alone(row: BudgetRow) -> Known {
    Known { row, alone: true, ..Known::default() }
}

/// Takes turns, as if they had been written.
#[track_caller]
fn take(known: &mut Known, limits: &RateLimiting, expected: u32, cost: u32, now: Millis) -> (u32, Turn) {
    let plan = plan(known, limits, expected, cost, now, ALLOWED).unwrap();
    known.close();
    let (row, size) = (BudgetRow { version: known.row.version + 1, ..plan.next.clone() }, plan.ahead.counted);
    (size, known.took(plan, row, cost).unwrap())
}

#[test]
fn turns_are_taken_ahead_by_what_was_used_and_what_is_there() {
    // Windows, how many were taken last and are used, how much later, whether others took turns since, requests that are sure to come, the cost of one: how many are taken.
    for (windows, (taken, used), later, others, expected, cost, wish) in [
        (&[(600, 60_000)][..], (1, 0), 0, false, 0, 1, 1), (&[(600, 60_000)], (4, 4), 0, false, 0, 1, 8), (&[(600, 60_000)], (25, 25), 0, false, 0, 1, 25), (&[(600, 60_000)], (25, 3), 0, false, 0, 1, 3), (&[(600, 60_000)], (25, 25), 60_000, false, 0, 1, 1),
        (&[(600, 60_000)], (25, 25), 0, true, 0, 1, 25), (&[(160, 60_000)], (25, 25), 0, true, 0, 1, 10), (&[(10, 1_000)], (2, 2), 0, false, 0, 1, 2), (&[(10, 1_000)], (2, 2), 0, true, 0, 1, 1), (&[(1, 1_000)], (0, 0), 0, false, 0, 1, 1),
        (&[(10, 1_000), (2_000, 60_000)], (2, 2), 0, false, 0, 1, 2), (&[(10, 1_000)], (0, 0), 0, false, 8, 1, 8), (&[(10, 1_000)], (0, 0), 0, false, 80, 1, 10), (&[(600, 60_000)], (0, 0), 0, false, 80, 1, 25), (&[(100, 1_000)], (20, 20), 0, false, 0, 10, 2),
        (&[(4, 1_000)], (0, 0), 0, false, 0, 10, 1),
    ] {
        let (limits, mut known) = (limits(windows), alone(BudgetRow::default()));
        if taken > 0 {
            take(&mut known, &limits, taken, 1, NOW);
            known.mine.last_mut().unwrap().handed = used;
        }
        known.alone = !others;
        assert_eq!(super::wish(&limits, &known, expected, cost, NOW + later), wish, "{windows:?} {taken} {used} {later} {others} {expected} {cost}");
    }
}

#[test]
fn what_went_counts_from_when_it_did_and_what_nobody_has_is_given_back() {
    let (limits, mut known) = (limits(&[(100, 10_000)]), alone(BudgetRow::default()));
    let seen = |known: &Known| known.row.taken.iter().map(|turns| (turns.until - NOW, turns.cost, turns.name)).collect::<Vec<_>>();
    let (size, first) = take(&mut known, &limits, 8, 1, NOW);
    assert_eq!((size, seen(&known)), (8, vec![(2_500, 8, 16)]));
    assert!(first.goes(NOW + 20));
    let second = known.hand(1, NOW + 30, ALLOWED).unwrap();
    // One went, one is on its way, and six are left.
    take(&mut known, &limits, 0, 1, NOW + 40);
    assert!(known.mine[0].ready(1).is_none(), "nobody gets what is given back");
    assert_eq!(seen(&known), [(20, 1, 0), (2_500, 1, 33), (2_540, 2, 32)]);
    assert!(second.goes(NOW + 50));
    take(&mut known, &limits, 0, 1, NOW + 60);
    assert_eq!(seen(&known), [(20, 1, 0), (50, 1, 0), (1_060, 1, 48), (2_540, 1, 50)]);
    assert!(!second.goes(NOW + 2_501), "who comes too late does not go");
}

#[test]
fn turns_that_could_not_be_shared_are_kept_to_here_and_corrected_by_nobody() {
    let (limits, mut known) = (limits(&[(2, 10_000)]), alone(BudgetRow { version: 7, ..BudgetRow::default() }));
    let next = plan(&known, &limits, 2, 1, NOW, ALLOWED).unwrap_or_else(|wait| panic!("{wait}"));
    known.close();
    let turn = known.took_alone(next, 1).unwrap();
    assert!(turn.goes(NOW) && known.hand(1, NOW, ALLOWED).is_some() && known.hand(1, NOW, ALLOWED).is_none());
    assert_eq!((known.row.version, plan(&known, &limits, 0, 1, NOW, ALLOWED).err()), (7, Some(12_500)));
}

#[test]
fn each_turn_goes_when_those_before_it_leave_room() {
    let limits = limits(&[(4, 1_000)]);
    let taken = [100, 150, 300, 900].map(|ago| TakenTurns { until: NOW - ago, cost: 1, name: 0 });
    let mut known = alone(BudgetRow { taken: taken.to_vec(), ..BudgetRow::default() });
    let (size, first) = take(&mut known, &limits, 4, 1, NOW);
    // The third one would go much later.
    assert_eq!((size, first.ready - NOW), (1, 100));
    let (size, first) = take(&mut known, &limits, 4, 1, NOW + 700);
    assert_eq!((size, first.ready - NOW, known.hand(1, NOW + 700, ALLOWED).unwrap().ready - NOW), (3, 700, 850));
}

#[test]
fn a_hold_keeps_everyone_back() {
    let row = BudgetRow { hold_until: NOW + 5_000, ..BudgetRow::default() };
    assert_eq!(plan(&alone(row), &limits(&[(10, 1_000)]), 0, 1, NOW, ALLOWED).err(), Some(5_000));
}

#[test]
fn a_definition_that_changes_its_windows_goes_on_with_what_went() {
    let mut known = alone(BudgetRow::default());
    assert!(take(&mut known, &limits(&[(1, 3_600_000)]), 0, 1, NOW).1.goes(NOW));
    assert!(plan(&known, &limits(&[(2, 3_600_000)]), 0, 1, NOW, ALLOWED).is_ok());
    assert_eq!(plan(&known, &limits(&[(1, 60_000)]), 0, 1, NOW, ALLOWED).err(), Some(60_000));
}
