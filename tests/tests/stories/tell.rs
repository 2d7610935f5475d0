//! The words the stories are told in.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use canonical::Chance;
use pullpush::{World, world::Answered};
use testkit::Webhook;

/// Chance that counts: the same story every time.
pub(crate) struct Counted(pub(crate) AtomicU64);

impl Chance for Counted {
    fn bits(&self) -> u128 {
        // An odd multiplier spreads a count over all bits and repeats none.
        let count = u128::from(self.0.fetch_add(1, Ordering::SeqCst));
        count.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).wrapping_add(0x1234_5678)
    }
}

/// A world of its own for a story.
pub(crate) async fn world() -> World {
    Box::pin(World::start(Arc::new(Counted(AtomicU64::new(1))))).await.expect("the world starts")
}

/// The same with another definition of the office.
pub(crate) async fn world_with(office: &str) -> World {
    Box::pin(World::with(Arc::new(Counted(AtomicU64::new(1))), office)).await.expect("the world starts")
}

/// The shop's stock changes; the webhook of it is not sent yet.
pub(crate) fn stock_webhook(world: &World, sku: &str, quantity: i64) -> Webhook {
    world.shop.shop().set_stock(sku, quantity, world.now());
    world.shop.shop().webhook_for_product(sku).expect("the product was just added")
}

/// A webhook arrives and must be taken.
pub(crate) async fn take(world: &World, webhook: &Webhook) -> Answered {
    let answer = world.webhook(webhook).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
}

/// The shop's stock changes and it sends its webhook, which must be taken.
pub(crate) async fn stock_changes(world: &World, sku: &str, quantity: i64) -> Answered {
    take(world, &stock_webhook(world, sku, quantity)).await
}

/// The office's stock of a SKU.
pub(crate) fn office_stock(world: &World, sku: &str) -> Option<i64> {
    world.office.backoffice().stock(sku, "default")
}

/// The equation of a flow holds, with these counts: applied, superseded, duplicate, filtered, dead.
#[track_caller]
pub(crate) fn counts(account: &serde_json::Map<String, serde_json::Value>) -> [u64; 5] {
    assert_eq!(account["balances"], true, "{account:?}");
    ["applied", "superseded", "duplicate", "filtered", "dead"].map(|outcome| account[outcome].as_u64().expect("every outcome has a count"))
}
