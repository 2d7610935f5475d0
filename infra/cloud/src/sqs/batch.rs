//! What every batch has in common: one to ten entries with distinct ids, each answered on its own.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::fault;
use crate::refusal::Refusal;

const MOST: usize = 10;

/// Refuses a batch as a whole.
pub(crate) fn check<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Refusal> {
    match ids.len() {
        0 => return Err(fault::empty_batch()),
        count if count > MOST => return Err(fault::too_many_entries(count)),
        _ => {}
    }
    let mut seen = BTreeSet::new();
    for id in ids {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if id.is_empty() || id.len() > 80 || !id.bytes().all(allowed) {
            return Err(fault::bad_entry_id());
        }
        if !seen.insert(id) {
            return Err(fault::repeated_entry(id));
        }
    }
    Ok(())
}

/// The answer: who succeeded, with what, and who failed, and why. A fault of ours fails the whole call.
pub(crate) fn answer<'a>(
    outcomes: impl Iterator<Item = (&'a str, Result<Value, Refusal>)>,
) -> Result<Value, Refusal> {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, outcome) in outcomes {
        match outcome {
            Ok(mut value) => {
                value["Id"] = json!(id);
                successful.push(value);
            }
            Err(refusal) if refusal.by_sender => failed.push(refusal.entry(id)),
            Err(refusal) => return Err(refusal),
        }
    }
    let mut answer = json!({ "Successful": successful });
    if !failed.is_empty() {
        answer["Failed"] = json!(failed);
    }
    Ok(answer)
}
