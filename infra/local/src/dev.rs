//! `pullpush dev`: the whole chain until Ctrl-C, durable in a folder, on a clock that can be wound.
//!
//! The first start makes a tenant and a key and prints them; the key is stored hashed and is not shown again.

use std::{fs, path::Path, sync::Arc, time::Duration};

use pullpush::{
    Chain, Error, Options, Ports, Winding,
    front::{Front, Wind},
};
use runtime::{SystemChance, SystemClock};
use tokio::{net::TcpListener, sync::watch};

use crate::{Failure, cli::DevOptions, hold::hold, say::say};

/// Runs until Ctrl-C.
pub(crate) async fn run(options: DevOptions) -> Result<(), Failure> {
    Box::pin(serve(&options)).await.map_err(|error| Failure::Failed(error.to_string()))
}

async fn serve(options: &DevOptions) -> Result<(), Error> {
    let data = &options.data;
    fs::create_dir_all(data).map_err(|source| Error::Data { path: data.clone(), source })?;
    let port = options.port;
    let taken = |source| Error::Listen { port, source };
    // The folder comes first: a second `dev` over it ends here, before it touches anything.
    let _hold = hold(data)?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(taken)?;
    let url = format!("http://{}", listener.local_addr().map_err(taken)?);
    let clock = Arc::new(Winding::open(Arc::new(SystemClock), Some(data.join("clock")))?);
    let ports = if port == 0 { Ports::default() } else { Ports { cloud: port + 1, dynamodb: port + 2 } };
    let chain = Options { data: Some(data.clone()), clock: Arc::<Winding>::clone(&clock), chance: Arc::new(SystemChance), public_base_url: url.clone(), ports };
    let chain = Arc::new(Box::pin(Chain::start(chain)).await?);
    greet(&chain, data, &url).await?;
    let front = Front {
        ingest: chain.functions().ingest.clone(),
        api: chain.functions().api.clone(),
        wind: Some(winding(&chain, clock)),
        aws: chain.services().described(),
    };
    let (stop, stopped) = watch::channel(false);
    let front = tokio::spawn(front.serve(listener));
    let running = tokio::spawn(Arc::clone(&chain).run(stopped));
    // Without a signal to wait for there is no other way to stop than to stop at once.
    drop(tokio::signal::ctrl_c().await);
    eprintln!("stopping");
    front.abort();
    if stop.send(true).is_ok() {
        drop(running.await);
    }
    Ok(())
}

/// Winds, then wakes the polls that wait.
fn winding(chain: &Arc<Chain>, clock: Arc<Winding>) -> Wind {
    let chain = Arc::clone(chain);
    Arc::new(move |by: Duration| {
        let now_ms = clock.wind(by).map_err(|error| error.to_string())?;
        chain.wake();
        say!("clock     wound by {} s, now {now_ms} ms since 1970", by.as_secs());
        Ok(now_ms)
    })
}

/// Says where everything is; at the first start also what was made.
async fn greet(chain: &Chain, data: &Path, url: &str) -> Result<(), Error> {
    say!("PullPush runs at {url}, everything is kept in {}", data.display());
    let marker = data.join("tenant");
    if let Ok(tenant) = fs::read_to_string(&marker) {
        say!("tenant    {}  (its key was shown at the first start)", tenant.trim());
        say!("webhooks  {url}/webhooks/CONNECTION");
        return Ok(());
    }
    let made = Box::pin(control::bootstrap(chain.app())).await.map_err(|fault| Error::Bootstrap(fault.message))?;
    let (tenant, key) = (made.tenant, made.key);
    say!("tenant    {tenant}");
    say!("key       {key}  (kept hashed: this is the only time it is shown)");
    say!("webhooks  {url}/webhooks/CONNECTION");
    say!("\ntry:");
    say!("  curl {url}/health/ready");
    say!("  curl {url}/api/v1/tools/pullpush.flow.list -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '{{}}'");
    say!("  export PULLPUSH_URL={url} PULLPUSH_KEY={key}; pullpush flow list");
    say!("  curl {url}/_local/clock -H 'Content-Type: application/json' -d '{{\"advance_seconds\": 3600}}'");
    // Written after the key was shown: a start that dies before shows another one, and none is lost.
    fs::write(&marker, tenant.as_str()).map_err(|source| Error::Data { path: marker, source })
}
