//! Runs everyone in interleaved rounds whose order rotates; a ratio is taken within a round.

use serde_json::value::RawValue;

use crate::{same, watch::{self, Run}};

/// Who is measured.
pub struct Contender {
    /// Its name.
    pub name: &'static str,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Where its fields stand in a line of it; the whole line where nowhere.
    pub fields: Option<&'static str>,
}

/// What one contender needed.
pub struct Measured {
    /// Its name.
    pub name: &'static str,
    /// For all records, by round.
    pub rounds: Vec<Run>,
    /// For the first record alone.
    pub first: Vec<Run>,
}

impl Measured {
    /// What this one needed for what the other needed once, by round.
    pub fn ratios(&self, other: &Self) -> Vec<f64> {
        self.rounds.iter().zip(&other.rounds).map(|(ours, theirs)| ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64()).collect()
    }
}

/// Compares what they print, record by record and by value, numbers digit for digit.
///
/// # Errors
/// The first difference, or that one of them does not run.
pub fn compare(contenders: &[Contender], records: u64) -> Result<(), String> {
    let mut first: Option<(&str, Vec<String>)> = None;
    for contender in contenders {
        let (_, output) = watch::run(true, &contender.words)?;
        let output = String::from_utf8(output).map_err(|error| error.to_string())?;
        let lines = output.lines().map(|line| fields(line, contender.fields)).collect::<Result<Vec<_>, _>>()?;
        if lines.len() as u64 != records {
            return Err(format!("{} prints {} records of {records}", contender.name, lines.len()));
        }
        let Some((name, expected)) = &first else {
            first = Some((contender.name, lines));
            continue;
        };
        for (number, (left, right)) in expected.iter().zip(&lines).enumerate() {
            if let Some(found) = same::difference(left, right).map_err(|error| error.to_string())? {
                return Err(format!("record {number}, {name} and {}: {found}", contender.name));
            }
        }
    }
    Ok(())
}

fn fields(line: &str, at: Option<&str>) -> Result<String, String> {
    let Some(at) = at else { return Ok(line.to_owned()) };
    let members: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
    members.get(at).map(|fields| fields.get().to_owned()).ok_or_else(|| format!("no `{at}`: {line}"))
}

/// Runs everyone over all records as many rounds as asked for, and `firsts` times for the first record alone.
///
/// # Errors
/// One of them does not run.
pub fn measure(contenders: &[Contender], rounds: usize, firsts: usize) -> Result<Vec<Measured>, String> {
    let mut measured: Vec<_> = contenders.iter().map(|one| Measured { name: one.name, rounds: Vec::new(), first: Vec::new() }).collect();
    for (kind, count) in [("all records", rounds), ("first record", firsts)] {
        for round in 0..count {
            for step in 0..contenders.len() {
                let at = (round + step) % contenders.len();
                let mut words = contenders[at].words.clone();
                if kind == "first record" {
                    words.extend(["--limit".to_owned(), "1".to_owned()]);
                }
                let (run, _) = watch::run(false, &words)?;
                if kind == "first record" { measured[at].first.push(run) } else { measured[at].rounds.push(run) }
            }
            if kind == "all records" {
                eprintln!("round {} of {count}: {}", round + 1, measured.iter().map(|one| format!("{} {:.2} s", one.name, one.rounds[round].cpu.as_secs_f64())).collect::<Vec<_>>().join(", "));
            }
        }
    }
    Ok(measured)
}

/// The middle one of some numbers.
#[must_use]
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match numbers.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => numbers[half],
        _ => f64::midpoint(numbers[half - 1], numbers[half]),
    }
}

/// The least and the greatest of some numbers.
#[must_use]
pub fn ends(numbers: &[f64]) -> (f64, f64) {
    numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(*number), high.max(*number)))
}
