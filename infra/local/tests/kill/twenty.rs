//! Two thousand stock changes, orders whose states must keep their order, a depot that is polled, an office that fails now
//! and then, and twenty kills.

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
use testkit::{
    Running, Shop, Webhook,
    faults::{Fault, Rule},
};
use tokio::{sync::watch, task::JoinSet};

use crate::{depot, office, orders, program::Program, web::Web};

const EVENTS: usize = 2_000;
const SKUS: usize = 200;
const KILLS: usize = 20;
/// Kills are spread evenly over the events accepted, the last before the last events.
const EVERY: usize = 95;
const SENDERS: usize = 6;
/// Where the office takes stock.
const WRITE: &str = "/rest/V1/inventory/source-items";
/// Between two kills a minute passes: polls start, and whoever waits for the clock goes on.
const MINUTE_S: u64 = 61;

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

impl Sending {
    /// Sends a webhook until it is taken, as a shop does: the same bytes each time. The answer is its event.
    async fn take(&self, web: &Web, url: &str, webhook: &Webhook) -> String {
        loop {
            match web.post(url, &webhook.headers, webhook.body.clone()).await {
                Ok(answer) if (200..300).contains(&answer.status) => {
                    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
                    return body["events"][0].as_str().unwrap().to_owned();
                }
                Ok(answer) => assert!(answer.status >= 500 || answer.status == 429, "{answer:?}"),
                Err(_) => {}
            }
            self.again.fetch_add(1, Ordering::SeqCst);
            self.up.subscribe().wait_for(|up| *up).await.unwrap();
        }
    }
}

/// Sends the next stock change, then the next.
async fn send(sending: Arc<Sending>, web: Web, url: String) {
    while let Some(webhook) = sending.webhooks.get(sending.next.fetch_add(1, Ordering::SeqCst)) {
        let event = sending.take(&web, &url, webhook).await;
        sending.events.lock().unwrap().insert(event);
        sending.accepted.send_modify(|accepted| *accepted += 1);
    }
}

/// Sends orders one after the other, spread over the stock changes.
async fn send_orders(sending: Arc<Sending>, web: Web, url: String, webhooks: Vec<Webhook>) {
    let apart = EVENTS / webhooks.len();
    for (index, webhook) in webhooks.iter().enumerate() {
        sending.accepted.subscribe().wait_for(|accepted| *accepted >= index * apart).await.unwrap();
        sending.take(&web, &url, webhook).await;
    }
}

/// The office fails now and then: it refuses, asks to slow down, or does what it is asked and does not say so.
fn misbehave(office: &Running<testkit::BackOffice>) {
    let status = |status, retry_after: Option<&str>, executes| Fault::Status { status, retry_after: retry_after.map(str::to_owned), executes };
    for (path, after, times) in [(WRITE, 150, 3), (orders::WRITE, 12, 3)] {
        for _ in 0..times {
            office.faults().push(Rule::once("POST", path, status(503, None, false)).after(after));
            office.faults().push(Rule::once("POST", path, status(429, Some("5"), false)).after(after));
            office.faults().push(Rule::once("POST", path, status(503, None, true)).after(after));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_lose_nothing() {
    let began = Instant::now();
    let (folder, web) = (tempfile::tempdir().unwrap(), Web::new());
    let (shop, office) = office::systems().await;
    let mut program = Program::first(folder.path(), &web).await;
    office::connect(&program, &web, shop.url(), office.url()).await;
    let depot = depot::connect(&program, &web).await;
    misbehave(&office);

    let sending = Arc::new(Sending { webhooks: changes(&shop), next: AtomicUsize::new(0), accepted: watch::Sender::new(0), again: AtomicUsize::new(0), up: watch::Sender::new(true), events: Mutex::default() });
    let mut senders = JoinSet::new();
    for _ in 0..SENDERS {
        senders.spawn(send(Arc::clone(&sending), web.clone(), program.url("/webhooks/shop")));
    }
    senders.spawn(send_orders(Arc::clone(&sending), web.clone(), program.url("/webhooks/shop"), orders::changes(&shop)));
    let mut cut_off = 0;
    for kill in 1..=KILLS {
        sending.accepted.subscribe().wait_for(|accepted| *accepted >= kill * EVERY).await.unwrap();
        cut_off += depot.faults().stalled();
        sending.up.send_replace(false);
        program.kill();
        program.again(&web).await;
        sending.up.send_replace(true);
        program.wind(&web, MINUTE_S).await;
    }
    while let Some(sender) = senders.join_next().await {
        sender.unwrap();
    }
    let sent = began.elapsed();
    let amid = [WRITE, orders::WRITE].map(|path| office.calls_to("POST", path));
    depot.faults().clear();
    let mut accounts = Vec::new();
    for (flow, least) in [("stock", EVENTS), ("orders", orders::COUNT), ("polled", depot::GOODS)] {
        accounts.push(office::settle(&program, &web, flow, least as u64).await);
    }
    let calls = [WRITE, orders::WRITE].map(|path| office.calls_to("POST", path));
    let again = sending.again.load(Ordering::SeqCst);
    println!("{KILLS} kills, {EVENTS} events, {again} sent again, {cut_off} polls cut off, {calls:?} office calls, {amid:?} of them amid the kills; sent in {sent:?}, settled after {:?}; {accounts:#?}", began.elapsed());

    let wrong: Vec<_> = (0..SKUS).map(sku).map(|sku| (office.backoffice().stock(&sku, "default"), shop.shop().stock(&sku), sku)).filter(|(office, shop, _)| office != shop).collect();
    assert!(wrong.is_empty(), "office, shop, SKU: {wrong:?}");
    orders::arrived(&office);
    depot::arrived(&depot, &office);
    assert!(amid.iter().all(|calls| *calls > 0) && cut_off > 0, "no kill could hit a delivery, or none a poll");
    assert_eq!(sending.events.lock().unwrap().len(), EVENTS);
    for account in accounts {
        assert_eq!(account["dead"].as_u64().unwrap_or_default(), 0, "{account}");
    }
}
