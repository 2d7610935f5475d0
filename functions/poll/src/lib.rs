//! The `poll` function: the sweep of every minute, and the jobs it starts, polls and releases; and tests of credentials.

use aws_lambda_events::event::sqs::SqsEvent;
use fault::{Disposition, Simple};
use lambda_runtime::{Error, LambdaEvent};
use pipeline::{App, Batch, Hold, Metric};
use queue::{Job, Message, open};
use serde_json::{Value, json};

/// Handles the sweep (`{"kind":"sweep"}`) or one batch of jobs.
///
/// # Errors
/// When the sweep failed: the schedule starts it again. Of jobs, every record's fate is in the answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    if event.payload.get("kind").and_then(Value::as_str) == Some("sweep") {
        let began = app.clock.now_ms();
        let started = Box::pin(pipeline::sweep(app)).await.map_err(|fault| Error::from(fault.to_string()))?;
        runtime::swept(app, &event.context.request_id, started, app.clock.now_ms() - began);
        return Ok(json!({ "started": started }));
    }
    let (payload, context) = event.into_parts();
    // The reader's own words would quote the payload.
    let sqs: SqsEvent = serde_json::from_value(payload).map_err(|_| Error::from("the event is neither the sweep nor a batch of a queue"))?;
    let incoming = runtime::incoming(LambdaEvent::new(sqs, context), app.clock.as_ref());
    let mut failed = Vec::new();
    for work in &incoming.batch.works {
        if work.sent_ms > 0 {
            app.meter.observe(Metric::PollLag, app.clock.now_ms() - work.sent_ms);
        }
        // Two minutes at a time: its queue would keep it back for a quarter of an hour.
        let hold = Hold::of(&work.receipt);
        hold.renew(app).await;
        if let Err(fault) = one(app, &incoming.batch, &work.body, hold).await {
            tracing::warn!(step = "poll", code = fault.code, rc = work.receives, "a job could not be handled");
            // A job of a version we do not know may be of one that is being deployed: the queue keeps it.
            if matches!(fault.disposition, Disposition::Retry { .. }) || fault.code == "message_unknown" {
                failed.push(work.id.clone());
            }
        }
    }
    runtime::line(app, &incoming, &failed);
    Ok(serde_json::to_value(runtime::answer(failed))?)
}

async fn one(app: &App, batch: &Batch, body: &str, hold: Hold<'_>) -> Result<(), Simple> {
    match open(body).map_err(|error| Simple::from_fault(&error))? {
        Message::Job(Job::Poll(job)) => Box::pin(pipeline::poll(app, &job, batch.until_ms, hold)).await,
        Message::Job(Job::Release(job)) => Box::pin(pipeline::release(app, &job)).await,
        Message::Job(Job::Test(job)) => Box::pin(pipeline::test(app, &job, batch.until_ms)).await,
        Message::Job(Job::Reconcile(_)) | Message::Changes(_) | Message::Delivery(_) => Err(Simple::reject("message_unknown", "not a job of this function")),
    }
}
