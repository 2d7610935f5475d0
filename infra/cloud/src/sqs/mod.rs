//! SQS: queues, messages, and the promises made about their order.
//!
//! `wire` hands over the operation's name and its JSON. Each operation is one transaction; only `ReceiveMessage` waits,
//! and it holds nothing while it does.

mod attribute;
mod attributes;
mod batch;
mod contents;
mod delete;
mod delivery;
mod fault;
mod fifo;
mod handle;
mod queue;
mod receive;
mod redrive;
mod send;
mod settings;
mod stored;
mod visibility;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::refusal::Refusal;
use crate::world::World;

/// One operation under way: its transaction, its moment, its caller.
pub(crate) struct Call<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) now: i64,
    pub(crate) caller: &'a Caller,
}

/// Answers one request.
pub(crate) async fn answer(
    world: &World,
    caller: &Caller,
    operation: &str,
    body: &[u8],
) -> Result<Value, Refusal> {
    if operation == "ReceiveMessage" {
        return receive::receive(world, caller, body).await;
    }
    let answer = at_once(world, caller, operation, body)?;
    if !["Get", "List"].iter().any(|reading| operation.starts_with(reading)) {
        world.bell.notify_waiters();
    }
    Ok(answer)
}

fn at_once(world: &World, caller: &Caller, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
    let mut db = world.db();
    let transaction = db.transaction()?;
    let call = Call { db: &transaction, now: world.now_ms(), caller };
    let answer = match operation {
        "CreateQueue" => queue::create(&call, body),
        "GetQueueUrl" => queue::url(&call, body),
        "ListQueues" => queue::list(&call, body),
        "DeleteQueue" => queue::delete(&call, body),
        "PurgeQueue" => queue::purge(&call, body),
        "GetQueueAttributes" => attributes::get(&call, body),
        "SetQueueAttributes" => attributes::set(&call, body),
        "SendMessage" => send::one(&call, body),
        "SendMessageBatch" => send::batch(&call, body),
        "DeleteMessage" => delete::one(&call, body),
        "DeleteMessageBatch" => delete::batch(&call, body),
        "ChangeMessageVisibility" => visibility::one(&call, body),
        "ChangeMessageVisibilityBatch" => visibility::batch(&call, body),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }?;
    transaction.commit()?;
    Ok(answer)
}

/// The answer of operations that have nothing to say.
fn nothing() -> Value {
    json!({})
}
