//! Serves a handler to Lambda. Called once, at the end of every `main.rs`.

use std::future::Future;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use lambda_http::{Body, Request, Response};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::SettingsError;

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The settings cannot be used.
    #[error("the settings cannot be used")]
    Settings(#[from] SettingsError),
    /// A part cannot be set up.
    #[error("the program cannot start")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The Lambda runtime ended.
    #[error("the runtime ended")]
    Runtime(#[source] Error),
}

impl Stop {
    /// A part that cannot be set up.
    pub fn start(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Stop::Start(Box::new(error))
    }
}

/// Serves batches of queue records. The handler answers with the records that failed, alone; a panic fails the batch.
///
/// # Errors
/// When the runtime ends.
pub async fn serve_queue<H, F>(handler: H) -> Result<(), Stop>
where
    H: Fn(LambdaEvent<SqsEvent>) -> F,
    F: Future<Output = SqsBatchResponse> + Send,
{
    let service = service_fn(|event| {
        let answer = handler(event);
        async { Ok::<_, Error>(answer.await) }
    });
    Box::pin(lambda_runtime::run(service)).await.map_err(Stop::Runtime)
}

/// Serves HTTP requests. The handler answers every request, also those that fail.
///
/// # Errors
/// When the runtime ends.
pub async fn serve_http<H, F>(handler: H) -> Result<(), Stop>
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let service = service_fn(|request| {
        let answer = handler(request);
        async { Ok::<_, Error>(answer.await) }
    });
    Box::pin(lambda_http::run(service)).await.map_err(Stop::Runtime)
}
