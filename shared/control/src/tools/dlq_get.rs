//! One dead letter, with its payload.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::DeadKey;

use super::{dlq_list::shown, simple};
use crate::Arguments;

/// Arguments: `flowId`, `id`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let key = key(arguments)?;
    let entry = app.store.of(tenant).dead_letter(&key).await.map_err(|error| simple(&error))?;
    let entry = entry.ok_or_else(|| Simple::reject("not_found", "there is no such dead letter"))?;
    let mut shown = shown(&entry);
    shown["payload"] = json!(payload(&entry.body));
    Ok(shown)
}

/// The name of a dead letter from its arguments.
pub(crate) fn key(arguments: &Arguments<'_>) -> Result<DeadKey, Simple> {
    let invalid = || Simple::reject("argument_invalid", "/id: the id of a dead letter is expected");
    let (accepted, occurrence) = arguments.text("id")?.split_once('.').ok_or_else(invalid)?;
    Ok(DeadKey { flow: arguments.text("flowId")?.to_owned(), accepted_ms: accepted.parse().map_err(|_| invalid())?, occurrence: occurrence.to_owned() })
}

/// What the message carried, as text.
fn payload(body: &str) -> String {
    match queue::open(body) {
        Ok(queue::Message::Delivery(delivery)) => delivery.p,
        Ok(queue::Message::Changes(envelope)) => envelope.items.into_iter().next().map(|item| item.p).unwrap_or_default(),
        Ok(queue::Message::Job(_)) | Err(_) => body.to_owned(),
    }
}
