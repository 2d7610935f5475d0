//! What a recorded test reads: an entity as a poll does, or a snapshot as a reconcile does.

use std::sync::Arc;

use canonical::Key;
use connector::{Connector, Recorded};
use fault::Simple;

use super::{Reading, told};
use crate::{Call, Gathered, LeftOut, Reader, dynamic};

/// Records a test reads at most.
const MOST: usize = 100_000;
/// Pages of a snapshot; those that hold nothing count too.
const PAGES: usize = 10_000;

/// Reads an entity from a cursor on, up to a limit.
pub(crate) async fn entity(connector: &Arc<Connector>, call: Call<'_>, test: &Recorded, (name, cursor, limit): (&str, Option<&str>, Option<i64>)) -> Reading {
    let reader = Reader::new(Arc::clone(connector));
    let mapped = connector.canonical_map(name).is_some();
    let most = limit.and_then(|limit| usize::try_from(limit).ok()).map_or(MOST, |limit| limit.min(MOST));
    let (mut reading, mut unmapped) = (Reading::default(), None);
    let result = reader.read(call, name, cursor, |page| {
        for record in page.records.iter().take(most - reading.data.len()) {
            reading.data.push(record.to_value());
            reading.ids.push(page.external_id(*record).into());
            if mapped {
                // A record that cannot be mapped fails by itself, as it does everywhere.
                match page.canonical(*record) {
                    Ok(canonical) => reading.events.extend(canonical.as_ref().map(told)),
                    Err(fault) => {
                        reading.refused.push(super::refused(&page.external_id(*record), &fault));
                        unmapped = unmapped.take().or(Some(fault));
                    }
                }
            }
        }
        Ok(reading.data.len() < most)
    }).await;
    // Whoever names them expects them.
    let events_count = test.expect.refused.is_none() && (test.expect.events.is_some() || test.expect.error.is_some());
    reading.fault = result.err().or(unmapped.filter(|_| events_count));
    reading
}

/// Reads the whole snapshot of a canonical type, or what it holds of some keys.
pub(crate) async fn snapshot(connector: &Arc<Connector>, call: Call<'_>, test: &Recorded, asked: (&str, Option<&[Key]>, Option<&str>)) -> Reading {
    let mut gathered = Gathered::default();
    let result = pages(connector, call, asked, &mut gathered).await;
    let gathered = gathered.whole();
    // Whoever names them expects them.
    let fails = test.expect.left_out.is_none() || test.expect.error.is_some();
    Reading {
        fault: result.err().or_else(|| gathered.unfit().filter(|_| fails)),
        items: gathered.items.iter().map(super::told_item).collect(),
        left_out: gathered.left_out.iter().map(LeftOut::shown).collect(),
        ..Reading::default()
    }
}

async fn pages(connector: &Arc<Connector>, call: Call<'_>, (kind, only_keys, field_hint): (&str, Option<&[Key]>, Option<&str>), gathered: &mut Gathered) -> Result<(), Simple> {
    let running = dynamic(Arc::clone(connector))?;
    let snapshot = running.snapshot.ok_or_else(|| Simple::reject("connector_lacks", format!("nothing scans `{kind}` here")))?;
    let mut cursor = None;
    for _ in 0..PAGES {
        cursor = gathered.take(snapshot.snapshot(call, kind, only_keys, field_hint, cursor.as_deref()).await?);
        if cursor.is_none() || gathered.items.len() + gathered.left_out.len() >= MOST {
            break;
        }
    }
    Ok(())
}
