//! A poll loses its lease after its page was queued and before its cursor was saved: the next poll reads the page
//! again, nothing is lost, and nothing is written twice.

use std::time::Duration;

use canonical::ConnectionId;
use pipeline::{Hold, poll};
use queue::PollJob;
use testkit::faults::{Fault, Rule};

use crate::tell::{counts, office_stock, world};

#[tokio::test]
async fn a_crash_between_page_send_and_cursor_save_loses_nothing() {
    let world = world().await;
    for (sku, quantity) in [("A", 1), ("B", 2), ("C", 3)] {
        world.shop.shop().set_stock(sku, quantity, world.now());
    }
    let job = PollJob { tenant: world.tenant.to_string(), conn: "shop".into(), ent: "product".into(), ..PollJob::default() };
    let (app, until) = (world.chain.app(), world.now() + 900_000);
    let (shop, of) = (ConnectionId::parse("shop").unwrap(), app.store.of(&world.tenant));

    // While the shop is silent the lease runs out, and another run takes it.
    let faults = world.shop.faults().clone();
    faults.push(Rule::once("GET", "/admin/api/2026-01/products.json", Fault::Stall { executes: false }));
    let meanwhile = async {
        faults.until_stalled(1).await;
        world.clock.wind(Duration::from_secs(180));
        let taken = of.lease_cursor(&shop, "product", "own_other", world.now(), 60_000).await.unwrap();
        faults.release();
        taken.expect("the lease had run out")
    };
    let (polled, other) = tokio::join!(Box::pin(poll(app, &job, until, Hold::nothing())), meanwhile);
    polled.unwrap();
    assert_eq!(of.cursor(&shop, "product").await.unwrap().cursor, None, "the fence kept the late run from saving");
    of.release_cursor(&shop, "product", &other).await.unwrap().unwrap();

    Box::pin(poll(app, &job, until, Hold::nothing())).await.unwrap();
    assert!(of.cursor(&shop, "product").await.unwrap().cursor.is_some());
    world.drain().await.unwrap();
    for (sku, quantity) in [("A", 1), ("B", 2), ("C", 3)] {
        assert_eq!(office_stock(&world, sku), Some(quantity), "{sku}");
        assert_eq!(world.office.backoffice().stock_writes(sku, "default").len(), 1, "{sku}");
    }
    // Read twice, taken twice: of each two receipts one gave way to the other.
    let [applied, superseded, duplicate, filtered, dead] = counts(&world.account("stock").await.unwrap());
    assert_eq!((applied, superseded + duplicate, filtered, dead), (3, 3, 0, 0));
}
