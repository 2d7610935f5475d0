//! Queue batches in, partial failures out, and the one line a batch leaves.

use std::collections::HashSet;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use canonical::{Clock, Millis};
use lambda_runtime::LambdaEvent;
use pipeline::{App, Batch, Work};

use crate::{Field, Line, shell};

/// What a handler keeps back of its time, to report what is unfinished.
const RESERVE_MS: Millis = 5_000;

/// A decoded batch.
pub struct Incoming {
    /// The records.
    pub batch: Batch,
    /// They come from a dead-letter queue.
    pub dead_letters: bool,
    /// When the handler began.
    began: Millis,
}

/// Decodes a batch. A record without an id or a body is still a record: nothing is dropped here.
#[must_use]
pub fn incoming(event: LambdaEvent<SqsEvent>, clock: &dyn Clock) -> Incoming {
    let (event, context) = event.into_parts();
    let dead = |arn: &Option<String>| arn.as_deref().is_some_and(|arn| arn.ends_with("-dlq") || arn.ends_with("-dlq.fifo"));
    let dead_letters = event.records.iter().any(|record| dead(&record.event_source_arn));
    let works = event.records.into_iter().map(|record| Work {
        id: record.message_id.unwrap_or_default(),
        body: record.body.unwrap_or_default(),
        receipt: record.receipt_handle.unwrap_or_default(),
        receives: record.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1),
        sent_ms: record.attributes.get("SentTimestamp").and_then(|at| at.parse().ok()).unwrap_or(0),
        sequence: record.attributes.get("SequenceNumber").cloned().unwrap_or_default(),
    });
    let until_ms = Millis::try_from(context.deadline).unwrap_or(Millis::MAX) - RESERVE_MS;
    Incoming { batch: Batch { request: context.request_id, until_ms, works: works.collect() }, dead_letters, began: clock.now_ms() }
}

/// The answer that names the failed records, each once.
#[must_use]
pub fn answer(failed: Vec<String>) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    let mut seen = HashSet::new();
    response.batch_item_failures = failed.into_iter().filter(|id| seen.insert(id.clone())).map(|id| {
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = id;
        failure
    }).collect();
    response
}

/// Writes the line of a batch: how many, how many failed, how long.
pub fn line(app: &App, incoming: &Incoming, failed: &[String]) {
    let (n, ms) = (incoming.batch.works.len(), app.clock.now_ms() - incoming.began);
    shell::write(app, &incoming.batch.request, |line| Some(said(line, n, failed.len(), ms)));
}

fn said(line: Line, n: usize, failed: usize, ms: Millis) -> Line {
    let line = if failed == 0 { line.field(Field::Outcome, "ok") } else { line.warn().field(Field::Outcome, "failed").field(Field::Failed, failed) };
    line.field(Field::N, n).field(Field::Ms, ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_events_that_went_well_leave_a_line_of_less_than_a_fifth_of_a_kilobyte() {
        let line = said(Line::new("transform", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"), 10, 0, 1_234).render(1_769_850_100_123);
        assert_eq!(line, r#"{"ts":1769850100123,"lvl":"info","fn":"transform","req":"8476a536-e9f4-11e8-9739-2dfe598c3fcd","outcome":"ok","n":10,"ms":1234}"#);
        assert!(line.len() < 200);
    }
}
