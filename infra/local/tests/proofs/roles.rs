//! A day of all six deployed programs, on which everything they can ask of AWS is asked: what they asked has to be
//! exactly what `infra/checks/calls.json` lists, and for each line of that the checks of the template ask the roles.

use std::{collections::{BTreeMap, BTreeSet}, sync::Arc, time::Duration};

use canonical::Clock;
use pullpush::World;
use runtime::SystemClock;
use serde_json::{Value, json};
use testkit::{OrderLine, Webhook, faults::{Fault, Rule}};

use crate::{calls::{LISTED, listed, unlisted}, events::{self, SKU, recorded}, lambda::Program};

/// The queues a function takes from, as the template maps them.
const TAKES: [(&str, &[&str]); 4] = [
    ("transform", &["in", "in-strict.fifo", "in-quarantine"]),
    ("deliver", &["deliver", "deliver-strict.fifo", "bulk", "deliver-quarantine", "in-dlq", "in-strict-dlq.fifo", "deliver-dlq", "deliver-strict-dlq.fifo", "jobs-dlq"]),
    ("poll", &["jobs-poll"]),
    ("reconcile", &["jobs-reconcile"]),
];
const STOCK: &str = "/rest/V1/inventory/source-items";
const ORDERS: &str = "/rest/V1/orders";

struct Day {
    world: World,
    programs: BTreeMap<&'static str, Arc<Program>>,
    /// What programs that have ended asked for.
    made: BTreeSet<String>,
}

impl Day {
    async fn begin() -> Self {
        let world = Box::pin(events::world()).await;
        // The programs live in the present; so does this world, but for what it is wound by later.
        world.clock.wind(Duration::from_millis(u64::try_from(SystemClock.now_ms() - world.now()).unwrap()));
        world.chain.app().known.forget();
        let mut programs = BTreeMap::new();
        for name in ["ingest", "transform", "deliver", "poll", "reconcile", "api"] {
            programs.insert(name, Program::spawn(name, &world).await);
        }
        Self { world, programs, made: BTreeSet::new() }
    }

    /// A request to a function with a door; the recording is the frame.
    async fn ask(&self, function: &str, method: &str, path: &str, headers: &[(String, String)], body: &str) -> (u64, Value) {
        let mut event: Value = serde_json::from_str(&recorded(&self.world, "api", "tool").0).unwrap();
        event["rawPath"] = json!(path);
        event["body"] = json!(body);
        event["requestContext"]["http"]["method"] = json!(method);
        event["requestContext"]["http"]["path"] = json!(path);
        for (name, value) in headers {
            event["headers"][name.to_lowercase()] = json!(value);
        }
        let answer = self.programs[function].invoke(event.to_string()).await.unwrap();
        (answer["statusCode"].as_u64().unwrap(), serde_json::from_str(answer["body"].as_str().unwrap()).unwrap())
    }

    /// A tool, through the deployed `api`.
    async fn tool(&self, name: &str, arguments: Value) -> Value {
        let (status, body) = self.ask("api", "POST", &format!("/api/v1/tools/pullpush.{name}"), &[], &arguments.to_string()).await;
        assert_eq!(status, 200, "{name}: {body}");
        body["result"].clone()
    }

    async fn secret(&self, connection: &str, name: &str, value: &str) {
        let (status, body) = self.ask("api", "PUT", &format!("/api/v1/connections/{connection}/secrets/{name}"), &[], value).await;
        assert_eq!(status, 200, "{name}: {body}");
    }

    /// A webhook of the shop, through the deployed `ingest`.
    async fn take(&self, webhook: &Webhook) -> Value {
        let (status, body) = self.ask("ingest", "POST", "/webhooks/shop", &webhook.headers, std::str::from_utf8(&webhook.body).unwrap()).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn stock_changes(&self, quantity: i64) -> Value {
        self.world.shop.shop().set_stock(SKU, quantity, self.world.now());
        let webhook = self.world.shop.shop().webhook_for_product(SKU).unwrap();
        self.take(&webhook).await
    }

    async fn order_changes(&self, status: &str) {
        self.world.shop.shop().set_order_status("1001", status, None, self.world.now());
        let webhook = self.world.shop.shop().webhook_for_order("1001").unwrap();
        self.take(&webhook).await;
    }

    /// Every program takes what its queues show until they show nothing.
    async fn rest(&self) {
        loop {
            let mut taken = 0;
            for (function, queues) in TAKES {
                for queue in queues {
                    taken += self.programs[function].given(&self.world, queue).await;
                }
            }
            if taken == 0 {
                return;
            }
        }
    }

    /// Lets delays pass: what waits on a queue becomes visible, the present of the programs stays.
    async fn later(&self) {
        for _ in 0..3 {
            self.world.clock.wind(Duration::from_secs(120));
            self.rest().await;
        }
    }

    async fn send(&self, queue: &str, body: &str) {
        let services = self.world.chain.services();
        let call = services.clients.sqs.send_message().queue_url(&services.queues[queue].url).message_body(body);
        let call = if queue.ends_with(".fifo") { call.message_group_id("g").message_deduplication_id(name_of(body)) } else { call };
        Box::pin(call.send()).await.unwrap();
    }

    /// The schedule: the programs' present is swept, from some minutes ago.
    async fn sweep(&self) {
        self.world.chain.app().store.save_swept(SystemClock.now_ms().div_euclid(60_000) - 20).await.unwrap();
        self.programs["poll"].invoke(r#"{"kind":"sweep"}"#.to_owned()).await.unwrap();
        self.later().await;
    }

    fn office_fails(&self, path: &str, fault: Fault, times: u32) {
        self.world.office.faults().push(Rule::once("POST", path, fault).times(times));
    }
}

fn name_of(body: &str) -> String {
    body.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))).to_string()
}

impl Day {
    /// A program anew: what it remembered for half a minute is forgotten.
    async fn anew(&mut self, name: &'static str) {
        let fresh = Program::spawn(name, &self.world).await;
        let before = self.programs.insert(name, fresh).unwrap();
        self.made.extend(before.calls());
    }

    /// People set up, look around, and mend.
    async fn people(&mut self) {
        let examples = [("shop", pullpush::world::SHOP), ("backoffice", pullpush::world::BACKOFFICE)];
        for (slug, text) in examples {
            self.tool("connector.definition.validate", json!({ "definition": text })).await;
            self.tool("connector.definition.create", json!({ "definition": text })).await;
            self.tool("connector.definition.activate", json!({ "id": slug })).await;
        }
        self.tool("connection.create", json!({ "id": "spare", "connector": "shop", "polls": { "product": 5 } })).await;
        for (name, value) in [("webhook_secret", "shop-secret"), ("base_url", self.world.shop.url()), ("access_token", "shop-token")] {
            self.secret("spare", name, value).await;
        }
        self.tool("connection.resume", json!({ "connectionId": "spare", "now": true })).await;
        self.tool("connection.test", json!({ "connectionId": "spare" })).await;
        self.tool("flow.create", json!({ "id": "spare", "source": "spare", "destination": "office", "type": "stocklevel", "reconcileMinutes": 15 })).await;
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
        self.world.shop.shop().put_order("1001", "29.90", self.world.now(), &[OrderLine::of(SKU, 1, "29.90")]);
        self.take(&self.world.shop.shop().webhook_for_order("1001").unwrap()).await;
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
            self.order_changes(status).await;
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
        for path in [STOCK, ORDERS] {
            self.office_fails(path, Fault::status(400), 1);
        }
        self.stock_changes(9).await;
        for status in ["authorized", "paid", "voided"] {
            self.order_changes(status).await;
        }
        self.later().await;
        let dead = self.tool("dlq.list", json!({ "flowId": "orders" })).await;
        self.tool("dlq.get", json!({ "id": dead["entries"][0]["id"] })).await;
        self.tool("dlq.retry", json!({ "id": dead["entries"][0]["id"] })).await;
        self.later().await;
        self.tool("flow.resume", json!({ "flowId": "orders", "key": "#1001" })).await;
        let clusters = self.tool("dlq.clusters", json!({ "flowId": "stock" })).await;
        for cluster in clusters["clusters"].as_array().unwrap() {
            self.tool("dlq.retryCluster", json!({ "flowId": "stock", "fingerprint": cluster["fingerprint"] })).await;
        }
        self.later().await;
    }

    /// What is parked, as if its time had come.
    async fn unpark(&mut self) {
        let store = &self.world.chain.app().store;
        let (of, office) = (store.of(&self.world.tenant), canonical::ConnectionId::parse("office").unwrap());
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
        self.order_changes("pending").await;
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
