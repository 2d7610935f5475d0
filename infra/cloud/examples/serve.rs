//! Serves SQS and KMS until killed: `serve PORT [FILE]`. The contract script in `tests/` runs against it.

use std::sync::Arc;

use cloud::{Cloud, Place};

/// The machine's own time.
struct Machine;

impl canonical::Clock for Machine {
    fn now_ms(&self) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "a program of its own, which needs the real time")]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().ok_or("usage: serve PORT [FILE]")?.parse()?;
    let place = arguments.next().map_or(Place::Memory, |path| Place::File(path.into()));
    let cloud = Cloud::open(place, Arc::new(Machine))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    cloud.serve(listener).await;
    Ok(())
}
