//! What a deployed program cannot use: it answers for it, lives on, and keeps what it was given to itself.

use serde_json::{Value, json};

use crate::{events::{self, lacking, recorded}, lambda::Program};

/// Situations no function can use, and one it can, asked after them.
const SITUATIONS: [(&str, &[&str], &str); 6] = [
    ("ingest", &["event_invalid_body", "webhook_wrong_signature", "event_endpoint_without_key"], "event_endpoint"),
    ("transform", &["not_json", "unknown_version", "a_change_without_its_key", "lone_surrogate"], "one_change"),
    ("deliver", &["not_json", "unknown_version", "poison_beside_good"], "one_delivery"),
    ("poll", &["not_json", "unknown_version", "unknown_job"], "job"),
    ("reconcile", &["not_json", "unknown_version", "unknown_job"], "job"),
    ("api", &["tool_not_json", "tool_without_key", "unknown_tool"], "tool"),
];

/// An answer as an expectation names it: that of a batch as it is, that of a request as status and body.
fn seen(answer: Value) -> Value {
    let Some(status) = answer.get("statusCode") else { return answer };
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    json!({ "status": status, "body": body })
}

#[tokio::test]
async fn what_a_program_cannot_use_is_answered_for_and_the_next_is_handled() {
    let mut wrong = Vec::new();
    for (function, refused, good) in SITUATIONS {
        let world = Box::pin(events::world()).await;
        let program = Program::spawn(function, &world).await;
        // Not even an event of this function: the runtime reports the invocation as failed.
        let error = program.invoke(json!({ "Records": "pp_not_an_event" }).to_string()).await.unwrap_err();
        assert!(error["errorType"].is_string() && error["errorMessage"].is_string(), "{function}: {error}");
        for situation in refused.iter().chain([&good]) {
            let (event, expected) = recorded(&world, function, situation);
            match program.invoke(event).await {
                Ok(answer) => wrong.extend(lacking(&expected["answer"], &seen(answer), &format!("{function}/{situation}"))),
                Err(error) => wrong.push(format!("{function}/{situation}: {error}")),
            }
        }
        // Of what it answered for nothing has to be told, but that it could not read an invocation does.
        let said = program.ended(&world, &["pp_not_an_event"]);
        assert!(!said.is_empty(), "{function} says nothing of what it could not use");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
