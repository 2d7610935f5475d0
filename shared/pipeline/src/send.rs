//! Where a delivery goes: its queue, its delay, or the parking lot.

use canonical::{Key, Millis};
use fault::Simple;
use queue::{Delivery, LONGEST_DELAY_MS, Message, Name, Outgoing, Purpose};
use store::Flow;

use crate::{App, known::simple};

/// Our own re-sends of one message before it rests.
const HOPS: u32 = 64;

/// The outgoing form of a delivery: strict ones to their FIFO group, repairs and replays to `bulk`, others to `deliver`.
#[must_use]
pub fn to_delivery_queue(delivery: Delivery, bulk: bool, delay_ms: Millis) -> Outgoing {
    let queue = match () {
        () if delivery.strict => Name::DeliverStrict,
        () if bulk || delivery.why == Purpose::Repair => Name::Bulk,
        () => Name::Deliver,
    };
    let group = if delivery.strict { Key::new(format!("{}#{}", delivery.flow, delivery.key)).map_or_else(|| "-".into(), |key| key.hash()) } else { delivery.tenant.to_string() };
    // The occurrence and the hop: a second receipt of the same event must not be swallowed for five minutes.
    // A turn has a number of its own: it must arrive however often its head had one.
    let turn = if delivery.turn { format!("t{}", delivery.met) } else { String::new() };
    let dedup = Some(format!("{}#{}#{turn}", delivery.occ.as_str(), delivery.hop));
    Outgoing { queue, group, dedup, delay_ms, message: Message::Delivery(Box::new(delivery)) }
}

/// Sends a delivery once more after a delay: by the queue while the queue can, else parked. Durable when this returns.
///
/// # Errors
/// When neither took it: the record is then reported as failed.
pub async fn retry_later(app: &App, flow: &Flow, mut delivery: Delivery, delay_ms: Millis) -> Result<(), Simple> {
    delivery.hop += 1;
    let rests = delivery.hop >= HOPS;
    let delay_ms = if rests { delay_ms.max(LONGEST_DELAY_MS + 1) } else { delay_ms };
    if delay_ms > LONGEST_DELAY_MS {
        delivery.hop = 0;
        let name = format!("{}#{}", delivery.occ.as_str(), u8::from(delivery.why == Purpose::Verify));
        let due = app.now() + delay_ms;
        let tenant = delivery.tenant.clone();
        let body = Message::Delivery(Box::new(delivery)).body();
        return app.store.of(&tenant).park(&flow.destination, due, &name, &body).await.map_err(|error| simple(&error));
    }
    app.queues.send_all(&[to_delivery_queue(delivery, false, delay_ms)]).await.map_err(|error| simple(&error))
}
