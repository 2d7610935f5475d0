//! The explanation as JSON. What is not there is left out; lists are there also where they are empty.

use document::{Value, object};

use super::{Contact, Call, EntityUse, Errand, Explanation, FieldUse, Hook, Level, Reading, ScanUse, Setting, Since};
use crate::Side;

impl Explanation {
    /// The explanation as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let side = match self.side {
            Side::Source => "source",
            Side::Destination => "destination",
            Side::Both => "both",
        };
        let limits = object([
            ("windows", Some(list(&self.limits, |window| object([("limit", Some(i64::from(window.limit).into())), ("per_ms", Some(window.per_ms.into()))])))),
            ("concurrency", self.concurrency.map(|count| i64::from(count).into())),
        ]);
        object([
            ("slug", text(&self.slug)),
            ("type", text(side)),
            ("auth", Some(list(&self.auth, |word| (*word).into()))),
            ("contacts", Some(list(&self.contacts, contact))),
            ("requests", Some(list(&self.calls, call))),
            ("config", Some(list(&self.config, setting))),
            ("unused_config", Some(Value::Array(self.unused().map(|setting| setting.name.as_str().into()).collect()))),
            ("token_sent_to", Some(texts(&self.token_sent_to))),
            ("entities", Some(list(&self.entities, entity))),
            ("snapshots", Some(list(&self.scans, scan))),
            ("tables", Some(list(&self.tables, |(name, entity)| object([("name", text(name)), ("entity", text(entity))])))),
            ("deliveries", Some(list(&self.deliveries, |one| object([("type", text(one.kind)), ("idempotency", text(&one.idempotency)), ("sends", Some(texts(&one.sends)))])))),
            ("webhook", self.webhook.as_ref().map(hook)),
            ("rate_limits", Some(limits)),
            ("one_way", Some(list(&self.one_way, |one| object([("entity", text(&one.entity)), ("field", text(&one.field)), ("reason", text(&one.reason))])))),
        ])
    }
}

fn contact(contact: &Contact) -> Value {
    object([("host", text(&contact.host)), ("for", Some(errands(&contact.errands))), ("foreign", Some(contact.foreign.into())), ("at", Some(texts(&contact.at)))])
}

fn call(call: &Call) -> Value {
    object([("for", text(&call.errand.to_string())), ("method", text(call.method)), ("hosts", Some(texts(&call.hosts))), ("path", text(&call.path))])
}

fn setting(setting: &Setting) -> Value {
    object([
        ("name", text(&setting.name)),
        ("type", text(setting.kind)),
        ("secret", Some(setting.secret.into())),
        ("optional", Some(setting.optional.into())),
        ("default", setting.default.as_deref().and_then(text)),
        ("made_of", (!setting.made_of.is_empty()).then(|| texts(&setting.made_of))),
        ("used_for", Some(errands(&setting.used_for))),
        ("sent_to", Some(texts(&setting.sent_to))),
    ])
}

fn entity(entity: &EntityUse) -> Value {
    object([
        ("name", text(&entity.name)),
        ("read", entity.reading.as_ref().map(reading)),
        ("type", entity.kind.and_then(text)),
        ("writes", Some(texts(&entity.writes))),
        ("fields", Some(list(&entity.fields, field))),
    ])
}

fn scan(scan: &ScanUse) -> Value {
    object([
        ("type", text(scan.kind)),
        ("entity", text(&scan.entity)),
        ("read", scan.reading.as_ref().map(reading)),
        ("only_keys", scan.only_keys.map(|count| i64::from(count).into())),
        ("complete", Some(scan.complete.into())),
    ])
}

fn reading(reading: &Reading) -> Value {
    object([
        ("records", Some(texts(&reading.records))),
        ("form", reading.form.and_then(text)),
        ("expand", Some(texts(&reading.expand))),
        ("pages", reading.pages.and_then(text)),
        ("since", reading.since.as_ref().map(since)),
        ("fan_out", Some(list(&reading.levels, level))),
        ("parents", Some(texts(&reading.parents))),
        ("tables", Some(texts(&reading.tables))),
    ])
}

fn since(since: &Since) -> Value {
    object([("field", text(&since.field)), ("type", text(since.kind)), ("start", since.start.as_deref().and_then(text)), ("end", since.end.as_deref().and_then(text))])
}

fn level(level: &Level) -> Value {
    let count = |count: Option<u32>| count.map(|count| i64::from(count).into());
    object([("as", text(&level.name)), ("parents", Some(texts(&level.parents))), ("listed", Some(level.listed.into())), ("max_depth", count(level.depth)), ("batch", count(level.batch))])
}

fn hook(hook: &Hook) -> Value {
    object([
        ("signature", text(&hook.signature)),
        ("headers", Some(texts(&hook.headers))),
        ("entities", Some(Value::Object(hook.entities.iter().map(|(kind, entity)| (kind.clone(), entity.as_str().into())).collect()))),
        ("fields", Some(list(&hook.fields, field))),
    ])
}

fn field(field: &FieldUse) -> Value {
    object([("path", text(&field.path)), ("by", Some(texts(&field.by)))])
}

fn errands(errands: &[Errand]) -> Value {
    list(errands, |errand| errand.to_string().into())
}

fn texts(texts: &[String]) -> Value {
    list(texts, |text| text.as_str().into())
}

fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(value).collect())
}

fn text(text: &str) -> Option<Value> {
    Some(text.into())
}
