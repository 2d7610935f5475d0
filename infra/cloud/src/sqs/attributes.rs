//! `GetQueueAttributes` and `SetQueueAttributes`.
//!
//! Counts are exact here, where AWS calls them approximate; messages past their retention are not counted.

use rusqlite::params;
use serde::Deserialize;
use serde_json::{Value, json};

use super::queue::Queue;
use super::settings::{self, Texts};
use super::{Call, fault, nothing, stored};
use crate::address;
use crate::refusal::Refusal;
use crate::wire::read;

/// What is counted or known rather than set.
const DERIVED: [&str; 6] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Get {
    queue_url: String,
    attribute_names: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Set {
    queue_url: String,
    attributes: Texts,
}

/// `GetQueueAttributes`.
pub(crate) fn get(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Get { queue_url, attribute_names: names } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    let all = names.iter().any(|name| name == "All");
    let unknown = |name: &&String| *name != "All" && !DERIVED.contains(&name.as_str()) && !settings::exists(name);
    if let Some(name) = names.iter().find(unknown) {
        return Err(fault::unknown_attribute(name));
    }
    if names.is_empty() {
        return Ok(nothing());
    }
    let mut shown = queue.settings.shown();
    shown.extend(derived(call, &queue)?);
    shown.retain(|name, _| all || names.contains(name));
    Ok(json!({ "Attributes": shown }))
}

/// `SetQueueAttributes`: what is not named keeps its value.
pub(crate) fn set(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Set { queue_url, attributes } = read(body)?;
    let mut queue = Queue::at(call, &queue_url)?;
    if attributes.contains_key("FifoQueue") {
        return Err(fault::unknown_attribute("FifoQueue"));
    }
    let fifo = queue.fifo();
    queue.settings.change(&attributes, fifo)?;
    if attributes.contains_key("RedrivePolicy")
        && let Some(redrive) = queue.settings.redrive()
    {
        redrive.check(call, fifo)?;
    }
    call.db
        .prepare_cached("UPDATE queue SET settings = ?2, changed_ms = ?3 WHERE id = ?1")?
        .execute(params![queue.id, json!(queue.settings.0).to_string(), call.now])?;
    Ok(nothing())
}

fn derived(call: &Call<'_>, queue: &Queue) -> Result<Texts, Refusal> {
    stored::forget_old(call, queue)?;
    let (visible, in_flight, delayed): (i64, i64, i64) = call
        .db
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE visible_ms <= ?2),
                    count(*) FILTER (WHERE visible_ms > ?2 AND receipt IS NOT NULL),
                    count(*) FILTER (WHERE visible_ms > ?2 AND receipt IS NULL)
             FROM message WHERE queue = ?1",
        )?
        .query_row([queue.id, call.now], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let values = [
        visible.to_string(),
        in_flight.to_string(),
        delayed.to_string(),
        (queue.created_ms / 1000).to_string(),
        (queue.changed_ms / 1000).to_string(),
        address::queue_arn(&queue.region, &queue.name),
    ];
    Ok(DERIVED.iter().map(|name| (*name).to_owned()).zip(values).collect())
}
