//! The `transform` function: decodes a queue batch, hands it to its use case, answers which records failed.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::{Error, LambdaEvent};
use pipeline::App;

/// Handles one batch.
///
/// # Errors
/// Never by itself: every record's fate is in the answer.
pub async fn handle(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
    let incoming = runtime::incoming(event, app.clock.as_ref());
    let failed = if incoming.dead_letters { pipeline::drain(app, &incoming.batch).await } else { pipeline::transform(app, &incoming.batch).await };
    runtime::line(app, &incoming, &failed);
    Ok(runtime::answer(failed))
}
