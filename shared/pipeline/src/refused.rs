//! Records that no event can carry, as they come among others: on a page of a poll, in a webhook.
//!
//! One of them must not hold up the others, and no sender can mend it by sending again: it travels on with what is wrong
//! with it, and the transform keeps it as dead, on every flow that would have had it. The event endpoint refuses instead:
//! there somebody listens. Nothing is written here.

use canonical::{Change, ConnectionId};
use document::hash_bytes;
use fault::Simple;
use queue::{Item, Refused};

use crate::receive::{ID_BYTES, TYPE_BYTES, fit, item};

/// So much of a record still fits into a message, whatever has to be escaped.
const WHOLE_BYTES: usize = 400 * 1024;
/// So much is kept of a longer one.
const BEGINNING_BYTES: usize = 16 * 1024;

/// The item of one record of many: where no event can carry it, as much of it as a message can.
pub(crate) fn carried(connection: &ConnectionId, index: usize, change: Change) -> Result<Item, Simple> {
    let item = item(connection, index, change)?;
    let Err(fault) = fit(&item) else { return Ok(item) };
    let bytes = item.p.len();
    let whole = bytes <= WHOLE_BYTES;
    let message = if whole { fault.message } else { format!("{}; only its beginning is kept", fault.message) };
    let p = if whole { item.p } else { item.p[..item.p.floor_char_boundary(BEGINNING_BYTES)].to_owned() };
    tracing::warn!(step = "receive", code = fault.code, conn = connection.as_str(), ev = item.ev.as_str(), bytes, "no event can carry a record");
    Ok(Item { x: clipped(item.x, ID_BYTES), ty: clipped(item.ty, TYPE_BYTES), p, refused: Some(Refused { code: fault.code.to_owned(), message }), ..item })
}

/// What was wrong with a record at the door.
pub(crate) fn fault(refused: &Refused) -> Simple {
    let code = fault::documented(&refused.code).map_or("internal", |code| code.name);
    Simple::reject(code, refused.message.clone())
}

/// A text that fits; those that were cut are told apart by a hash.
fn clipped(text: String, most: usize) -> String {
    if text.len() <= most { text } else { format!("{}…{}", &text[..text.floor_char_boundary(100)], hex::encode(hash_bytes(text.as_bytes()))) }
}
