//! Letting the chain run by itself: a loop per mapping, and the schedule.
//!
//! Used by `dev` and `demo`. A loop that fails says so and goes on; only the word to stop ends it, after the invocation
//! under way; the sweep of a long gap ends at once.

use std::{sync::Arc, time::Duration};

use canonical::Millis;
use tokio::{sync::watch, task::JoinSet, time::sleep};

use super::Chain;
use crate::mapping::Mapping;

/// How long a loop waits for messages: what the service waits too.
const LONG_POLL_S: i32 = 20;

/// How often the schedule looks at the clock, and a loop tries again after a failure.
const LOOK: Duration = Duration::from_secs(1);

const MINUTE_MS: Millis = 60_000;

impl Chain {
    /// Runs every mapping and the schedule until `stop` turns true or its sender is gone.
    pub async fn run(self: Arc<Self>, stop: watch::Receiver<bool>) {
        let mut loops = JoinSet::new();
        for mapping in &self.mappings {
            for _ in 0..mapping.loops {
                loops.spawn(keep(mapping.clone(), stop.clone()));
            }
        }
        loops.spawn(schedule(Arc::clone(&self), stop));
        while loops.join_next().await.is_some() {}
    }
}

/// Whether the word to stop was given.
fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

async fn keep(mapping: Mapping, mut stop: watch::Receiver<bool>) {
    while !stopped(&stop) {
        // Stopping interrupts the waiting, never the work: a message that was just given out comes again later.
        let received = tokio::select! {
            received = Box::pin(mapping.receive(LONG_POLL_S)) => received,
            _ = stop.changed() => continue,
        };
        let handled = match received {
            Ok(messages) => Box::pin(mapping.handle(messages)).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = handled {
            tracing::warn!(queue = mapping.queue, %error, "the mapping failed");
            sleep(LOOK).await;
        }
    }
}

/// Sweeps once in every minute of the chain's clock that it sees.
async fn schedule(chain: Arc<Chain>, mut stop: watch::Receiver<bool>) {
    let mut swept = None;
    while !stopped(&stop) {
        let minute = chain.clock.now_ms().div_euclid(MINUTE_MS);
        if swept.replace(minute) != Some(minute) {
            // A sweep may be cut anywhere: what it did not start is due the next minute.
            let swept = tokio::select! {
                swept = Box::pin(chain.sweep()) => swept,
                _ = stop.changed() => return,
            };
            if let Err(error) = swept {
                tracing::warn!(%error, "the sweep failed");
            }
        }
        sleep(LOOK).await;
    }
}
