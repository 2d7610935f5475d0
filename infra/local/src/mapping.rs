//! An event-source mapping: receive, invoke, delete what succeeded.
//!
//! Does what the Lambda service does between a queue and a function, including what it does when a function fails: it
//! deletes nothing and leaves the messages to their visibility timeout. It never opens a message.

use std::collections::BTreeSet;

use aws_sdk_sqs::{Client, types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName}};

use crate::{
    Error,
    function::Function,
    setup::{Address, REGION},
};

mod event;

/// What connects one queue to one function.
#[derive(Clone)]
pub struct Mapping {
    /// The name after the prefix.
    pub queue: &'static str,
    /// Where it is.
    pub address: Address,
    /// What is invoked.
    pub function: Function,
    /// At most this many messages an invocation.
    pub batch: i32,
    /// How many loops `run` keeps on it.
    pub loops: usize,
    /// The way to the queue.
    pub sqs: Client,
}

impl Mapping {
    /// Receives once, waiting at most `wait_seconds`, and invokes the function if something came; the answer is how
    /// many messages came.
    ///
    /// # Errors
    /// When the queue does not answer; a failed invocation is not an error.
    pub async fn step(&self, wait_seconds: i32) -> Result<usize, Error> {
        let messages = self.receive(wait_seconds).await?;
        self.handle(messages).await
    }

    /// Receives once, waiting at most `wait_seconds`.
    ///
    /// # Errors
    /// When the queue does not answer.
    pub async fn receive(&self, wait_seconds: i32) -> Result<Vec<Message>, Error> {
        let call = self.sqs.receive_message().queue_url(&self.address.url).max_number_of_messages(self.batch).wait_time_seconds(wait_seconds);
        let call = call.message_system_attribute_names(MessageSystemAttributeName::All).message_attribute_names("All");
        let received = Box::pin(call.send()).await.map_err(|error| Error::aws(format!("ReceiveMessage {}", self.queue), error))?;
        Ok(received.messages.unwrap_or_default())
    }

    /// Invokes the function with what was received, if anything was, and deletes what succeeded; the answer is how many
    /// messages there were.
    ///
    /// # Errors
    /// When the queue does not answer; a failed invocation is not an error.
    pub async fn handle(&self, messages: Vec<Message>) -> Result<usize, Error> {
        if messages.is_empty() {
            return Ok(0);
        }
        let payload = event::written(&messages, &self.address.arn, REGION);
        let ids: BTreeSet<&str> = messages.iter().filter_map(|message| message.message_id()).collect();
        let answer = self.function.invoke(payload.to_string()).await;
        match answer.and_then(|answer| event::failures(&answer, &ids)) {
            Ok(failed) => {
                let done = messages.iter().filter(|message| !failed.contains(message.message_id().unwrap_or_default()));
                self.delete(done.filter_map(|message| message.receipt_handle())).await?;
            }
            Err(reason) => tracing::warn!(function = self.function.name, queue = self.queue, messages = messages.len(), reason, "invocation failed"),
        }
        Ok(messages.len())
    }

    async fn delete(&self, handles: impl Iterator<Item = &str>) -> Result<(), Error> {
        let failed = |reason: String| Error::Aws { call: format!("DeleteMessageBatch {}", self.queue), reason };
        let mut call = self.sqs.delete_message_batch().queue_url(&self.address.url);
        let mut some = false;
        for (index, handle) in handles.enumerate() {
            let entry = DeleteMessageBatchRequestEntry::builder().id(index.to_string()).receipt_handle(handle).build();
            call = call.entries(entry.map_err(|error| failed(error.to_string()))?);
            some = true;
        }
        if some {
            Box::pin(call.send()).await.map_err(|error| Error::aws(format!("DeleteMessageBatch {}", self.queue), error))?;
        }
        Ok(())
    }
}
