//! What a verified delivery tells.

use canonical::Change;
use connector::{ArrayPath, EventMapping, EventType};
use document::{Limits, Value};
use fault::Simple;

use super::{Dynamic, change};
use crate::{Headers, Secret, Webhook, verifier::header};

impl Webhook for Dynamic {
    fn verify(&self, body: &[u8], headers: &Headers, secrets: &[Secret], now_ms: i64) -> Result<(), Simple> {
        let verifier = self.verifier.as_ref().ok_or_else(|| Simple::reject("webhook_not_supported", "the definition declares no webhook"))?;
        verifier.verify(body, headers, secrets, now_ms)
    }

    fn changes(&self, body: &[u8], headers: &Headers) -> Result<Vec<Change>, Simple> {
        let webhook = self.connector.webhook().ok_or_else(|| Simple::reject("webhook_not_supported", "the definition declares no webhook"))?;
        let body = document::parse(body, &Limits::default()).map_err(|error| Simple::from_fault(&error))?;
        let told = match &webhook.event_type_header {
            Some(name) => Some(header(headers, name).ok_or_else(|| Simple::reject("invalid_body", format!("the header `{name}` is absent")))?.to_owned()),
            None => said(&body, webhook.events.as_ref().or_else(|| self.connector.events())),
        };
        let Some(kind) = translated(&webhook.event_type_map, told)? else { return Ok(Vec::new()) };
        let delivery = webhook.delivery_id_headers.iter().find_map(|name| header(headers, name)).filter(|id| !id.is_empty());
        let entity = self.told_entity(&webhook.entities, &kind)?;
        let events = self.connector.entity(&entity).map(|entity| entity.events.clone()).or_else(|| webhook.events.clone()).or_else(|| self.connector.events().cloned());
        let events = events.unwrap_or_else(EventMapping::whole);
        let (records, batch) = batch(&body, webhook.array_path.as_ref(), &kind)?;
        let change = |(index, record): (usize, &Value)| {
            // Every item of a batch is its own change, the same one when the batch is sent again.
            let delivery_id = delivery.map(|id| if batch { format!("{id}#{index}") } else { id.to_owned() });
            Change { delivery_id, ..change::change(record.into(), &entity, &events, None, Some(kind.clone())) }
        };
        Ok(records.into_iter().enumerate().map(change).collect())
    }
}

impl Dynamic {
    fn told_entity(&self, entities: &[(String, String)], kind: &str) -> Result<String, Simple> {
        if let Some((_, entity)) = entities.iter().find(|(known, _)| known == kind) {
            return Ok(entity.clone());
        }
        let prefix = kind.split(['.', '/']).next().unwrap_or(kind);
        let known = self.connector.entity(prefix).is_some() || self.connector.canonical_map(prefix).is_some();
        if known { Ok(prefix.to_owned()) } else { Err(Simple::reject("definition_entity", "the type of the delivery belongs to no entity")) }
    }
}

/// The event type the body names.
fn said(body: &Value, events: Option<&EventMapping>) -> Option<String> {
    match events?.event_type.as_ref()? {
        EventType::Fixed(kind) => Some(kind.clone()),
        EventType::Path(path) => body.at(path).and_then(Value::plain),
    }
}

/// The event type in our words; `None` when the sender's word is not in the table, so the delivery is not for us.
fn translated(map: &[(String, String)], told: Option<String>) -> Result<Option<String>, Simple> {
    let told = told.ok_or_else(|| Simple::reject("invalid_body", "the delivery does not name its type"))?;
    if map.is_empty() {
        return Ok(Some(told));
    }
    Ok(map.iter().find(|(from, _)| *from == told).map(|(_, to)| to.clone()))
}

fn batch<'v>(body: &'v Value, array_path: Option<&ArrayPath>, kind: &str) -> Result<(Vec<&'v Value>, bool), Simple> {
    let path = match array_path {
        Some(ArrayPath::All(path)) => Some(path),
        Some(ArrayPath::By(paths)) => paths.iter().find_map(|(known, path)| (known == kind).then_some(path)),
        None => None,
    };
    let Some(path) = path else { return Ok((vec![body], false)) };
    let found = path.all(body).map_err(|spent| Simple::from_fault(&spent))?;
    match found.as_slice() {
        [Value::Array(items)] if path.is_singular() => Ok((items.iter().collect(), true)),
        [_, ..] if !path.is_singular() => Ok((found, true)),
        _ => Err(Simple::reject("invalid_body", format!("the delivery has no array at `{}`", path.text()))),
    }
}
