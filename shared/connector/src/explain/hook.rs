//! What a webhook is looked at for: its signature, its headers, and the places of its body.

use super::fields::{FieldUse, Fields};
use crate::{Algorithm, ArrayPath, Connector, Encoding, Webhook};

/// What a webhook is looked at for. It is received: nobody is spoken with for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The keyed hash, the header it stands in and how it is written there.
    pub signature: String,
    /// The headers that are looked at.
    pub headers: Vec<String>,
    /// Event types and the entities whose records they tell of; without any, the prefix of the event type names the entity.
    pub entities: Vec<(String, String)>,
    /// The places that are looked at: in the body for `batch`, in its records for the others.
    pub fields: Vec<FieldUse>,
}

pub(super) fn hook(connector: &Connector, webhook: &Webhook) -> Hook {
    let verify = &webhook.verify;
    let algorithm = match verify.algorithm {
        Algorithm::HmacSha256 => "hmac-sha256",
        Algorithm::HmacSha512 => "hmac-sha512",
        Algorithm::HmacSha1 => "hmac-sha1",
    };
    let encoding = if verify.encoding == Encoding::Hex { "hex" } else { "base64" };
    let mut headers: Vec<String> = Vec::new();
    for header in [&verify.header].into_iter().chain(verify.timestamp.as_ref().map(|timestamp| &timestamp.header)).chain(&webhook.event_type_header).chain(&webhook.delivery_id_headers) {
        if !headers.contains(header) {
            headers.push(header.clone());
        }
    }
    Hook { signature: format!("{algorithm} in {}, {encoding}", verify.header), headers, entities: webhook.entities.clone(), fields: fields(connector, webhook) }
}

fn fields(connector: &Connector, webhook: &Webhook) -> Vec<FieldUse> {
    let mut fields = Fields::default();
    match &webhook.array_path {
        None => {}
        Some(ArrayPath::All(path)) => fields.note(path.text(), "batch"),
        Some(ArrayPath::By(paths)) => paths.iter().for_each(|(kind, path)| fields.note(path.text(), &format!("batch of {kind}"))),
    }
    webhook.events.iter().for_each(|events| fields.events(events));
    let told = |name: &str| webhook.entities.is_empty() || webhook.entities.iter().any(|(_, entity)| entity == name);
    connector.entities.iter().filter(|entity| told(&entity.name)).for_each(|entity| fields.events(&entity.events));
    connector.canonical_maps.iter().filter(|map| told(&map.entity)).for_each(|map| fields.map(map));
    fields.into_list()
}
