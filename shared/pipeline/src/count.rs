//! Counting: the sweep adds the ledger up per flow and hour, and says who is missing.
//!
//! The present hour and the one before are counted every minute, those of the last day every quarter of an hour, those
//! of the last thirty days every six hours: a replay or a late retry still changes what is long past. Totals are put, never
//! added to, so that counting twice changes nothing.

use std::collections::BTreeMap;

use fault::Simple;
use protocol::{Totals, settle_marks};
use store::{HourTotals, Unsettled};

use crate::{App, known::simple, meter::Metric};

const HOUR_MIN: i64 = 60;
const DAY_HOURS: i64 = 24;
/// Hours a dead letter may be replayed in: as long as it and the ledger are kept.
const REMEMBERED_HOURS: i64 = 30 * 24;
/// Names of missing occurrences in the log of one count.
const NAMED: usize = 10;

/// Counts what is due at a minute (since 1970), and notes the sum of all that is missing. A minute that was not swept is
/// not made up for: each hour's next turn comes soon.
///
/// # Errors
/// When the table does not answer: then nothing is noted, and the silence is an alarm.
pub(crate) async fn count(app: &App, minute: i64) -> Result<(), Simple> {
    let mut unsettled = app.store.unsettled().await.map_err(|error| simple(&error))?;
    let before = unsettled.clone();
    let hour = minute.div_euclid(HOUR_MIN);
    unsettled.retain(|past, _| *past > hour - REMEMBERED_HOURS);
    let due = hours(minute);
    let mut shards = app.store.ledger_hours(hour - DAY_HOURS, hour).await.map_err(|error| simple(&error))?;
    for past in due.iter().filter(|past| **past < hour - DAY_HOURS) {
        shards.extend(app.store.ledger_hours(*past, *past).await.map_err(|error| simple(&error))?);
    }
    for hour in due {
        let standing = of_hour(app, hour, shards.get(&hour).map_or(&[], Vec::as_slice)).await?;
        if standing.open > 0 { unsettled.insert(hour, standing) } else { unsettled.remove(&hour) };
    }
    if unsettled != before {
        app.store.save_unsettled(&unsettled).await.map_err(|error| simple(&error))?;
    }
    app.meter.add(Metric::Unaccounted, unsettled.values().map(|hour| hour.missing).sum());
    Ok(())
}

/// Which hours to count at a minute.
fn hours(minute: i64) -> Vec<i64> {
    let now = minute.div_euclid(HOUR_MIN);
    let due = |hour: i64| match now - hour {
        ..=1 => true,
        2..=DAY_HOURS => (minute - hour).rem_euclid(15) == 0,
        _ => (minute - hour).rem_euclid(6 * HOUR_MIN) == 0,
    };
    (now - REMEMBERED_HOURS + 1..=now).filter(|hour| due(*hour)).collect()
}

/// Counts one hour, puts the totals that changed, and answers what is open.
async fn of_hour(app: &App, hour: i64, shards: &[u8]) -> Result<Unsettled, Simple> {
    if shards.is_empty() {
        return Ok(Unsettled::default());
    }
    let entries = app.store.ledger(hour, shards).await.map_err(|error| simple(&error))?;
    let settled = settle_marks(entries, app.now());
    let known = app.store.totals(hour).await.map_err(|error| simple(&error))?;
    let counted: BTreeMap<_, _> = settled.iter().map(|(flow, totals)| (*flow, HourTotals::from(totals))).collect();
    let changed: BTreeMap<_, _> = counted.into_iter().filter(|(flow, totals)| known.get(flow) != Some(totals)).collect();
    if !changed.is_empty() {
        app.store.put_totals(hour, &changed, app.expires_s()).await.map_err(|error| simple(&error))?;
    }
    for (flow, occurrence) in settled.iter().flat_map(|(flow, totals)| totals.missing.iter().map(move |name| (flow, name))).take(NAMED) {
        tracing::error!(step = "count", code = "unaccounted", flow = hex::encode(flow), occ = occurrence, "received, and neither ended nor known to wait");
    }
    let sum = |of: fn(&Totals) -> &Vec<String>| settled.values().map(|totals| u64::try_from(of(totals).len()).unwrap_or(u64::MAX)).sum();
    Ok(Unsettled { open: sum(|totals| &totals.open), missing: sum(|totals| &totals.missing) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn young_hours_are_counted_every_minute_and_old_ones_now_and_then() {
        let last = 1_000_000 * HOUR_MIN + 7;
        let each: Vec<_> = (last - 6 * HOUR_MIN + 1..=last).map(hours).collect();
        let times = |hour: i64| each.iter().filter(|hours| hours.contains(&hour)).count();
        assert!(each.iter().zip(last - 6 * HOUR_MIN + 1..).all(|(hours, minute)| hours.contains(&minute.div_euclid(60)) && hours.contains(&(minute.div_euclid(60) - 1))));
        assert_eq!((times(1_000_000 - 12), times(1_000_000 - 40), times(1_000_000 - 300), times(1_000_000 - 720 - 7)), (24, 1, 1, 0));
        assert!(each.iter().map(Vec::len).max().unwrap() <= 6, "the counts are spread over the minutes");
    }
}
