//! The `reconcile` function: compares both ends of flows, one job a record.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use fault::Disposition;
use lambda_runtime::{Error, LambdaEvent};
use pipeline::App;
use queue::{Job, Message, open};

/// Handles one batch of jobs.
///
/// # Errors
/// Never by itself: every record's fate is in the answer.
pub async fn handle(app: &App, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
    let incoming = runtime::incoming(event, app.clock.as_ref());
    let mut failed = Vec::new();
    for work in &incoming.batch.works {
        let Ok(Message::Job(Job::Reconcile(job))) = open(&work.body) else {
            tracing::error!(step = "reconcile", code = "message_unknown", "not a reconcile job");
            failed.push(work.id.clone());
            continue;
        };
        if let Err(fault) = Box::pin(pipeline::reconcile(app, &job, incoming.batch.until_ms)).await {
            tracing::warn!(step = "reconcile", code = fault.code, tenant = job.tenant, flow = job.flow, rc = work.receives, "not compared");
            // What only a person can change is started again by the next schedule, not by the queue.
            if matches!(fault.disposition, Disposition::Retry { .. }) {
                failed.push(work.id.clone());
            }
        }
    }
    runtime::line(app, &incoming, &failed);
    Ok(runtime::answer(failed))
}
