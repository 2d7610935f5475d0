//! Wires and runs the `ingest` function.

use std::sync::Arc;

use lambda_http::{Request, service_fn};

#[tokio::main]
async fn main() -> Result<(), runtime::Stop> {
    let app = runtime::start("ingest").await?;
    let service = service_fn(move |request: Request| {
        let app = Arc::clone(&app);
        async move { ingest::handle(&app, request).await }
    });
    Box::pin(lambda_http::run(service)).await.map_err(runtime::Stop::Runtime)
}
