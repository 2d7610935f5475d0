//! Sessions of one instance: kept until the end of their life is near, renewed when they are refused.

use std::{collections::{BTreeSet, HashMap}, sync::{Mutex, MutexGuard, PoisonError}};

use document::{Hash128, hash_bytes};

use super::Dynamic;
use crate::{Config, Secret, Session};

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

    /// The secrets of the sessions that are held, by what they are.
    pub(crate) fn secrets(&self) -> Vec<(String, Secret)> {
        let of = |session: &Session| std::iter::once(("token".to_owned(), session.token.clone())).chain(session.refresh.clone().map(|refresh| ("refresh-token".to_owned(), refresh))).collect::<Vec<_>>();
        self.sessions().values().flat_map(of).collect()
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

/// Which data these are: everything the connection holds. A refresh token is there as it was entered: who enters another one may
/// have another account, while those that replace it by themselves belong to the session.
pub(crate) fn whole(config: &Config) -> Hash128 {
    hash_bytes(config.identity(|_| true).as_bytes())
}

/// The value that is replaced while it is used.
const REFRESHED: &str = "refresh_token";

impl Dynamic {
    /// Whose budget it is: who has these credentials, of this definition. What else a connection is given is no part of it.
    pub(crate) fn owner(&self, config: &Config) -> Hash128 {
        let identity = config.identity(|name| name != REFRESHED && self.credentials.contains(name));
        hash_bytes(format!("{}\n{}", self.connector.metadata().slug, *identity).as_bytes())
    }

    /// Whose session it is: a person who gives another refresh token begins another one.
    pub(crate) fn holder(&self, config: &Config) -> Hash128 {
        hash_bytes(config.identity(|name| self.credentials.contains(name)).as_bytes())
    }
}

/// The values of a connection that show who asks.
pub(crate) fn credentials(connector: &connector::Connector) -> BTreeSet<String> {
    let settings = connector::explain(connector).config;
    // What is made of others shows nothing beyond them.
    let named = settings.into_iter().filter(|setting| setting.made_of.is_empty() && setting.used_for.contains(&connector::explain::Errand::Auth)).map(|setting| setting.name);
    // Those that OAuth 2 takes without naming them.
    named.chain(["client_id", "client_secret", REFRESHED].map(str::to_owned)).collect()
}
