//! What is parked cannot be sent, because its queue is gone: the release is tried again, then rests, and the parked event
//! falls due anew by itself.

use std::time::Duration;

use pipeline::release;
use queue::ReleaseJob;
use serde_json::{Value, json};

use crate::tell::{counts, office_stock, stock_changes, world};

#[tokio::test]
async fn a_failing_release_loses_nothing() {
    let world = world().await;
    world.chain.sweep().await.unwrap();
    world.call("connection.pause", json!({ "connectionId": "office" })).await.unwrap();
    stock_changes(&world, "A", 5).await;
    world.drain().await.unwrap();
    world.call("connection.resume", json!({ "connectionId": "office" })).await.unwrap();
    world.drain().await.unwrap();
    world.clock.wind(Duration::from_secs(20 * 60));
    // The release that is started here is lost below.
    world.chain.sweep().await.unwrap();

    let services = world.chain.services();
    let url = &services.queues["deliver"].url;
    services.clients.sqs.delete_queue().queue_url(url).send().await.unwrap();
    let failing = async || world.call("connection.get", json!({ "connectionId": "office" })).await.unwrap()["failing"]["release"].clone();
    let job = |tries| ReleaseJob { tenant: world.tenant.to_string(), conn: "office".into(), tries, ..ReleaseJob::default() };
    for (tries, again) in [(0, 1), (10, 0)] {
        let before = world.chain.queue_depth("jobs-poll").await.unwrap().delayed;
        Box::pin(release(world.chain.app(), &job(tries))).await.unwrap();
        let found = failing().await;
        assert_eq!((&found["code"], &found["tries"], found["nextAt"].is_null()), (&json!("queue_unavailable"), &json!(tries + 1), again == 0), "{found}");
        assert_eq!(world.chain.queue_depth("jobs-poll").await.unwrap().delayed - before, again);
    }
    // Its next try is lost too: what is parked is not.
    services.clients.sqs.purge_queue().queue_url(&services.queues["jobs-poll"].url).send().await.unwrap();
    services.clients.sqs.create_queue().queue_name(url.rsplit('/').next().unwrap()).send().await.unwrap();
    world.wind(Duration::from_secs(20 * 60)).await.unwrap();

    assert_eq!((office_stock(&world, "A"), failing().await), (Some(5), Value::Null));
    assert_eq!(counts(&world.account("stock").await.unwrap()), [1, 0, 0, 0, 0]);
}
