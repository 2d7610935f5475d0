//! Changes to deliveries: canonical, mapped, one per matching flow.
//!
//! Send, record, acknowledge. Every change of an envelope ends on its own: what cannot be mapped is dead, what could not
//! be sent is sent again as one envelope with the same id and indexes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use canonical::{Event, Kind, Millis, Occurrence, Version};
use document::{Parser, Value};
use engine::{Canonical, Source, Told};
use fault::{Disposition, Finding, Simple};
use protocol::{Entry, Mark, Outcome, flow_hash};
use queue::{Delivery, Envelope, Item, Message, Name, Outgoing, Purpose, open};
use store::{Flow, FlowMode, Step, Trace};

use crate::{App, Batch, Work, adapt::{self, Said}, bury::{Letter, bury_body}, drain::bury_unknown, known::simple, receive::EVENT_BYTES, refused, send::to_delivery_queue};

/// What became of a batch's items so far.
#[derive(Default)]
struct Made {
    outgoing: Vec<(usize, Item, Outgoing)>,
    entries: Vec<(Millis, Entry)>,
    traces: Vec<(canonical::TenantId, Trace)>,
}

/// Handles a batch of envelopes; the answer names the records to be reported as failed.
pub async fn transform(app: &App, batch: &Batch) -> Vec<String> {
    let mut failed = Vec::new();
    let mut made = Made::default();
    let mut envelopes: Vec<Option<Envelope>> = Vec::new();
    for (index, work) in batch.works.iter().enumerate() {
        envelopes.push(None);
        match one(app, work, index, &mut made).await {
            Ok(envelope) => envelopes[index] = envelope,
            Err(fault) => {
                tracing::warn!(step = "transform", code = fault.code, rc = work.receives, "an envelope could not be handled");
                made.outgoing.retain(|(at, ..)| *at != index);
                if again(app, work, &fault).await.is_err() {
                    failed.push(work.id.clone());
                }
            }
        }
    }
    failed.extend(send(app, batch, &mut made, &envelopes).await);
    let traces: Vec<_> = made.traces.iter().map(|(tenant, trace)| (app.store.of(tenant), trace.clone())).collect();
    if let Err(error) = app.store.record("transform", &batch.request, &traces, &made.entries, app.expires_s()).await {
        tracing::warn!(step = "transform", code = simple(&error).code, "the record of a batch could not be written");
        return batch.works.iter().map(|work| work.id.clone()).collect();
    }
    app.meter.told(&made.entries);
    app.meter.handled(envelopes.iter().flatten().map(|envelope| envelope.items.len()).sum());
    failed.sort_unstable();
    failed.dedup();
    failed
}

/// A fault of our own: the envelope goes back with a delay and burns nothing. On the strict queue there is no delay, and
/// nothing may pass it: there it is reported as failed, and its group waits. That queue gives it up only after a day.
async fn again(app: &App, work: &Work, fault: &Simple) -> Result<(), Simple> {
    let Ok(Message::Changes(envelope)) = open(&work.body) else { return Err(fault.clone()) };
    if !work.sequence.is_empty() {
        return Err(fault.clone());
    }
    let waits = fault.disposition == Disposition::Park;
    let mut outgoing = back(Envelope { hop: envelope.hop + 1, ..envelope });
    outgoing.delay_ms = if waits { queue::LONGEST_DELAY_MS } else { outgoing.delay_ms };
    app.queues.send_all(&[outgoing]).await.map_err(|error| simple(&error))
}

/// Sends what was made. What was not taken goes back as one envelope per record; what even that refused is reported, and
/// so is what travels in order.
async fn send(app: &App, batch: &Batch, made: &mut Made, envelopes: &[Option<Envelope>]) -> Vec<String> {
    let outgoing: Vec<_> = made.outgoing.iter().map(|(_, _, outgoing)| outgoing.clone()).collect();
    let results = app.queues.send(&outgoing).await;
    let mut failed = Vec::new();
    for (index, envelope) in envelopes.iter().enumerate() {
        let Some(envelope) = envelope else { continue };
        let mut rest: Vec<Item> = Vec::new();
        for ((at, item, _), result) in made.outgoing.iter().zip(&results) {
            if *at == index && result.is_err() && rest.last().is_none_or(|last| last.i != item.i) {
                rest.push(item.clone());
            }
        }
        if !rest.is_empty() {
            let again = Envelope { items: rest, hop: envelope.hop + 1, ..envelope.clone() };
            // At the end of a queue that keeps order it would be passed by its own group: it stays where it is.
            let ordered = !batch.works[index].sequence.is_empty();
            if ordered || app.queues.send_all(&[back(again)]).await.is_err() {
                failed.push(batch.works[index].id.clone());
            }
        }
    }
    failed
}

fn back(envelope: Envelope) -> Outgoing {
    let delay_ms = Millis::from(envelope.hop.min(9)) * 10_000;
    Outgoing { queue: Name::In, group: envelope.tenant.to_string(), dedup: None, delay_ms, message: Message::Changes(envelope) }
}

async fn one(app: &App, work: &Work, index: usize, made: &mut Made) -> Result<Option<Envelope>, Simple> {
    let envelope = match open(&work.body) {
        Ok(Message::Changes(envelope)) => envelope,
        Ok(_) => return bury_unknown(app, &work.body, &Simple::reject("message_unknown", "not a message of changes")).await.map(|()| None),
        Err(error) => return bury_unknown(app, &work.body, &simple(&error)).await.map(|()| None),
    };
    if work.receives > 1 && envelope.items.len() > 1 {
        // Somebody died over it: alone, a process-killer drags nobody along.
        let single = |item: &Item| back(Envelope { items: vec![item.clone()], ..envelope.clone() });
        let singles: Vec<_> = envelope.items.iter().map(single).collect();
        app.queues.send_all(&singles).await.map_err(|error| simple(&error))?;
        return Ok(None);
    }
    let known = app.connection(&envelope.tenant, &envelope.conn).await?;
    let source = known.connector.source.as_ref().ok_or_else(|| Simple::park("connector_lacks", "the connector is no source"))?;
    for item in &envelope.items {
        let flows = matching(app, &envelope, item).await?;
        let canonical = mapped(source.as_ref(), item, envelope.acc);
        if flows.is_empty() {
            let outcome = canonical.as_ref().map_or_else(|fault| fault.code, |_| "");
            made.traces.push((envelope.tenant.clone(), trace(app, &envelope, item, canonical.as_ref().ok().and_then(Option::as_ref), "-", "no_flow", outcome)));
        }
        for flow in flows {
            let adapted = adapted(app, &envelope, item, &flow, &canonical);
            flow_item(app, &envelope, item, &flow, adapted.as_ref().unwrap_or(&canonical), index, made).await?;
        }
    }
    Ok(Some(envelope))
}

/// The flows an item feeds; of a replay, the one it died on.
pub(crate) async fn matching(app: &App, envelope: &Envelope, item: &Item) -> Result<Vec<Flow>, Simple> {
    let known = app.connection(&envelope.tenant, &envelope.conn).await?;
    let kind = known.connector.source.as_ref().and_then(|source| source.canonical_type(&item.ent).map(str::to_owned));
    let aimed = |flow: &Flow| envelope.flow.as_ref().is_none_or(|only| *only == flow.id);
    let wants = |flow: &&Flow| aimed(flow) && flow.source == envelope.conn && kind.as_deref().is_some_and(|kind| kind == flow.canonical_type);
    let wanting: Vec<_> = app.flows(&envelope.tenant).await?.iter().filter(wants).cloned().collect();
    if !wanting.is_empty() {
        return Ok(wanting);
    }
    // Nobody, as far as is known here: before it ends as wanted by nobody, look again.
    Ok(app.flows_now(&envelope.tenant).await?.iter().filter(wants).cloned().collect())
}

/// The item in canonical space; a panic in here costs this item only.
fn mapped(source: &dyn Source, item: &Item, now_ms: Millis) -> Result<Option<Canonical>, Simple> {
    if let Some(refused) = &item.refused {
        return Err(refused::fault(refused));
    }
    let mut parser = Parser::default();
    let record = parser.parse(item.p.as_bytes()).map_err(|error| simple(&error))?;
    let told = Told { entity: &item.ent, external_id: &item.x, occurred_ms: item.at, payload: record.root() };
    let canonical = catch_unwind(AssertUnwindSafe(|| source.canonical(&told, now_ms))).unwrap_or_else(|_| Err(Simple::reject("internal", "mapping the record failed unexpectedly")))?;
    if let Some(canonical) = &canonical
        && let Some(finding) = wrong(canonical)
    {
        return Err(Simple::reject(finding.code, format!("{}: {}", finding.pointer, finding.message)));
    }
    Ok(canonical)
}

/// The first thing wrong with an event, by the schema of its own version.
fn wrong(canonical: &Canonical) -> Option<Finding> {
    match Kind::at(&canonical.canonical_type, canonical.canonical_version) {
        Ok(kind) => kind.check(&canonical.fields).into_iter().next(),
        Err(finding) => Some(finding),
    }
}

/// What a flow's mapping makes of a canonical item; `None` where the flow has none or there is nothing to map. A panic in
/// here costs this item only.
fn adapted(app: &App, envelope: &Envelope, item: &Item, flow: &Flow, canonical: &Result<Option<Canonical>, Simple>) -> Option<Result<Option<Canonical>, Simple>> {
    let Ok(Some(canonical)) = canonical else { return None };
    let mapping = match app.mapping(flow) {
        Ok(mapping) => mapping?,
        Err(fault) => return Some(Err(fault)),
    };
    let said = Said { key: canonical.key.as_str(), fields: &canonical.fields, extensions: &canonical.extensions, run: item.ev.as_str(), now_ms: envelope.acc };
    let fields = catch_unwind(AssertUnwindSafe(|| adapt::adapted(&mapping, &canonical.canonical_type, &said)));
    let fields = fields.unwrap_or_else(|_| Err(Simple::reject("internal", "mapping the record failed unexpectedly")));
    Some(fields.map(|fields| fields.map(|fields| Canonical { fields, ..canonical.clone() })))
}

async fn flow_item(app: &App, envelope: &Envelope, item: &Item, flow: &Flow, canonical: &Result<Option<Canonical>, Simple>, index: usize, made: &mut Made) -> Result<(), Simple> {
    let occurrence = Occurrence::of(envelope.id.as_str(), item.i, &item.ev, &flow.id);
    let hash = flow_hash(&envelope.tenant, &flow.id);
    made.entries.push((envelope.acc, Entry::new(hash, occurrence.as_str(), Mark::Received)));
    match canonical {
        Ok(Some(canonical)) if flow.mode != FlowMode::Shadow => {
            let delivery = delivery(envelope, item, flow, canonical, occurrence);
            // A map may say one thing many times: what no row could keep must not set out.
            if delivery.p.len() > EVENT_BYTES / 2 && !store::can_keep(&Message::Delivery(Box::new(delivery.clone())).body()) {
                let fault = Err(Simple::reject("event_too_large", format!("mapped, the record has {} bytes", delivery.p.len())));
                return Box::pin(flow_item(app, envelope, item, flow, &fault, index, made)).await;
            }
            made.outgoing.push((index, item.clone(), to_delivery_queue(delivery, false, 0)));
        }
        Ok(canonical) => {
            let note = if canonical.is_some() { "shadow" } else { "" };
            made.entries.push((envelope.acc, Entry::new(hash, occurrence.as_str(), Mark::Ended(Outcome::Filtered))));
            let trace = trace(app, envelope, item, canonical.as_ref(), flow.id.as_str(), "filtered", note);
            made.traces.push((envelope.tenant.clone(), Trace { occurrence: occurrence.as_str().to_owned(), ..trace }));
        }
        Err(fault) if fault.disposition == Disposition::Reject => {
            let (_, entry) = bury_item(app, envelope, item, flow, fault).await?;
            made.entries.push((envelope.acc, entry));
            let trace = trace(app, envelope, item, None, flow.id.as_str(), "dead", fault.code);
            made.traces.push((envelope.tenant.clone(), Trace { occurrence: occurrence.as_str().to_owned(), ..trace }));
            tracing::warn!(step = "transform", outcome = "dead", code = fault.code, tenant = envelope.tenant.as_str(), flow = flow.id.as_str(), ev = item.ev.as_str(), "an event died");
        }
        Err(fault) => return Err(fault.clone()),
    }
    Ok(())
}

/// Keeps one item as a dead letter of a flow; a replay sends it through the transform again.
pub(crate) async fn bury_item(app: &App, envelope: &Envelope, item: &Item, flow: &Flow, fault: &Simple) -> Result<(Occurrence, Entry), Simple> {
    let occurrence = Occurrence::of(envelope.id.as_str(), item.i, &item.ev, &flow.id);
    let alone = Message::Changes(Envelope { items: vec![item.clone()], ..envelope.clone() }).body();
    let letter = Letter { flow: flow.id.as_str(), occurrence: &occurrence, event: item.ev.as_str(), key: &item.x, accepted_ms: envelope.acc, body: &alone };
    bury_body(app, &envelope.tenant, letter, fault).await?;
    let entry = Entry::new(flow_hash(&envelope.tenant, &flow.id), occurrence.as_str(), Mark::Ended(Outcome::Dead));
    Ok((occurrence, entry))
}

fn delivery(envelope: &Envelope, item: &Item, flow: &Flow, canonical: &Canonical, occurrence: Occurrence) -> Delivery {
    let version = Version::of(flow.epoch, canonical.occurred_ms.or(item.at), None, envelope.acc);
    let event = event(item, canonical, version.clone());
    Delivery {
        tenant: envelope.tenant.clone(),
        flow: flow.id.clone(),
        occ: occurrence,
        ev: item.ev.clone(),
        ct: canonical.canonical_type.clone(),
        cv: canonical.canonical_version,
        key: canonical.key.as_str().to_owned(),
        ver: version,
        bh: hex::encode(event.body_hash()),
        why: Purpose::Deliver,
        acc: envelope.acc,
        hop: 0,
        met: 0,
        du: 0,
        tries: Vec::new(),
        strict: flow.strict,
        seq: String::new(),
        turn: false,
        turn_at: 0,
        named: item.named,
        p: body(&event.fields, &event.extensions),
    }
}

fn event(item: &Item, canonical: &Canonical, version: Version) -> Event {
    Event {
        id: item.ev.clone(),
        canonical_type: canonical.canonical_type.clone(),
        canonical_version: canonical.canonical_version,
        key: canonical.key.clone(),
        version,
        fields: canonical.fields.clone(),
        extensions: canonical.extensions.clone(),
    }
}

/// The opaque text of a delivery.
pub(crate) fn body(fields: &Value, extensions: &Value) -> String {
    Value::Object(vec![("fields".into(), fields.clone()), ("extensions".into(), extensions.clone())]).to_string()
}

pub(crate) fn trace(app: &App, envelope: &Envelope, item: &Item, canonical: Option<&Canonical>, flow: &str, outcome: &str, note: &str) -> Trace {
    let now = app.now();
    let occurrence = format!("{}-{}", envelope.id, item.i);
    let step = |at, step: &str, note: &str| Step { at, step: step.to_owned(), note: note.to_owned() };
    Trace {
        event: item.ev.to_string(),
        flow: flow.to_owned(),
        occurrence,
        canonical_type: canonical.map_or_else(|| item.ent.clone(), |canonical| canonical.canonical_type.clone()),
        key: canonical.map_or_else(|| item.x.clone(), |canonical| canonical.key.as_str().to_owned()),
        version: String::new(),
        accepted_ms: envelope.acc,
        at_ms: now,
        outcome: outcome.to_owned(),
        code: note.to_owned(),
        steps: vec![step(envelope.acc, "received", &item.ty), step(now, outcome, note)],
    }
}
