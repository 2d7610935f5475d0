//! Wires and runs the `api` function.

use std::sync::Arc;

use lambda_http::{LambdaEvent, lambda_runtime, service_fn};

#[tokio::main]
async fn main() -> Result<(), runtime::Stop> {
    let app = runtime::start("api").await?;
    let service = service_fn(move |event: LambdaEvent<_>| {
        let app = Arc::clone(&app);
        async move { api::invoked(&app, event).await }
    });
    Box::pin(lambda_runtime::run(service)).await.map_err(runtime::Stop::Runtime)
}
