//! One end of a flow read to its end, as its mapping would send it: nothing is concluded from half a scan.

use canonical::{Millis, SnapshotItem, TenantId};
use document::Value;
use engine::{Call, Snapshot};
use fault::Simple;
use store::Flow;

use crate::{App, adapt::{Said, adapted}, known::simple, pace::Paced, sessions::Kept};

/// What one end of a flow holds, with the time of each item where the end tells it.
pub(crate) async fn scan(app: &App, tenant: &TenantId, flow: &Flow, of_source: bool, until_ms: Millis) -> Result<Vec<(SnapshotItem, Option<Millis>)>, Simple> {
    let connection = if of_source { &flow.source } else { &flow.destination };
    let known = app.connection(tenant, connection).await?;
    let lacks = || Simple::reject("connector_lacks", format!("connection {connection} cannot be scanned"));
    let snapshot = known.connector.snapshot.as_ref().ok_or_else(lacks)?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let (pace, sessions) = (Paced::until(app, tenant, until_ms).patient(), Kept::of(app, tenant, connection, &config));
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, app.exchange.as_ref(), app.now()) };
    let items = whole(snapshot.as_ref(), call, &flow.canonical_type).await;
    pace.leave().await;
    items
}

/// Every page of a scan. A page that leads back to itself ends it with an error, not with half a truth.
async fn whole(snapshot: &dyn Snapshot, call: Call<'_>, canonical_type: &str) -> Result<Vec<(SnapshotItem, Option<Millis>)>, Simple> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..1_000_000 {
        let page = snapshot.snapshot(call, canonical_type, None, None, cursor.as_deref()).await?;
        items.extend(page.items);
        match page.next {
            None => return Ok(items),
            next if next == cursor => break,
            next => cursor = next,
        }
    }
    Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
}

/// The source's items as the flow's mapping makes them: what is compared is what would be sent. An item that cannot be
/// mapped says nothing here; its live event tells why.
pub(crate) fn mapped(app: &App, flow: &Flow, items: Vec<(SnapshotItem, Option<Millis>)>, began: Millis) -> Result<Vec<(SnapshotItem, Option<Millis>)>, Simple> {
    let Some(mapping) = app.mapping(flow)? else { return Ok(items) };
    let nothing = Value::Object(Vec::new());
    let one = |(item, at): (SnapshotItem, Option<Millis>)| {
        let said = Said { key: item.key.as_str(), fields: &item.fields, extensions: &nothing, run: flow.id.as_str(), now_ms: at.unwrap_or(began) };
        match adapted(&mapping, &item.canonical_type, &said) {
            Ok(fields) => fields.map(|fields| (SnapshotItem { fields, ..item }, at)),
            Err(fault) => {
                tracing::warn!(step = "reconcile", code = fault.code, flow = flow.id.as_str(), "an item of the source cannot be mapped and is left out");
                None
            }
        }
    };
    Ok(items.into_iter().filter_map(one).collect())
}
