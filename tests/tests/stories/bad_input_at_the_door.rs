//! What is wrong is turned away at the door with its own word, and nothing of it is queued; a message of a version nobody
//! knows becomes a dead letter and harms no neighbour.

use serde_json::{Value, json};

use crate::tell::{office_stock, stock_webhook, take, world};

#[tokio::test]
async fn bad_webhooks_are_turned_away() {
    let world = world().await;
    let good = stock_webhook(&world, "TEE-RED-M", 7);
    let unsigned: Vec<_> = good.headers.iter().filter(|(name, _)| name != "X-Shopify-Hmac-Sha256").cloned().collect();
    let body = |body: &[u8]| {
        let mut other = good.clone();
        other.body = body.to_vec();
        other.signed_with("shop-secret")
    };
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let cases = [
        ("unknown connection", world.post("/webhooks/nobody", &good.headers, good.body.clone()).await, 404, "connection_unknown"),
        ("no signature", world.post("/webhooks/shop", &unsigned, good.body.clone()).await, 401, "signature_missing"),
        ("another secret", world.webhook(&good.clone().signed_with("guess")).await, 401, "signature_invalid"),
        ("not JSON", world.webhook(&body(b"stock is 7")).await, 400, "json_invalid"),
        ("too deep", world.webhook(&body(deep.as_bytes())).await, 400, "json_too_deep"),
        ("too large", world.webhook(&body(&vec![b' '; (5 << 20) + 1])).await, 413, "body_too_large"),
    ];
    for (case, answer, status, code) in cases {
        assert_eq!((answer.status, &answer.body["error"]), (status, &json!(code)), "{case}: {}", answer.body);
    }
    assert_eq!(world.drain().await.unwrap(), 0, "nothing was queued");
}

#[tokio::test]
async fn bad_events_are_turned_away() {
    let world = world().await;
    let door = format!("/api/v1/tenants/{}/events", world.tenant);
    let event = json!({ "type": "stocklevel.updated", "externalId": "A", "payload": { "quantity": 1 } });
    let answer = world.post(&door, &[], event.to_string().into_bytes()).await;
    assert_eq!((answer.status, &answer.body["error"]), (401, &json!("missing_api_key")));

    let without = |name: &str| Value::Object(event.as_object().unwrap().iter().filter(|(key, _)| *key != name).map(|(key, value)| (key.clone(), value.clone())).collect());
    for (bad, path) in [(without("type"), "/type"), (without("externalId"), "/externalId"), (json!({ "type": "stocklevel.updated", "externalId": "A", "payload": 1 }), "/payload")] {
        let answer = world.post_json(&door, &bad).await;
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("invalid_body")), "{}", answer.body);
        assert_eq!(answer.body["path"], path, "{}", answer.body);
    }
    for (name, most) in [("externalId", 1024), ("type", 256)] {
        let mut long = event.clone();
        long[name] = json!(format!("stocklevel.{}", "x".repeat(most)));
        let answer = world.post_json(&door, &long).await;
        assert_eq!((answer.status, &answer.body["error"], &answer.body["path"]), (400, &json!("invalid_body"), &json!(format!("/{name}"))), "{}", answer.body);
    }
    let large = json!({ "type": "stocklevel.updated", "externalId": "A", "payload": { "quantity": 1, "note": "x".repeat(256 * 1024) } });
    let answer = world.post_json(&door, &large).await;
    assert_eq!((answer.status, &answer.body["error"]), (413, &json!("event_too_large")), "{}", answer.body);
    assert_eq!(world.drain().await.unwrap(), 0, "nothing was queued");
}

#[tokio::test]
async fn a_message_of_an_unknown_version_is_kept_and_harms_no_neighbour() {
    let world = world().await;
    let services = world.chain.services();
    let (before, after) = (stock_webhook(&world, "A", 1), stock_webhook(&world, "B", 2));
    take(&world, &before).await;
    let strange = json!({ "v": 99, "k": "changes", "tenant": world.tenant.to_string() }).to_string();
    Box::pin(services.clients.sqs.send_message().queue_url(&services.queues["in"].url).message_group_id(world.tenant.as_str()).message_body(&strange).send()).await.unwrap();
    take(&world, &after).await;
    world.drain().await.unwrap();

    assert_eq!((office_stock(&world, "A"), office_stock(&world, "B")), (Some(1), Some(2)));
    let dead = world.call("dlq.list", json!({ "flowId": "-" })).await.unwrap();
    assert_eq!(dead["entries"].as_array().unwrap().len(), 1, "{dead}");
    assert_eq!(dead["entries"][0]["code"], "message_unknown");
    let letter = world.call("dlq.get", json!({ "flowId": "-", "id": dead["entries"][0]["id"] })).await.unwrap();
    assert_eq!(letter["payload"], strange, "its bytes are kept");
}

#[tokio::test]
async fn a_connection_that_rests_or_takes_none_turns_webhooks_away() {
    let world = world().await;
    world.call("connection.pause", json!({ "connectionId": "shop" })).await.unwrap();
    let answer = world.webhook(&stock_webhook(&world, "TEE-RED-M", 7)).await;
    assert_eq!((answer.status, &answer.body["error"]), (409, &json!("connection_paused")), "{}", answer.body);
    let refused = world.call("webhook.get", json!({ "connectionId": "office" })).await.unwrap_err().to_string();
    assert!(refused.starts_with("webhook_not_supported: "), "{refused}");
    assert_eq!(world.drain().await.unwrap(), 0, "nothing was queued");
}
