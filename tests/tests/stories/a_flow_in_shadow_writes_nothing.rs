//! A flow is put in shadow while deliveries of it are on their way: they are filtered, and their slots learn nothing, so
//! that the first live value is sent even if the shadow saw the same one.

use canonical::FlowId;
use pullpush::World;
use store::{Flow, FlowMode};

use crate::tell::{counts, office_stock, stock_changes, world};

async fn put(world: &World, mode: FlowMode) {
    let app = world.chain.app();
    let flow: Flow = app.store.of(&world.tenant).load("stock").await.unwrap().unwrap();
    assert_eq!(flow.id, FlowId::parse("stock").unwrap());
    app.store.of(&world.tenant).save(&Flow { mode, ..flow }).await.unwrap();
    app.known.forget();
}

#[tokio::test]
async fn a_flow_in_shadow_writes_nothing() {
    let world = world().await;
    stock_changes(&world, "SHADE", 42).await;
    let transform = world.chain.mappings().iter().find(|mapping| mapping.queue == "in").unwrap();
    Box::pin(transform.step(0)).await.unwrap();
    put(&world, FlowMode::Shadow).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "SHADE"), None);
    assert_eq!(counts(&world.account("stock").await.unwrap()), [0, 0, 0, 1, 0]);

    put(&world, FlowMode::Live).await;
    world.clock.wind(std::time::Duration::from_secs(1));
    stock_changes(&world, "SHADE", 42).await;
    world.drain().await.unwrap();
    assert_eq!(office_stock(&world, "SHADE"), Some(42));
}
