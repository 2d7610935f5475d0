//! What is taken of a budget: turns that went lately or may still go, and when the next ones may.
//!
//! Pure. Turns count from when they are taken until a window's length after the last moment at which they may go. So in no span
//! of that length more go than its limit: whoever took the last of them counted all the others.

use connector::Window;

/// The most entries that are kept: beyond it neighbours are counted as one. A row of them stays below one unit of writing.
const MOST: usize = 48;
/// Nobody takes turns further ahead. What is, was taken by a clock that was wrong, and counts for nothing: it would else keep
/// everyone waiting until that time comes.
const FAR_MS: i64 = 120_000;

/// Turns that were taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    /// The last moment at which one of them may go, in milliseconds since 1970.
    pub until_ms: i64,
    /// What they cost.
    pub cost: u64,
    /// Names them for whoever corrects them; 0: nobody does.
    pub name: u64,
}

/// All that is taken, and not yet given back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken(Vec<Turns>);

impl Taken {
    /// These turns.
    pub fn of(turns: impl IntoIterator<Item = Turns>) -> Self {
        let mut turns: Vec<_> = turns.into_iter().collect();
        turns.sort_by_key(|turns| turns.until_ms);
        Self(turns)
    }

    /// What is taken, by until when.
    #[must_use]
    pub fn turns(&self) -> &[Turns] {
        &self.0
    }

    /// When so much may go, not before a time: what still counts then leaves room for it in every window.
    ///
    /// A cost above a limit would find no room: it goes where nothing else counts.
    #[must_use]
    pub fn next(&self, windows: &[Window], cost: u64, from_ms: i64) -> i64 {
        windows.iter().map(|window| self.next_in(*window, cost, from_ms)).max().unwrap_or(from_ms)
    }

    fn next_in(&self, window: Window, cost: u64, from_ms: i64) -> i64 {
        let limit = limit(window);
        let counts: Vec<_> = self.0.iter().filter(|turns| back_ms(turns, window) > from_ms && turns.until_ms <= from_ms.saturating_add(FAR_MS)).collect();
        let mut counted = counts.iter().fold(0_u64, |sum, turns| sum.saturating_add(turns.cost));
        let room = limit - cost.min(limit);
        let mut next = from_ms;
        for turns in counts {
            if counted <= room {
                break;
            }
            next = back_ms(turns, window);
            counted = counted.saturating_sub(turns.cost);
        }
        next
    }

    /// Counts turns in.
    pub fn add(&mut self, turns: Turns) {
        if turns.cost > 0 {
            let at = self.0.partition_point(|other| other.until_ms <= turns.until_ms);
            self.0.insert(at, turns);
        }
    }

    /// Replaces turns of a name and a cost by what became of them. Nothing changes where the name is no longer known: then they
    /// count for as long as was said when they were taken, or longer.
    pub fn correct(&mut self, name: u64, cost: u64, by: impl IntoIterator<Item = Turns>) {
        let Some(at) = self.0.iter().position(|turns| turns.name == name).filter(|_| name > 0) else { return };
        // Counted as one with others it may hold more; that stays.
        let Some(rest) = self.0[at].cost.checked_sub(cost) else { return };
        self.0[at] = Turns { cost: rest, name: 0, ..self.0[at] };
        self.0.retain(|turns| turns.cost > 0);
        for turns in by {
            self.add(turns);
        }
    }

    /// Forgets what is given back, and keeps the rest bounded: neighbours are counted as one, until the later of them is given back,
    /// where that costs least of what the windows let through.
    pub fn tidy(&mut self, windows: &[Window], now_ms: i64) {
        self.0.retain(|turns| windows.iter().any(|window| back_ms(turns, *window) > now_ms) && turns.until_ms <= now_ms.saturating_add(FAR_MS));
        while self.0.len() > MOST {
            let losses = self.0.windows(2).map(|pair| lost(pair[0], pair[1], windows, now_ms));
            let Some((at, _)) = losses.enumerate().min_by_key(|(_, lost)| *lost) else { return };
            let older = self.0.remove(at);
            self.0[at].cost = self.0[at].cost.saturating_add(older.cost);
        }
    }
}

fn limit(window: Window) -> u64 {
    u64::from(window.limit.max(1))
}

/// When turns are given back in a window.
fn back_ms(turns: &Turns, window: Window) -> i64 {
    turns.until_ms.saturating_add(window.per_ms.max(1))
}

/// What is lost where turns are given back only with those that follow them: turns times milliseconds, in parts of 2^32 of all that
/// a window lets through in its length, the worst of the windows.
fn lost(older: Turns, newer: Turns, windows: &[Window], now_ms: i64) -> u128 {
    let one = |window: &Window| {
        let longer = back_ms(&newer, *window).saturating_sub(back_ms(&older, *window).max(now_ms)).max(0);
        let all = u128::from(limit(*window)) * u128::from(window.per_ms.max(1).unsigned_abs());
        (u128::from(older.cost) * u128::from(longer.unsigned_abs())).saturating_mul(1 << 32) / all
    };
    windows.iter().map(one).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_769_850_100_000;

    fn taken(turns: &[(i64, u64)]) -> Taken {
        Taken::of(turns.iter().map(|(until, cost)| Turns { until_ms: NOW + until, cost: *cost, name: 0 }))
    }

    fn held(taken: &Taken) -> Vec<(i64, u64)> {
        taken.turns().iter().map(|turns| (turns.until_ms - NOW, turns.cost)).collect()
    }

    #[test]
    fn what_is_asked_goes_when_enough_is_given_back_in_every_window() {
        let (second, ten) = (Window { limit: 4, per_ms: 1_000 }, Window { limit: 6, per_ms: 10_000 });
        // Taken until when after now and at what cost, the windows, the cost asked, and when it may go.
        for (turns, windows, cost, next) in [
            (&[][..], &[second][..], 4, 0), (&[(0, 4)], &[second], 1, 1_000), (&[(-999, 4)], &[second], 1, 1), (&[(-1_000, 4)], &[second], 4, 0),
            (&[(-500, 1), (-200, 2), (-100, 1)], &[second], 1, 500), (&[(-500, 1), (-200, 2), (-100, 1)], &[second], 3, 800), (&[(-500, 1), (-200, 2), (-100, 1)], &[second], 4, 900),
            // Not yet gone: it counts from when it is taken.
            (&[(250, 4)], &[second], 1, 1_250), (&[(250, 3)], &[second], 1, 0), (&[(-3_000, 3), (0, 3)], &[second, ten], 1, 7_000), (&[(-9_500, 3), (0, 3)], &[second, ten], 2, 1_000),
            // More than a window ever holds: nothing else goes with it.
            (&[(-500, 1)], &[second], 9, 500), (&[(-500, 9)], &[second], 1, 500), (&[(0, u64::MAX), (0, u64::MAX)], &[second], u64::MAX, 1_000),
            (&[(0, 4)], &[], 1, 0), (&[(0, 1)], &[Window { limit: 0, per_ms: 0 }], 1, 1),
            // Taken by a clock that was wrong.
            (&[(120_000, 4)], &[second], 1, 121_000), (&[(120_001, 4)], &[second], 1, 0), (&[(i64::MAX - NOW, 4)], &[second], 1, 0),
        ] {
            assert_eq!(taken(turns).next(windows, cost, NOW) - NOW, next, "{turns:?} {windows:?} {cost}");
        }
    }

    #[test]
    fn who_took_turns_corrects_them_and_nobody_elses() {
        let begun = || Taken::of([Turns { until_ms: NOW, cost: 5, name: 7 }, Turns { until_ms: NOW + 250, cost: 4, name: 8 }]);
        let went = |until, cost| Turns { until_ms: NOW + until, cost, name: 0 };
        for (name, cost, by, left) in [
            (8, 4, vec![went(90, 1), went(250, 1)], vec![(0, 5), (90, 1), (250, 1)]), (8, 4, vec![went(90, 0)], vec![(0, 5)]), (8, 3, vec![went(90, 1)], vec![(0, 5), (90, 1), (250, 1)]),
            (9, 4, vec![went(90, 1)], vec![(0, 5), (250, 4)]), (0, 4, vec![went(90, 1)], vec![(0, 5), (250, 4)]), (8, 5, vec![went(90, 1)], vec![(0, 5), (250, 4)]),
        ] {
            let mut taken = begun();
            taken.correct(name, cost, by);
            assert_eq!(held(&taken), left, "{name} {cost}");
        }
    }

    #[test]
    fn what_is_given_back_is_forgotten_and_the_rest_is_bounded() {
        let window = Window { limit: 1_000, per_ms: 60_000 };
        let mut few = taken(&[(-60_000, 3), (-59_999, 2), (120_001, 1)]);
        few.tidy(&[window], NOW);
        assert_eq!(held(&few), [(-59_999, 2)]);
        few.tidy(&[], NOW);
        assert_eq!(held(&few), []);

        let mut many = taken(&(0..1_000).map(|at| (at * 60 - 59_990, 1)).collect::<Vec<_>>());
        many.tidy(&[Window { limit: 10, per_ms: 1_000 }, window], NOW);
        assert_eq!((many.turns().len(), many.turns().iter().map(|turns| turns.cost).sum::<u64>()), (MOST, 1_000));
        // What the short window still counts stands apart.
        assert_eq!(held(&many)[MOST - 10..], (990..1_000).map(|at| (at * 60 - 59_990, 1)).collect::<Vec<_>>());
    }
}
