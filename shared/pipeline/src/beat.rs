//! Signs of life of a run within a page: the lease of its cursor and the hold on its message are renewed between requests,
//! so that a page that takes long, because it looks much up or waits often, is not handed out a second time.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use canonical::{ConnectionId, Millis, TenantId};
use fault::Simple;
use store::CursorLease;

use crate::{App, Hold, known::simple};

/// A lease lasts this long: a kill costs two minutes.
pub(crate) const LEASE_MS: Millis = 120_000;
/// A page that takes no longer costs no renewal.
const EVERY_MS: Millis = 30_000;

/// What a run holds, and when it was renewed last.
pub(crate) struct Beat<'a> {
    connection: &'a ConnectionId,
    entity: &'a str,
    lease: &'a CursorLease,
    hold: Hold<'a>,
    renewed: AtomicI64,
    lost: AtomicBool,
    /// Something was asked since the last page was saved.
    within_page: AtomicBool,
}

impl<'a> Beat<'a> {
    pub(crate) fn of(connection: &'a ConnectionId, entity: &'a str, lease: &'a CursorLease, hold: Hold<'a>, now: Millis) -> Self {
        Self { connection, entity, lease, hold, renewed: AtomicI64::new(now), lost: AtomicBool::new(false), within_page: AtomicBool::new(false) }
    }

    /// A page was saved, and the lease renewed with it.
    pub(crate) async fn saved(&self, app: &App) {
        self.within_page.store(false, Ordering::Relaxed);
        self.renewed(app).await;
    }

    async fn renewed(&self, app: &App) {
        self.renewed.store(app.now(), Ordering::Relaxed);
        self.hold.renew(app).await;
    }

    /// A request goes.
    pub(crate) fn asked(&self) {
        self.within_page.store(true, Ordering::Relaxed);
    }

    /// Whether a page is begun that was not saved yet.
    pub(crate) fn is_within_page(&self) -> bool {
        self.within_page.load(Ordering::Relaxed)
    }

    /// Whether somebody else reads on: what this run would still find is no longer its own to say.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Renews what was not renewed for a while. A table that does not answer is asked again before the next request.
    pub(crate) async fn go_on(&self, app: &App, tenant: &TenantId) -> Result<(), Simple> {
        let now = app.now();
        if now - self.renewed.load(Ordering::Relaxed) < EVERY_MS {
            return Ok(());
        }
        match app.store.of(tenant).renew_cursor(self.connection, self.entity, self.lease, now + LEASE_MS).await {
            Ok(Ok(())) => self.renewed(app).await,
            Ok(Err(_)) => {
                self.lost.store(true, Ordering::Relaxed);
                return Err(Simple::retry("unavailable", "another run reads on from here"));
            }
            Err(error) => tracing::warn!(step = "poll", code = simple(&error).code, tenant = tenant.as_str(), conn = self.connection.as_str(), "a lease could not be renewed"),
        }
        Ok(())
    }
}
