//! The checked form: the only one the engine accepts.

use crate::{Address, elements::{
    auth::Auth, canonical_map::CanonicalMap, config::ConfigEntry, deliver::Deliver, entities::{Entity, Read}, errors::Rule, event_mapping::EventMapping, lookup::Lookup, mcp::Mcp, metadata::Metadata,
    rate_limiting::RateLimiting, request::Request, snapshot::Scan, tests::Recorded, webhook::Webhook,
}, tree::uses};

/// A connector without an error in it; made only by [`crate::Report::into_checked`].
#[derive(Debug)]
pub struct Connector {
    pub(crate) metadata: Metadata,
    pub(crate) mcp: Option<Mcp>,
    pub(crate) config: Vec<ConfigEntry>,
    /// Where relative addresses begin, if anywhere.
    pub(crate) base: Option<Address>,
    pub(crate) auth: Auth,
    pub(crate) rate_limiting: RateLimiting,
    pub(crate) errors: Vec<Rule>,
    pub(crate) entities: Vec<Entity>,
    pub(crate) test: Option<Request>,
    pub(crate) events: Option<EventMapping>,
    pub(crate) lookups: Vec<Lookup>,
    pub(crate) canonical_maps: Vec<CanonicalMap>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) delivers: Vec<Deliver>,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) tests: Vec<Recorded>,
}

impl Connector {
    /// What it is called.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The server it hands its work to, where its protocol is mcp.
    #[must_use]
    pub fn mcp(&self) -> Option<&Mcp> {
        self.mcp.as_ref()
    }

    /// The values a connection is given.
    #[must_use]
    pub fn config(&self) -> &[ConfigEntry] {
        &self.config
    }

    /// How a request shows who asks.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The most requests per second, if it says so.
    #[must_use]
    pub fn requests_per_second(&self) -> Option<u32> {
        self.rate_limiting.per_second()
    }

    /// How often the other system may be asked.
    #[must_use]
    pub fn rate_limiting(&self) -> &RateLimiting {
        &self.rate_limiting
    }

    /// What answers mean, wherever an entity does not say otherwise.
    #[must_use]
    pub fn errors(&self) -> &[Rule] {
        &self.errors
    }

    /// The tables made of entities.
    #[must_use]
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// The recorded tests.
    #[must_use]
    pub fn tests(&self) -> &[Recorded] {
        &self.tests
    }

    /// What the other system holds.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The entity of a name.
    #[must_use]
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.name == name)
    }

    /// The request that tries the credentials.
    #[must_use]
    pub fn test(&self) -> Option<&Request> {
        self.test.as_ref()
    }

    /// The event mapping of entities that declare none.
    #[must_use]
    pub fn events(&self) -> Option<&EventMapping> {
        self.events.as_ref()
    }

    /// How an entity becomes a canonical type.
    #[must_use]
    pub fn canonical_map(&self, entity: &str) -> Option<&CanonicalMap> {
        self.canonical_maps.iter().find(|map| map.entity == entity)
    }

    /// What its canonical maps can only do in one direction: entity, canonical field and why.
    #[must_use]
    pub fn one_way(&self) -> Vec<(&str, String, String)> {
        self.canonical_maps.iter().flat_map(|map| map.not_invertible().into_iter().map(|(field, reason)| (map.entity.as_str(), field, reason))).collect()
    }

    /// The canonical types that can be scanned.
    #[must_use]
    pub fn scans(&self) -> &[Scan] {
        &self.scans
    }

    /// How a scan reads: its own way, else that of its entity.
    #[must_use]
    pub fn read_of<'c>(&'c self, scan: &'c Scan) -> Option<&'c Read> {
        scan.read.as_ref().or_else(|| self.entity(&scan.entity)?.read.as_ref())
    }

    /// Whether the scope asked for changes anything of the scans of a canonical type, in their requests or in what is left out.
    #[must_use]
    pub fn is_scoped(&self, canonical_type: &str) -> bool {
        let parents = || self.entities.iter().filter_map(|entity| entity.read.as_ref()).any(|read| read.scoped);
        self.scans.iter().filter(|scan| scan.kind.name == canonical_type).any(|scan| {
            let read = self.read_of(scan);
            scan.absent.iter().any(|rule| uses(rule, "field_hint")) || read.is_some_and(|read| read.scoped || (!read.fan_out.is_empty() && parents()))
        })
    }

    /// The canonical types that can be delivered.
    #[must_use]
    pub fn delivers(&self) -> &[Deliver] {
        &self.delivers
    }

    /// The webhook side.
    #[must_use]
    pub fn webhook(&self) -> Option<&Webhook> {
        self.webhook.as_ref()
    }
}
