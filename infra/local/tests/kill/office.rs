//! A shop, a back office, and the flow between them, set up over HTTP.

use std::sync::Arc;

use pullpush::world::{BACKOFFICE, SHOP};
use runtime::SystemClock;
use serde_json::{Value, json};
use testkit::{BackOffice, BackOfficeOptions, Running, Shop, ShopOptions};

use crate::{program::Program, web::Web};

/// The sample systems, on the machine's clock.
pub(crate) async fn systems() -> (Running<Shop>, Running<BackOffice>) {
    let clock = Arc::new(SystemClock);
    let shop = Shop::start(ShopOptions { clock: Arc::<SystemClock>::clone(&clock), ..ShopOptions::default() }).await.unwrap();
    let office = BackOffice::start(BackOfficeOptions { clock, ..BackOfficeOptions::default() }).await.unwrap();
    (shop, office)
}

/// Definitions, connections, secrets and the flows `stock` and `orders`. Nothing of the shop is polled: a poll would heal
/// what a webhook lost.
pub(crate) async fn connect(program: &Program, web: &Web, shop: &str, office: &str) {
    let (slow, fast) = ("\"requests_per_second\": 10 ", "\"requests_per_second\": 1000 ");
    assert!(BACKOFFICE.contains(slow));
    for (slug, definition) in [("shop", SHOP.to_owned()), ("backoffice", BACKOFFICE.replace(slow, fast))] {
        program.call(web, "connector.definition.create", &json!({ "definition": definition })).await;
        program.call(web, "connector.definition.activate", &json!({ "id": slug })).await;
    }
    program.call(web, "connection.create", &json!({ "connector": "shop", "id": "shop" })).await;
    program.call(web, "connection.create", &json!({ "connector": "backoffice", "id": "office" })).await;
    connected(program, web, "shop", &[("webhook_secret", "shop-secret"), ("base_url", shop), ("access_token", "shop-token")]).await;
    connected(program, web, "office", &[("base_url", office), ("token", "office-token")]).await;
    for (id, kind) in [("stock", "stocklevel"), ("orders", "order")] {
        program.call(web, "flow.create", &json!({ "id": id, "source": "shop", "destination": "office", "type": kind })).await;
    }
}

/// Gives a connection its values, and starts it.
pub(crate) async fn connected(program: &Program, web: &Web, connection: &str, values: &[(&str, &str)]) {
    for (name, value) in values {
        let url = program.url(&format!("/api/v1/connections/{connection}/secrets/{name}"));
        let answer = web.put(&url, &program.key_headers(), *value).await.unwrap();
        assert_eq!(answer.status, 200, "{connection} {name}: {answer:?}");
    }
    program.call(web, "connection.resume", &json!({ "connectionId": connection })).await;
}

/// Winds the program's clock past leases, visibility, grace and retries until the flow's account balances with nothing
/// open and at least so many received; the answer is the account. While the account changes, or the program is too busy
/// to tell it, work is under way and the clock is left alone.
pub(crate) async fn settle(program: &Program, web: &Web, flow: &str, least: u64) -> Value {
    let (mut before, mut winds) = (Value::Null, 0);
    while winds < WINDS {
        if let Some(account) = program.asked(web, "event.stats", &json!({ "flowId": flow, "hours": 24 })).await {
            if account["balances"] == true && account["open"] == 0 && account["received"].as_u64() >= Some(least) {
                return account;
            }
            if account == before {
                program.wind(web, WIND_S).await;
                winds += 1;
            }
            before = account;
        }
        tokio::time::sleep(LOOK).await;
    }
    panic!("the account stays open: {before:#}");
}

/// Past every single wait but the longest retries.
const WIND_S: u64 = 400;
/// Over five hours of the program's clock.
const WINDS: usize = 50;
/// Between two looks at another process: what became due is given time to move.
const LOOK: std::time::Duration = std::time::Duration::from_millis(500);
