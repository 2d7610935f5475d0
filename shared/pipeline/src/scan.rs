//! One end of a flow read to its end, as its mapping would send it: nothing is concluded from half a scan.

use std::collections::BTreeSet;

use canonical::{Key, Millis, SnapshotItem, TenantId};
use document::Value;
use engine::{Call, LeftOut, Snapshot};
use fault::Simple;
use store::Flow;

use crate::{App, adapt::{Said, adapted}, known::simple, pace::Paced, sessions::Kept};

/// So many of what says nothing are named.
const NAMED: usize = 5;

/// What one end of a flow holds.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// The items, with the time of each where the end tells it.
    pub(crate) items: Vec<(SnapshotItem, Option<Millis>)>,
    /// What it has and says nothing of.
    pub(crate) silent: Silent,
    /// Whether it held something back: then nothing is concluded from what is not among them.
    pub(crate) partial: bool,
}

/// What an end has and says nothing of: not compared, not sent, and not missing either.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Silent {
    /// How many records.
    pub(crate) count: usize,
    /// The keys of those that have one.
    pub(crate) keys: BTreeSet<Key>,
    /// The first of those of which nobody said so, and why.
    pub(crate) named: Vec<String>,
}

impl Silent {
    fn add(&mut self, left: LeftOut) {
        self.count += 1;
        if !left.why.declared() && self.named.len() < NAMED {
            let field = left.why.field().map(|field| format!(" {field}")).unwrap_or_default();
            self.named.push(format!("{}: {}{field}", left.record, left.why.word()));
        }
        self.keys.extend(left.key);
    }
}

/// Reads one end of a flow.
pub(crate) async fn scan(app: &App, tenant: &TenantId, flow: &Flow, of_source: bool, until_ms: Millis) -> Result<End, Simple> {
    let connection = if of_source { &flow.source } else { &flow.destination };
    let known = app.connection(tenant, connection).await?;
    let lacks = || Simple::reject("connector_lacks", format!("connection {connection} cannot be scanned"));
    let snapshot = known.connector.snapshot.as_ref().ok_or_else(lacks)?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let (pace, sessions) = (Paced::until(app, tenant, until_ms).patient(), Kept::of(app, tenant, connection, &config));
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, app.exchange.as_ref(), app.now()) };
    let end = whole(snapshot.as_ref(), call, &flow.canonical_type).await;
    pace.leave().await;
    // The failure is noted for the flow: it has to say which end failed.
    end.map_err(|fault| Simple { message: format!("the scan of {connection}: {}", fault.message), ..fault })
}

/// Every page of a scan. A page that leads back to itself ends it with an error, not with half a truth.
async fn whole(snapshot: &dyn Snapshot, call: Call<'_>, canonical_type: &str) -> Result<End, Simple> {
    let mut end = End::default();
    let mut cursor: Option<String> = None;
    for _ in 0..1_000_000 {
        let page = snapshot.snapshot(call, canonical_type, None, None, cursor.as_deref()).await?;
        end.items.extend(page.items);
        page.left_out.into_iter().for_each(|left| end.silent.add(left));
        end.partial |= page.partial;
        match page.next {
            None => return Ok(once(end)),
            next if next == cursor => break,
            next => cursor = next,
        }
    }
    Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
}

/// Each key once: what was read last of it counts, where a listing was read again because it had moved.
fn once(mut end: End) -> End {
    let mut seen = BTreeSet::new();
    end.items.reverse();
    end.items.retain(|(item, _)| seen.insert(item.key.clone()));
    end.items.reverse();
    end
}

/// The source as the flow's mapping makes it: what is compared is what would be sent. An item that the mapping leaves out, or
/// cannot map, says nothing here; the live event of the second tells why.
pub(crate) fn mapped(app: &App, flow: &Flow, end: End, began: Millis) -> Result<End, Simple> {
    let Some(mapping) = app.mapping(flow)? else { return Ok(end) };
    let nothing = Value::Object(Vec::new());
    let End { items, mut silent, partial } = end;
    let mut one = |(item, at): (SnapshotItem, Option<Millis>)| {
        let said = Said { key: item.key.as_str(), fields: &item.fields, extensions: &nothing, run: flow.id.as_str(), now_ms: at.unwrap_or(began) };
        let made = adapted(&mapping, &item.canonical_type, &said);
        if let Ok(Some(fields)) = made {
            return Some((SnapshotItem { fields, ..item }, at));
        }
        silent.count += 1;
        if let Err(fault) = made {
            tracing::warn!(step = "reconcile", code = fault.code, flow = flow.id.as_str(), "an item of the source cannot be mapped and is left out");
            if silent.named.len() < NAMED {
                silent.named.push(format!("{}: {}", item.key.as_str(), fault.code));
            }
        }
        silent.keys.insert(item.key);
        None
    };
    let items = items.into_iter().filter_map(&mut one).collect();
    Ok(End { items, silent, partial })
}
