//! Wires and runs the `poll` function.

use std::sync::Arc;

use lambda_runtime::{LambdaEvent, service_fn};

#[tokio::main]
async fn main() -> Result<(), runtime::Stop> {
    let app = runtime::start("poll").await?;
    let service = service_fn(move |event: LambdaEvent<_>| {
        let app = Arc::clone(&app);
        async move { poll::handle(&app, event).await }
    });
    Box::pin(lambda_runtime::run(service)).await.map_err(runtime::Stop::Runtime)
}
