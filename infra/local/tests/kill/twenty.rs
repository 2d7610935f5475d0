//! Two thousand stock changes and twenty kills.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use canonical::Clock;
use runtime::SystemClock;
use testkit::{Running, Shop, Webhook};
use tokio::{sync::watch, task::JoinSet};

use crate::{office, program::Program, web::Web};

const EVENTS: usize = 2_000;
const SKUS: usize = 200;
const KILLS: usize = 20;
/// Kills are spread evenly over the events accepted, the last before the last events.
const EVERY: usize = 95;
const SENDERS: usize = 6;
/// Where the office takes stock.
const WRITE: &str = "/rest/V1/inventory/source-items";

fn sku(index: usize) -> String {
    format!("SKU-{:03}", index % SKUS)
}

/// Every change with the webhook it caused, a second apart and all in the past.
fn changes(shop: &Running<Shop>) -> Vec<Webhook> {
    let begin = SystemClock.now_ms() - i64::try_from(EVENTS).unwrap() * 1_000 - 60_000;
    let mut shop = shop.shop();
    let change = |index: usize| {
        let (sku, number) = (sku(index), i64::try_from(index).unwrap());
        shop.set_stock(&sku, number * 7 % 1_009, begin + number * 1_000);
        shop.webhook_for_product(&sku).unwrap()
    };
    (0..EVENTS).map(change).collect()
}

/// What the senders share.
struct Sending {
    webhooks: Vec<Webhook>,
    next: AtomicUsize,
    accepted: watch::Sender<usize>,
    again: AtomicUsize,
    /// Whether the program is up, as far as who kills it knows.
    up: watch::Sender<bool>,
    events: Mutex<BTreeSet<String>>,
}

/// Sends the next webhook until it is taken, then the next, as a shop does: the same bytes each time.
async fn send(sending: Arc<Sending>, web: Web, url: String) {
    while let Some(webhook) = sending.webhooks.get(sending.next.fetch_add(1, Ordering::SeqCst)) {
        loop {
            match web.post(&url, &webhook.headers, webhook.body.clone()).await {
                Ok(answer) if (200..300).contains(&answer.status) => {
                    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
                    let event = body["events"][0].as_str().unwrap().to_owned();
                    sending.events.lock().unwrap().insert(event);
                    break;
                }
                Ok(answer) => assert!(answer.status >= 500 || answer.status == 429, "{answer:?}"),
                Err(_) => {}
            }
            sending.again.fetch_add(1, Ordering::SeqCst);
            sending.up.subscribe().wait_for(|up| *up).await.unwrap();
        }
        sending.accepted.send_modify(|accepted| *accepted += 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_lose_nothing() {
    let began = Instant::now();
    let (folder, web) = (tempfile::tempdir().unwrap(), Web::new());
    let (shop, office) = office::systems().await;
    let mut program = Program::first(folder.path(), &web).await;
    office::connect(&program, &web, shop.url(), office.url()).await;

    let sending = Arc::new(Sending { webhooks: changes(&shop), next: AtomicUsize::new(0), accepted: watch::Sender::new(0), again: AtomicUsize::new(0), up: watch::Sender::new(true), events: Mutex::default() });
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        senders.spawn(send(Arc::clone(&sending), web.clone(), program.url("/webhooks/shop")));
    }
    for kill in 1..=KILLS {
        sending.accepted.subscribe().wait_for(|accepted| *accepted >= kill * EVERY).await.unwrap();
        sending.up.send_replace(false);
        program.kill();
        program.again(&web).await;
        sending.up.send_replace(true);
    }
    while let Some(sender) = senders.join_next().await {
        sender.unwrap();
    }
    let sent = began.elapsed();
    let amid = office.calls_to("POST", WRITE);
    let account = office::settle(&program, &web, "stock", EVENTS as u64).await;
    let calls = office.calls_to("POST", WRITE);
    let again = sending.again.load(Ordering::SeqCst);
    println!("{KILLS} kills, {EVENTS} events, {again} sent again, {calls} office calls, {amid} of them amid the kills; sent in {sent:?}, settled after {:?}; {account}", began.elapsed());

    let wrong: Vec<_> = (0..SKUS).map(sku).map(|sku| (office.backoffice().stock(&sku, "default"), shop.shop().stock(&sku), sku)).filter(|(office, shop, _)| office != shop).collect();
    assert!(wrong.is_empty(), "office, shop, SKU: {wrong:?}");
    assert!(amid > 0, "no kill could hit a delivery");
    assert_eq!(sending.events.lock().unwrap().len(), EVENTS);
    assert_eq!(account["dead"].as_u64().unwrap_or_default(), 0, "{account}");
    assert!(account["received"].as_u64().unwrap() >= 2_000, "{account}");
}
