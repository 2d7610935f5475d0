//! One dead letter, with its payload.

use canonical::TenantId;
use fault::Simple;
use pipeline::App;
use serde_json::{Value, json};

use store::DeadKey;

use super::{dlq_list::shown, simple};
use crate::Arguments;

/// Arguments: `id`, `flowId?`.
pub(crate) async fn run(app: &App, tenant: &TenantId, arguments: &Arguments<'_>) -> Result<Value, Simple> {
    let key = key(arguments)?;
    let entry = app.store.of(tenant).dead_letter(&key).await.map_err(|error| simple(&error))?;
    let entry = entry.ok_or_else(|| Simple::reject("not_found", "there is no such dead letter"))?;
    let mut shown = shown(&entry);
    shown["payload"] = json!(payload(&entry.body));
    Ok(shown)
}

/// The id of a dead letter: its flow, when the door took it, its occurrence. None of the three holds a dot.
pub(crate) fn id(key: &DeadKey) -> String {
    format!("{}.{}.{}", key.flow, key.accepted_ms, key.occurrence)
}

/// The name of a dead letter from its id; the flow may be given beside it, and is then the same.
pub(crate) fn key(arguments: &Arguments<'_>) -> Result<DeadKey, Simple> {
    let invalid = || Simple::reject("argument_invalid", "/id: the id of a dead letter is expected, as dlq.list names it");
    let parts: Vec<_> = arguments.text("id")?.split('.').collect();
    let [flow, accepted, occurrence] = parts.as_slice() else { return Err(invalid()) };
    if arguments.maybe_text("flowId")?.is_some_and(|other| other != *flow) {
        return Err(Simple::reject("argument_invalid", format!("/flowId: the dead letter is of flow {flow}")));
    }
    Ok(DeadKey { flow: (*flow).to_owned(), accepted_ms: accepted.parse().map_err(|_| invalid())?, occurrence: (*occurrence).to_owned() })
}

/// What the message carried, as text.
fn payload(body: &str) -> String {
    match queue::open(body) {
        Ok(queue::Message::Delivery(delivery)) => delivery.p,
        Ok(queue::Message::Changes(envelope)) => envelope.items.into_iter().next().map(|item| item.p).unwrap_or_default(),
        Ok(queue::Message::Job(_)) | Err(_) => body.to_owned(),
    }
}
