//! A second shop that sends no webhooks and is polled every minute; some of its answers stall until a kill cuts them off.

use std::sync::Arc;

use runtime::SystemClock;
use serde_json::json;
use testkit::{
    BackOffice, Running, Shop, ShopOptions,
    faults::{Fault, Rule},
};

use crate::{office::connected, program::Program, web::Web};

/// Goods in the depot: two pages of a poll.
pub(crate) const GOODS: usize = 260;
/// What a poll asks for.
const READ: &str = "/products.json";

fn sku(index: usize) -> String {
    format!("DEPOT-{index:03}")
}

/// Starts the depot, connects it, and has it polled into the flow `polled`.
pub(crate) async fn connect(program: &Program, web: &Web) -> Running<Shop> {
    let depot = Shop::start(ShopOptions { clock: Arc::new(SystemClock), ..ShopOptions::default() }).await.unwrap();
    let begin = canonical::Clock::now_ms(&SystemClock) - 2 * 3_600_000;
    // Far apart: a poll looks back five minutes, and finds little that it has had.
    for index in 0..GOODS {
        let number = i64::try_from(index).unwrap();
        depot.shop().set_stock(&sku(index), number * 11 % 503, begin + number * 10_000);
    }
    for page in [1, 0, 1] {
        depot.faults().push(Rule::once("GET", READ, Fault::Stall { executes: false }).after(page));
    }
    program.call(web, "connection.create", &json!({ "connector": "shop", "id": "depot", "polls": { "product": 1 } })).await;
    connected(program, web, "depot", &[("webhook_secret", "depot-secret"), ("base_url", depot.url()), ("access_token", "shop-token")]).await;
    program.call(web, "flow.create", &json!({ "id": "polled", "source": "depot", "destination": "office", "type": "stocklevel" })).await;
    depot
}

/// The office holds what the depot holds.
pub(crate) fn arrived(depot: &Running<Shop>, office: &Running<BackOffice>) {
    let wrong: Vec<_> = (0..GOODS).map(sku).map(|sku| (office.backoffice().stock(&sku, "default"), depot.shop().stock(&sku), sku)).filter(|(office, depot, _)| office != depot).collect();
    assert!(wrong.is_empty(), "office, depot, SKU: {wrong:?}");
}
