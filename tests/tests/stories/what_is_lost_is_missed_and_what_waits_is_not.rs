//! A delivery that waits for its retry is accounted for; one that vanished from its queue is named within ten minutes.

use std::{collections::BTreeMap, time::Duration};

use canonical::FlowId;
use protocol::flow_hash;
use pullpush::World;

use crate::tell::{office_stock, stock_changes, take, stock_webhook, world};

const FIVE_MINUTES: Duration = Duration::from_secs(300);

/// Somebody takes every message off the queue and does nothing with it.
async fn steal(world: &World, queue: &str) -> usize {
    let services = world.chain.services();
    let (sqs, url) = (&services.clients.sqs, &services.queues[queue].url);
    let got = sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap().messages.unwrap_or_default();
    for message in &got {
        sqs.delete_message().queue_url(url).set_receipt_handle(message.receipt_handle.clone()).send().await.unwrap();
    }
    got.len()
}

/// How many are missing, by the hour they were accepted in.
async fn missing(world: &World) -> BTreeMap<i64, u64> {
    let hours = world.chain.app().store.unsettled().await.unwrap();
    hours.into_iter().filter(|(_, hour)| hour.missing > 0).map(|(hour, unsettled)| (hour, unsettled.missing)).collect()
}

#[tokio::test]
async fn what_is_lost_is_missed_and_what_waits_is_not() {
    let world = world().await;
    let store = &world.chain.app().store;
    world.office.faults().down();
    stock_changes(&world, "WAITS", 3).await;
    world.drain().await.unwrap();
    for _ in 0..12 {
        world.wind(FIVE_MINUTES).await.unwrap();
        assert_eq!(missing(&world).await, BTreeMap::new(), "a retry is known to wait");
    }

    take(&world, &stock_webhook(&world, "LOST", 5)).await;
    let hour = world.now().div_euclid(3_600_000);
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in").unwrap();
    Box::pin(transform.step(0)).await.unwrap();
    assert_eq!(steal(&world, "deliver").await, 1);
    world.office.faults().up();
    let mut rounds = 0;
    while missing(&world).await.is_empty() {
        rounds += 1;
        assert!(rounds <= 3, "nobody misses it");
        world.wind(FIVE_MINUTES).await.unwrap();
    }
    assert_eq!(missing(&world).await, BTreeMap::from([(hour, 1)]));

    while office_stock(&world, "WAITS").is_none() {
        rounds += 1;
        assert!(rounds < 60, "the one that waited arrives");
        world.wind(FIVE_MINUTES).await.unwrap();
    }
    world.wind(FIVE_MINUTES).await.unwrap();
    let flow = flow_hash(&world.tenant, &FlowId::parse("stock").unwrap());
    let totals = store.totals_of(hour, &flow).await.unwrap().expect("the hour was counted");
    assert_eq!((totals.open, missing(&world).await), (1, BTreeMap::from([(hour, 1)])));
}
