//! A world with all six deployed programs in it, and the words `roles.rs` tells its day in: what is asked of doors, what
//! is fed from queues, how time passes.

use std::{collections::{BTreeMap, BTreeSet}, sync::Arc, time::Duration};

use canonical::Clock;
use pullpush::World;
use runtime::SystemClock;
use serde_json::{Value, json};
use testkit::{OrderLine, Webhook, faults::{Fault, Rule}};

use crate::{events::{self, SKU, recorded}, lambda::Program};

/// The queues a function takes from, as the template maps them.
const TAKES: [(&str, &[&str]); 4] = [
    ("transform", &["in", "in-strict.fifo", "in-quarantine"]),
    ("deliver", &["deliver", "deliver-strict.fifo", "bulk", "deliver-quarantine", "in-dlq", "in-strict-dlq.fifo", "deliver-dlq", "deliver-strict-dlq.fifo", "jobs-dlq"]),
    ("poll", &["jobs-poll"]),
    ("reconcile", &["jobs-reconcile"]),
];

/// The world and its programs.
pub(crate) struct Day {
    pub(crate) world: World,
    pub(crate) programs: BTreeMap<&'static str, Arc<Program>>,
    /// What programs that have ended asked for.
    pub(crate) made: BTreeSet<String>,
}

impl Day {
    pub(crate) async fn begin() -> Self {
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

    /// A program anew: what it remembered for half a minute is forgotten.
    pub(crate) async fn anew(&mut self, name: &'static str) {
        let fresh = Program::spawn(name, &self.world).await;
        let before = self.programs.insert(name, fresh).unwrap();
        self.made.extend(before.calls());
    }

    /// A request to a function with a door; the recording is the frame.
    pub(crate) async fn ask(&self, function: &str, method: &str, path: &str, headers: &[(String, String)], body: &str) -> (u64, Value) {
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
    pub(crate) async fn tool(&self, name: &str, arguments: Value) -> Value {
        let (status, body) = self.ask("api", "POST", &format!("/api/v1/tools/pullpush.{name}"), &[], &arguments.to_string()).await;
        assert_eq!(status, 200, "{name}: {body}");
        body["result"].clone()
    }

    pub(crate) async fn secret(&self, connection: &str, name: &str, value: &str) {
        let (status, body) = self.ask("api", "PUT", &format!("/api/v1/connections/{connection}/secrets/{name}"), &[], value).await;
        assert_eq!(status, 200, "{name}: {body}");
    }

    /// A webhook of the shop, through the deployed `ingest`.
    pub(crate) async fn take(&self, webhook: &Webhook) -> Value {
        let (status, body) = self.ask("ingest", "POST", "/webhooks/shop", &webhook.headers, std::str::from_utf8(&webhook.body).unwrap()).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) async fn stock_changes(&self, quantity: i64) -> Value {
        self.world.shop.shop().set_stock(SKU, quantity, self.world.now());
        let webhook = self.world.shop.shop().webhook_for_product(SKU).unwrap();
        self.take(&webhook).await
    }

    pub(crate) async fn order(&self, number: &str) {
        self.world.shop.shop().put_order(number, "29.90", self.world.now(), &[OrderLine::of(SKU, 1, "29.90")]);
        let webhook = self.world.shop.shop().webhook_for_order(number).unwrap();
        self.take(&webhook).await;
    }

    pub(crate) async fn order_changes(&self, number: &str, status: &str) {
        self.world.shop.shop().set_order_status(number, status, None, self.world.now());
        let webhook = self.world.shop.shop().webhook_for_order(number).unwrap();
        self.take(&webhook).await;
    }

    /// Every program takes what its queues show until they show nothing.
    pub(crate) async fn rest(&self) {
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
    pub(crate) async fn later(&self) {
        for _ in 0..3 {
            self.world.clock.wind(Duration::from_secs(120));
            self.rest().await;
        }
    }

    pub(crate) async fn send(&self, queue: &str, body: &str) {
        let services = self.world.chain.services();
        let call = services.clients.sqs.send_message().queue_url(&services.queues[queue].url).message_body(body);
        let call = if queue.ends_with(".fifo") { call.message_group_id("g").message_deduplication_id(name_of(body)) } else { call };
        Box::pin(call.send()).await.unwrap();
    }

    /// The schedule: the programs' present is swept, from some minutes ago.
    pub(crate) async fn sweep(&self) {
        self.world.chain.app().store.save_swept(SystemClock.now_ms().div_euclid(60_000) - 20).await.unwrap();
        self.programs["poll"].invoke(r#"{"kind":"sweep"}"#.to_owned()).await.unwrap();
        self.later().await;
    }

    pub(crate) fn office_fails(&self, path: &str, fault: Fault, times: u32) {
        self.world.office.faults().push(Rule::once("POST", path, fault).times(times));
    }
}

fn name_of(body: &str) -> String {
    body.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))).to_string()
}
