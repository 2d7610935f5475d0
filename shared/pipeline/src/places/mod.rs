//! A place among the requests with the same credentials that may be on their way at once, in every process together.
//!
//! A row says who holds how many. A process takes what it needs, begins requests with it for two seconds before it looks
//! again, makes room where another waits, and gives back what it holds when its work ends. Where a definition allows any
//! number, nothing is read or written. Where the row cannot be reached, each process keeps to the number by itself.

mod asking;
mod seats;

use std::{collections::HashMap, sync::{Arc, Mutex, OnceLock, PoisonError, atomic::{AtomicU32, Ordering}}, time::Duration};

use canonical::{Millis, TenantId};
use engine::Place;
use fault::{Disposition, Simple};
use store::SeatRow;
use tokio::sync::Semaphore;

use crate::{App, pace::chance};
use asking::{Asking, LOOK_MS, Row, TRIES, Written};

/// Who found no place comes back after this, and up to twice that.
const BACK_MS: u32 = 3_000;
/// More credentials than one process ever serves; beyond it what is known of those that rest is forgotten.
const MOST: usize = 1_000;

/// The places this process holds.
#[derive(Default)]
pub struct Places {
    me: OnceLock<String>,
    of: Mutex<HashMap<(TenantId, String, u32), Arc<Held>>>,
}

/// The places of one pair of credentials.
struct Held {
    /// What the row calls this process.
    me: String,
    /// Of this process alone no more than are allowed.
    gate: Arc<Semaphore>,
    /// Requests on their way.
    flying: Arc<AtomicU32>,
    known: tokio::sync::Mutex<Known>,
}

/// The row as this process saw it last, and what it holds.
#[derive(Default)]
struct Known {
    row: SeatRow,
    many: u32,
    begin_until: Millis,
}

impl Places {
    fn of(&self, app: &App, tenant: &TenantId, name: &str, limit: u32) -> Arc<Held> {
        let mut all = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            // What is used or held has to be known.
            all.retain(|_, held| Arc::strong_count(held) > 1 || held.known.try_lock().is_ok_and(|known| known.many > 0));
        }
        // Another definition may allow another number with the same credentials: it is counted by itself.
        let me = format!("{}-{limit}", self.me.get_or_init(|| app.chance.id("seat_")));
        let permits = usize::try_from(limit).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Arc::clone(all.entry((tenant.clone(), name.to_owned(), limit)).or_insert_with(|| Arc::new(Held { me, gate: Arc::new(Semaphore::new(permits)), flying: Arc::default(), known: tokio::sync::Mutex::default() })))
    }

    /// A place, waited for as long as is allowed here.
    pub(crate) async fn take(&self, app: &App, tenant: &TenantId, name: &str, limit: u32, allowed: Millis) -> Result<Place, Simple> {
        let held = self.of(app, tenant, name, limit);
        let row = Row { app, tenant, name, me: &held.me, limit };
        let mut asking = Asking::until(app.now() + allowed);
        // Of this process: who comes first goes first.
        let permit = tokio::select! {
            biased;
            permit = Arc::clone(&held.gate).acquire_owned() => permit.map_err(|_| Simple::retry("internal", "a gate is closed"))?,
            () = async { app.clock.rest_until(asking.until).await } => return Err(full(limit, chance(app))),
        };
        loop {
            let mut known = held.known.lock().await;
            let (now, flying) = (app.now(), held.flying.load(Ordering::Acquire));
            if known.many > flying && now < known.begin_until {
                held.flying.fetch_add(1, Ordering::AcqRel);
                let flying = Arc::clone(&held.flying);
                return Ok(Place::held(move || {
                    flying.fetch_sub(1, Ordering::AcqRel);
                    drop(permit);
                }));
            }
            let wish = limit.saturating_sub(u32::try_from(held.gate.available_permits()).unwrap_or(u32::MAX));
            let rest_ms = asking.step(row, &mut known, wish, flying, now).await;
            // Those of this process that come back need no turn to be counted.
            drop(known);
            let Some(rest_ms) = rest_ms else { continue };
            if app.now() + rest_ms > asking.until {
                return Err(full(limit, chance(app)));
            }
            app.clock.rest_until(app.now() + rest_ms).await;
        }
    }

    /// Gives back what is held of these credentials and not used: the work of this process with them is over, or rests.
    pub(crate) async fn leave(&self, app: &App, tenant: &TenantId, name: &str, limit: u32) {
        let held = self.of(app, tenant, name, limit);
        let row = Row { app, tenant, name, me: &held.me, limit };
        let mut known = held.known.lock().await;
        for attempt in 1..=3 * TRIES {
            let flying = held.flying.load(Ordering::Acquire);
            if known.many <= flying {
                return;
            }
            let (next, many) = seats::seated(&known.row, row.me, 0, flying, limit, app.now());
            match row.write(&mut known, next).await {
                Written::Yes => known.many = many,
                Written::Other if attempt.is_multiple_of(TRIES) => app.clock.rest_until(app.now() + LOOK_MS).await,
                Written::Other => {}
                // It runs out by itself.
                Written::Unreachable => return,
            }
        }
    }
}

fn full(limit: u32, chance: u32) -> Simple {
    let after = BACK_MS + u32::try_from((u64::from(BACK_MS) * u64::from(chance)) >> 32).unwrap_or(0);
    let fault = Simple::retry("budget_spent", format!("no more than {limit} requests with these credentials may be on their way at once, and as many are"));
    Simple { disposition: Disposition::Retry { after: Some(Duration::from_millis(after.into())) }, ..fault }
}
