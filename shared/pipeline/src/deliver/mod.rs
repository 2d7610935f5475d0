//! Deliveries to their destinations, a batch at a time.
//!
//! Per connection: one write reserves the turns and reads the breaker. Per key: the slot protocol. After all commits one
//! request writes traces and ledger; then the records are acknowledged by being absent from the answer.

mod attempt;
mod back;
mod gate;
mod latest;
mod line;
pub(crate) mod report;
mod strict;

use std::collections::BTreeMap;

use canonical::{ConnectionId, Millis, TenantId};
use fault::Simple;
use futures::{StreamExt as _, future::join_all, stream};
use queue::{Delivery, Message, Purpose, open};
use store::Flow;

use crate::{App, Batch, drain::bury_unknown, known::simple};
pub(crate) use back::{again, our_fault};
pub(crate) use report::Done;
pub use line::{hasten_line, resume_line};
pub(crate) use strict::given_up;

/// One delivery with its record and flow.
pub(crate) struct Parcel {
    pub(crate) record: usize,
    pub(crate) receives: u32,
    pub(crate) sequence: String,
    /// When its request may go: as it was reserved before, or here; zero: nothing is reserved.
    pub(crate) turn_at: Millis,
    pub(crate) delivery: Delivery,
    pub(crate) flow: Flow,
}

/// Handles a batch of deliveries; the answer names the records to be reported as failed.
pub async fn deliver(app: &App, batch: &Batch) -> Vec<String> {
    let mut done: Vec<Done> = Vec::new();
    let mut groups: BTreeMap<(TenantId, ConnectionId), Vec<Parcel>> = BTreeMap::new();
    for record in 0..batch.works.len() {
        match unpack(app, record, batch).await {
            Ok(Some(parcel)) => groups.entry((parcel.delivery.tenant.clone(), parcel.flow.destination.clone())).or_default().push(parcel),
            Ok(None) => {}
            Err(put_back) => done.push(put_back),
        }
    }
    app.meter.handled(groups.values().map(Vec::len).sum());
    // At once: a destination that stalls keeps nobody else waiting.
    let groups = groups.into_iter().map(|((tenant, connection), parcels)| Box::pin(async move { gate::group(app, batch, &tenant, &connection, parcels).await }));
    done.extend(join_all(groups).await.into_iter().flatten());
    report::record(app, batch, done).await
}

/// Opens a record. What cannot be opened is dead; what has no flow yet waits.
async fn unpack(app: &App, record: usize, batch: &Batch) -> Result<Option<Parcel>, Done> {
    let work = &batch.works[record];
    let unknown = match open(&work.body) {
        Ok(Message::Delivery(mut delivery)) => {
            return match app.flow(&delivery.tenant, &delivery.flow).await {
                Ok(flow) => Ok(Some(Parcel { record, receives: work.receives, sequence: work.sequence.clone(), turn_at: std::mem::take(&mut delivery.turn_at), delivery: *delivery, flow })),
                Err(fault) => Err(back::unread(app, record, *delivery, &fault).await),
            };
        }
        Ok(_) => Simple::reject("message_unknown", "not a delivery"),
        Err(error) => simple(&error),
    };
    let Err(fault) = bury_unknown(app, &work.body, &unknown).await else { return Ok(None) };
    tracing::warn!(step = "deliver", code = fault.code, rc = work.receives, "a delivery could not be opened");
    Err(Done::failed(record))
}

/// Delivers the parcels of one connection that may go now, each by its order rule. Of several versions of a key only the
/// newest is called; the others are superseded once it is in, and sent again if it is not.
pub(crate) async fn parcels(app: &App, ready: gate::Ready<'_>, parcels: Vec<Parcel>) -> Vec<Done> {
    let (strict, latest): (Vec<_>, Vec<_>) = parcels.into_iter().partition(|parcel| parcel.flow.strict);
    let mut done = Vec::new();
    for parcel in strict {
        done.push(strict::one(app, &ready, parcel).await);
    }
    let mut newest: BTreeMap<(String, String), Parcel> = BTreeMap::new();
    let mut older: Vec<Parcel> = Vec::new();
    for parcel in latest {
        if parcel.delivery.why != Purpose::Deliver {
            older.push(parcel);
            continue;
        }
        let key = (parcel.flow.id.to_string(), parcel.delivery.key.clone());
        match newest.get_mut(&key) {
            Some(kept) if parcel.delivery.ver > kept.delivery.ver => older.push(std::mem::replace(kept, parcel)),
            Some(_) => older.push(parcel),
            None => drop(newest.insert(key, parcel)),
        }
    }
    // No more at once than may be on their way: a key that only waits for the others would hold its slot meanwhile.
    let at_once = ready.destination.concurrency().map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX)).min(newest.len().max(1));
    let calls = newest.into_values().map(|parcel| Box::pin(latest::one(app, &ready, parcel)));
    done.extend(stream::iter(calls).buffer_unordered(at_once).collect::<Vec<_>>().await);
    // One after the other: each finds the slot as the one before left it, and mostly costs one refused write.
    for parcel in older {
        done.push(latest::one(app, &ready, parcel).await);
    }
    done
}
