//! The largest events the door takes, of what compresses well and of what hardly does: each can be buried and replayed,
//! parked, and kept in line behind a failed one, and arrives in the end.

use std::time::Duration;

use pullpush::World;
use serde_json::{Value, json};
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, world};

/// The payload is above this and within 256 KB.
const LARGE: usize = 255 * 1024;

/// Texts that are as large as they can be in JSON.
fn notes() -> [(&'static str, String); 5] {
    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let base64: String = (0..LARGE).map(|_| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[usize::try_from(random(64)).unwrap()])).collect();
    let signs: String = (0..LARGE / 3).map(|_| char::from_u32(0x4e00 + u32::try_from(random(0x5000)).unwrap()).unwrap()).collect();
    [("quotes", "\"".repeat(LARGE / 2)), ("backslashes", "\\".repeat(LARGE / 2)), ("base64", base64), ("signs", signs), ("noncharacters", "\u{ffff}".repeat(LARGE / 6))]
}

async fn post(world: &World, kind: &str, key: &str, mut payload: Value, note: &str) {
    payload["note"] = json!(note);
    // A noncharacter is written as an escape of six bytes.
    let size = payload.to_string().replace('\u{ffff}', "\\uffff").len();
    assert!((LARGE - 6..256 * 1024).contains(&size), "{size}");
    let door = format!("/api/v1/tenants/{}/events", world.tenant);
    let answer = world.post_json(&door, &json!({ "type": format!("{kind}.updated"), "externalId": key, "payload": payload })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn flow_from_api(world: &World, id: &str, kind: &str) {
    let connections = world.call("connection.list", json!({})).await.unwrap();
    let api = connections["connections"].as_array().unwrap().iter().find(|row| row["connector"] == "api").unwrap();
    world.call("flow.create", json!({ "id": id, "source": api["connectionId"], "destination": "office", "type": kind })).await.unwrap();
}

#[tokio::test]
async fn the_largest_events_die_and_are_replayed() {
    let world = world().await;
    flow_from_api(&world, "sent", "stocklevel").await;
    for (index, (name, note)) in notes().into_iter().enumerate() {
        world.office.faults().push(Rule::once("POST", "/rest/V1/inventory/source-items", Fault::status(422)));
        post(&world, "stocklevel", name, json!({ "quantity": index }), &note).await;
        world.drain().await.unwrap();
        let dead = world.call("dlq.list", json!({ "flowId": "sent" })).await.unwrap();
        assert_eq!(dead["entries"].as_array().map(Vec::len), Some(1), "{name}: {dead}");
        let letter = world.call("dlq.get", json!({ "id": dead["entries"][0]["id"] })).await.unwrap();
        let payload: Value = serde_json::from_str(letter["payload"].as_str().unwrap()).unwrap();
        assert_eq!(payload["fields"]["note"].as_str().map(str::len), Some(note.len()), "{name}: it is kept whole");
        world.call("dlq.retry", json!({ "flowId": "sent" })).await.unwrap();
        world.drain().await.unwrap();
        assert_eq!(office_stock(&world, name), Some(i64::try_from(index).unwrap()), "{name}");
    }
    assert_eq!(counts(&world.account("sent").await.unwrap()), [5, 0, 0, 0, 5]);
}

#[tokio::test]
async fn the_largest_events_are_parked_and_released() {
    let world = world().await;
    flow_from_api(&world, "sent", "stocklevel").await;
    world.call("connection.pause", json!({ "connectionId": "office" })).await.unwrap();
    for (index, (name, note)) in notes().into_iter().enumerate() {
        post(&world, "stocklevel", name, json!({ "quantity": index }), &note).await;
    }
    world.drain().await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "office" })).await.unwrap();
    world.wind(Duration::from_secs(20 * 60)).await.unwrap();
    for (index, (name, _)) in notes().into_iter().enumerate() {
        assert_eq!(office_stock(&world, name), Some(i64::try_from(index).unwrap()), "{name}");
    }
}

#[tokio::test]
async fn the_largest_events_stand_in_line() {
    let world = world().await;
    flow_from_api(&world, "sent", "order").await;
    world.office.faults().push(Rule::once("POST", "/rest/V1/orders", Fault::status(503)));
    let stations = ["open", "paid", "processing", "shipped", "completed"];
    for (station, (_, note)) in stations.into_iter().zip(notes()) {
        post(&world, "order", "1001", json!({ "orderId": "1001", "status": station }), &note).await;
    }
    world.drain().await.unwrap();
    for _ in 0..10 {
        world.wind(Duration::from_secs(60)).await.unwrap();
    }
    let writes = world.office.backoffice().order_writes("1001");
    let states: Vec<Value> = writes.iter().map(|write| serde_json::from_str::<Value>(&write.entity).unwrap()["status"].clone()).collect();
    assert_eq!(states, stations.map(Value::from));
}
