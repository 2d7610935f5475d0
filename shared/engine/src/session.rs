//! What credentials were exchanged for: a token, what was captured beside it, and the port that keeps it between processes.

use async_trait::async_trait;
use document::{Hash128, Value};
use fault::Simple;

use crate::Secret;

/// A token and what came with it.
#[derive(Clone)]
pub struct Session {
    /// The token.
    pub token: Secret,
    /// The refresh token that is good next.
    pub refresh: Option<Secret>,
    /// What was captured from the answer: an object of texts and numbers.
    pub captured: Value,
    /// From when on it is renewed, in milliseconds since 1970.
    pub renew_ms: i64,
    /// Grows with every renewal.
    pub version: u64,
}

/// What someone who wants to renew finds.
pub enum Turn {
    /// It is ours to renew; the session so far, if there is one.
    Ours(Option<Session>),
    /// Somebody else renewed it meanwhile.
    Theirs(Session),
}

/// Keeps sessions where every process finds them.
///
/// Contract: of all who ask for a turn at the same time, one gets it until it keeps a session, gives up, or its lease runs out;
/// the others wait, or learn what was renewed. What is kept is durable before `keep` returns: a refresh token that is good for
/// one use is never used before its successor's place is certain.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// The session of these credentials.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn kept(&self, owner: Hash128) -> Result<Option<Session>, Simple>;

    /// The right to renew a session that is older than `stale`.
    ///
    /// # Errors
    /// A retry, when somebody else renews it and takes long.
    async fn turn(&self, owner: Hash128, stale: u64) -> Result<Turn, Simple>;

    /// Whether what is renewed can be kept, as far as that is known before: asked where a refresh token is good for one use, for it is
    /// spent with the asking.
    ///
    /// # Errors
    /// When it is known that it cannot: then nothing is asked.
    async fn keepable(&self, _owner: Hash128) -> Result<(), Simple> {
        Ok(())
    }

    /// Keeps what was renewed, and ends the turn.
    ///
    /// # Errors
    /// When it is not kept: then it must not be used.
    async fn keep(&self, owner: Hash128, session: &Session) -> Result<(), Simple>;

    /// Ends the turn without a session.
    async fn give_up(&self, owner: Hash128);
}
