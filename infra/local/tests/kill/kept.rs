//! What was told before a kill is told after it.

use serde_json::{Value, json};

use crate::{office, program::Program, web::Web};

/// What can be asked about the event; its own words, without the present in them.
async fn told(program: &Program, web: &Web, event: &str) -> [Value; 3] {
    let trace = program.call(web, "event.trace", &json!({ "eventId": event })).await;
    let history = program.call(web, "event.list", &json!({ "type": "stocklevel", "key": "MUG-1" })).await;
    let account = program.call(web, "event.stats", &json!({ "flowId": "own", "hours": 24 })).await;
    [trace, history, account]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_keeps_what_was_told() {
    let (folder, web) = (tempfile::tempdir().unwrap(), Web::new());
    let (shop, office) = office::systems().await;
    let mut program = Program::first(folder.path(), &web).await;
    office::connect(&program, &web, shop.url(), office.url()).await;
    let connections = program.call(&web, "connection.list", &json!({})).await;
    let own = connections["connections"].as_array().unwrap().iter().find(|row| row["connector"] == "api").unwrap();
    program.call(&web, "flow.create", &json!({ "id": "own", "source": own["connectionId"], "destination": "office", "type": "stocklevel" })).await;

    let event = json!({ "type": "stocklevel.updated", "externalId": "MUG-1", "occurredAt": "2026-01-31T09:00:00Z", "payload": { "sku": "MUG-1", "quantity": 12, "locationId": "default" } });
    let url = program.url(&format!("/api/v1/tenants/{}/events", program.tenant));
    let answer = web.post(&url, &program.key_headers(), event.to_string()).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let event = body["eventId"].as_str().unwrap();
    let account = office::settle(&program, &web, "own", 1).await;
    assert_eq!(account["applied"], 1, "{account}");
    let before = told(&program, &web, event).await;
    assert_eq!(before[0]["occurrences"][0]["outcome"], "applied", "{}", before[0]);
    assert_eq!(before[1]["events"][0]["eventId"], event, "{}", before[1]);

    program.kill();
    program.again(&web).await;
    assert_eq!(told(&program, &web, event).await, before);
    assert_eq!(office.backoffice().stock("MUG-1", "default"), Some(12));
}
