//! `pullpush demo`: the main job on one machine.

use pullpush::Error;

/// Starts a chain in memory and drains it.
pub(crate) async fn run(burst: Option<u32>) -> Result<(), Error> {
    use std::sync::Arc;

    let options = pullpush::Options {
        data: None,
        clock: Arc::new(runtime::SystemClock),
        chance: Arc::new(runtime::SystemChance),
        public_base_url: String::new(),
        ports: pullpush::Ports::default(),
    };
    let chain = Box::pin(pullpush::Chain::start(options)).await?;
    let received = Box::pin(chain.drain()).await?;
    println!("burst {}: {received} messages received", burst.unwrap_or_default());
    Ok(())
}
