//! The front door: verify, queue, and only then answer.
//!
//! Nothing is parsed before the signature holds, and nothing is answered before the message is durable.

use canonical::{Change, ConnectionId, EnvelopeId, EventId, Key, Millis, TenantId, parse_time};
use document::{Limits, Value, hash_value, parse};
use engine::{Headers, Secret};
use fault::Simple;
use queue::{Envelope, Item, Message, Name, Outgoing, pack};
use store::ConnectionState;
use vault::Purpose;

use crate::{App, known::simple, refused::carried};

/// The largest body of a webhook or an event.
pub(crate) const BODY_BYTES: usize = 5 * 1024 * 1024;
/// The largest single event.
pub(crate) const EVENT_BYTES: usize = 256 * 1024;
/// The longest id of a thing.
pub(crate) const ID_BYTES: usize = 1024;
/// The longest type of an event.
pub(crate) const TYPE_BYTES: usize = 256;

/// What was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The events, in the order of the body.
    pub events: Vec<EventId>,
}

/// Takes a webhook in, at the door of its address.
///
/// # Errors
/// The code names what is wrong; nothing was queued. A retryable fault asks the sender to send again.
pub async fn receive_webhook(app: &App, door: &ConnectionId, headers: &Headers, body: &[u8]) -> Result<Received, Simple> {
    if body.len() > BODY_BYTES {
        return Err(Simple::reject("body_too_large", format!("the body has {} bytes", body.len())));
    }
    let unknown = || Simple::reject("connection_unknown", "no such connection takes webhooks");
    // A door without a secret is claimed and not open yet.
    let hook = app.hook(door).await?.filter(|hook| !hook.secrets.is_empty()).ok_or_else(unknown)?;
    let connection = hook.connection.as_ref().unwrap_or(door);
    let known = app.connection(&hook.tenant, connection).await?;
    let source = known.connector.source.as_ref().ok_or_else(unknown)?;
    let webhook = source.webhook().ok_or_else(|| Simple::reject("webhook_not_supported", "the connector declares no webhook"))?;
    let mut secrets: Vec<Secret> = Vec::new();
    for sealed in &hook.secrets {
        secrets.push(app.vault.open(&hook.tenant, Purpose::Webhook, connection, "webhook_secret", sealed).await.map_err(|error| unavailable(&simple(&error)))?);
    }
    webhook.verify(body, headers, &secrets, app.now())?;
    if known.row.state == ConnectionState::Paused {
        return Err(Simple::park("connection_paused", "the connection is paused"));
    }
    let accepted = app.now();
    let items = webhook.changes(body, headers)?.into_iter().enumerate().map(|(index, change)| carried(connection, index, change)).collect::<Result<Vec<_>, _>>()?;
    let events = items.iter().map(|item| item.ev.clone()).collect();
    accept(app, &hook.tenant, connection, accepted, items).await?;
    Ok(Received { events })
}

/// A fault of ours at the door: the sender is to send again.
fn unavailable(fault: &Simple) -> Simple {
    Simple::retry(fault.code, fault.message.clone())
}

/// Takes an event of the event endpoint in: `{type, externalId, occurredAt?, payload?}`, answered with its id.
///
/// # Errors
/// `invalid_body` with the field, or what else is wrong; nothing was queued.
pub async fn receive_event(app: &App, tenant: &TenantId, connection: &ConnectionId, body: &[u8]) -> Result<Received, Simple> {
    if body.len() > BODY_BYTES {
        return Err(Simple::reject("body_too_large", format!("the body has {} bytes", body.len())));
    }
    let limits = Limits { bytes: BODY_BYTES, ..Limits::default() };
    let value = parse(body, &limits).map_err(|error| Simple::reject("invalid_body", format!("the body is not JSON: {error}")))?;
    let field = |name: &str| match value.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
        _ => Err(Simple::reject("invalid_body", format!("/{name}: a text is required"))),
    };
    let short = |name: &str, most: usize| match field(name) {
        Ok(text) if text.len() > most => Err(Simple::reject("invalid_body", format!("/{name}: {most} bytes at most are taken"))),
        other => other,
    };
    let kind = short("type", TYPE_BYTES)?;
    let external_id = short("externalId", ID_BYTES)?;
    let occurred_ms = match value.get("occurredAt") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(parse_time(text).ok_or_else(|| Simple::reject("invalid_body", "/occurredAt: an ISO 8601 instant is expected"))?),
        Some(_) => return Err(Simple::reject("invalid_body", "/occurredAt: an ISO 8601 instant is expected")),
    };
    let payload = match value.get("payload") {
        None => Value::Object(Vec::new()),
        Some(payload @ Value::Object(_)) => payload.clone(),
        Some(_) => return Err(Simple::reject("invalid_body", "/payload: an object is expected")),
    };
    let entity = kind.split('.').next().unwrap_or_default().to_owned();
    let change = Change { kind, entity, external_id, occurred_ms, delivery_id: None, payload };
    let item = item(connection, 0, change)?;
    fit(&item)?;
    let events = vec![item.ev.clone()];
    accept(app, tenant, connection, app.now(), vec![item]).await?;
    Ok(Received { events })
}

/// Queues items; the answer may be given once this returns.
async fn accept(app: &App, tenant: &TenantId, connection: &ConnectionId, accepted: Millis, items: Vec<Item>) -> Result<(), Simple> {
    let count = items.len();
    let outgoing = enqueue(app, tenant, connection, accepted, items).await?;
    app.queues.send_all(&outgoing).await.map_err(|error| unavailable(&simple(&error)))?;
    app.meter.handled(count);
    Ok(())
}

/// The messages for changes: one by one for entities that feed a strict flow, packed for the others.
pub(crate) async fn enqueue(app: &App, tenant: &TenantId, connection: &ConnectionId, accepted: Millis, items: Vec<Item>) -> Result<Vec<Outgoing>, Simple> {
    let flows = app.flows(tenant).await?;
    let known = app.connection(tenant, connection).await?;
    let strict = |entity: &str| {
        let kind = known.connector.source.as_ref().and_then(|source| source.canonical_type(entity));
        flows.iter().any(|flow| flow.strict && flow.source == *connection && kind.is_none_or(|kind| kind == flow.canonical_type))
    };
    // Invariant: a prefix and 32 hex characters are an id.
    let id = EnvelopeId::parse(&app.chance.id("env_")).expect("a minted id is an id");
    let envelope = |items| Envelope { id: id.clone(), tenant: tenant.clone(), conn: connection.clone(), acc: accepted, hop: 0, flow: None, items };
    let (one_by_one, together): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| strict(&item.ent));
    let mut outgoing = Vec::new();
    for item in one_by_one {
        outgoing.push(strict_envelope(connection, envelope(vec![item])));
    }
    for packed in pack(envelope(together)) {
        outgoing.push(Outgoing { queue: Name::In, group: tenant.to_string(), dedup: None, delay_ms: 0, message: Message::Changes(packed) });
    }
    Ok(outgoing)
}

/// An envelope of one change on its way to the strict queue: its group is the thing that changed.
fn strict_envelope(connection: &ConnectionId, envelope: Envelope) -> Outgoing {
    let (thing, index) = envelope.items.first().map_or((String::new(), 0), |item| (format!("{connection}#{}#{}", item.ent, item.x), item.i));
    let group = Key::new(thing).map_or_else(|| "-".to_owned(), |key| key.hash());
    let dedup = Some(format!("{}#{index}#{}", envelope.id, envelope.hop));
    Outgoing { queue: Name::InStrict, group, dedup, delay_ms: 0, message: Message::Changes(envelope) }
}

/// The item of a change. Its id comes from the source's own id of the delivery, else from what the change is.
pub(crate) fn item(connection: &ConnectionId, index: usize, change: Change) -> Result<Item, Simple> {
    let (kind, external) = (change.kind.as_bytes(), change.external_id.as_bytes());
    let named = change.delivery_id.is_some();
    let ev = match &change.delivery_id {
        // A batch shares its delivery's id: what it holds tells its members apart.
        Some(delivery) => EventId::derive(connection, &[b"delivery", delivery.as_bytes(), kind, external, &index.to_be_bytes()]),
        None => EventId::derive(connection, &[b"content", kind, external, &change.occurred_ms.unwrap_or(-1).to_be_bytes(), &hash_value(&change.payload)]),
    };
    let i = u32::try_from(index).map_err(|_| Simple::reject("body_too_large", "more changes than an envelope can count"))?;
    Ok(Item { i, ev, ty: change.kind, ent: change.entity, x: change.external_id, at: change.occurred_ms, named, refused: None, p: change.payload.to_string() })
}

/// Whether an event can carry it. JSON within JSON at most doubles, so that what fits has a place in a message too.
pub(crate) fn fit(item: &Item) -> Result<(), Simple> {
    let too_long = |what: &str, length: usize| Simple::reject("id_too_long", format!("the {what} of record {} has {length} bytes", item.i));
    match () {
        () if item.p.len() > EVENT_BYTES => Err(Simple::reject("event_too_large", format!("record {} has {} bytes", item.i, item.p.len()))),
        () if item.x.len() > ID_BYTES => Err(too_long("id", item.x.len())),
        () if item.ty.len() > TYPE_BYTES => Err(too_long("type", item.ty.len())),
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_named_too_long_for_an_event_says_so() {
        let shop = ConnectionId::parse("shop").unwrap();
        let item = |ty: usize, x: usize, p: usize| Item { i: 0, ev: EventId::derive(&shop, &[b"a"]), ty: "t".repeat(ty), ent: "stock".into(), x: "x".repeat(x), at: None, named: false, refused: None, p: "p".repeat(p) };
        for (item, code) in [
            (item(TYPE_BYTES, ID_BYTES, EVENT_BYTES), "fits"), (item(1, 1, EVENT_BYTES + 1), "event_too_large"), (item(1, ID_BYTES + 1, 1), "id_too_long"), (item(TYPE_BYTES + 1, 1, 1), "id_too_long"),
        ] {
            assert_eq!(fit(&item).map_or_else(|fault| fault.code, |()| "fits"), code);
        }
    }
}
