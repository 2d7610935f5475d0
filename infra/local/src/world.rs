//! A sample tenant: a shop on one side, a back office on the other, and the whole chain between them, on one clock that
//! is wound by hand.
//!
//! The demo tells its story with it, and the end-to-end stories are written in its words. It uses the same doors as
//! everybody: signed webhooks at `ingest`, tools at `control`.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use canonical::{Chance, Clock, Millis, TenantId};
use control::SecretKind;
use engine::Secret;
use fault::Simple;
use serde_json::{Map, Value, json};
use testkit::{BackOffice, BackOfficeOptions, Running, Shop, ShopOptions, Webhook, WoundClock};

use crate::{Chain, Error, Options, Ports};

/// When the sample world begins: 2026-01-31T09:00:00Z.
pub const BEGIN_MS: Millis = 1_769_850_000_000;

/// The definitions of the two sample systems.
pub const SHOP: &str = include_str!("../../../examples/shop.json");
/// The back office's.
pub const BACKOFFICE: &str = include_str!("../../../examples/backoffice.json");

/// The world.
pub struct World {
    /// The chain.
    pub chain: Chain,
    /// Its clock.
    pub clock: Arc<WoundClock>,
    /// The tenant.
    pub tenant: TenantId,
    /// Its key.
    pub key: String,
    /// The source.
    pub shop: Running<Shop>,
    /// The destination.
    pub office: Running<BackOffice>,
}

/// A door's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body, `null` where it is no JSON.
    pub body: Value,
}

impl World {
    /// Starts everything in memory, with a stock flow `stock` and an order flow `orders` from the shop to the office.
    ///
    /// # Errors
    /// When a server does not start.
    pub async fn start(chance: Arc<dyn Chance>) -> Result<Self, Error> {
        Box::pin(Self::with(chance, BACKOFFICE)).await
    }

    /// The same with another definition of the back office.
    ///
    /// # Errors
    /// When a server does not start, or the definition is refused.
    pub async fn with(chance: Arc<dyn Chance>, office_definition: &str) -> Result<Self, Error> {
        let clock = Arc::new(WoundClock::at(BEGIN_MS));
        let shared: Arc<dyn Clock> = clock.clone();
        let options = Options { data: None, clock: Arc::clone(&shared), chance, public_base_url: "http://127.0.0.1:4264".into(), ports: Ports::default() };
        let chain = Box::pin(Chain::start(options)).await?;
        let system = |error: std::io::Error| Error::Outbound(error.to_string());
        let shop = Shop::start(ShopOptions { clock: Arc::clone(&shared), ..ShopOptions::default() }).await.map_err(system)?;
        let office = BackOffice::start(BackOfficeOptions { clock: shared, ..BackOfficeOptions::default() }).await.map_err(system)?;
        let made = Box::pin(control::bootstrap(chain.app())).await.map_err(refused)?;
        let world = Self { chain, clock, tenant: made.tenant, key: made.key, shop, office };
        Box::pin(world.connect(office_definition)).await?;
        Ok(world)
    }

    async fn connect(&self, office_definition: &str) -> Result<(), Error> {
        for (slug, definition) in [("shop", SHOP), ("backoffice", office_definition)] {
            self.call("connector.definition.create", json!({ "definition": definition })).await?;
            self.call("connector.definition.activate", json!({ "id": slug })).await?;
        }
        self.call("connection.create", json!({ "connector": "shop", "id": "shop", "polls": { "product": 1440, "order": 1440 } })).await?;
        self.call("connection.create", json!({ "connector": "backoffice", "id": "office" })).await?;
        for (connection, name, value) in [
            ("shop", "webhook_secret", "shop-secret"),
            ("shop", "base_url", self.shop.url()),
            ("shop", "access_token", "shop-token"),
            ("office", "base_url", self.office.url()),
            ("office", "token", "office-token"),
        ] {
            self.secret(connection, name, value).await?;
        }
        for connection in ["shop", "office"] {
            self.call("connection.resume", json!({ "connectionId": connection })).await?;
        }
        for (id, kind) in [("stock", "stocklevel"), ("orders", "order")] {
            self.call("flow.create", json!({ "id": id, "source": "shop", "destination": "office", "type": kind })).await?;
        }
        self.drain().await.map(drop)
    }

    /// Calls a tool (named without its prefix) for the tenant.
    ///
    /// # Errors
    /// What the tool refuses.
    pub async fn call(&self, tool: &str, arguments: Value) -> Result<Value, Error> {
        let Value::Object(arguments) = arguments else { return Err(Error::Outbound("arguments are an object".into())) };
        Box::pin(control::call(self.chain.app(), &self.tenant, &format!("pullpush.{tool}"), &arguments)).await.map_err(refused)
    }

    /// Puts a secret of a connection.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn secret(&self, connection: &str, name: &str, value: &str) -> Result<(), Error> {
        let id = canonical::ConnectionId::parse(connection).map_err(|error| Error::Outbound(error.to_string()))?;
        let kind = if name == "webhook_secret" { SecretKind::Webhook } else { SecretKind::Config(name.into()) };
        Box::pin(control::put_secret(self.chain.app(), &self.tenant, &id, &kind, &Secret::new(value.into()))).await.map_err(refused)
    }

    /// Sends a webhook of the shop to its door.
    pub async fn webhook(&self, webhook: &Webhook) -> Answered {
        self.post("/webhooks/shop", &webhook.headers, webhook.body.clone()).await
    }

    /// Sends a body to `ingest` or `api`, by its path, through the event the service would make of it.
    pub async fn post(&self, path: &str, headers: &[(String, String)], body: Vec<u8>) -> Answered {
        let front = crate::front::Front { ingest: self.chain.functions().ingest.clone(), api: self.chain.functions().api.clone(), wind: None, aws: Value::Null };
        let mut request = axum::http::Request::post(format!("http://127.0.0.1{path}"));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match request.body(Body::from(body)) {
            Ok(request) => {
                let answer = front.answer(request).await;
                let status = answer.status().as_u16();
                let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap_or_default();
                Answered { status, body: serde_json::from_slice(&bytes).unwrap_or_default() }
            }
            Err(_) => Answered { status: 400, body: Value::Null },
        }
    }

    /// Sends a JSON body with the tenant's key.
    pub async fn post_json(&self, path: &str, body: &Value) -> Answered {
        let headers = [("authorization".to_owned(), format!("Bearer {}", self.key)), ("content-type".to_owned(), "application/json".to_owned())];
        self.post(path, &headers, body.to_string().into_bytes()).await
    }

    /// Lets the chain work until nothing is visible on any queue.
    ///
    /// # Errors
    /// When it does not come to rest.
    pub async fn drain(&self) -> Result<usize, Error> {
        Box::pin(self.chain.drain()).await
    }

    /// Winds the clock, minute by minute where schedules count, and lets the chain work.
    ///
    /// # Errors
    /// When it does not come to rest.
    pub async fn wind(&self, by: Duration) -> Result<(), Error> {
        self.clock.wind(by);
        self.chain.wake();
        Box::pin(self.chain.sweep()).await?;
        self.drain().await?;
        // What the sweep started is spread over its minute.
        self.clock.wind(Duration::from_secs(60));
        self.chain.wake();
        self.drain().await.map(drop)
    }

    /// The accounting of a flow since the world began.
    ///
    /// # Errors
    /// When the tool refuses.
    pub async fn account(&self, flow: &str) -> Result<Map<String, Value>, Error> {
        let hours = (self.now() - BEGIN_MS) / 3_600_000 + 1;
        let answer = self.call("event.stats", json!({ "flowId": flow, "hours": hours })).await?;
        Ok(answer.as_object().cloned().unwrap_or_default())
    }

    /// The present of the world.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now_ms()
    }
}

fn refused(fault: Simple) -> Error {
    Error::Refused { code: fault.code, reason: fault.message }
}
