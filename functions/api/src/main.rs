//! Wires and runs the `api` function.

use std::sync::Arc;

use lambda_http::{Request, service_fn};

#[tokio::main]
async fn main() -> Result<(), runtime::Stop> {
    let app = runtime::start("api").await?;
    let service = service_fn(move |request: Request| {
        let app = Arc::clone(&app);
        async move { api::handle(&app, request).await }
    });
    Box::pin(lambda_http::run(service)).await.map_err(runtime::Stop::Runtime)
}
