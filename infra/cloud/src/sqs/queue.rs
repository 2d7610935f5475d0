//! Queues themselves: made, found, listed, emptied, removed.
//!
//! A queue is found by its name, the last segment of whatever URL the caller holds, so that a URL stays good when the
//! port changes.

use rusqlite::{OptionalExtension, Row, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::settings::{Settings, Texts};
use super::{Call, fault, nothing};
use crate::address;
use crate::refusal::Refusal;
use crate::wire::read;

/// One queue.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) settings: Settings,
    pub(crate) created_ms: i64,
    pub(crate) changed_ms: i64,
}

impl Queue {
    /// The queue of that name, if there is one.
    pub(crate) fn named(call: &Call<'_>, name: &str) -> Result<Option<Queue>, Refusal> {
        let found = call
            .db
            .prepare_cached("SELECT id, name, region, settings, created_ms, changed_ms FROM queue WHERE name = ?1")?
            .query_row([name], Queue::from_row)
            .optional()?;
        Ok(found)
    }

    /// The queue a URL means.
    pub(crate) fn at(call: &Call<'_>, url: &str) -> Result<Queue, Refusal> {
        let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if name.is_empty() {
            return Err(fault::missing("QueueUrl"));
        }
        Queue::named(call, name)?.ok_or_else(fault::no_queue)
    }

    /// Whether order and deduplication are promised.
    pub(crate) fn fifo(&self) -> bool {
        self.settings.is("FifoQueue", "true")
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Queue> {
        let settings: String = row.get(3)?;
        let settings = serde_json::from_str(&settings).unwrap_or_default();
        Ok(Queue {
            id: row.get(0)?,
            name: row.get(1)?,
            region: row.get(2)?,
            settings: Settings(settings),
            created_ms: row.get(4)?,
            changed_ms: row.get(5)?,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Named {
    queue_name: String,
    attributes: Texts,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Listing {
    queue_name_prefix: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct At {
    queue_url: String,
}

/// `CreateQueue`: the same name with the same attributes is the same queue.
pub(crate) fn create(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Named { queue_name: name, attributes } = read(body)?;
    let fifo = attributes.get("FifoQueue").is_some_and(|fifo| fifo == "true");
    check_name(&name, fifo)?;
    let mut settings = Settings::default();
    settings.change(&attributes, fifo)?;
    if let Some(existing) = Queue::named(call, &name)? {
        let shown = existing.settings.shown();
        let different = attributes.iter().find(|(attribute, value)| shown.get(*attribute) != Some(value));
        if let Some((attribute, _)) = different {
            return Err(fault::name_taken(attribute));
        }
    } else {
        if let Some(redrive) = settings.redrive() {
            redrive.check(call, fifo)?;
        }
        call.db
            .prepare_cached(
                "INSERT INTO queue (name, region, settings, created_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?4)",
            )?
            .execute(params![name, call.caller.region, json!(settings.0).to_string(), call.now])?;
    }
    Ok(json!({ "QueueUrl": address::queue_url(&call.caller.host, &name) }))
}

/// `GetQueueUrl`.
pub(crate) fn url(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Named { queue_name, .. } = read(body)?;
    let queue = Queue::named(call, &queue_name)?.ok_or_else(fault::no_queue)?;
    Ok(json!({ "QueueUrl": address::queue_url(&call.caller.host, &queue.name) }))
}

/// `ListQueues`: by name; the token is the last name shown.
pub(crate) fn list(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let Listing { queue_name_prefix, max_results, next_token } = read(body)?;
    let limit = max_results.unwrap_or(1000).clamp(1, 1000);
    let mut statement = call.db.prepare_cached("SELECT name FROM queue WHERE name > ?1 ORDER BY name")?;
    let names = statement.query_map([next_token.unwrap_or_default()], |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let mut names: Vec<String> = names.into_iter().filter(|name| name.starts_with(&queue_name_prefix)).collect();
    let more = names.len() > limit;
    names.truncate(limit);
    let urls: Vec<String> = names.iter().map(|name| address::queue_url(&call.caller.host, name)).collect();
    let mut answer = json!({ "QueueUrls": urls });
    if let (true, Some(last)) = (more && max_results.is_some(), names.last()) {
        answer["NextToken"] = json!(last);
    }
    Ok(answer)
}

/// `DeleteQueue`, with its messages and what it remembers.
pub(crate) fn delete(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let At { queue_url } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    for statement in [
        "DELETE FROM message WHERE queue = ?1",
        "DELETE FROM dedup WHERE queue = ?1",
        "DELETE FROM queue WHERE id = ?1",
    ] {
        call.db.prepare_cached(statement)?.execute([queue.id])?;
    }
    Ok(nothing())
}

/// `PurgeQueue`: messages go, deduplication ids stay known.
pub(crate) fn purge(call: &Call<'_>, body: &[u8]) -> Result<Value, Refusal> {
    let At { queue_url } = read(body)?;
    let queue = Queue::at(call, &queue_url)?;
    call.db.prepare_cached("DELETE FROM message WHERE queue = ?1")?.execute([queue.id])?;
    Ok(nothing())
}

fn check_name(name: &str, fifo: bool) -> Result<(), Refusal> {
    let stem = if fifo { name.strip_suffix(".fifo") } else { Some(name) };
    let spelled = |stem: &str| {
        !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if name.len() <= 80 && stem.is_some_and(spelled) {
        return Ok(());
    }
    Err(fault::invalid(if fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with \
         .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length."
    }))
}
