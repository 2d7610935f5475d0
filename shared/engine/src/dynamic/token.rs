//! Sessions of one instance: kept until the end of their life is near, renewed when they are refused.

use std::{collections::HashMap, sync::{Mutex, PoisonError}};

use document::{Hash128, hash_bytes};

use crate::{Config, Session};

/// Where sessions are kept in this process. Another set of credentials has another session.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<Hash128, Session>>);

/// More owners than one instance ever serves; beyond it all are forgotten.
const MOST: usize = 64;

impl Tokens {
    /// The session of these credentials.
    pub(crate) fn held(&self, owner: Hash128) -> Option<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&owner).cloned()
    }

    /// The same while it is fresh.
    pub(crate) fn fresh(&self, owner: Hash128, now_ms: i64) -> Option<Session> {
        self.held(owner).filter(|session| now_ms < session.renew_ms)
    }

    /// Keeps a session, unless a newer one is kept.
    pub(crate) fn keep(&self, owner: Hash128, session: Session) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST && !held.contains_key(&owner) {
            held.clear();
        }
        if held.get(&owner).is_none_or(|known| known.version <= session.version) {
            held.insert(owner, session);
        }
    }
}

/// Which credentials these are: everything the connection holds.
pub(crate) fn owner(config: &Config) -> Hash128 {
    hash_bytes(config.identity().as_bytes())
}
