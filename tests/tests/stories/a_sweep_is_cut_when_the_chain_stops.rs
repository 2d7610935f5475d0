//! The chain is told to stop in the middle of a sweep that makes up for days: it stops, and the sweep counts as not done.

use std::sync::Arc;

use canonical::Chance;
use pullpush::{Chain, Options, Ports};
use testkit::WoundClock;
use tokio::sync::watch;

const NOW: i64 = 1_769_850_000_000;
const LONG_AGO: i64 = NOW / 60_000 - 10_000;

struct Always;

impl Chance for Always {
    fn bits(&self) -> u128 {
        7
    }
}

#[tokio::test]
async fn a_sweep_is_cut_when_the_chain_stops() {
    let options = Options { data: None, clock: Arc::new(WoundClock::at(NOW)), chance: Arc::new(Always), public_base_url: String::new(), ports: Ports::default() };
    let chain = Arc::new(Box::pin(Chain::start(options)).await.unwrap());
    chain.app().store.save_swept(LONG_AGO).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(Arc::clone(&chain).run(stopped));
    while chain.counts().get("DynamoDB.Query").copied().unwrap_or(0) < 50 {
        tokio::task::yield_now().await;
    }
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(chain.app().store.swept().await.unwrap(), Some(LONG_AGO));
}
