//! The office stores a value and answers 200 with a page for people: nobody knows what it did, so that the value is sent
//! again, and the value of before is no repetition. Only an answer that can be read and says otherwise is a refusal.

use std::time::Duration;

use pullpush::{World, world::{BACKOFFICE, SHOP}};
use serde_json::json;
use testkit::faults::{Fault, Garbage, Rule};

use crate::tell::{counts, office_stock, stock_changes, world_with};

const STOCK: &str = "/rest/V1/inventory/source-items";

fn particular() -> String {
    BACKOFFICE.replacen(r#""idempotency": "natural_key""#, r#""idempotency": "natural_key", "success_when": { "path": "$", "equals": [] }"#, 1)
}

async fn changes(world: &World, quantity: i64) {
    world.clock.wind(Duration::from_secs(1));
    stock_changes(world, "MUG", quantity).await;
    world.drain().await.unwrap();
}

#[tokio::test]
async fn what_was_stored_in_silence_is_overwritten_by_the_value_of_before() {
    // Without its time, the value of before is the same body.
    let timeless = SHOP.replacen(r#""updatedAt": { "path": "$.updated_at", "cast": "datetime" }"#, r#""note": { "const": "timeless" }"#, 1);
    for garbage in [Garbage::Html, Garbage::Empty, Garbage::Truncated] {
        let world = world_with(&particular()).await;
        world.call("connector.definition.create", json!({ "definition": timeless })).await.unwrap();
        world.call("connector.definition.activate", json!({ "id": "shop" })).await.unwrap();
        changes(&world, 5).await;
        world.office.faults().push(Rule::once("POST", STOCK, Fault::Garbage { garbage, executes: true }));
        changes(&world, 6).await;
        assert_eq!(office_stock(&world, "MUG"), Some(6), "{garbage:?}: it was stored, and nobody knows");
        changes(&world, 5).await;
        assert_eq!(office_stock(&world, "MUG"), Some(5), "{garbage:?}: the office is called");
        for _ in 0..4 {
            world.wind(Duration::from_secs(300)).await.unwrap();
        }
        assert_eq!(office_stock(&world, "MUG"), Some(5), "{garbage:?}");
        assert_eq!(counts(&world.account("stock").await.unwrap()), [2, 1, 0, 0, 0], "{garbage:?}");
    }
}

#[tokio::test]
async fn an_unreadable_answer_is_asked_for_again() {
    let world = world_with(&particular()).await;
    world.office.faults().push(Rule::once("POST", STOCK, Fault::Garbage { garbage: Garbage::Html, executes: false }));
    stock_changes(&world, "MUG", 6).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "MUG"), None);
    for _ in 0..4 {
        world.wind(Duration::from_secs(300)).await.unwrap();
    }
    assert_eq!(office_stock(&world, "MUG"), Some(6));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}
