//! People and functions change one connection at the same time: a pause, a fresh secret and an interval all stay, and what
//! a function remembered of before undoes none of them.

use canonical::ConnectionId;
use pullpush::World;
use serde_json::{Value, json};
use store::{Connection, ConnectionState};

use crate::tell::world;

fn shop() -> ConnectionId {
    ConnectionId::parse("shop").unwrap()
}

async fn row(world: &World) -> Connection<Value> {
    world.chain.app().store.of(&world.tenant).load("shop").await.unwrap().unwrap()
}

/// What another instance does: this one goes on remembering the row as it was.
async fn elsewhere(world: &World, change: impl Fn(&mut Connection<Value>)) {
    let store = &world.chain.app().store;
    let of = store.of(&world.tenant);
    let changed = of.change("shop", |row: &mut Connection<Value>| {
        change(row);
        Ok::<_, ()>(true)
    });
    changed.await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn changes_at_the_same_time_all_stay() {
    let world = world().await;
    let app = world.chain.app();
    for round in 0..10 {
        let before = row(&world).await;
        let minutes = [5, 10][round % 2];
        let (paused, scheduled, first, second) = tokio::join!(
            world.call("connection.pause", json!({ "connectionId": "shop" })),
            world.call("flow.setSchedule", json!({ "flowId": "stock", "pollMinutes": minutes })),
            world.secret("shop", "access_token", "fresh"),
            world.secret("shop", "base_url", world.shop.url()),
        );
        for outcome in [paused.map(drop), scheduled.map(drop), first, second] {
            outcome.unwrap();
        }
        let after = row(&world).await;
        assert_eq!((after.state, after.polls["product"]), (ConnectionState::Paused, minutes), "round {round}");
        assert!(["access_token", "base_url"].iter().all(|name| after.sealed[*name] != before.sealed[*name]), "round {round}: a secret was lost");
        let listed: Vec<Connection<Value>> = app.store.of(&world.tenant).list().await.unwrap();
        assert_eq!(listed.iter().find(|row| row.id == shop()), Some(&after), "the list says the same");
        world.call("connection.resume", json!({ "connectionId": "shop" })).await.unwrap();
    }
}

#[tokio::test]
async fn a_refusal_breaks_a_connection_that_works_with_what_was_refused() {
    let world = world().await;
    let app = world.chain.app();
    let reason = "credentials_refused";
    app.connection(&world.tenant, &shop()).await.unwrap();
    elsewhere(&world, |row| row.state = ConnectionState::Paused).await;
    app.break_connection(&world.tenant, &shop(), reason).await.unwrap();
    assert_eq!(row(&world).await.state, ConnectionState::Paused, "a pause stays");

    elsewhere(&world, |row| row.state = ConnectionState::Active).await;
    app.known.forget();
    app.connection(&world.tenant, &shop()).await.unwrap();
    let sealed = row(&world).await.sealed["base_url"].clone();
    elsewhere(&world, |row| drop(row.sealed.insert("access_token".into(), sealed.clone()))).await;
    app.break_connection(&world.tenant, &shop(), reason).await.unwrap();
    let now = row(&world).await;
    assert_eq!((now.state, &now.sealed["access_token"]), (ConnectionState::Active, &sealed), "a fresh secret has not been refused");

    app.break_connection(&world.tenant, &shop(), reason).await.unwrap();
    let now = row(&world).await;
    assert_eq!((now.state, now.reason.as_deref()), (ConnectionState::Error, Some(reason)));
}
