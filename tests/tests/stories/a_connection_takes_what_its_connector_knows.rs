//! Wrong names are refused where they are given, with what was most likely meant: connectors, polled entities, values; and
//! a connection that lacks a value is not resumed.

use serde_json::json;

use crate::tell::world;

#[tokio::test]
async fn a_wrong_name_is_refused_with_the_one_that_was_meant() {
    let world = world().await;
    for (asked, says) in [
        (json!({ "connector": "shpo" }), "connector_unknown: /connector: no connector is named shpo; did you mean shop?"),
        (json!({ "connector": "zebra" }), "connector_unknown: /connector: no connector is named zebra"),
        (json!({ "connector": "shop", "polls": { "prodcut": 5 } }), "argument_invalid: /polls/prodcut: connector shop cannot poll prodcut; did you mean product?"),
        (json!({ "connector": "backoffice", "polls": { "order": 5 } }), "argument_invalid: /polls/order: connector backoffice cannot poll order; it knows none"),
        (json!({ "connector": "shop", "polls": { "product": 7 } }), "argument_invalid: /polls/product: one of 0, 1, 2, 5"),
        (json!({ "connector": "shop", "id": "shop" }), "argument_invalid: /id: shop is taken"),
    ] {
        let refused = world.call("connection.create", asked.clone()).await.unwrap_err().to_string();
        assert!(refused.starts_with(says), "{asked}: {refused}");
    }
    for (connection, name, says) in [
        ("shop", "acces_token", "argument_invalid: /secret: connector shop knows no value acces_token; did you mean access_token?"),
        ("shop", "nonsense_secret", "argument_invalid: /secret: connector shop knows no value nonsense_secret; it knows base_url, access_token, webhook_secret"),
        ("office", "webhook_secret", "argument_invalid: /secret: connector backoffice knows no value webhook_secret; it knows base_url, token"),
    ] {
        let refused = world.secret(connection, name, "x").await.unwrap_err().to_string();
        assert!(refused.starts_with(says), "{connection} {name}: {refused}");
    }
}

#[tokio::test]
async fn a_connection_that_lacks_a_value_is_not_resumed() {
    let world = world().await;
    world.call("connection.create", json!({ "id": "other", "connector": "backoffice" })).await.unwrap();
    for (value, lacks) in [(None, "base_url, token"), (Some("base_url"), "token")] {
        if let Some(name) = value {
            world.secret("other", name, world.office.url()).await.unwrap();
        }
        let refused = world.call("connection.resume", json!({ "connectionId": "other" })).await.unwrap_err().to_string();
        assert_eq!(refused, format!("config_missing: connection other lacks {lacks}"));
        assert_eq!(world.call("connection.get", json!({ "connectionId": "other" })).await.unwrap()["state"], "paused");
    }
    world.secret("other", "token", "office-token").await.unwrap();
    assert_eq!(world.call("connection.resume", json!({ "connectionId": "other" })).await.unwrap()["state"], "active");
}
