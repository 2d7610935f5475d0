//! Another tenant asks every tool and every door with the first one's ids: it learns nothing, and changes nothing.

use serde_json::{Map, Value, json};

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn tenants_cannot_see_each_other() {
    let world = world().await;
    let answer = stock_changes(&world, "SECRET-SKU", 7).await;
    world.drain().await.unwrap();
    let other = Box::pin(control::bootstrap(world.chain.app())).await.unwrap_or_else(|fault| panic!("{}", fault.code));
    let bearer = [("authorization".to_owned(), format!("Bearer {}", other.key)), ("content-type".to_owned(), "application/json".to_owned())];

    let event = &answer.body["events"][0];
    let everything = json!({
        "connectionId": "shop", "flowId": "stock", "eventId": event, "type": "stocklevel", "key": "SECRET-SKU", "source": "shop",
        "destination": "office", "connector": "shop", "id": "shop", "fingerprint": "00", "runId": "run_1",
    });
    // None of the first tenant's own words may come back, beyond those that were asked with.
    let telling = [world.shop.url(), world.office.url(), world.tenant.as_str(), "shop-secret", "shop-token", "office-token", "env_", "\"received\":1", "webhook_secret"];
    let asked = |name: &str| {
        let tool = control::tool(&format!("pullpush.{name}")).unwrap();
        let mut arguments: Map<String, Value> = tool.arguments().filter_map(|name| Some((name.to_owned(), everything.get(name)?.clone()))).collect();
        if name == "connection.create" {
            arguments.insert("id".into(), json!("theirs"));
        }
        Value::Object(arguments).to_string().into_bytes()
    };
    for tool in control::every_tool() {
        let answer = world.post(&format!("/api/v1/tools/{}", tool.name), &bearer, asked(tool.name.trim_start_matches("pullpush."))).await;
        assert!(answer.status < 500, "{}: {}", tool.name, answer.body);
        for word in telling {
            assert!(!answer.body.to_string().contains(word), "{} tells {word}: {}", tool.name, answer.body);
        }
    }
    for (tool, code) in [
        ("connection.get", "connection_unknown"), ("connection.pause", "connection_unknown"), ("connection.resume", "connection_unknown"),
        ("webhook.get", "connection_unknown"), ("event.stats", "flow_unknown"), ("flow.reconcile", "flow_unknown"), ("flow.resume", "flow_unknown"),
        ("flow.create", "connection_unknown"), ("flow.setSchedule", "flow_unknown"), ("connection.test", "connection_unknown"),
    ] {
        let answer = world.post(&format!("/api/v1/tools/pullpush.{tool}"), &bearer, asked(tool)).await;
        assert_eq!(answer.body["error"], code, "{tool}: {}", answer.body);
    }
    for (tool, list) in [("flow.list", "flows"), ("dlq.clusters", "clusters"), ("event.list", "events"), ("event.trace", "occurrences")] {
        let answer = world.post(&format!("/api/v1/tools/pullpush.{tool}"), &bearer, asked(tool)).await;
        assert_eq!(answer.body["result"][list], json!([]), "{tool}: {}", answer.body);
    }
    let event: Value = json!({ "type": "stocklevel.updated", "externalId": "SECRET-SKU", "payload": { "quantity": 0 } });
    let answer = world.post(&format!("/api/v1/tenants/{}/events", world.tenant), &bearer, event.to_string().into_bytes()).await;
    assert_eq!((answer.status, &answer.body["error"]), (401, &json!("invalid_tenant_or_key")));

    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "SECRET-SKU"), Some(7));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}
