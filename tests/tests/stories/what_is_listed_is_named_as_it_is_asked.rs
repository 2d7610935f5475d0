//! What a tool answers is called what its arguments are called, and a number nothing can be done with is refused by name.

use serde_json::{Value, json};

use crate::tell::world;

#[tokio::test]
async fn a_flow_is_listed_in_the_words_it_is_created_with() {
    let world = world().await;
    world.call("flow.create", json!({ "id": "own", "source": "shop", "destination": "office", "type": "stocklevel", "retry": "fast", "reconcileMinutes": 15, "skipDead": true, "mapping": [] })).await.unwrap();
    let flows = world.call("flow.list", json!({})).await.unwrap();
    let own: &Value = flows["flows"].as_array().unwrap().iter().find(|flow| flow["id"] == "own").unwrap();
    let mut asked: Vec<_> = control::tool("pullpush.flow.create").unwrap().arguments().collect();
    asked.sort_unstable();
    let mut listed: Vec<_> = own.as_object().unwrap().keys().map(String::as_str).collect();
    listed.sort_unstable();
    assert_eq!(listed, asked);
    assert_eq!(*own, json!({
        "id": "own", "source": "shop", "destination": "office", "type": "stocklevel", "order": "latest", "mode": "live", "retry": "fast",
        "skipDead": true, "atLeastOnce": false, "reconcileMinutes": 15, "mapping": "[]",
    }));
}

#[tokio::test]
async fn a_number_out_of_bounds_is_refused() {
    let world = world().await;
    for (tool, arguments, says) in [
        ("dlq.list", json!({ "flowId": "stock", "limit": 0 }), "argument_invalid: /limit: a whole number from 1 to 1000 is expected"),
        ("dlq.list", json!({ "flowId": "stock", "limit": 1001 }), "argument_invalid: /limit: a whole number from 1 to 1000 is expected"),
        ("event.list", json!({ "type": "stocklevel", "key": "A", "limit": 0 }), "argument_invalid: /limit: a whole number from 1 to 1000 is expected"),
        ("event.stats", json!({ "flowId": "stock", "hours": 0 }), "argument_invalid: /hours: a whole number from 1 to 720 is expected"),
        ("event.stats", json!({ "flowId": "stock", "hours": -1 }), "argument_invalid: /hours: a whole number from 1 to 720 is expected"),
    ] {
        assert_eq!(world.call(tool, arguments.clone()).await.unwrap_err().to_string(), says, "{tool} {arguments}");
    }
}
