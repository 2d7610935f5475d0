//! What stands around the functions on one machine: queues, mappings, clock, front.
//!
//! The functions here are made for these tests; the real ones are tested where all of them are at hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod front;
mod mapping;
mod start;

use std::{
    sync::{Arc, Mutex, atomic::{AtomicI64, Ordering}},
    time::Duration,
};

use canonical::{Chance, Clock, Millis};
use pullpush::{Ports, function::Function, mapping::Mapping, services::Services};

/// A clock wound by hand.
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_790_000_000_000)))
    }

    pub(crate) fn wind(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now_ms(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// Chance that counts.
pub(crate) struct Counting(Mutex<u128>);

impl Counting {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(0)))
    }
}

impl Chance for Counting {
    fn bits(&self) -> u128 {
        let mut next = self.0.lock().unwrap();
        *next += 1;
        *next
    }
}

/// Everything a mapping test needs.
pub(crate) struct Machine {
    pub(crate) clock: Arc<Hand>,
    pub(crate) services: Services,
    pub(crate) seen: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Machine {
    pub(crate) async fn start() -> Self {
        let clock = Hand::new();
        let services = Services::start(None, Ports::default(), Arc::<Hand>::clone(&clock)).await.unwrap();
        Self { clock, services, seen: Arc::default() }
    }

    /// A mapping from a queue to a function that keeps what it saw and fails as bodies say.
    pub(crate) fn mapping(&self, queue: &'static str, batch: i32) -> Mapping {
        let seen = Arc::clone(&self.seen);
        let handler = move |payload: String, context: lambda_runtime::Context| -> pullpush::function::Answer {
            let event: serde_json::Value = serde_json::from_str(&payload).unwrap();
            let records = event["Records"].as_array().unwrap().clone();
            seen.lock().unwrap().push(event);
            Box::pin(async move {
                assert!(context.deadline > 1_790_000_000_000 && !context.request_id.is_empty());
                assert!(records.iter().all(|record| record["body"] != "panic"), "a record asked for it");
                let failed = records.iter().filter(|record| record["body"] == "fail");
                let failed: Vec<_> = failed.map(|record| serde_json::json!({ "itemIdentifier": record["messageId"] })).collect();
                Ok(serde_json::json!({ "batchItemFailures": failed }).to_string())
            })
        };
        let clock: Arc<dyn Clock> = Arc::<Hand>::clone(&self.clock);
        let function = Function::new("test", Duration::from_secs(60), Arc::new(handler), clock, Counting::new());
        Mapping { queue, address: self.services.queues[queue].clone(), function, batch, loops: 1, sqs: self.services.clients.sqs.clone() }
    }

    pub(crate) async fn send(&self, queue: &str, bodies: &[&str]) {
        for (index, body) in bodies.iter().enumerate() {
            let dedup = queue.ends_with(".fifo").then(|| index.to_string());
            let call = self.services.clients.sqs.send_message().queue_url(&self.services.queues[queue].url).message_body(*body);
            call.message_group_id("t1").set_message_deduplication_id(dedup).send().await.unwrap();
        }
    }

    pub(crate) fn bodies(&self) -> Vec<Vec<String>> {
        let seen = self.seen.lock().unwrap();
        let bodies = |event: &serde_json::Value| event["Records"].as_array().unwrap().iter().map(|record| record["body"].as_str().unwrap().to_owned()).collect();
        seen.iter().map(bodies).collect()
    }
}
