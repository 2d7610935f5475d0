//! Sessions of a connection beyond this process: sealed in a row, renewed by one at a time.
//!
//! Asked only where credentials are exchanged for a token, and only while this process has none that is fresh.

use std::time::Duration;

use async_trait::async_trait;
use canonical::{ConnectionId, Millis, TenantId};
use document::{Hash128, hash_bytes, parse_str};
use engine::{Config, Secret, Session, Sessions, Turn};
use fault::{Disposition, Simple};
use serde::{Deserialize, Serialize};
use store::{SessionKey, SessionLease, SessionRow};
use vault::{Purpose, Sealed};

use crate::{App, budget::short, known::simple, pace::chance};

/// A renewal that takes longer is taken over: its process may have ended.
const LEASE_MS: Millis = 90_000;
/// So long somebody else's renewal is waited for here.
const PATIENCE_MS: Millis = 3_000;
/// When to come back if that was not enough.
const LATER: Duration = Duration::from_secs(5);
/// A session that can be renewed by what is in it is kept until nobody can expect it to be good.
const REFRESHED_S: i64 = 400 * 86_400;
const DAY_S: i64 = 86_400;

/// The kept sessions of a connection.
pub(crate) struct Kept<'a> {
    app: &'a App,
    tenant: &'a TenantId,
    connection: &'a ConnectionId,
    /// Which refresh token was entered: a session that came of another one is not ours.
    entered: Hash128,
    /// Names our lease.
    me: String,
}

/// A session as it is sealed.
#[derive(Serialize, Deserialize)]
struct Parts {
    token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
    captured: String,
    renew_ms: Millis,
}

impl<'a> Kept<'a> {
    /// Those of a connection with these values.
    pub(crate) fn of(app: &'a App, tenant: &'a TenantId, connection: &'a ConnectionId, config: &Config) -> Self {
        let entered = hash_bytes(config.get("refresh_token").map_or("", Secret::expose).as_bytes());
        Self { app, tenant, connection, entered, me: app.chance.id("own_") }
    }

    /// The short name of credentials.
    fn name(&self, owner: Hash128) -> String {
        short(self.tenant, &[&owner, &self.entered])
    }

    fn key<'k>(&'k self, name: &'k str) -> SessionKey<'k> {
        SessionKey { connection: self.connection, owner: name }
    }

    async fn opened(&self, name: &str, row: SessionRow<Sealed>) -> Result<Session, Simple> {
        let text = self.app.vault.open(self.tenant, Purpose::Credentials, self.connection, &field(name), &row.sealed).await.map_err(|error| simple(&error))?;
        let unreadable = || Simple::reject("internal", "a kept session cannot be read");
        let parts: Parts = serde_json::from_str(text.expose()).map_err(|_| unreadable())?;
        let captured = parse_str(&parts.captured).map_err(|_| unreadable())?;
        Ok(Session { token: Secret::new(parts.token), refresh: parts.refresh.map(Secret::new), captured, renew_ms: parts.renew_ms, version: row.version })
    }

    async fn sealed(&self, name: &str, session: &Session) -> Result<Sealed, Simple> {
        let expose = |secret: &Secret| secret.expose().to_owned();
        let parts = Parts { token: expose(&session.token), refresh: session.refresh.as_ref().map(expose), captured: session.captured.to_string(), renew_ms: session.renew_ms };
        let text = serde_json::to_string(&parts).map_err(|_| Simple::reject("internal", "a session cannot be written"))?;
        // What was copied is wiped again.
        drop((Secret::new(parts.token), parts.refresh.map(Secret::new)));
        self.app.vault.seal(self.tenant, Purpose::Credentials, self.connection, &field(name), &Secret::new(text)).await.map_err(|error| simple(&error))
    }
}

/// The field a session is sealed for: no value of a configuration has such a name.
fn field(name: &str) -> String {
    format!("session#{name}")
}

#[async_trait]
impl Sessions for Kept<'_> {
    async fn kept(&self, owner: Hash128) -> Result<Option<Session>, Simple> {
        let name = self.name(owner);
        match self.app.store.of(self.tenant).session(self.key(&name)).await.map_err(|error| simple(&error))? {
            Some(row) => self.opened(&name, row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn turn(&self, owner: Hash128, stale: u64) -> Result<Turn, Simple> {
        let name = self.name(owner);
        let until = self.app.now() + PATIENCE_MS;
        loop {
            let now = self.app.now();
            let lease = self.app.store.of(self.tenant).lease_session(self.key(&name), &self.me, stale, now, LEASE_MS, now / 1000 + DAY_S).await;
            match lease.map_err(|error| simple(&error))? {
                SessionLease::Ours(None) => return Ok(Turn::Ours(None)),
                SessionLease::Ours(Some(row)) => {
                    let opened = self.opened(&name, row).await;
                    if opened.is_err() {
                        self.give_up(owner).await;
                    }
                    return opened.map(|session| Turn::Ours(Some(session)));
                }
                SessionLease::Newer(row) => return self.opened(&name, row).await.map(Turn::Theirs),
                SessionLease::Taken if now >= until => {
                    let fault = Simple::retry("session_busy", "somebody else renews the session of this connection");
                    return Err(Simple { disposition: Disposition::Retry { after: Some(LATER) }, ..fault });
                }
                // 100 to 300 ms, so that those who wait do not all come back at once.
                SessionLease::Taken => self.app.clock.rest_until(now + 100 + ((i64::from(chance(self.app)) * 200) >> 32)).await,
            }
        }
    }

    async fn keep(&self, owner: Hash128, session: &Session) -> Result<(), Simple> {
        let name = self.name(owner);
        let row = SessionRow { sealed: self.sealed(&name, session).await?, version: session.version };
        // One that holds no way on is of no use long after its end; one that does is never lost to a pause.
        let expires_s = if session.refresh.is_some() { self.app.now() / 1000 + REFRESHED_S } else { session.renew_ms.max(self.app.now()) / 1000 + DAY_S };
        let kept = self.app.store.of(self.tenant).keep_session(self.key(&name), &self.me, &row, expires_s).await.map_err(|error| simple(&error))?;
        kept.map_err(|_| Simple::retry("session_busy", "the session was renewed too late: somebody else renews it"))
    }

    async fn give_up(&self, owner: Hash128) {
        if let Err(error) = self.app.store.of(self.tenant).give_up_session(self.key(&self.name(owner)), &self.me).await {
            // Nobody is kept out for longer than the lease lasts.
            tracing::warn!(step = "session", code = simple(&error).code, tenant = self.tenant.as_str(), conn = self.connection.as_str(), "a lease could not be ended");
        }
    }
}
