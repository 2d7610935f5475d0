//! The OAuth token of one instance: kept until four fifths of its life are over, renewed when it is refused.

use std::sync::{Mutex, PoisonError};

use document::{Hash128, Value, hash_bytes};
use fault::Simple;

use crate::{Call, Secret};

/// Where the token is kept. Another pair of credentials has another token.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<Option<Held>>);

struct Held {
    owner: Hash128,
    token: Secret,
    until_ms: i64,
}

const DEFAULT_LIFE_S: i64 = 3600;

impl Tokens {
    /// The token of these credentials, while it is fresh.
    pub(crate) fn fresh(&self, owner: Hash128, now_ms: i64) -> Option<Secret> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|held| held.owner == owner && now_ms < held.until_ms).map(|held| held.token.clone())
    }

    /// Keeps a token.
    pub(crate) fn keep(&self, owner: Hash128, token: Secret, life_s: i64, now_ms: i64) {
        let until_ms = now_ms.saturating_add(life_s.saturating_mul(800));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Held { owner, token, until_ms });
    }
}

/// Which credentials these are.
pub(crate) fn owner(call: Call<'_>) -> Hash128 {
    let part = |name| call.config.get(name).map(Secret::expose).unwrap_or_default();
    hash_bytes(format!("{}\n{}", part("client_id"), part("client_secret")).as_bytes())
}

/// The form that asks for a token.
pub(crate) fn form(call: Call<'_>, scopes: &[String]) -> Result<Vec<(&'static str, String)>, Simple> {
    let mut pairs = vec![("grant_type", "client_credentials".to_owned())];
    for name in ["client_id", "client_secret"] {
        let value = call.config.get(name).ok_or_else(|| Simple::park("config_missing", format!("the connection has no value for `{name}`")))?;
        pairs.push((name, value.expose().to_owned()));
    }
    if !scopes.is_empty() {
        pairs.push(("scope", scopes.join(" ")));
    }
    Ok(pairs)
}

/// The token and its life in seconds.
pub(crate) fn read(body: &[u8]) -> Result<(Secret, i64), Simple> {
    let nonsense = || Simple::retry("destination_nonsense", "the token endpoint answered without a token");
    let answer = document::parse(body, &document::Limits::default()).map_err(|_| nonsense())?;
    let token = answer.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty()).ok_or_else(nonsense)?;
    let life = answer.get("expires_in").and_then(Value::plain).and_then(|text| text.parse::<i64>().ok()).filter(|life| *life > 0);
    Ok((Secret::new(token.to_owned()), life.unwrap_or(DEFAULT_LIFE_S)))
}
