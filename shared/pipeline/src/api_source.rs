//! The builtin source `api`: events sent to the event endpoint, already in canonical form.

use std::{borrow::Cow, sync::Arc};

use async_trait::async_trait;
use canonical::{Key, Kind, Millis, parse_time};
use document::{Item, Value};
use engine::{Call, Canonical, Connector, Page, Source, Told, Webhook};
use fault::Simple;

struct Api;

/// The connector.
pub(crate) fn connector() -> Connector {
    Connector { source: Some(Arc::new(Api)), ..Connector::default() }
}

#[async_trait]
impl Source for Api {
    fn entities(&self) -> Vec<String> {
        Vec::new()
    }

    fn canonical_type(&self, entity: &str) -> Option<&str> {
        Kind::of(entity).map(|kind| kind.name)
    }

    async fn page(&self, _: Call<'_>, _: &str, _: Option<&str>) -> Result<Page, Simple> {
        Err(Simple::reject("connector_lacks", "events of the api are sent, not polled"))
    }

    fn canonical(&self, told: &Told<'_>, _: Millis) -> Result<Option<Canonical>, Simple> {
        let Some(kind) = Kind::of(told.entity) else { return Ok(None) };
        let key = told.payload.get(kind.key).and_then(Item::plain).map_or_else(|| told.external_id.to_owned(), Cow::into_owned);
        let key = match Key::new(&*key) {
            Some(key) => key,
            None if key.trim().is_empty() => return Err(Simple::reject("record_without_key", format!("/payload/{} holds no value", kind.key))),
            None => return Err(Simple::reject("key_too_long", format!("/payload/{} has {} bytes", kind.key, key.len()))),
        };
        let mut fields = told.payload.to_value();
        if fields.get(kind.key).is_none() {
            fields.set(kind.key, Value::from(key.as_str()));
        }
        if let Some(finding) = kind.check(&fields).first() {
            return Err(Simple::reject(finding.code, format!("/payload{}: {}", finding.pointer, finding.message)));
        }
        let stated = fields.get("updatedAt").and_then(Value::as_str).and_then(parse_time);
        let occurred_ms = told.occurred_ms.or(stated);
        Ok(Some(Canonical { canonical_type: kind.name.into(), canonical_version: kind.version, key, occurred_ms, fields, extensions: Value::Object(Vec::new()) }))
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        None
    }
}
