//! Everything a use case needs, wired once at cold start.

use std::sync::Arc;

use canonical::{Chance, Clock, Millis};
use engine::{Exchange, Registry};
use protocol::slot::Limits;
use queue::Queues;
use store::Store;
use vault::Vault;

use crate::{budget::Budgets, known::Known, meter::Meter, places::Places};

/// The rooms that touch the world, and what is handed in: time, chance, the way out.
pub struct App {
    /// The tables.
    pub store: Store,
    /// The queues.
    pub queues: Queues,
    /// The keys.
    pub vault: Vault,
    /// The way out.
    pub exchange: Arc<dyn Exchange>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Connectors written in Rust.
    pub registry: Registry,
    /// The address at which webhooks arrive, without a slash at its end; empty: the host of the request.
    pub public_base_url: String,
    /// The durations of the slot protocol.
    pub limits: Limits,
    /// What was read from the tables lately.
    pub known: Known,
    /// What is known of the budgets of credentials, and the turns taken ahead.
    pub budgets: Budgets,
    /// The places held among requests that may be on their way at once.
    pub places: Places,
    /// What is counted beside the work; off unless somebody takes it.
    pub meter: Meter,
}

impl App {
    /// An app of these parts, with an empty memory and the standard durations.
    #[must_use]
    pub fn new(store: Store, queues: Queues, vault: Vault, exchange: Arc<dyn Exchange>, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>, public_base_url: String) -> Self {
        let mut registry = Registry::default();
        registry.register("api", crate::api_source::connector);
        Self { store, queues, vault, exchange, clock, chance, registry, public_base_url, limits: Limits::default(), known: Known::default(), budgets: Budgets::default(), places: Places::default(), meter: Meter::default() }
    }

    /// What metrics call a connector: its name if it is one of ours. Those that tenants define are one kind, because each
    /// name would be a metric of its own.
    pub(crate) fn connector_type<'n>(&self, name: &'n str) -> &'n str {
        if self.registry.resolve(name).is_some() { name } else { "definition" }
    }

    pub(crate) fn now(&self) -> Millis {
        self.clock.now_ms()
    }

    /// When rows written now may be forgotten, seconds since 1970: 30 days.
    pub(crate) fn expires_s(&self) -> i64 {
        self.now() / 1000 + 30 * 86_400
    }
}
