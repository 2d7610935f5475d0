//! What a deployed program asks of AWS: a forward proxy between it and each service, which notes every call as the right
//! it needs.
//!
//! Used by `lambda.rs` for every program it spawns. A line is `function verb resource`, for rows of `core` also the class
//! of their partition key, for the key the purpose of its encryption context: what roles can tell apart. All lines any
//! program may write are in `infra/checks/calls.json`, which the checks of the template compare with the roles.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::to_bytes, extract::{Request, State}, http::{HeaderName, StatusCode}, response::{IntoResponse, Response}};
use engine::{Exchange, Method};
use pullpush::setup::PREFIX;
use serde_json::{Map, Value};
use tokio::{net::TcpListener, task::JoinSet};

use crate::root;

/// Every line, sorted, one a row.
pub(crate) const LISTED: &str = "infra/checks/calls.json";
const PATIENCE: Duration = Duration::from_secs(30);
const LARGEST: usize = 32 << 20;

/// The calls of one program.
pub(crate) struct Calls {
    function: &'static str,
    made: Mutex<BTreeSet<String>>,
    client: outbound::Client,
}

impl Calls {
    pub(crate) fn of(function: &'static str) -> Arc<Self> {
        Arc::new(Self { function, made: Mutex::default(), client: outbound::Client::local().unwrap() })
    }

    /// Listens before a service; the answer is where. It ends with `servers`.
    pub(crate) async fn before(self: &Arc<Self>, service: &str, servers: &mut JoinSet<()>) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state((Arc::clone(self), service.to_owned()));
        servers.spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// Every line so far.
    pub(crate) fn made(&self) -> BTreeSet<String> {
        self.made.lock().unwrap().clone()
    }

    fn note(&self, target: &str, body: &Value) {
        let lines = rights(target, body).into_iter().map(|right| format!("{} {right}", self.function));
        self.made.lock().unwrap().extend(lines);
    }
}

async fn pass(State((calls, service)): State<(Arc<Calls>, String)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap();
    let target = parts.headers.get("x-amz-target").map(|target| target.to_str().unwrap().to_owned()).unwrap_or_default();
    calls.note(&target, &serde_json::from_slice(&body).unwrap_or_default());
    let headers = parts.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length" | "connection" | "transfer-encoding" | "accept-encoding"));
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned())).collect();
    let url = url::Url::parse(&format!("{service}{}", parts.uri.path())).unwrap();
    let request = engine::Request { method: Method::Post, url, headers, body: Some(body.to_vec()), timeout: PATIENCE, max_response_bytes: LARGEST, login: false };
    match Box::pin(calls.client.send(request)).await {
        Ok(answer) => {
            let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response();
            for (name, value) in answer.headers.iter().filter(|(name, _)| name.starts_with("x-amz") || name == "content-type") {
                response.headers_mut().insert(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
            }
            response
        }
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

/// The rights a request needs, as IAM reads it.
fn rights(target: &str, body: &Value) -> Vec<String> {
    let (service, operation) = target.split_once('.').unwrap_or_default();
    let objects = |name: &str| body.get(name).and_then(Value::as_array).into_iter().flatten();
    match (service.split('_').next().unwrap(), operation) {
        // A transaction is as much as what is in it.
        ("DynamoDB", "TransactWriteItems") => objects("TransactItems").flat_map(|item| item.as_object().unwrap()).map(|(kind, item)| {
            let verb = if kind == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{kind}Item") };
            row(&verb, item["TableName"].as_str().unwrap(), partition(item))
        }).collect(),
        ("DynamoDB", "BatchWriteItem" | "BatchGetItem") => body["RequestItems"].as_object().unwrap().iter().flat_map(|(table, asked)| batched(operation, table, asked)).collect(),
        ("DynamoDB", verb) => vec![row(verb, body["TableName"].as_str().unwrap(), partition(body))],
        ("AmazonSQS", verb) => {
            let queue = body["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap();
            vec![format!("sqs:{} {}", verb.trim_end_matches("Batch"), queue.trim_start_matches(PREFIX))]
        }
        ("TrentService", "DescribeKey") => vec!["kms:DescribeKey".to_owned()],
        ("TrentService", verb) => {
            let context = body["EncryptionContext"].as_object().cloned().unwrap_or_default();
            assert!(context.contains_key("tenant"), "{verb} without a tenant");
            vec![format!("kms:{verb} {}", context.get("purpose").and_then(Value::as_str).unwrap_or("-"))]
        }
        _ => vec![format!("unknown:{target}")],
    }
}

fn batched(operation: &str, table: &str, asked: &Value) -> Vec<String> {
    let keys = asked["Keys"].as_array().into_iter().flatten();
    let items = asked.as_array().into_iter().flatten().flat_map(|request| request.as_object().unwrap().values());
    keys.map(|key| Some(key["pk"]["S"].as_str().unwrap().to_owned())).chain(items.map(partition)).map(|pk| row(operation, table, pk)).collect()
}

/// The partition key a request is about.
fn partition(item: &Value) -> Option<String> {
    let in_item = ["Item", "Key"].iter().find_map(|place| item.get(place)?["pk"]["S"].as_str());
    let asked = || item["ExpressionAttributeValues"][":pk"]["S"].as_str();
    in_item.or_else(asked).map(str::to_owned)
}

fn row(verb: &str, table: &str, pk: Option<String>) -> String {
    let table = table.trim_start_matches(PREFIX);
    // Roles tell rows apart in `core` only.
    match pk.filter(|_| table == "core") {
        Some(pk) => format!("dynamodb:{verb} {table} {}", class(&pk)),
        None => format!("dynamodb:{verb} {table}"),
    }
}

/// A partition key of `core` with a star for every id in it: `key#…` and `hook#…` are global, all else begins with a tenant.
fn class(pk: &str) -> String {
    let steps: Vec<&str> = pk.split('#').collect();
    match steps.as_slice() {
        [global @ ("key" | "hook"), _] => format!("{global}#*"),
        [_, class] => format!("*#{class}"),
        [_, class, ..] => format!("*#{class}#*"),
        _ => pk.to_owned(),
    }
}

/// The committed lines.
pub(crate) fn listed() -> BTreeSet<String> {
    let lines: Vec<String> = serde_json::from_str(&fs::read_to_string(root().join(LISTED)).unwrap()).unwrap();
    assert!(lines.is_sorted(), "{LISTED} is not sorted");
    lines.into_iter().collect()
}

/// Calls of programs that are not listed.
pub(crate) fn unlisted(made: &BTreeSet<String>) -> Vec<String> {
    made.difference(&listed()).map(|line| format!("add \"{line}\" to {LISTED}, and the right to the role if the checks ask for it")).collect()
}

#[test]
fn a_request_is_told_as_the_rights_it_needs() {
    let tenant_row = |class: &str| serde_json::json!({ "pk": { "S": format!("ten_1#{class}") }, "sk": { "S": "." } });
    let table = |name: &str, rest: Value| {
        let mut all = Map::from_iter([("TableName".to_owned(), Value::String(format!("{PREFIX}{name}")))]);
        all.extend(rest.as_object().unwrap().clone());
        Value::Object(all)
    };
    for (target, body, rights) in [
        ("DynamoDB_20120810.GetItem", table("core", serde_json::json!({ "Key": { "pk": { "S": "key#00ff" } } })), vec!["dynamodb:GetItem core key#*"]),
        ("DynamoDB_20120810.PutItem", table("core", serde_json::json!({ "Item": tenant_row("flow#f") })), vec!["dynamodb:PutItem core *#flow#*"]),
        ("DynamoDB_20120810.Query", table("core", serde_json::json!({ "ExpressionAttributeValues": { ":pk": { "S": "ten_1#conn" } } })), vec!["dynamodb:Query core *#conn"]),
        ("DynamoDB_20120810.UpdateItem", table("slots", serde_json::json!({ "Key": tenant_row("f#k") })), vec!["dynamodb:UpdateItem slots"]),
        (
            "DynamoDB_20120810.TransactWriteItems",
            serde_json::json!({ "TransactItems": [{ "Put": table("core", serde_json::json!({ "Item": tenant_row("conn#c") })) }, { "ConditionCheck": table("core", serde_json::json!({ "Key": tenant_row("def#d") })) }] }),
            vec!["dynamodb:PutItem core *#conn#*", "dynamodb:ConditionCheckItem core *#def#*"],
        ),
        ("DynamoDB_20120810.BatchWriteItem", serde_json::json!({ "RequestItems": { format!("{PREFIX}events"): [{ "PutRequest": { "Item": tenant_row("e#1") } }] } }), vec!["dynamodb:BatchWriteItem events"]),
        ("AmazonSQS.SendMessageBatch", serde_json::json!({ "QueueUrl": format!("http://127.0.0.1:1/000000000000/{PREFIX}in-strict.fifo") }), vec!["sqs:SendMessage in-strict.fifo"]),
        ("TrentService.Decrypt", serde_json::json!({ "EncryptionContext": { "tenant": "ten_1", "purpose": "webhook" } }), vec!["kms:Decrypt webhook"]),
        ("TrentService.DescribeKey", serde_json::json!({}), vec!["kms:DescribeKey"]),
        ("Other.Call", serde_json::json!({}), vec!["unknown:Other.Call"]),
    ] {
        assert_eq!(self::rights(target, &body), rights, "{target}");
    }
}

#[test]
fn a_call_that_is_not_listed_is_told_with_what_to_add() {
    let made = BTreeSet::from(["deliver kms:Decrypt webhook".to_owned()]);
    assert_eq!(unlisted(&made), [format!("add \"deliver kms:Decrypt webhook\" to {LISTED}, and the right to the role if the checks ask for it")]);
}
