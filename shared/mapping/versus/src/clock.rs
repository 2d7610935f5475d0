//! Time as it is measured: what the thread spent, and what passed on the wall.
//!
//! Ratios are of CPU time, because a neighbour on the machine costs wall time; both are printed.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What something cost.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Time of this thread on a core.
    pub cpu: Duration,
    /// Time on the wall.
    pub wall: Duration,
}

/// Runs something and says what it cost.
pub fn spent<T>(run: impl FnOnce() -> T) -> (T, Spent) {
    let (cpu, wall) = (cpu(), Instant::now());
    let done = run();
    (done, Spent { cpu: self::cpu().saturating_sub(cpu), wall: wall.elapsed() })
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The middle one of some numbers.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[half] } else { numbers[half - 1..=half].iter().sum::<f64>() / 2.0 }
}
