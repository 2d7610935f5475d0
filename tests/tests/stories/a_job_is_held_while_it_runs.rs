//! A poll is killed in the middle: its job is given out again after two minutes, not after the quarter of an hour its
//! queue would keep it back.

use std::time::Duration;

use pipeline::{Hold, poll};
use queue::PollJob;

use crate::tell::{office_stock, world};

#[tokio::test]
async fn a_kill_costs_two_minutes() {
    let world = world().await;
    world.shop.shop().set_stock("A", 1, world.now());
    world.call("connection.resume", serde_json::json!({ "connectionId": "shop", "now": true })).await.unwrap();
    let mapping = world.chain.mappings().iter().find(|mapping| mapping.queue == "jobs-poll").unwrap();
    let mut jobs = 0;
    loop {
        let messages = mapping.receive(0).await.unwrap();
        let Some(message) = messages.first() else { break };
        jobs += 1;
        // Begins, and is never heard of again.
        Hold::of(message.receipt_handle().unwrap()).renew(world.chain.app()).await;
        let job = PollJob { tenant: world.tenant.to_string(), conn: "shop".into(), ent: "none".into(), ..PollJob::default() };
        Box::pin(poll(world.chain.app(), &job, i64::MAX, Hold::of(message.receipt_handle().unwrap()))).await.unwrap();
    }
    assert!(jobs > 0);
    assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().in_flight, jobs);
    world.clock.wind(Duration::from_secs(131));
    world.chain.wake();
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "A"), Some(1));
}
