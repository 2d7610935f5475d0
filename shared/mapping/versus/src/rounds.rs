//! Measures a workload: everyone over the same records, in interleaved rounds, on one thread.
//!
//! A ratio is taken within a round, where the machine was the same for both, and the median of the rounds is what counts.
//! The order rotates, so that nobody always follows the same neighbour.

use std::hint::black_box;

use crate::{clock::{Spent, median, spent}, contender::{Contender, Entry, Workload}, floor, records::Records, same};

/// How many outputs are compared before anything is measured.
const COMPARED: usize = 1_000;

/// What one contender needed, in each round.
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// To be made ready, in microseconds: the median of nine.
    pub prepare: f64,
    /// For all records, by round.
    pub rounds: Vec<Spent>,
}

impl Measured {
    /// The median over the rounds of what this one needed for what the other needed once.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        median(self.rounds.iter().zip(&other.rounds).map(|(ours, theirs)| ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64()).collect())
    }
}

/// Compares what the contenders make of the first records, by value and with exact numbers.
///
/// # Errors
/// The first difference, or the first record that one of them refused.
pub fn compare(workload: &Workload, records: &Records) -> Result<(), String> {
    let mut mapping = workload.entries.iter().filter(|entry| entry.name != floor::NAME).map(|entry| (entry.name, (entry.prepare)()));
    let (first, mut expected) = mapping.next().ok_or("nobody maps")?;
    for (name, mut contender) in mapping {
        for (number, record) in records.iter().take(COMPARED).enumerate() {
            let at = |wrong: String| format!("{}, record {number}, {first} and {name}: {wrong}", workload.title);
            let (left, right) = (mapped(&mut *expected, record).map_err(at)?, mapped(&mut *contender, record).map_err(at)?);
            if let Some(found) = same::difference(&left, &right).map_err(|wrong| at(wrong.to_string()))? {
                return Err(at(found));
            }
        }
    }
    Ok(())
}

fn mapped(contender: &mut dyn Contender, record: &[u8]) -> Result<String, String> {
    let mut out = Vec::new();
    contender.run(record, &mut out).map_err(|refusal| refusal.to_string())?;
    String::from_utf8(out).map_err(|wrong| wrong.to_string())
}

/// Runs everyone over the records as many rounds as asked for.
///
/// # Errors
/// Somebody refused a record.
pub fn measure(workload: &Workload, records: &Records, rounds: usize) -> Result<Vec<Measured>, String> {
    let mut ready: Vec<_> = workload.entries.iter().map(|entry| (entry.prepare)()).collect();
    let mut measured: Vec<_> = workload.entries.iter().map(|entry| Measured { name: entry.name, prepare: prepared(entry), rounds: Vec::new() }).collect();
    for round in 0..rounds {
        for step in 0..ready.len() {
            let at = (round + step) % ready.len();
            let (done, cost) = spent(|| all(&mut *ready[at], records));
            done.map_err(|wrong| format!("{}, {}: {wrong}", workload.title, measured[at].name))?;
            measured[at].rounds.push(cost);
        }
        eprintln!("{}: round {} of {rounds}", workload.title, round + 1);
    }
    Ok(measured)
}

/// Maps every record; the memory of the output is used again, as a batch would.
fn all(contender: &mut dyn Contender, records: &Records) -> Result<(), String> {
    let mut out = Vec::with_capacity(16 * 1024);
    for record in records.iter() {
        out.clear();
        contender.run(black_box(record), &mut out).map_err(|refusal| refusal.to_string())?;
        black_box(&out);
    }
    Ok(())
}

/// What it takes to make a contender ready, in microseconds.
#[must_use]
pub fn prepared(entry: &Entry) -> f64 {
    median((0..9).map(|_| spent(|| black_box((entry.prepare)())).1.cpu.as_secs_f64() * 1e6).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::Refusal;

    /// Answers the same to every record, or refuses it.
    struct Fixed(Option<&'static str>);

    impl Contender for Fixed {
        fn run(&mut self, _: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
            out.extend_from_slice(self.0.ok_or("it will not")?.as_bytes());
            Ok(())
        }
    }

    #[test]
    fn whoever_differs_or_refuses_is_found_before_anything_is_measured() {
        let entry = |name, prepare| Entry { name, prepare };
        let against = |other| Workload { title: "T", says: "", make: |_, out| out.push(b'0'), entries: vec![entry("a", || Box::new(Fixed(Some("[1.0]")))), other] };
        for (other, found) in [
            (entry("same", || Box::new(Fixed(Some("[1]")))), Ok(())),
            (entry("other", || Box::new(Fixed(Some("[2]")))), Err("T, record 0, a and other: /0: 1.0 and 2".to_owned())),
            (entry("none", || Box::new(Fixed(None))), Err("T, record 0, a and none: it will not".to_owned())),
            (entry(floor::NAME, || Box::new(Fixed(Some("[2]")))), Ok(())),
        ] {
            let workload = against(other);
            assert_eq!(compare(&workload, &Records::make(2, workload.make)), found);
        }
    }

    #[test]
    fn the_ratio_is_the_median_of_those_within_a_round() {
        let of = |millis: [u64; 3]| {
            let rounds = millis.map(std::time::Duration::from_millis).map(|time| Spent { cpu: time, wall: time });
            Measured { name: "", prepare: 0.0, rounds: rounds.to_vec() }
        };
        assert_eq!(of([10, 40, 900]).ratio(&of([20, 20, 300])), 2.0);
    }
}
