//! Replay: a dead letter goes its way again, as a new occurrence of the same event and version.

use canonical::{EnvelopeId, FlowId, Occurrence, TenantId};
use fault::Simple;
use protocol::{Entry, Mark, flow_hash};
use queue::{Delivery, Envelope, Message, Name, Outgoing, Purpose, open};
use store::DeadKey;

use crate::{App, known::simple, send::to_delivery_queue};

/// Sends a dead letter again and removes it. False: there is no such dead letter (any more).
///
/// `force` lets an old value overwrite a newer one. A crash in between replays it twice under one name, which is one occurrence.
///
/// # Errors
/// When a part of ours does not answer: the dead letter is still there.
pub async fn replay(app: &App, tenant: &TenantId, key: &DeadKey, force: bool) -> Result<bool, Simple> {
    let of = app.store.of(tenant);
    let Some(entry) = of.dead_letter(key).await.map_err(|error| simple(&error))? else { return Ok(false) };
    // The time of the first replay of it: repeated, it is accepted in the same hour.
    let Some(at) = of.replayed_at(key, app.now()).await.map_err(|error| simple(&error))? else { return Ok(false) };
    // Named by the death it follows, so that a second replay of the same death is the same occurrence.
    let run = format!("replay_{}_{}", entry.occurrence, entry.died_ms);
    match open(&entry.body) {
        Ok(Message::Delivery(delivery)) => {
            let occ = Occurrence::of(&run, 0, &delivery.ev, &delivery.flow);
            // A verify is no occurrence; sent by a person it is one, and re-asserts the value all the same.
            let why = match delivery.why {
                _ if force => Purpose::Force,
                Purpose::Verify => Purpose::Repair,
                why => why,
            };
            let again = Delivery { occ, why, acc: at, hop: 0, met: 0, du: 0, turn_at: 0, tries: Vec::new(), turn: delivery.strict, ..*delivery };
            let entry = Entry::new(flow_hash(tenant, &again.flow), again.occ.as_str(), Mark::Received);
            let accepted = again.acc;
            app.queues.send_all(&[to_delivery_queue(again, true, 0)]).await.map_err(|error| simple(&error))?;
            app.store.record("replay", &run, &[], &[(accepted, entry)], app.expires_s()).await.map_err(|error| simple(&error))?;
        }
        Ok(Message::Changes(envelope)) => {
            let id = EnvelopeId::parse(&run).map_err(|_| Simple::reject("internal", "a replay's name is no id"))?;
            let group = tenant.to_string();
            // It died on one flow: the others it feeds have had it.
            let flow = FlowId::parse(&key.flow).map_err(|_| Simple::reject("internal", "a dead letter's flow is no id"))?;
            let flow = app.flow(tenant, &flow).await?.id;
            let again = Message::Changes(Envelope { id, hop: 0, flow: Some(flow), ..envelope });
            app.queues.send_all(&[Outgoing { queue: Name::In, group, dedup: None, delay_ms: 0, message: again }]).await.map_err(|error| simple(&error))?;
        }
        Ok(Message::Job(job)) => app.queues.send_all(&[job.anew().outgoing(0)]).await.map_err(|error| simple(&error))?,
        Err(error) => return Err(simple(&error)),
    }
    of.unbury(key).await.map_err(|error| simple(&error))?;
    Ok(true)
}
