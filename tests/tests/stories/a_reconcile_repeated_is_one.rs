//! A reconcile that is repeated under its name, over ends that changed in between, names what it sends as before.

use pullpush::World;
use queue::ReconcileJob;

use crate::tell::{office_stock, stock_changes, world};

async fn reconcile(world: &World) -> usize {
    let job = ReconcileJob { tenant: world.tenant.to_string(), flow: "stock".into(), run: "run_1".into(), ..ReconcileJob::default() };
    Box::pin(pipeline::reconcile(world.chain.app(), &job, world.now() + 900_000)).await.unwrap()
}

#[tokio::test]
async fn a_reconcile_repeated_is_one() {
    let world = world().await;
    for sku in ["A", "B"] {
        stock_changes(&world, sku, 2).await;
    }
    world.drain().await.unwrap();
    world.office.backoffice().set_stock("B", "default", 99);
    assert_eq!(reconcile(&world).await, 1);
    world.office.backoffice().set_stock("A", "default", 98);
    assert_eq!(reconcile(&world).await, 2);
    world.drain().await.unwrap();
    assert_eq!((office_stock(&world, "A"), office_stock(&world, "B")), (Some(2), Some(2)));
    let account = world.account("stock").await.unwrap();
    assert_eq!(account["received"], 4, "two events and two repairs: {account:?}");
}
