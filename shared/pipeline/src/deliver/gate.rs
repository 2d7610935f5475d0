//! What a connection allows a batch: its state, its breaker, its rate.

use std::sync::Arc;

use canonical::{ConnectionId, Millis, TenantId};
use engine::{Config, Destination};
use fault::{Disposition, Simple};
use protocol::{Gate, Outcome, Pace};
use queue::Purpose;
use store::{ConnState, ConnectionState, FlowMode};

use super::{Done, Parcel, again, our_fault, parcels};
use crate::{App, Batch, known::simple, meter::Metric, pace::Paced, sessions::Kept};

/// The longest a batch waits in process for its turn.
const SHORT_MS: Millis = 2_000;
/// A reserved turn counts for this long after its time.
const KEPT_MS: Millis = 60_000;
const REST_MS: Millis = 15 * 60_000 + 1;

/// A destination that may be called.
#[derive(Clone, Copy)]
pub(crate) struct Ready<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) destination: &'a Arc<dyn Destination>,
    pub(crate) config: &'a Config,
    /// Who waits for turns in the budget that is shared with reading.
    pub(crate) pace: &'a Paced<'a>,
    /// Where its session is kept.
    pub(crate) sessions: &'a Kept<'a>,
    /// What metrics call its connector.
    pub(crate) connector: &'a str,
    pub(crate) until_ms: Millis,
}

/// Delivers the parcels of one connection.
pub(crate) async fn group(app: &App, batch: &Batch, tenant: &TenantId, connection: &ConnectionId, waiting: Vec<Parcel>) -> Vec<Done> {
    let known = match app.connection(tenant, connection).await {
        Ok(known) => known,
        Err(fault) => return put_back(app, waiting, &fault).await,
    };
    let Some(destination) = &known.connector.destination else {
        return put_back(app, waiting, &Simple::park("connector_lacks", "the connector is no destination")).await;
    };
    let (mut done, mut waiting) = awake(app, known.row.state, waiting).await;
    if waiting.is_empty() {
        return done;
    }
    let now = app.now();
    let count = u32::try_from(waiting.iter().filter(|parcel| !has_turn(parcel, now)).count()).unwrap_or(u32::MAX);
    let state = match app.store.of(tenant).reserve(connection, Pace::per_second(destination.requests_per_second()), count, now).await {
        Ok(state) => state,
        Err(error) => {
            done.extend(put_back(app, waiting, &simple(&error)).await);
            return done;
        }
    };
    let paused_ms = state.paused_until - now;
    match state.breaker.gate(now) {
        Gate::Open(until) => {
            app.meter.add(Metric::BreakerOpen, 1);
            // Delayed, not in flight: the queue stays free for the others.
            done.extend(later(app, waiting, until - now + 1).await);
            return done;
        }
        Gate::HalfOpen => {
            let rest = waiting.split_off(1.min(waiting.len()));
            done.extend(later(app, rest, 10_000).await);
        }
        Gate::Closed if paused_ms > 0 => {
            done.extend(later(app, waiting, paused_ms).await);
            return done;
        }
        Gate::Closed => {}
    }
    let (now_parcels, delayed) = by_turn(waiting, now, |index| state.reservation.wait_ms(index, now));
    for (parcel, wait_ms) in delayed {
        app.meter.observe(Metric::RateWait, wait_ms);
        done.extend(later(app, vec![parcel], wait_ms).await);
    }
    let config = match app.vault.hydrate(tenant, connection, &known.row.sealed).await {
        Ok(config) => config,
        Err(error) => {
            done.extend(put_back(app, now_parcels, &simple(&error)).await);
            return done;
        }
    };
    let (pace, sessions) = (Paced::until(app, tenant, batch.until_ms).expecting(now_parcels.len()), Kept::of(app, tenant, connection, &config));
    let ready = Ready { tenant, destination, config: &config, pace: &pace, sessions: &sessions, connector: app.connector_type(&known.row.connector), until_ms: batch.until_ms };
    let called = Box::pin(parcels(app, ready, now_parcels)).await;
    pace.leave().await;
    counted(app, &known.row.connector, &called);
    settle_breaker(app, tenant, connection, &state, &called).await;
    done.extend(called);
    done
}

/// Those that are to be delivered, after what became of the others: parked while connection or flow rests, ended in shadow.
async fn awake(app: &App, state: ConnectionState, waiting: Vec<Parcel>) -> (Vec<Done>, Vec<Parcel>) {
    let resting = matches!(state, ConnectionState::Paused | ConnectionState::Error);
    let (rest, go): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|parcel| resting || parcel.flow.mode == FlowMode::Paused);
    let mut done = later(app, rest, REST_MS).await;
    let shown = |parcel: &Parcel| state == ConnectionState::Shadow || parcel.flow.mode == FlowMode::Shadow;
    let (shadows, go): (Vec<_>, Vec<_>) = go.into_iter().partition(shown);
    done.extend(in_shadow(app, shadows).await);
    (done, go)
}

/// Counts how a connection's deliveries ended, and how long they took from acceptance.
fn counted(app: &App, connector: &str, called: &[Done]) {
    let connector = app.connector_type(connector);
    for done in called {
        let Some(outcome) = done.outcome else { continue };
        app.meter.ended(Some(connector), outcome);
        if let (Outcome::Applied, Some((delivery, _))) = (outcome, &done.trace)
            && delivery.why == Purpose::Deliver
        {
            app.meter.observe(Metric::EndToEndLatency, app.now() - delivery.acc);
        }
    }
}

/// Writes the breaker once where a batch had failures, or was the probe of a half-open one.
async fn settle_breaker(app: &App, tenant: &TenantId, connection: &ConnectionId, state: &ConnState, called: &[Done]) {
    let calls: u32 = called.iter().map(|done| done.calls).sum();
    let failures: u32 = called.iter().map(|done| done.failures).sum();
    let pause = called.iter().map(|done| done.pause_until).max().unwrap_or(0).max(state.paused_until);
    if calls > 0 && (failures > 0 || state.breaker.opens > 0) {
        let after = state.breaker.after(calls, failures, state.reserved, app.now());
        if let Err(error) = app.store.of(tenant).save_breaker(connection, &after, pause).await {
            tracing::warn!(step = "breaker", code = simple(&error).code, tenant = tenant.as_str(), conn = connection.as_str(), "the breaker could not be saved");
        }
    }
    if let Some(reason) = called.iter().find_map(|done| done.broken)
        && let Err(error) = app.break_connection(tenant, connection, reason).await
    {
        tracing::warn!(step = "breaker", code = error.code, tenant = tenant.as_str(), conn = connection.as_str(), "the connection's state could not be saved");
    }
}

/// Whether a turn is reserved for it already, and not long past.
fn has_turn(parcel: &Parcel, now: Millis) -> bool {
    parcel.turn_at > now - KEPT_MS && parcel.turn_at > 0
}

/// Those whose turn is within two seconds, each knowing when, and the others with their wait, each carrying its turn
/// along: whoever comes back would else go to the end once more.
fn by_turn(waiting: Vec<Parcel>, now: Millis, wait_ms: impl Fn(u32) -> Millis) -> (Vec<Parcel>, Vec<(Parcel, Millis)>) {
    let (mut go, mut delayed) = (Vec::new(), Vec::new());
    let mut taken = 0;
    for mut parcel in waiting {
        if !has_turn(&parcel, now) {
            parcel.turn_at = now + wait_ms(taken);
            taken += 1;
        }
        let wait = (parcel.turn_at - now).max(0);
        if wait <= SHORT_MS {
            go.push(parcel);
        } else {
            parcel.delivery.turn_at = parcel.turn_at;
            delayed.push((parcel, wait));
        }
    }
    (go, delayed)
}

/// What a shadow would have sent ends here, and its slot learns nothing: what was not sent is not applied.
async fn in_shadow(app: &App, shadows: Vec<Parcel>) -> Vec<Done> {
    let mut done = Vec::new();
    for parcel in shadows {
        app.meter.ended(None, Outcome::Filtered);
        done.push(if parcel.flow.strict { super::strict::skip(app, parcel).await } else { Done::ended(parcel, Outcome::Filtered, "filtered", "shadow", app.now()) });
    }
    done
}

/// Sends parcels again after a delay; nothing was tried, nothing is burnt.
async fn later(app: &App, waiting: Vec<Parcel>, delay_ms: Millis) -> Vec<Done> {
    let mut done = Vec::new();
    for parcel in waiting {
        done.push(if parcel.flow.strict { super::strict::wait(app, parcel, delay_ms).await } else { again(app, parcel, delay_ms).await });
    }
    done
}

async fn put_back(app: &App, waiting: Vec<Parcel>, fault: &Simple) -> Vec<Done> {
    // A secret that cannot be opened or a connector that is missing waits for a person; the key service passes.
    let fault = if fault.code == "kms_unavailable" { Simple { disposition: Disposition::Park, ..fault.clone() } } else { fault.clone() };
    let mut done = Vec::new();
    for parcel in waiting {
        done.push(our_fault(app, parcel, &fault).await);
    }
    done
}
