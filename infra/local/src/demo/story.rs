//! The story of the demo: what came in, what went out, what failed and why, what was repaired.

use std::time::Duration;

use pullpush::{Error, World};
use serde_json::{Value, json};
use testkit::{
    OrderLine,
    faults::{Fault, Rule},
};

use crate::say::say;

/// The stock items of the story.
const SKUS: [&str; 3] = ["TEE-RED-M", "TEE-BLUE-L", "MUG-WHITE"];
const STOCK_WRITES: &str = "/rest/V1/inventory/source-items";

/// Tells it.
pub(crate) async fn tell(world: &World) -> Result<(), Error> {
    say!("A shop and a back office, and PullPush between them, all on this machine.");
    say!("  shop        {}   speaks Shopify's shapes", world.shop.url());
    say!("  back office {}   speaks Magento's shapes", world.office.url());
    webhook(world).await?;
    poll(world).await?;
    transient(world).await?;
    dead_letter(world).await?;
    drift(world).await?;
    end(world).await
}

fn chapter(number: u8, title: &str) {
    say!("\n{number}. {title}");
}

fn office(world: &World, sku: &str) -> String {
    world.office.backoffice().stock(sku, "default").map_or_else(|| "nothing".to_owned(), |quantity| quantity.to_string())
}

async fn change(world: &World, sku: &str, quantity: i64) -> Result<String, Error> {
    world.clock.wind(Duration::from_secs(1));
    world.shop.shop().set_stock(sku, quantity, world.now());
    let webhook = world.shop.shop().webhook_for_product(sku).ok_or_else(|| unexpected("the shop knows no such product"))?;
    let answer = world.webhook(&webhook).await;
    say!("   in   webhook {} {sku} = {quantity}, signature verified, answered {}", webhook.topic, answer.status);
    answer.body["events"][0].as_str().map(str::to_owned).ok_or_else(|| unexpected("the webhook was not taken"))
}

fn unexpected(reason: &str) -> Error {
    Error::Refused { code: "internal", reason: reason.to_owned() }
}

async fn webhook(world: &World) -> Result<(), Error> {
    chapter(1, "A webhook: the shop sells a shirt.");
    let event = change(world, SKUS[0], 7).await?;
    world.drain().await?;
    say!("   out  the back office holds {} of {}", office(world, SKUS[0]), SKUS[0]);
    steps(world, &event).await
}

/// What happened to an event, as its trace tells it.
async fn steps(world: &World, event: &str) -> Result<(), Error> {
    let trace = world.call("event.trace", json!({ "eventId": event })).await?;
    let words = |step: &Value| match step["note"].as_str().unwrap_or_default() {
        "" => step["step"].as_str().unwrap_or_default().to_owned(),
        note => format!("{} ({note})", step["step"].as_str().unwrap_or_default()),
    };
    let steps: Vec<_> = trace["occurrences"][0]["steps"].as_array().into_iter().flatten().map(words).collect();
    say!("   how  {}: {}", &event[..12.min(event.len())], steps.join(" → "));
    Ok(())
}

async fn poll(world: &World) -> Result<(), Error> {
    chapter(2, "A poll: an order nobody told us about, and two more stock items.");
    for (sku, quantity) in [(SKUS[1], 12), (SKUS[2], 3)] {
        world.shop.shop().set_stock(sku, quantity, world.now());
    }
    world.shop.shop().put_order("#1001", "199.00", world.now(), &[OrderLine::of(SKUS[0], 1, "199.00")]);
    world.call("connection.resume", json!({ "connectionId": "shop", "now": true })).await?;
    world.drain().await?;
    let orders = world.office.backoffice().order_numbers();
    say!("   in   the shop's orders and products were read, page by page, then the cursor moved");
    say!("   out  order {} arrived; {} = {}, {} = {}", orders.join(", "), SKUS[1], office(world, SKUS[1]), SKUS[2], office(world, SKUS[2]));
    Ok(())
}

async fn transient(world: &World) -> Result<(), Error> {
    chapter(3, "A hiccup: the back office fails twice.");
    world.office.faults().push(Rule::once("POST", STOCK_WRITES, Fault::Status { status: 503, retry_after: None, executes: false }).times(2));
    let event = change(world, SKUS[0], 5).await?;
    world.drain().await?;
    say!("   fail it answered 503: kept, to be tried again in seconds (a failure never blocks the queue)");
    for _ in 0..4 {
        world.wind(Duration::from_secs(60)).await?;
    }
    say!("   out  tried again by the schedule: {} = {}", SKUS[0], office(world, SKUS[0]));
    steps(world, &event).await
}

async fn dead_letter(world: &World) -> Result<(), Error> {
    chapter(4, "A refusal: the back office says 422, and no retry would help.");
    world.office.faults().push(Rule::once("POST", STOCK_WRITES, Fault::Status { status: 422, retry_after: None, executes: false }));
    change(world, SKUS[1], 11).await?;
    world.drain().await?;
    let clusters = world.call("dlq.clusters", json!({ "flowId": "stock" })).await?;
    let cluster = &clusters["clusters"][0];
    let word = |name: &str| cluster[name].as_str().unwrap_or_default().to_owned();
    say!("   dead {} letter, cause {}: {}; {}", cluster["count"], word("code"), word("message"), word("remedy"));
    let retried = world.call("dlq.retryCluster", json!({ "flowId": "stock", "fingerprint": word("fingerprint") })).await?;
    world.drain().await?;
    say!("   out  the cluster of {} was replayed: {} = {}", retried["retried"], SKUS[1], office(world, SKUS[1]));
    Ok(())
}

async fn drift(world: &World) -> Result<(), Error> {
    chapter(5, "A drift: somebody edits the back office by hand.");
    world.office.backoffice().set_stock(SKUS[2], "default", 99);
    world.office.backoffice().set_stock("ONLY-HERE", "default", 4);
    say!("   seen {} = {} there, {} at the shop; ONLY-HERE is not at the shop", SKUS[2], office(world, SKUS[2]), 3);
    world.call("flow.reconcile", json!({ "flowId": "stock" })).await?;
    world.drain().await?;
    say!("   out  only the difference was sent: {} = {}", SKUS[2], office(world, SKUS[2]));
    say!("   kept ONLY-HERE = {}: what the shop does not speak of is not zero", office(world, "ONLY-HERE"));
    Ok(())
}

async fn end(world: &World) -> Result<(), Error> {
    say!("\nThe accounting: received = applied + superseded + duplicate + filtered + dead");
    let mut whole = true;
    for flow in ["stock", "orders"] {
        let account = world.account(flow).await?;
        let number = |name: &str| account.get(name).and_then(Value::as_u64).unwrap_or_default();
        let balances = account.get("balances") == Some(&Value::Bool(true));
        whole &= balances;
        say!(
            "   {flow:<7} {} = {} + {} + {} + {} + {}   open {}   {}",
            number("received"), number("applied"), number("superseded"), number("duplicate"), number("filtered"), number("dead"), number("open"),
            if balances { "balances" } else { "DOES NOT BALANCE" }
        );
    }
    let mut agree = world.office.backoffice().order_numbers().len() == 1;
    for sku in SKUS {
        let here = world.shop.shop().stock(sku);
        agree &= here == world.office.backoffice().stock(sku, "default");
    }
    say!("\n{}", if agree { "Both ends agree." } else { "The ends differ." });
    if whole && agree { Ok(()) } else { Err(unexpected("the story did not end well")) }
}
