//! Sessions of one instance: kept until the end of their life is near, renewed when they are refused.

use std::{collections::HashMap, sync::{Mutex, MutexGuard, PoisonError}};

use document::{Hash128, hash_bytes};

use crate::{Config, Session};

/// Where sessions are kept in this process. Another set of credentials has another session.
#[derive(Default)]
pub(crate) struct Tokens {
    held: Mutex<HashMap<Hash128, Session>>,
    /// Sessions that were renewed and could not be kept: they are kept before anything is asked again, and not used until then.
    unkept: Mutex<HashMap<Hash128, Session>>,
    turn: futures::lock::Mutex<()>,
}

/// More owners than one instance ever serves; beyond it all are forgotten.
const MOST: usize = 64;

impl Tokens {
    /// The right to renew a session, of all who ask in this process.
    pub(crate) async fn turn(&self) -> futures::lock::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The session of these credentials.
    pub(crate) fn held(&self, owner: Hash128) -> Option<Session> {
        self.sessions().get(&owner).cloned()
    }

    /// The same while it is fresh.
    pub(crate) fn fresh(&self, owner: Hash128, now_ms: i64) -> Option<Session> {
        self.held(owner).filter(|session| now_ms < session.renew_ms)
    }

    /// Keeps a session, unless a newer one is kept.
    pub(crate) fn keep(&self, owner: Hash128, session: Session) {
        let mut held = self.sessions();
        if held.len() >= MOST && !held.contains_key(&owner) {
            held.clear();
        }
        if held.get(&owner).is_none_or(|known| known.version <= session.version) {
            held.insert(owner, session);
        }
    }

    /// Remembers a session that has no place yet.
    pub(crate) fn unkept(&self, owner: Hash128, session: Session) {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner).insert(owner, session);
    }

    /// Takes it back.
    pub(crate) fn take_unkept(&self, owner: Hash128) -> Option<Session> {
        self.unkept.lock().unwrap_or_else(PoisonError::into_inner).remove(&owner)
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<Hash128, Session>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose budget and data these are: everything the connection holds but what is replaced while it is used.
pub(crate) fn owner(config: &Config) -> Hash128 {
    hash_bytes(config.identity_without("refresh_token").as_bytes())
}

/// Whose session it is: a person who gives another refresh token begins another one.
pub(crate) fn holder(config: &Config) -> Hash128 {
    hash_bytes(config.identity().as_bytes())
}
