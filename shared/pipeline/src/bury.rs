//! Death: what cannot be delivered is kept, visible and replayable.

use canonical::{Occurrence, TenantId};
use document::hash_bytes;
use fault::Simple;
use queue::{Delivery, Message};
use store::DeadEntry;

use crate::{App, known::simple};

/// So much is kept of a body that fits no row.
const BEGINNING_BYTES: usize = 16 * 1024;

/// Groups deaths of one cause: flow, code, status class, and the message without its numbers and ids.
#[must_use]
pub fn fingerprint(flow: &str, code: &str, status: Option<u16>, message: &str) -> String {
    let plain: String = message.chars().filter(|char| !char.is_ascii_digit()).collect();
    let class = status.map_or(0, |status| status / 100);
    hex::encode(&hash_bytes(format!("{flow}#{code}#{class}#{plain}").as_bytes())[..8])
}

/// Keeps a delivery as a dead letter. The same occurrence twice is one.
///
/// # Errors
/// When the table does not answer: the record is then reported as failed.
pub async fn bury(app: &App, delivery: &Delivery, fault: &Simple) -> Result<(), Simple> {
    let status = delivery.tries.last().and_then(|attempt| attempt.status);
    let entry = DeadEntry {
        flow: delivery.flow.to_string(),
        occurrence: delivery.occ.as_str().to_owned(),
        event: delivery.ev.to_string(),
        key: delivery.key.clone(),
        accepted_ms: delivery.acc,
        died_ms: app.now(),
        code: fault.code.to_owned(),
        message: fault.message.clone(),
        fingerprint: fingerprint(delivery.flow.as_str(), fault.code, status, &fault.message),
        attempts: serde_json::to_string(&delivery.tries).unwrap_or_else(|_| "[]".to_owned()),
        body: Message::Delivery(Box::new(delivery.clone())).body(),
    };
    keep(app, &delivery.tenant, entry).await
}

/// Keeps a letter; of a body that fits no row only the beginning, and says so.
async fn keep(app: &App, tenant: &TenantId, entry: DeadEntry) -> Result<(), Simple> {
    let of = app.store.of(tenant);
    match of.bury(&entry, app.expires_s()).await {
        Err(store::Error::TooLarge { .. }) => {
            let message = format!("{}; of its {} bytes only its beginning is kept", entry.message, entry.body.len());
            let body = entry.body[..entry.body.floor_char_boundary(BEGINNING_BYTES)].to_owned();
            of.bury(&DeadEntry { message, body, ..entry }, app.expires_s()).await.map_err(|error| simple(&error))
        }
        other => other.map_err(|error| simple(&error)),
    }
}

/// Keeps a message that is no delivery: a change that cannot be mapped, or a text that is no message at all.
pub(crate) async fn bury_body(app: &App, tenant: &TenantId, letter: Letter<'_>, fault: &Simple) -> Result<(), Simple> {
    let entry = DeadEntry {
        flow: letter.flow.to_owned(),
        occurrence: letter.occurrence.as_str().to_owned(),
        event: letter.event.to_owned(),
        key: letter.key.to_owned(),
        accepted_ms: letter.accepted_ms,
        died_ms: app.now(),
        code: fault.code.to_owned(),
        message: fault.message.clone(),
        fingerprint: fingerprint(letter.flow, fault.code, None, &fault.message),
        attempts: "[]".to_owned(),
        body: letter.body.to_owned(),
    };
    keep(app, tenant, entry).await
}

/// What is known of a message that died before it became a delivery.
pub(crate) struct Letter<'a> {
    pub(crate) flow: &'a str,
    pub(crate) occurrence: &'a Occurrence,
    pub(crate) event: &'a str,
    pub(crate) key: &'a str,
    pub(crate) accepted_ms: canonical::Millis,
    pub(crate) body: &'a str,
}
