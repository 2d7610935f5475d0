//! Somebody tries a connection before resuming it: each time `connection.get` says what is wrong, or that nothing is.

use serde_json::{Value, json};
use testkit::faults::{Fault, Rule};

use crate::tell::world;

#[tokio::test]
async fn a_connection_is_tested() {
    let world = world().await;
    world.call("connection.create", json!({ "connector": "shop", "id": "trial" })).await.unwrap();
    let tested = async || {
        let started = world.call("connection.test", json!({ "connectionId": "trial" })).await.unwrap();
        world.drain().await.unwrap();
        let connection = world.call("connection.get", json!({ "connectionId": "trial" })).await.unwrap();
        assert_eq!((&connection["lastTest"]["testId"], &connection["state"]), (&started["testId"], &json!("paused")), "{connection}");
        connection["lastTest"].clone()
    };
    let before = world.call("connection.get", json!({ "connectionId": "trial" })).await.unwrap();
    assert_eq!(before["lastTest"], Value::Null);

    let last = tested().await;
    assert_eq!((&last["ok"], &last["code"]), (&json!(false), &json!("config_missing")), "{last}");

    world.secret("trial", "base_url", world.shop.url()).await.unwrap();
    world.secret("trial", "access_token", "shop-token").await.unwrap();
    let last = tested().await;
    assert_eq!((&last["ok"], &last["code"], &last["at"]), (&json!(true), &Value::Null, &json!(world.now())), "{last}");

    world.shop.faults().push(Rule::once("GET", "/admin/api/2026-01/shop.json", Fault::status(401)).times(2));
    let last = tested().await;
    assert_eq!((&last["ok"], &last["code"]), (&json!(false), &json!("needs_auth")), "{last}");
    assert!(last["remedy"].as_str().is_some_and(|remedy| remedy.contains("credentials")), "{last}");
}

#[tokio::test]
async fn what_cannot_be_tested_is_refused_at_once() {
    let world = world().await;
    let connections = world.call("connection.list", json!({})).await.unwrap();
    let api = connections["connections"].as_array().unwrap().iter().find(|row| row["connector"] == "api").unwrap();
    for (connection, code) in [(&api["connectionId"], "connector_lacks"), (&json!("nobody"), "connection_unknown")] {
        let refused = world.call("connection.test", json!({ "connectionId": connection })).await.unwrap_err();
        assert!(refused.to_string().starts_with(code), "{refused}");
    }
}
