//! A day of all six deployed programs, on which everything they can ask of AWS is asked: what they asked has to be
//! exactly what `infra/checks/calls.json` lists, and for each line of that the checks of the template ask the roles.

use canonical::{Clock, ConnectionId};
use runtime::SystemClock;
use serde_json::{Value, json};
use testkit::faults::{Fault, Rule};

use crate::{calls::{LISTED, listed, unlisted}, day::Day, events::{SKU, recorded}};

const STOCK: &str = "/rest/V1/inventory/source-items";
const ORDERS: &str = "/rest/V1/orders";

/// The sample systems as ones that give a session for their credentials, which lives for a second: every program keeps one.
fn exchanging() -> [(&'static str, String); 2] {
    let of = |slug: &str, text: &str, url: &str, token: &str, name: &str, value: &str| {
        let mut definition: Value = serde_json::from_str(text).unwrap();
        definition["metadata"]["slug"] = json!(slug);
        let request = json!({ "method": "GET", "url": url, "headers": { (name): value } });
        // The sample systems take no token but their own: what was exchanged is only looked at.
        let applied = value.replace("{{config.", "{{ config.").replace("}}", " if token != '' else token }}");
        definition["auth"] = json!({ "type": "token_exchange", "request": request, "token": token, "lifetime": "PT1S", "apply": { "in": "header", "name": name, "value": applied } });
        definition.to_string()
    };
    let shop = of("shop-exchanging", pullpush::world::SHOP, "/shop.json", "$.shop.id", "X-Shopify-Access-Token", "{{config.access_token}}");
    let office = of("backoffice-exchanging", pullpush::world::BACKOFFICE, "/rest/V1/store/storeConfigs", "$[0].id", "Authorization", "Bearer {{config.token}}");
    [("shop-exchanging", shop), ("backoffice-exchanging", office)]
}

impl Day {
    /// People set up, look around, and mend.
    async fn people(&mut self) {
        let examples = [("shop", pullpush::world::SHOP), ("backoffice", pullpush::world::BACKOFFICE)];
        for (slug, text) in examples {
            self.tool("connector.definition.validate", json!({ "definition": text })).await;
            self.tool("connector.definition.create", json!({ "definition": text })).await;
            self.tool("connector.definition.activate", json!({ "id": slug })).await;
        }
        for (slug, text) in exchanging() {
            self.tool("connector.definition.create", json!({ "definition": text })).await;
            self.tool("connector.definition.activate", json!({ "id": slug })).await;
        }
        self.tool("connection.create", json!({ "id": "spare", "connector": "shop-exchanging", "polls": { "product": 5 } })).await;
        for (name, value) in [("webhook_secret", "shop-secret"), ("base_url", self.world.shop.url()), ("access_token", "shop-token")] {
            self.secret("spare", name, value).await;
        }
        self.tool("connection.create", json!({ "id": "annex", "connector": "backoffice-exchanging" })).await;
        for (name, value) in [("base_url", self.world.office.url()), ("token", "office-token")] {
            self.secret("annex", name, value).await;
        }
        self.tool("connection.resume", json!({ "connectionId": "annex" })).await;
        self.tool("connection.resume", json!({ "connectionId": "spare", "now": true })).await;
        self.tool("connection.test", json!({ "connectionId": "spare" })).await;
        self.tool("flow.create", json!({ "id": "spare", "source": "spare", "destination": "annex", "type": "stocklevel", "reconcileMinutes": 15 })).await;
        self.tool("flow.setSchedule", json!({ "flowId": "spare", "reconcileMinutes": 1, "pollMinutes": 1 })).await;
        self.later().await;
        for (tool, arguments) in [
            ("connection.get", json!({ "connectionId": "spare" })), ("connection.list", json!({})), ("webhook.get", json!({ "connectionId": "spare" })),
            ("flow.list", json!({})), ("flow.reconcile", json!({ "flowId": "spare" })), ("event.stats", json!({ "flowId": "stock" })),
            ("event.list", json!({ "type": "stocklevel", "key": SKU })), ("connection.pause", json!({ "connectionId": "spare" })),
        ] {
            self.tool(tool, arguments).await;
        }
        self.later().await;
        assert_eq!(self.programs["api"].invoke(r#"{"kind":"tenant.create"}"#.to_owned()).await.unwrap()["ok"], true);
        for (method, path) in [("GET", "/health"), ("GET", "/health/ready")] {
            assert_eq!(self.ask("api", method, path, &[], "").await.0, 200, "{path}");
        }
    }

    /// What goes well, and what goes well in the end.
    async fn traffic(&mut self) {
        let first = self.stock_changes(5).await;
        self.later().await;
        let trace = self.tool("event.trace", json!({ "eventId": first["events"][0] })).await;
        assert_eq!(trace["occurrences"][0]["outcome"], "applied", "{trace}");
        let event = json!({ "type": "stocklevel.updated", "externalId": SKU, "payload": { "sku": SKU, "quantity": 3 } });
        let path = format!("/api/v1/tenants/{}/events", self.world.tenant);
        assert_eq!(self.ask("ingest", "POST", &path, &[], &event.to_string()).await.0, 200);
        self.order("1001").await;
        self.later().await;
        // Answered with an error although it was done: the window is dirty, and is looked at once more.
        self.office_fails(STOCK, Fault::Status { status: 500, retry_after: None, executes: true }, 1);
        self.stock_changes(6).await;
        self.later().await;
        for path in [STOCK, ORDERS] {
            self.office_fails(path, Fault::status(503), 1);
        }
        self.stock_changes(8).await;
        for status in ["partially_refunded", "refunded"] {
            self.order_changes("1001", status).await;
        }
        self.later().await;
        self.unpark().await;
    }

    /// What dies, and goes again.
    async fn deaths(&mut self) {
        let now = self.world.now();
        let product = self.world.shop.shop().add_product("TEE-RED-S", "Tee", "29.90", now);
        self.world.shop.shop().add_variant(product, "", "Tee", "29.90", now);
        self.take(&self.world.shop.shop().webhook_for_product("TEE-RED-S").unwrap()).await;
        self.office_fails(STOCK, Fault::status(400), 1);
        self.stock_changes(9).await;
        // Two orders die, with others behind them: one goes again, the other is left behind by a person.
        for number in ["1002", "1003"] {
            self.office_fails(ORDERS, Fault::status(400), 1);
            self.order(number).await;
            self.later().await;
            for status in ["partially_refunded", "refunded"] {
                self.order_changes(number, status).await;
            }
            self.later().await;
            let dead = self.tool("dlq.list", json!({ "flowId": "orders" })).await;
            self.tool("dlq.get", json!({ "id": dead["entries"][0]["id"] })).await;
            if number == "1002" {
                self.tool("dlq.retry", json!({ "id": dead["entries"][0]["id"] })).await;
            } else {
                self.tool("flow.resume", json!({ "flowId": "orders", "key": "#1003" })).await;
            }
            self.later().await;
            assert_eq!(self.world.office.backoffice().order_writes(&format!("#{number}")).len(), if number == "1002" { 3 } else { 2 }, "{number}");
        }
        // Nobody stands behind the third: its key is free again.
        self.office_fails(ORDERS, Fault::status(400), 1);
        self.order("1005").await;
        self.later().await;
        self.tool("flow.resume", json!({ "flowId": "orders", "key": "#1005" })).await;
        let clusters = self.tool("dlq.clusters", json!({ "flowId": "stock" })).await;
        for cluster in clusters["clusters"].as_array().unwrap() {
            self.tool("dlq.retryCluster", json!({ "flowId": "stock", "fingerprint": cluster["fingerprint"] })).await;
        }
        self.later().await;
    }

    /// What is parked, as if its time had come.
    async fn unpark(&mut self) {
        let store = &self.world.chain.app().store;
        let (of, office) = (store.of(&self.world.tenant), ConnectionId::parse("office").unwrap());
        let now = SystemClock.now_ms();
        for row in of.parked(&office, now + 7 * 86_400_000, 100).await.unwrap() {
            of.unpark(&office, &row.place).await.unwrap();
            of.park(&office, now - 60_000, &format!("due#{}", row.place), &row.body).await.unwrap();
        }
        self.sweep().await;
    }

    /// Both ends refuse our credentials; a person mends them.
    async fn refusals(&mut self) {
        self.office_fails(STOCK, Fault::status(401), 1);
        self.stock_changes(10).await;
        self.order("1004").await;
        self.later().await;
        self.broken("office").await;
        self.anew("deliver").await;
        self.stock_changes(11).await;
        self.later().await;
        self.world.shop.faults().push(Rule::once("GET", "/products.json", Fault::status(503)));
        self.tool("connection.resume", json!({ "connectionId": "shop", "now": true })).await;
        self.later().await;
        self.world.shop.faults().push(Rule::once("GET", "/", Fault::status(401)).times(2));
        self.tool("connection.resume", json!({ "connectionId": "shop", "now": true })).await;
        self.later().await;
        self.broken("shop").await;
        for connection in ["shop", "office"] {
            self.tool("connection.resume", json!({ "connectionId": connection, "now": true })).await;
        }
        for name in ["deliver", "poll", "ingest"] {
            self.anew(name).await;
        }
        self.unpark().await;
    }

    async fn broken(&self, connection: &str) {
        let shown = self.tool("connection.get", json!({ "connectionId": connection })).await;
        assert_eq!(shown["state"], "error", "{shown}");
    }

    /// Both ends are compared, and one refuses.
    async fn reconciles(&mut self) {
        self.world.office.backoffice().set_stock(SKU, "default", 99);
        self.tool("flow.reconcile", json!({ "flowId": "stock" })).await;
        self.later().await;
        for status in [503, 401] {
            self.world.office.faults().push(Rule::once("GET", STOCK, Fault::status(status)));
            self.tool("flow.reconcile", json!({ "flowId": "stock" })).await;
            self.later().await;
        }
    }

    /// Repairs fail, rest with their connection, and go on.
    async fn repairs(&mut self) {
        self.world.office.backoffice().set_stock(SKU, "default", 99);
        self.office_fails(STOCK, Fault::status(503), 1);
        self.tool("flow.reconcile", json!({ "flowId": "stock" })).await;
        self.later().await;
        self.world.office.backoffice().set_stock(SKU, "default", 98);
        self.tool("connection.pause", json!({ "connectionId": "office" })).await;
        self.anew("deliver").await;
        self.tool("flow.reconcile", json!({ "flowId": "stock" })).await;
        self.later().await;
        self.tool("connection.resume", json!({ "connectionId": "office" })).await;
        self.unpark().await;
        self.anew("deliver").await;
        self.later().await;
        self.tool("flow.pause", json!({ "flowId": "stock" })).await;
        self.anew("deliver").await;
        self.stock_changes(12).await;
        self.later().await;
        let active = self.tool("flow.activate", json!({ "flowId": "stock" })).await;
        assert!(active["released"].as_u64().unwrap() > 0, "{active}");
        self.anew("deliver").await;
        self.later().await;
    }

    /// What ended its process, or is no message, is drained from every dead-letter queue.
    async fn drains(&mut self) {
        let body = |function: &str, situation: &str| serde_json::from_str::<Value>(&recorded(&self.world, function, situation).0).unwrap()["Records"][0]["body"].as_str().unwrap().to_owned();
        let bodies = [body("deliver", "one_delivery"), body("transform", "one_change"), body("poll", "job"), body("reconcile", "job"), "no message".to_owned()];
        for queue in ["in-dlq", "in-strict-dlq.fifo", "deliver-dlq", "deliver-strict-dlq.fifo", "jobs-dlq"] {
            for body in &bodies {
                self.send(queue, body).await;
            }
        }
        self.later().await;
        self.tool("dlq.retry", json!({ "flowId": "-" })).await;
        self.tool("dlq.retry", json!({ "flowId": "stock" })).await;
        self.later().await;
        // Its connection does not exist (yet): it goes back.
        let early = bodies[1].replace("\"conn\":\"shop\"", "\"conn\":\"nobody\"");
        for (queue, body) in [("in-quarantine", &bodies[1]), ("deliver-quarantine", &bodies[0]), ("in", &bodies[4]), ("deliver", &bodies[4]), ("in", &early)] {
            self.send(queue, body).await;
        }
        self.later().await;
    }
}

#[tokio::test]
async fn the_programs_ask_for_exactly_what_is_listed() {
    let mut day = Box::pin(Day::begin()).await;
    Box::pin(day.people()).await;
    Box::pin(day.traffic()).await;
    Box::pin(day.deaths()).await;
    Box::pin(day.refusals()).await;
    Box::pin(day.reconciles()).await;
    Box::pin(day.repairs()).await;
    Box::pin(day.drains()).await;
    Box::pin(day.sweep()).await;
    for program in day.programs.values() {
        day.made.extend(program.calls());
    }
    let mut wrong = unlisted(&day.made);
    wrong.extend(listed().difference(&day.made).map(|line| format!("nobody asks for \"{line}\": take it from {LISTED}, and its right from the role")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
