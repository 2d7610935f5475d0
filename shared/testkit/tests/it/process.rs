//! The program `sample`, driven from outside.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::client::ask;

/// A process that ends with the test.
struct Sample(Child, SocketAddr);

impl Sample {
    fn start(system: &str, data: &Path) -> Self {
        Self::with(system, data, &[])
    }

    fn with(system: &str, data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sample")).args([system, "--port", "0", "--data"]).arg(data).args(more).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self(child, address)
    }

    async fn control(&self, verb: &str, body: &str) -> String {
        let reply = ask(self.1, "POST", &format!("/_control/{verb}"), &[], body).await.unwrap();
        assert_eq!(reply.status, 200, "{verb}: {}", reply.body);
        reply.body
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn a_shop_is_driven_from_outside_and_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop.json");
    let shop = Sample::start("shop", &data);
    shop.control("set_stock", r#"{"sku":"TEE","quantity":4,"at_ms":1769850000000}"#).await;
    shop.control("put_order", r#"{"number":"1001","total":"19.90","at_ms":1769850000000,"lines":[{"sku":"TEE","quantity":1,"price":"19.90"}]}"#).await;
    let webhook = shop.control("webhook", r#"{"sku":"TEE"}"#).await;
    let state = shop.control("state", "").await;
    assert!(state.contains(r#""stock":{"TEE":4}"#), "{state}");
    drop(shop);
    let shop = Sample::start("shop", &data);
    assert_eq!((shop.control("state", "").await, shop.control("webhook", r#"{"sku":"TEE"}"#).await), (state, webhook));
}

#[tokio::test]
async fn an_api_is_set_up_by_its_arguments_and_remembers_what_it_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (data, more) = (folder.path().join("api.json"), ["--records", "7", "--misbehave", "short_last", "--misbehave", "other_zone", "--token-life", "90s", "--rate", "3", "--failures", "1"]);
    let api = Sample::with("api", &data, &more);
    let page = ask(api.1, "GET", "/page", &[], "").await.unwrap().json();
    assert_eq!((page.get("total").unwrap().as_i64(), page.get("data").unwrap().items().unwrap().len()), (Some(7), 6));
    let token = ask(api.1, "POST", "/oauth/token", &[], "grant_type=client_credentials&client_id=api-user&client_secret=api-pass").await.unwrap();
    assert!(token.body.contains(r#""expires_in":90"#), "{}", token.body);
    assert_eq!(ask(api.1, "GET", "/limited/things/1", &[], "").await.unwrap().header("x-ratelimit-limit"), Some("3"));
    api.control("touch", r#"{"id":9,"at_ms":1769850000000}"#).await;
    assert!(ask(api.1, "GET", "/feed", &[], "").await.unwrap().body.contains(r#""id":9,"name":"Kärra & <hö> 9","updated_at":"2026-01-31T11:00:00+02:00""#));
    let state = api.control("state", "").await;
    drop(api);
    let again = Sample::with("api", &data, &more);
    assert!(state.contains(r#""seen":4"#) && again.control("state", "").await.contains(r#""records":8"#));
}

#[tokio::test]
async fn a_back_office_is_faulted_and_counted_from_outside() {
    let folder = tempfile::tempdir().unwrap();
    let office = Sample::start("backoffice", &folder.path().join("office.json"));
    let address = office.1;
    let write = |quantity: i64| async move {
        let body = crate::backoffice::stock("A", quantity);
        ask(address, "POST", "/rest/V1/inventory/source-items", &[("Authorization", "Bearer office-token")], &body).await.unwrap().status
    };
    office.control("fault", r#"{"kind":"late","status":503,"method":"POST","path":"inventory/","times":1}"#).await;
    assert_eq!((write(1).await, write(2).await), (503, 200));
    assert_eq!(office.control("land", "").await, r#"{"landed":1}"#);
    assert!(office.control("state", "").await.contains(r#""stock":{"A":{"default":1}}"#));
    assert_eq!(office.control("calls", "").await, r#"{"arrived":{"POST /rest/V1/inventory/source-items":2},"executed":{"POST /rest/V1/inventory/source-items":2}}"#);
    office.control("down", "").await;
    assert_eq!(write(3).await, 503);
    office.control("up", "").await;
    office.control("reset", "").await;
    assert!(office.control("state", "").await.contains(r#""stock":{}"#));
    assert_eq!(ask(office.1, "POST", "/_control/fly", &[], "").await.unwrap().status, 400);
}
