//! Putting a delivery back: sent again after a delay, nothing tried, nothing burnt. Only if even that fails is its record
//! reported, and the queue gives it again.

use canonical::Millis;
use fault::{Disposition, Simple};

use super::{Done, Parcel, report};
use crate::{App, meter::Metric, send::retry_later};

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

/// Our own fault: the delivery goes back with a delay that grows. A strict one keeps its place: its record is reported.
pub(crate) async fn our_fault(app: &App, parcel: Parcel, fault: &Simple) -> Done {
    tracing::warn!(step = "deliver", code = fault.code, tenant = parcel.delivery.tenant.as_str(), flow = parcel.flow.id.as_str(), ev = parcel.delivery.ev.as_str(), rc = parcel.receives, "put back");
    if parcel.flow.strict && !parcel.sequence.is_empty() {
        return Done::failed(parcel.record);
    }
    let delay_ms = match fault.disposition {
        Disposition::Park => LONG_MS + 1,
        Disposition::Retry { .. } | Disposition::Reject => 5_000 * i64::from(parcel.delivery.hop.min(11) + 1),
    };
    again(app, parcel, delay_ms).await
}
