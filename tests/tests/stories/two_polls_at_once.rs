//! Two polls of one entity start at the same time: one reads, the other steps aside.

use pipeline::{Hold, poll};
use queue::PollJob;

use crate::tell::{counts, office_stock, world};

#[tokio::test]
async fn two_polls_at_once() {
    let world = world().await;
    for (sku, quantity) in [("A", 1), ("B", 2), ("C", 3)] {
        world.shop.shop().set_stock(sku, quantity, world.now());
    }
    let job = PollJob { tenant: world.tenant.to_string(), conn: "shop".into(), ent: "product".into(), ..PollJob::default() };
    let (app, until) = (world.chain.app(), world.now() + 900_000);
    let (one, other) = tokio::join!(Box::pin(poll(app, &job, until, Hold::nothing())), Box::pin(poll(app, &job, until, Hold::nothing())));
    one.unwrap();
    other.unwrap();
    world.drain().await.unwrap();

    assert_eq!(world.shop.calls_to("GET", "/admin/api/2026-01/products.json"), 1);
    for (sku, quantity) in [("A", 1), ("B", 2), ("C", 3)] {
        assert_eq!(office_stock(&world, sku), Some(quantity), "{sku}");
    }
    assert_eq!(counts(&world.account("stock").await.unwrap()), [3, 0, 0, 0, 0]);
}
