//! `ReceiveMessage`: taking messages, waiting for some, and keeping FIFO groups in order.
//!
//! A message is available when its time has come and, on a FIFO queue, when nothing of its group is in flight and no
//! earlier one of its group is still delayed. A poll waits in real time but judges by the clock handed in: it looks
//! again when the bell rings, and when the next message falls due.

use std::time::Duration;

use rusqlite::params;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

use super::handle::{self, Handle};
use super::queue::Queue;
use super::stored::{COLUMNS, Stored};
use super::{Call, delivery, fault, redrive, stored};
use crate::caller::Caller;
use crate::refusal::Refusal;
use crate::wire::read;
use crate::world::World;

/// What a receiver asks for.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Receive {
    queue_url: String,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
    /// The older name of the next field.
    pub(crate) attribute_names: Vec<String>,
    pub(crate) message_system_attribute_names: Vec<String>,
    pub(crate) message_attribute_names: Vec<String>,
}

/// One look at the queue.
struct Look {
    messages: Vec<Value>,
    /// When the next hidden message falls due.
    next_due_ms: Option<i64>,
    wait_seconds: i64,
    now: i64,
}

/// `ReceiveMessage`.
pub(crate) async fn receive(world: &World, caller: &Caller, body: &[u8]) -> Result<Value, Refusal> {
    let request: Receive = read(body)?;
    check(&request)?;
    let started = Instant::now();
    loop {
        // Listening starts before the look, so that nothing that happens between the two is missed.
        let bell = world.bell.notified();
        tokio::pin!(bell);
        bell.as_mut().enable();
        let look = look(world, caller, &request)?;
        if !look.messages.is_empty() {
            return Ok(json!({ "Messages": look.messages }));
        }
        let wait_seconds = u64::try_from(look.wait_seconds).unwrap_or_default();
        let deadline = started + Duration::from_secs(wait_seconds);
        if Instant::now() >= deadline {
            return Ok(json!({}));
        }
        let due_in = look.next_due_ms.map(|due_ms| u64::try_from(due_ms - look.now).unwrap_or_default().max(1));
        let due = due_in.map_or(deadline, |ms| Instant::now() + Duration::from_millis(ms));
        tokio::select! {
            () = &mut bell => {}
            () = sleep_until(due.min(deadline)) => {}
        }
    }
}

fn look(world: &World, caller: &Caller, request: &Receive) -> Result<Look, Refusal> {
    let mut db = world.db();
    let transaction = db.transaction()?;
    let call = Call { db: &transaction, now: world.now_ms(), caller };
    let queue = Queue::at(&call, &request.queue_url)?;
    stored::forget_old(&call, &queue)?;
    let (messages, buried) = take(&call, &queue, request)?;
    let next_due_ms = if messages.is_empty() { next_due(&call, &queue)? } else { None };
    let wait_seconds =
        request.wait_time_seconds.unwrap_or_else(|| queue.settings.number("ReceiveMessageWaitTimeSeconds"));
    let now = call.now;
    transaction.commit()?;
    if buried {
        world.bell.notify_waiters();
    }
    Ok(Look { messages, next_due_ms, wait_seconds, now })
}

/// Takes what is available, and buries what was received too often; says whether it buried anything.
fn take(call: &Call<'_>, queue: &Queue, request: &Receive) -> Result<(Vec<Value>, bool), Refusal> {
    let limit = usize::try_from(request.max_number_of_messages.unwrap_or(1)).unwrap_or(1);
    let timeout = request.visibility_timeout.unwrap_or_else(|| queue.settings.number("VisibilityTimeout"));
    let grave = match queue.settings.redrive() {
        Some(redrive) => redrive.target(call)?.map(|target| (target, redrive.max_receives)),
        None => None,
    };
    let mut taken = Vec::with_capacity(limit);
    let mut buried = false;
    loop {
        let candidates = available(call, queue, limit - taken.len())?;
        let mut again = false;
        for mut message in candidates {
            match &grave {
                Some((target, most)) if message.receives >= *most => {
                    redrive::bury(call, queue, target, message.row)?;
                    again = true;
                }
                _ => {
                    let handle = hide(call, &mut message, timeout)?;
                    taken.push(delivery::written(queue, message, &handle, request));
                }
            }
        }
        buried |= again;
        // What was buried made room, and on a FIFO queue it may have freed its group. A timeout of zero hides nothing,
        // so a second look would find what is already taken.
        if !again || taken.len() >= limit || (timeout == 0 && !taken.is_empty()) {
            return Ok((taken, buried));
        }
    }
}

fn available(call: &Call<'_>, queue: &Queue, limit: usize) -> Result<Vec<Stored>, Refusal> {
    let sql = if queue.fifo() {
        format!(
            "SELECT {COLUMNS} FROM message AS m INDEXED BY message_by_order
             WHERE queue = ?1 AND visible_ms <= ?2
               AND group_id NOT IN (
                   SELECT group_id FROM message INDEXED BY message_by_visibility
                   WHERE queue = ?1 AND visible_ms > ?2 AND receipt IS NOT NULL)
               AND NOT EXISTS (
                   SELECT 1 FROM message AS other INDEXED BY message_by_group
                   WHERE other.queue = m.queue AND other.group_id = m.group_id AND other.visible_ms > ?2
                     AND other.id < m.id)
             ORDER BY id LIMIT ?3"
        )
    } else {
        format!(
            "SELECT {COLUMNS} FROM message INDEXED BY message_by_visibility
             WHERE queue = ?1 AND visible_ms <= ?2 ORDER BY visible_ms, id LIMIT ?3"
        )
    };
    let mut statement = call.db.prepare_cached(&sql)?;
    let limit = i64::try_from(limit).unwrap_or(1);
    let rows = statement.query_map([queue.id, call.now, limit], Stored::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Puts a message in flight.
fn hide(call: &Call<'_>, message: &mut Stored, timeout_seconds: i64) -> Result<Handle, Refusal> {
    let handle = Handle { row: message.row, nonce: handle::nonce() };
    message.receives += 1;
    message.first_ms.get_or_insert(call.now);
    call.db
        .prepare_cached(
            "UPDATE message SET visible_ms = ?2, received_ms = ?3, first_ms = ?4, receives = ?5, receipt = ?6
             WHERE id = ?1",
        )?
        .execute(params![
            message.row,
            call.now + timeout_seconds * 1000,
            call.now,
            message.first_ms,
            message.receives,
            handle.nonce,
        ])?;
    Ok(handle)
}

fn next_due(call: &Call<'_>, queue: &Queue) -> Result<Option<i64>, Refusal> {
    let due = call
        .db
        .prepare_cached("SELECT min(visible_ms) FROM message WHERE queue = ?1 AND visible_ms > ?2")?
        .query_row([queue.id, call.now], |row| row.get(0))?;
    Ok(due)
}

fn check(request: &Receive) -> Result<(), Refusal> {
    let ranges = [
        ("MaxNumberOfMessages", request.max_number_of_messages, 1, 10),
        ("WaitTimeSeconds", request.wait_time_seconds, 0, 20),
        ("VisibilityTimeout", request.visibility_timeout, 0, super::visibility::LONGEST_SECONDS),
    ];
    for (name, value, least, most) in ranges {
        if let Some(value) = value
            && !(least..=most).contains(&value)
        {
            let reason = format!("Must be between {least} and {most}, if provided.");
            return Err(fault::invalid_value(name, value, &reason));
        }
    }
    Ok(())
}
