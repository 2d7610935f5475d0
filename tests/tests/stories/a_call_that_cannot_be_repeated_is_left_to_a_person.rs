//! A process ends while it delivers to an office that cannot tell repeats apart: nobody knows whether the value arrived, so
//! it is not sent again, but kept for a person. Where repeats do no harm, the next process sends it.

use std::sync::{Arc, atomic::AtomicU64};

use canonical::{FlowId, Key};
use protocol::slot::Slot;
use pullpush::World;
use store::SlotKey;

use crate::tell::{Counted, counts, office_stock, stock_changes};

/// A value is on its way, and whoever delivered it died between its lease and its commit.
async fn died_while_delivering(office_definition: &str) -> World {
    let world = Box::pin(World::with(Arc::new(Counted(AtomicU64::new(1))), office_definition)).await.unwrap();
    stock_changes(&world, "MUG", 4).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in").unwrap();
    Box::pin(transform.step(0)).await.unwrap();
    let open = world.account("stock").await.unwrap()["openOccurrences"][0].as_str().unwrap().to_owned();
    let (flow, key) = (FlowId::parse("stock").unwrap(), Key::new("MUG").unwrap());
    let abandoned = Slot { fence: 1, owner: Some(format!("own_dead#{open}")), lease_until: world.now() - 1, ..Slot::default() };
    world.chain.app().store.of(&world.tenant).put_slot(SlotKey { flow: &flow, key: &key }, &abandoned).await.unwrap();
    world.drain().await.unwrap();
    world
}

#[tokio::test]
async fn a_call_that_cannot_be_repeated_is_left_to_a_person() {
    let world = died_while_delivering(&include_str!("../../../examples/backoffice.json").replace("natural_key", "none")).await;
    assert_eq!(office_stock(&world, "MUG"), None);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 0, 1]);
    let dead = world.call("dlq.list", serde_json::json!({ "flowId": "stock" })).await.unwrap();
    assert!(dead.to_string().contains("ambiguous"), "{dead}");
}

#[tokio::test]
async fn a_call_that_may_be_repeated_is_made_again() {
    let world = died_while_delivering(include_str!("../../../examples/backoffice.json")).await;
    assert_eq!(office_stock(&world, "MUG"), Some(4));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}
