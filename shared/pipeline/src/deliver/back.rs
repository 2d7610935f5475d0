//! Putting a delivery back: sent again after a delay, or in line if it is strict; nothing tried, nothing burnt. Only if even
//! that fails is its record reported, and the queue gives it again.

use canonical::Millis;
use fault::{Disposition, Simple};

use queue::{Delivery, LONGEST_DELAY_MS};

use super::{Done, Parcel, report, strict};
use crate::{App, meter::Metric, send::{retry_later, to_delivery_queue}};

/// A wait this long is worth a person's attention: it is counted.
const LONG_MS: Millis = 15 * 60_000;

/// Sends a delivery of a latest flow again after a delay.
pub(crate) async fn again(app: &App, parcel: Parcel, delay_ms: Millis) -> Done {
    let record = parcel.record;
    let waits = report::waits(&parcel.delivery, app.now(), delay_ms);
    if delay_ms > LONG_MS {
        app.meter.add(Metric::Parked, 1);
    }
    match retry_later(app, &parcel.flow, parcel.delivery, delay_ms).await {
        Ok(()) => Done { waits, ..Done::delayed(record) },
        Err(_) => Done::failed(record),
    }
}

/// Our own fault: the delivery goes back with a delay that grows. A strict one waits in line: on its queue each receipt would
/// bring it nearer to its end, and those behind it nearer to passing it.
pub(crate) async fn our_fault(app: &App, parcel: Parcel, fault: &Simple) -> Done {
    tracing::warn!(step = "deliver", code = fault.code, tenant = parcel.delivery.tenant.as_str(), flow = parcel.flow.id.as_str(), ev = parcel.delivery.ev.as_str(), rc = parcel.receives, "put back");
    let delay_ms = delay_ms(fault, parcel.delivery.hop);
    if parcel.flow.strict { strict::wait(app, parcel, delay_ms).await } else { again(app, parcel, delay_ms).await }
}

/// A delivery whose flow could not be read: by its queue once more. A strict one has no line without its flow, and stays
/// where it is.
pub(crate) async fn unread(app: &App, record: usize, delivery: Delivery, fault: &Simple) -> Done {
    tracing::warn!(step = "deliver", code = fault.code, tenant = delivery.tenant.as_str(), flow = delivery.flow.as_str(), ev = delivery.ev.as_str(), "its flow could not be read");
    if delivery.strict {
        return Done::failed(record);
    }
    let delay_ms = delay_ms(fault, delivery.hop).min(LONGEST_DELAY_MS);
    // What the tables cannot be told would be reported too, and be there twice.
    let waits = if fault.code == "store_unavailable" { None } else { report::waits(&delivery, app.now(), delay_ms) };
    let next = Delivery { hop: delivery.hop.saturating_add(1), ..delivery };
    match app.queues.send_all(&[to_delivery_queue(next, false, delay_ms)]).await {
        Ok(()) => Done { waits, ..Done::delayed(record) },
        Err(_) => Done::failed(record),
    }
}

fn delay_ms(fault: &Simple, hop: u32) -> Millis {
    match fault.disposition {
        Disposition::Park => LONG_MS + 1,
        Disposition::Retry { .. } | Disposition::Reject => 5_000 * i64::from(hop.min(11) + 1),
    }
}
