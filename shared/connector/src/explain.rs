//! What a connector does, told without running it: whom it asks for what, what it needs, what it reads and what it writes.
//!
//! Everything is taken from the checked form; nothing is asked and no value of a connection is known here.

mod calls;
mod fields;
mod hook;
mod reading;
mod settings;
mod text;
mod uses;
mod value;

use crate::{Connector, Idempotency, Side, Window};

pub use calls::{Call, Contact, Errand};
pub use fields::FieldUse;
pub use hook::Hook;
pub use reading::{Level, Reading, Since};
pub use settings::Setting;

/// What a connector does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The name it is registered under.
    pub slug: String,
    /// Its sides.
    pub side: Side,
    /// How it shows who asks: the words of `auth`, several where the configuration chooses.
    pub auth: Vec<&'static str>,
    /// The hosts it speaks with, and for what; a webhook speaks with nobody.
    pub contacts: Vec<Contact>,
    /// The requests it makes.
    pub calls: Vec<Call>,
    /// The values a connection is given.
    pub config: Vec<Setting>,
    /// The hosts that get to see a token that was asked for; nobody where none is.
    pub token_sent_to: Vec<String>,
    /// What it reads and makes of it, by entity.
    pub entities: Vec<EntityUse>,
    /// The canonical types that can be read as a whole.
    pub scans: Vec<ScanUse>,
    /// The tables it looks things up in, and the entities they are made of.
    pub tables: Vec<(String, String)>,
    /// The canonical types that can be delivered.
    pub deliveries: Vec<Delivery>,
    /// What a webhook is looked at for.
    pub webhook: Option<Hook>,
    /// So many requests in so much time; all of them hold.
    pub limits: Vec<Window>,
    /// How many requests may be on their way at once.
    pub concurrency: Option<u32>,
    /// Canonical fields a record cannot be written back from.
    pub one_way: Vec<OneWay>,
}

/// What is read of an entity, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityUse {
    /// Its name.
    pub name: String,
    /// How it is read, if it is.
    pub reading: Option<Reading>,
    /// The canonical type its records become.
    pub kind: Option<&'static str>,
    /// The canonical fields that are written; those of lists behind `[]`.
    pub writes: Vec<String>,
    /// The places of its records that are looked at.
    pub fields: Vec<FieldUse>,
}

/// How the current state of a canonical type is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanUse {
    /// The canonical type.
    pub kind: &'static str,
    /// The entity.
    pub entity: String,
    /// Its own way to read; without it, that of the entity.
    pub reading: Option<Reading>,
    /// So many keys can be asked for at once.
    pub only_keys: Option<u32>,
    /// What is not among its items is not there.
    pub complete: bool,
}

/// What is written to the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The canonical type.
    pub kind: &'static str,
    /// How one effect stays one.
    pub idempotency: String,
    /// The parts of the event that are sent: `key`, fields and extensions.
    pub sends: Vec<String>,
}

/// A canonical field a record cannot be written back from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneWay {
    /// The entity.
    pub entity: String,
    /// The canonical field.
    pub field: String,
    /// Why.
    pub reason: String,
}

impl Explanation {
    /// The values of the configuration that nothing uses.
    pub fn unused(&self) -> impl Iterator<Item = &Setting> {
        self.config.iter().filter(|setting| setting.used_for.is_empty())
    }

    /// The secrets, with the hosts they are sent to.
    pub fn secrets(&self) -> impl Iterator<Item = &Setting> {
        self.config.iter().filter(|setting| setting.secret)
    }
}

/// What a connector does.
#[must_use]
pub fn explain(connector: &Connector) -> Explanation {
    let made = calls::made(connector);
    Explanation {
        slug: connector.metadata.slug.clone(),
        side: connector.metadata.side,
        auth: calls::auth_words(&connector.auth),
        contacts: calls::contacts(connector, &made),
        calls: made.iter().map(calls::Made::told).collect(),
        config: settings::settings(connector, &made),
        token_sent_to: if made.iter().any(|call| call.errand == Errand::Auth) { calls::opened(&made) } else { Vec::new() },
        entities: entities(connector),
        scans: connector.scans.iter().map(|scan| ScanUse {
            kind: scan.kind.name,
            entity: scan.entity.clone(),
            reading: scan.read.as_ref().map(|read| reading::reading(connector, read)),
            only_keys: scan.only_keys.as_ref().map(|only| only.batch),
            complete: scan.complete,
        }).collect(),
        tables: connector.lookups.iter().map(|table| (table.name.clone(), table.entity.clone())).collect(),
        deliveries: connector.delivers.iter().map(|deliver| Delivery {
            kind: deliver.kind.name,
            idempotency: match &deliver.idempotency {
                Idempotency::Header(name) => format!("header {name}"),
                Idempotency::NaturalKey => "natural_key".to_owned(),
                Idempotency::None => "none".to_owned(),
            },
            sends: uses::sent(&deliver.request),
        }).collect(),
        webhook: connector.webhook.as_ref().map(|webhook| hook::hook(connector, webhook)),
        limits: connector.rate_limiting.windows.clone(),
        concurrency: connector.rate_limiting.concurrency,
        one_way: connector.one_way().into_iter().map(|(entity, field, reason)| OneWay { entity: entity.to_owned(), field, reason }).collect(),
    }
}

/// The entities that are declared, and those that only a snapshot reads or a webhook tells of.
fn entities(connector: &Connector) -> Vec<EntityUse> {
    let declared = connector.entities.iter().map(|entity| entity.name.as_str());
    let mapped = connector.canonical_maps.iter().map(|map| map.entity.as_str()).filter(|name| connector.entity(name).is_none());
    declared.chain(mapped).map(|name| {
        let map = connector.canonical_map(name);
        EntityUse {
            name: name.to_owned(),
            reading: connector.entity(name).and_then(|entity| entity.read.as_ref()).map(|read| reading::reading(connector, read)),
            kind: map.map(|map| map.kind.name),
            writes: map.map(|map| fields::written(&map.plan.fields)).unwrap_or_default(),
            fields: fields::of(connector, name),
        }
    }).collect()
}
