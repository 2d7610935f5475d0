//! The chain: services, functions, and the mappings between them, on one machine.
//!
//! `pullpush dev`, `pullpush demo` and the end-to-end tests start one. Tests move it by hand with [`Chain::drain`] and
//! [`Chain::sweep`]; `dev` lets it [`Chain::run`]. It never touches a message or a row itself.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use aws_sdk_sqs::types::QueueAttributeName;
use canonical::{Chance, Clock};
use pipeline::App;
use queue::{Name, Queues};
use store::Store;
use vault::Vault;

use crate::{
    Error,
    functions::{self, Functions},
    mapping::Mapping,
    services::{Ports, Services},
    setup::{self, KEY_ALIAS, PREFIX},
};

mod run;

/// More rounds than any finite work takes.
const MOST_ROUNDS: usize = 10_000;

/// How a chain is started.
pub struct Options {
    /// The data folder; none: memory.
    pub data: Option<PathBuf>,
    /// The present, for everything in the chain.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// The address at which webhooks arrive; empty: the host of the request.
    pub public_base_url: String,
    /// Where the local AWS endpoints listen.
    pub ports: Ports,
}

/// How many messages a queue holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Can be received.
    pub visible: u64,
    /// Received and neither deleted nor visible again.
    pub in_flight: u64,
    /// Sent with a delay that is not over.
    pub delayed: u64,
}

impl Depth {
    /// All of them.
    #[must_use]
    pub fn total(self) -> u64 {
        self.visible + self.in_flight + self.delayed
    }
}

/// The whole chain.
pub struct Chain {
    services: Services,
    app: Arc<App>,
    functions: Functions,
    mappings: Vec<Mapping>,
    clock: Arc<dyn Clock>,
}

impl Chain {
    /// Starts everything; nothing moves until asked to.
    ///
    /// # Errors
    /// When a service does not start.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let Options { data, clock, chance, public_base_url, ports } = options;
        let services = Services::start(data.as_deref(), ports, Arc::clone(&clock)).await?;
        let clients = &services.clients;
        let urls = Name::ALL.map(|name| (name, services.queues[name.word()].url.clone()));
        let exchange = outbound::Client::local().map_err(|error| Error::Outbound(error.to_string()))?;
        let app = Arc::new(App::new(
            Store::new(clients.dynamodb.clone(), PREFIX),
            Queues::new(clients.sqs.clone(), BTreeMap::from(urls)),
            Vault::new(clients.kms.clone(), KEY_ALIAS.into(), Arc::clone(&clock)),
            Arc::new(exchange),
            Arc::clone(&clock),
            Arc::clone(&chance),
            public_base_url,
        ));
        let functions = Functions::new(&app, &clock, &chance);
        let mappings = mappings(&services, &functions);
        Ok(Self { services, app, functions, mappings, clock })
    }

    /// What the functions work with.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The services around the functions.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// The functions.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Every mapping.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// AWS calls made so far, by service and operation.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.services.clients.counts.snapshot()
    }

    /// Lets waiting polls look again, after the clock was wound.
    pub fn wake(&self) {
        self.services.wake();
    }

    /// Steps every mapping until a whole round receives nothing; the answer is how many messages were received. What
    /// is delayed or in flight stays where it is.
    ///
    /// # Errors
    /// When a queue does not answer, or work keeps coming.
    pub async fn drain(&self) -> Result<usize, Error> {
        let mut received = 0;
        for _ in 0..MOST_ROUNDS {
            let mut round = 0;
            for mapping in &self.mappings {
                // One mapping until it is empty: asking every queue again after each batch would only count receives.
                for _ in 0..MOST_ROUNDS {
                    match Box::pin(mapping.step(0)).await? {
                        0 => break,
                        count => round += count,
                    }
                }
            }
            if round == 0 {
                return Ok(received);
            }
            received += round;
        }
        Err(Error::Undrained { rounds: MOST_ROUNDS, left: self.left().await? })
    }

    /// Starts what is due, as the schedule does every minute.
    ///
    /// # Errors
    /// What `poll` answered.
    pub async fn sweep(&self) -> Result<(), Error> {
        let answer = self.functions.poll.invoke(functions::SWEEP.to_owned()).await;
        answer.map(drop).map_err(|reason| Error::Invocation { function: "poll", reason })
    }

    /// How many messages a queue holds, by its name after the prefix.
    ///
    /// # Errors
    /// When there is no such queue, or it does not answer.
    pub async fn queue_depth(&self, name: &str) -> Result<Depth, Error> {
        let call = format!("GetQueueAttributes {name}");
        let Some(address) = self.services.queues.get(name) else { return Err(Error::Aws { call, reason: "no such queue".into() }) };
        let asked = self.services.clients.sqs.get_queue_attributes().queue_url(&address.url).attribute_names(QueueAttributeName::All);
        let answer = Box::pin(asked.send()).await.map_err(|error| Error::aws(call, error))?;
        let attributes = answer.attributes.unwrap_or_default();
        let number = |name| attributes.get(&name).and_then(|text: &String| text.parse().ok()).unwrap_or_default();
        Ok(Depth {
            visible: number(QueueAttributeName::ApproximateNumberOfMessages),
            in_flight: number(QueueAttributeName::ApproximateNumberOfMessagesNotVisible),
            delayed: number(QueueAttributeName::ApproximateNumberOfMessagesDelayed),
        })
    }

    /// Queues that hold something, as text.
    async fn left(&self) -> Result<String, Error> {
        let mut left = Vec::new();
        for name in self.services.queues.keys() {
            let depth = self.queue_depth(name).await?;
            if depth.total() > 0 {
                left.push(format!("{name} {}", depth.total()));
            }
        }
        Ok(left.join(", "))
    }
}

/// The mappings of the deployment's template.
fn mappings(services: &Services, functions: &Functions) -> Vec<Mapping> {
    let mapping = |queue: &'static str| {
        let (function, most, loops) = match queue {
            "in" | "in-strict.fifo" => (&functions.transform, 10, 1),
            "in-quarantine" => (&functions.transform, 1, 1),
            "jobs-poll" => (&functions.poll, 1, 1),
            "jobs-reconcile" => (&functions.reconcile, 1, 1),
            "deliver" => (&functions.deliver, 10, 4),
            "deliver-quarantine" => (&functions.deliver, 1, 1),
            // The strict and the bulk queue, and every dead-letter queue.
            _ => (&functions.deliver, 10, 1),
        };
        let batch = if setup::is_fifo(queue) { 1 } else { most };
        Mapping { queue, address: services.queues[queue].clone(), function: function.clone(), batch, loops, sqs: services.clients.sqs.clone() }
    };
    services.queues.keys().copied().map(mapping).collect()
}
