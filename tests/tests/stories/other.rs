//! Another process over the same tables, queues and keys, with a memory of its own, that asks a system told as a function.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use canonical::{Chance, Clock};
use engine::{Exchange, ExchangeError, Request, Response};
use pipeline::{App, Hold, poll};
use pullpush::{World, setup::{KEY_ALIAS, PREFIX}};
use queue::{Name, PollJob, Queues};
use serde_json::{Value, json};
use store::Store;
use vault::Vault;

/// A system that answers each request at once, or never.
struct Told<F>(F);

#[async_trait]
impl<F: Fn(&Request) -> Option<Response> + Send + Sync> Exchange for Told<F> {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        // Whoever runs beside this one gets on in between.
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        match (self.0)(&request) {
            Some(response) => Ok(response),
            None => std::future::pending().await,
        }
    }
}

/// A process that has just started.
pub(crate) fn process(world: &World, chance: Arc<dyn Chance>, system: impl Fn(&Request) -> Option<Response> + Send + Sync + 'static) -> App {
    asking(world, chance, Arc::new(Told(system)))
}

/// A process that has just started, with its way out.
pub(crate) fn asking(world: &World, chance: Arc<dyn Chance>, exchange: Arc<dyn Exchange>) -> App {
    let (services, clock): (_, Arc<dyn Clock>) = (world.chain.services(), world.clock.clone());
    let urls = Name::ALL.map(|name| (name, services.queues[name.word()].url.clone()));
    let queues = Queues::new(services.clients.sqs.clone(), BTreeMap::from(urls));
    let vault = Vault::new(services.clients.kms.clone(), KEY_ALIAS.into(), Arc::clone(&clock));
    App::new(Store::new(services.clients.dynamodb.clone(), PREFIX), queues, vault, exchange, clock, chance, String::new())
}

/// An answer in JSON.
pub(crate) fn answer(status: u16, body: &Value) -> Response {
    Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

/// A definition of a source with entities that are read in pages, and what else it declares.
pub(crate) fn source(slug: &str, entities: &[&str], more: &Value) -> String {
    let entity = |name: &&str| {
        let read = json!({
            "request": { "method": "GET", "url": format!("/{name}") },
            "records": { "path": "$.rows", "primary_key": "$.id" },
            "pagination": { "type": "cursor", "field": "next", "inject": { "in": "query", "name": "after" } }
        });
        ((*name).to_owned(), json!({ "read": read, "eventMapping": { "externalId": "$.id", "eventType": format!("{name}.updated") } }))
    };
    let mut definition = json!({
        "language": "1.0",
        "metadata": { "slug": slug, "type": "source", "name": slug, "description": "Told as a function", "version": "1.0.0" },
        "protocol": "rest",
        "base_url": "https://system.example.com",
        "endpoints": { "test": { "method": "GET", "url": "/status" } },
        "entities": entities.iter().map(entity).collect::<serde_json::Map<_, _>>()
    });
    definition.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    definition.to_string()
}

/// A connection of a definition, with values, at work.
pub(crate) async fn connected(world: &World, connector: &str, id: &str, values: &[(&str, &str)]) {
    world.call("connection.create", json!({ "connector": connector, "id": id })).await.unwrap();
    for (name, value) in values {
        world.secret(id, name, value).await.unwrap();
    }
    world.call("connection.resume", json!({ "connectionId": id })).await.unwrap();
}

/// A definition, active.
pub(crate) async fn defined(world: &World, slug: &str, text: &str) {
    world.call("connector.definition.create", json!({ "definition": text })).await.unwrap();
    world.call("connector.definition.activate", json!({ "id": slug })).await.unwrap();
}

/// Reads an entity to its end.
pub(crate) async fn reads(world: &World, app: &App, connection: &str, entity: &str) {
    let job = PollJob { tenant: world.tenant.to_string(), conn: connection.into(), ent: entity.into(), ..PollJob::default() };
    Box::pin(poll(app, &job, world.now() + 900_000, Hold::nothing())).await.unwrap();
}
