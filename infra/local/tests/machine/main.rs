//! What stands around the functions on one machine: queues, mappings, clock, front.
//!
//! The functions here are made for these tests; the real ones are tested where all of them are at hand.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod chance;
mod front;
mod mapping;
mod start;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use canonical::Clock;
use pullpush::{Ports, function::Function, mapping::Mapping, services::Services};
use testkit::WoundClock;

pub(crate) use chance::Counting;

/// When these tests begin.
const BEGIN_MS: i64 = 1_790_000_000_000;

/// A clock wound by hand.
pub(crate) fn hand() -> Arc<WoundClock> {
    Arc::new(WoundClock::at(BEGIN_MS))
}

/// Everything a mapping test needs.
pub(crate) struct Machine {
    pub(crate) clock: Arc<WoundClock>,
    pub(crate) services: Services,
    pub(crate) seen: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Machine {
    pub(crate) async fn start() -> Self {
        let clock = hand();
        let services = Services::start(None, Ports::default(), Arc::<WoundClock>::clone(&clock)).await.unwrap();
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
                assert!(context.deadline > u64::try_from(BEGIN_MS).unwrap() && !context.request_id.is_empty());
                assert!(records.iter().all(|record| record["body"] != "panic"), "a record asked for it");
                let failed = records.iter().filter(|record| record["body"] == "fail");
                let failed: Vec<_> = failed.map(|record| serde_json::json!({ "itemIdentifier": record["messageId"] })).collect();
                Ok(serde_json::json!({ "batchItemFailures": failed }).to_string())
            })
        };
        let clock: Arc<dyn Clock> = Arc::<WoundClock>::clone(&self.clock);
        let function = Function::new("test", Duration::from_secs(60), Arc::new(handler), clock, Counting::new());
        Mapping { queue, address: self.services.queues[queue].clone(), function, batch, loops: 1, sqs: self.services.clients.sqs.clone() }
    }

    /// Passes the visibility timeout of every queue with a redrive.
    pub(crate) fn pass_visibility(&self) {
        self.clock.wind(Duration::from_secs(361));
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
