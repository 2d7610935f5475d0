//! The laws of turns taken ahead: tasks of several processes that read, freeze and die over one row, in a time of their own.

use std::collections::BTreeMap;

use connector::Window;
use proptest::prelude::*;

use super::*;

pub(super) const NOW: Millis = 1_769_850_100_000;
/// Like a run that waits two seconds for a turn, and comes back where that is not enough.
pub(super) const ALLOWED: Millis = 2_000;

pub(super) fn limits(windows: &[(u32, i64)]) -> RateLimiting {
    RateLimiting { windows: windows.iter().map(|(limit, per_ms)| Window { limit: *limit, per_ms: *per_ms }).collect(), ..RateLimiting::default() }
}

/// Numbers in a row that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    fn one_in(&mut self, many: i64) -> bool {
        many > 0 && self.below(many) == 0
    }
}

/// What is simulated.
#[derive(Debug, Clone)]
struct World {
    windows: Vec<(u32, i64)>,
    /// Tasks by the process they belong to.
    tasks: Vec<usize>,
    /// How long a write takes at most, and an answer.
    write_ms: i64,
    answer_ms: i64,
    /// Of so many requests one costs three, one waits for the next minute, one freezes, one loses its process, and one is not told that
    /// its write came through; 0: never.
    costly: i64,
    rests: i64,
    freezes: i64,
    dies: i64,
    unsaid: i64,
    lasts_ms: i64,
    seed: u64,
}

/// Where a task is.
enum Step {
    Asks,
    Writes(Plan, u64),
    Goes(Turn),
}

/// What went when, and how many writes that took.
struct Seen {
    went: Vec<(Millis, u32)>,
    writes: usize,
}

fn simulate(world: &World) -> Seen {
    let (limits, mut dice, mut row, mut seen) = (limits(&world.windows), Dice(world.seed), BudgetRow::default(), Seen { went: Vec::new(), writes: 0 });
    let mut processes: BTreeMap<usize, Known> = BTreeMap::new();
    let mut locked: BTreeMap<usize, usize> = BTreeMap::new();
    let mut tasks: Vec<_> = world.tasks.iter().map(|process| (NOW, Step::Asks, 1_u32, *process)).collect();
    while let Some((index, _)) = tasks.iter().enumerate().min_by_key(|(_, task)| task.0).filter(|(_, task)| task.0 < NOW + world.lasts_ms) {
        let (now, step, mut cost, process) = std::mem::replace(&mut tasks[index], (0, Step::Asks, 1, 0));
        let known = processes.entry(process).or_default();
        let (at, step) = match step {
            // Somebody else of this process holds its lock.
            Step::Asks if locked.get(&process).is_some_and(|other| *other != index) => (now + 1, Step::Asks),
            Step::Asks => match known.hand(cost, now, ALLOWED) {
                Some(turn) => (now.max(turn.ready), Step::Goes(turn)),
                None => match plan(known, &limits, 0, cost, now, ALLOWED) {
                    Ok(plan) => {
                        known.close();
                        locked.insert(process, index);
                        (now + 1 + dice.below(world.write_ms), Step::Writes(plan, known.row.version))
                    }
                    Err(wait) => (now + wait.min(60_000), Step::Asks),
                },
            },
            Step::Writes(plan, version) => {
                locked.remove(&process);
                if row.version == version && known.row.version == version {
                    row = BudgetRow { version: version + 1, ..plan.next.clone() };
                    seen.writes += 1;
                    if dice.one_in(world.unsaid) {
                        known.saw(row.clone());
                        tasks[index] = (now, Step::Asks, cost, process);
                        continue;
                    }
                    let turn = known.took(plan, row.clone(), cost).unwrap();
                    let late = if dice.one_in(world.freezes) { dice.below(3_000) } else { dice.below(3) };
                    (now.max(turn.ready) + late, Step::Goes(turn))
                } else {
                    known.saw(row.clone());
                    (now, Step::Asks)
                }
            }
            Step::Goes(turn) if !turn.goes(now) => (now, Step::Asks),
            Step::Goes(_) => {
                seen.went.push((now, cost));
                cost = if dice.one_in(world.costly) { 3 } else { 1 };
                let rest = if dice.one_in(world.rests) { dice.below(60_000) } else { 0 };
                (now + 1 + dice.below(world.answer_ms * 2) + rest, Step::Asks)
            }
        };
        tasks[index] = (at, step, cost, process);
        if dice.one_in(world.dies) {
            // Its tasks begin anew, with nothing known.
            processes.remove(&process);
            locked.remove(&process);
            for task in tasks.iter_mut().filter(|task| task.3 == process) {
                (task.0, task.1) = (task.0.max(now), Step::Asks);
            }
        }
    }
    seen
}

/// The most that went within a span of this length.
fn busiest(went: &[(Millis, u32)], per_ms: i64) -> u64 {
    let (mut first, mut sum, mut most) = (0, 0_u64, 0);
    for (at, cost) in went {
        sum += u64::from(*cost);
        while went[first].0 <= at - per_ms {
            sum -= u64::from(went[first].1);
            first += 1;
        }
        most = most.max(sum);
    }
    most
}

/// How much of what the windows let through went, in hundredths, and how many were written for each hundred that went.
fn share(world: &World) -> (u64, usize) {
    let seen = simulate(world);
    let went: u64 = seen.went.iter().map(|(_, cost)| u64::from(*cost)).sum();
    let allowed = |(limit, per_ms): &(u32, i64)| u64::from(*limit) * u64::try_from(world.lasts_ms).unwrap() / u64::try_from(*per_ms).unwrap();
    let full = world.windows.iter().filter(|(_, per_ms)| *per_ms <= world.lasts_ms).map(allowed).min().unwrap();
    let asked = u64::try_from(i64::try_from(world.tasks.len()).unwrap() * world.lasts_ms / world.answer_ms).unwrap();
    let full = full.min(asked);
    (went * 100 / full, seen.writes * 100 / seen.went.len())
}

const WORLD: World = World { windows: Vec::new(), tasks: Vec::new(), write_ms: 15, answer_ms: 20, costly: 0, rests: 0, freezes: 0, dies: 0, unsaid: 0, lasts_ms: 0, seed: 1 };

#[test]
fn nearly_all_that_is_allowed_goes_whoever_shares_it() {
    // Windows, how long an answer takes, the tasks by their processes, the least that goes of what could, and the most writes for it, in hundredths.
    for (windows, answer_ms, tasks, least, writes) in [
        (&[(10, 1_000)][..], 20, &[0][..], 90, 55), (&[(10, 1_000)], 20, &[0, 0, 0], 90, 55), (&[(10, 1_000)], 20, &[0, 1], 75, 100), (&[(10, 1_000)], 200, &[0, 1, 2, 3, 4, 5, 6, 7], 75, 110),
        (&[(40, 1_000)], 20, &[0], 90, 12), (&[(40, 1_000)], 200, &[0, 0, 1, 1, 2, 2, 3, 3], 75, 60), (&[(2, 1_000)], 20, &[0], 90, 105), (&[(2, 1_000)], 20, &[0, 1, 2, 3], 75, 110), (&[(25, 5_000)], 200, &[0], 90, 25),
        (&[(600, 60_000)], 20, &[0], 90, 6), (&[(600, 60_000)], 200, &[0, 1, 2, 3, 4, 5, 6, 7], 75, 15), (&[(60, 60_000)], 20, &[0, 0, 1, 1], 75, 40), (&[(100, 10_000), (20, 1_000)], 20, &[0], 90, 30),
        (&[(100, 10_000), (20, 1_000)], 20, &[0, 1, 2, 3], 75, 110), (&[(1_000, 3_600_000)], 200, &[0, 1], 75, 10), (&[(5_000, 3_600_000), (900, 60_000)], 20, &[0], 90, 6),
    ] {
        let lasts_ms = windows.iter().map(|(_, per_ms)| *per_ms).max().unwrap() * if windows[0].1 > 60_000 { 4 } else { 20 };
        let (share, wrote) = share(&World { windows: windows.to_vec(), tasks: tasks.to_vec(), lasts_ms, answer_ms, ..WORLD });
        assert!(share >= least && wrote <= writes, "{windows:?} {answer_ms} {tasks:?}: {share} of a hundred with {wrote} writes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_span_holds_more_than_its_limit_whoever_freezes_or_dies(
        windows in proptest::collection::vec((3_u32..60, prop_oneof![Just(1_000_i64), Just(10_000), Just(60_000), 300_i64..5_000]), 1..4), tasks in proptest::collection::vec(0_usize..5, 1..9),
        write_ms in 1_i64..120, answer_ms in 1_i64..400, [costly, rests, freezes, dies, unsaid] in [prop_oneof![Just(0_i64), 3_i64..60], prop_oneof![Just(0_i64), 10_i64..100], prop_oneof![Just(0_i64), 3_i64..60], prop_oneof![Just(0_i64), 20_i64..400], prop_oneof![Just(0_i64), 2_i64..60]],
        seed: u64,
    ) {
        let lasts_ms = windows.iter().map(|(_, per_ms)| *per_ms).max().unwrap() * 4;
        let world = World { windows, tasks, write_ms, answer_ms, costly, rests, freezes, dies, unsaid, lasts_ms, seed };
        let seen = simulate(&world);
        for (limit, per_ms) in &world.windows {
            prop_assert!(busiest(&seen.went, *per_ms) <= u64::from(*limit), "{} went in {per_ms} ms: {world:?}", busiest(&seen.went, *per_ms));
        }
        prop_assert!(!seen.went.is_empty());
    }
}
