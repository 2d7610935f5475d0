//! Sending: batches of ten, every entry confirmed, failed ones tried once more alone.

use std::collections::BTreeMap;

use aws_sdk_sqs::{Client, error::ProvideErrorMetadata, types::SendMessageBatchRequestEntry};
use canonical::Millis;

use crate::{Error, Message, Name};

/// The longest delay a queue keeps a message back.
pub const LONGEST_DELAY_MS: Millis = 900_000;

/// SQS takes 1 MiB per batch; what is left covers ids and attributes.
const BATCH_BYTES: usize = 1_000_000;

/// A message to be sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where to.
    pub queue: Name,
    /// What.
    pub message: Message,
    /// Fairness or order group.
    pub group: String,
    /// FIFO only: changes with every send of ours, or the queue would swallow the message for five minutes.
    pub dedup: Option<String>,
    /// Kept back for this long, at most [`LONGEST_DELAY_MS`]; FIFO queues know no delay.
    pub delay_ms: Millis,
}

/// The queues this function may send to.
#[derive(Clone)]
pub struct Queues {
    client: Client,
    urls: BTreeMap<Name, String>,
}

impl Queues {
    /// The queues at these addresses.
    #[must_use]
    pub fn new(client: Client, urls: BTreeMap<Name, String>) -> Self {
        Self { client, urls }
    }

    /// Whether the queues answer.
    pub async fn answers(&self) -> bool {
        let Some(url) = self.urls.values().next() else { return false };
        self.client.get_queue_attributes().queue_url(url).attribute_names(aws_sdk_sqs::types::QueueAttributeName::QueueArn).send().await.is_ok()
    }

    /// Sends everything; the answer tells of each message, in order, whether it is durable.
    pub async fn send(&self, outgoing: &[Outgoing]) -> Vec<Result<(), Error>> {
        let mut results: Vec<Option<Result<(), Error>>> = outgoing.iter().map(|_| None).collect();
        let mut blocked: Vec<(Name, &str)> = Vec::new();
        for (queue, batch) in batches(outgoing) {
            let (batch, held): (Vec<_>, Vec<_>) = batch.into_iter().partition(|index| !blocked.contains(&(queue, outgoing[*index].group.as_str())));
            for index in held {
                results[index] = Some(Err(Error::Unavailable { queue: queue.word(), reason: "an earlier message of its group was not taken".into() }));
            }
            for (index, result) in self.batch(queue, &batch, outgoing).await {
                results[index] = Some(result);
            }
            let failed: Vec<usize> = batch.into_iter().filter(|index| matches!(results[*index], Some(Err(Error::Unavailable { .. })))).collect();
            for index in failed {
                for (index, result) in self.batch(queue, &[index], outgoing).await {
                    if result.is_err() && queue.is_fifo() {
                        blocked.push((queue, &outgoing[index].group));
                    }
                    results[index] = Some(result);
                }
            }
        }
        // Invariant: batches name every index, and every batch answers for all of its own.
        results.into_iter().map(|result| result.expect("every message was sent or refused")).collect()
    }

    /// Sends everything, or says what stopped the first that was not taken.
    ///
    /// # Errors
    /// The first failure; those after it may have been taken.
    pub async fn send_all(&self, outgoing: &[Outgoing]) -> Result<(), Error> {
        self.send(outgoing).await.into_iter().collect()
    }

    /// Gives the holder of a message so many seconds more, from now: who ends silently holds it up for no longer.
    ///
    /// # Errors
    /// When the queue does not answer, or the message is no longer held.
    pub async fn hold(&self, queue: Name, receipt: &str, seconds: i32) -> Result<(), Error> {
        let Some(url) = self.urls.get(&queue) else { return Err(Error::Unconfigured { queue: queue.word() }) };
        let call = self.client.change_message_visibility().queue_url(url).receipt_handle(receipt).visibility_timeout(seconds);
        call.send().await.map(drop).map_err(|error| Error::Unavailable { queue: queue.word(), reason: error.code().unwrap_or("no answer").to_owned() })
    }

    async fn batch(&self, queue: Name, indexes: &[usize], outgoing: &[Outgoing]) -> Vec<(usize, Result<(), Error>)> {
        if indexes.is_empty() {
            return Vec::new();
        }
        let every = |error: &Error| indexes.iter().map(|index| (*index, Err(error.clone()))).collect();
        let Some(url) = self.urls.get(&queue) else { return every(&Error::Unconfigured { queue: queue.word() }) };
        let unavailable = |reason: &str| Error::Unavailable { queue: queue.word(), reason: reason.to_owned() };
        let mut request = self.client.send_message_batch().queue_url(url);
        for index in indexes {
            match entry(&outgoing[*index], *index) {
                Ok(entry) => request = request.entries(entry),
                Err(reason) => return every(&unavailable(&reason)),
            }
        }
        match request.send().await {
            Ok(answer) => {
                let refused: BTreeMap<usize, &str> = answer.failed().iter().filter_map(|failed| Some((failed.id().parse().ok()?, failed.code()))).collect();
                indexes.iter().map(|index| (*index, refused.get(index).map_or(Ok(()), |code| Err(unavailable(code))))).collect()
            }
            Err(error) => every(&unavailable(error.code().unwrap_or("no answer"))),
        }
    }
}

fn entry(outgoing: &Outgoing, index: usize) -> Result<SendMessageBatchRequestEntry, String> {
    let delay = i32::try_from((outgoing.delay_ms.clamp(0, LONGEST_DELAY_MS) + 999) / 1000).unwrap_or(900);
    let fifo = outgoing.queue.is_fifo();
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(outgoing.message.body())
        .message_group_id(&outgoing.group)
        .set_message_deduplication_id(outgoing.dedup.clone().filter(|_| fifo))
        .set_delay_seconds((!fifo && delay > 0).then_some(delay))
        .build()
        .map_err(|error| error.to_string())
}

/// Indexes by queue in batches of at most ten and one megabyte. A FIFO batch holds one message per group, because
/// entries fail singly and a failed one must not be overtaken by a later one of its group.
fn batches(outgoing: &[Outgoing]) -> Vec<(Name, Vec<usize>)> {
    let mut done: Vec<(Name, Vec<usize>)> = Vec::new();
    let mut open: BTreeMap<Name, (Vec<usize>, usize)> = BTreeMap::new();
    for (index, message) in outgoing.iter().enumerate() {
        let size = message.message.body().len() + 256;
        let (batch, bytes) = open.entry(message.queue).or_default();
        let group_twice = message.queue.is_fifo() && batch.iter().any(|other| outgoing[*other].group == message.group);
        if batch.len() == 10 || *bytes + size > BATCH_BYTES || group_twice {
            done.push((message.queue, std::mem::take(batch)));
            *bytes = 0;
        }
        batch.push(index);
        *bytes += size;
    }
    done.extend(open.into_iter().map(|(queue, (batch, _))| (queue, batch)).filter(|(_, batch)| !batch.is_empty()));
    done
}
