//! Tokens the system has given out, how long they live, and what became of them.

use std::collections::BTreeMap;

use document::{Value, object};
use serde::{Deserialize, Serialize};

use super::kept::count;

/// How long a token lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Until so many seconds have passed by the system's clock.
    Seconds(i64),
    /// For so many answers, while it is said to live an hour.
    Answers(u64),
}

impl Life {
    /// Reads `90s` as seconds and `3` as answers.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.strip_suffix('s') {
            Some(seconds) => seconds.parse().ok().map(Self::Seconds),
            None => text.parse().ok().map(Self::Answers),
        }
    }

    /// The seconds the system says it lives.
    pub(crate) fn said_s(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Answers(_) => 3600,
        }
    }
}

/// All tokens of a system.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tokens {
    issued: u64,
    access: BTreeMap<String, Access>,
    /// Refresh tokens that can be used; each works once.
    refresh: Vec<String>,
    used: Vec<String>,
    /// Times a used refresh token came again, which ends all tokens.
    revoked: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Access {
    until_ms: Option<i64>,
    answers: Option<u64>,
}

/// What becomes of a refresh token that is used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It was good, and is used up.
    Good,
    /// It is none.
    Unknown,
    /// It was used before: whoever has it is not alone, and no token is good any more.
    Again,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { issued: 0, access: BTreeMap::new(), refresh: vec!["refresh-0".to_owned()], used: Vec::new(), revoked: 0 }
    }
}

impl Tokens {
    /// A new access token.
    pub(crate) fn issue(&mut self, kind: &str, life: Life, now_ms: i64) -> String {
        self.issued += 1;
        let token = format!("{kind}-{}", self.issued);
        let access = match life {
            Life::Seconds(seconds) => Access { until_ms: Some(now_ms.saturating_add(seconds.saturating_mul(1000))), answers: None },
            Life::Answers(answers) => Access { until_ms: None, answers: Some(answers) },
        };
        self.access.insert(token.clone(), access);
        token
    }

    /// A new refresh token, named after the access token issued last.
    pub(crate) fn issue_refresh(&mut self) -> String {
        let token = format!("refresh-{}", self.issued);
        self.refresh.push(token.clone());
        token
    }

    /// Whether an access token is good, which uses it once.
    pub(crate) fn admits(&mut self, token: &str, now_ms: i64) -> bool {
        let Some(access) = self.access.get_mut(token) else { return false };
        let good = access.until_ms.is_none_or(|until_ms| now_ms < until_ms) && access.answers != Some(0);
        access.answers = access.answers.map(|left| left.saturating_sub(1));
        good
    }

    /// Uses a refresh token.
    pub(crate) fn spend(&mut self, token: &str) -> Use {
        if let Some(at) = self.refresh.iter().position(|known| known == token) {
            self.used.push(self.refresh.remove(at));
            return Use::Good;
        }
        if !self.used.iter().any(|used| used == token) {
            return Use::Unknown;
        }
        self.access.clear();
        self.refresh.clear();
        self.revoked += 1;
        Use::Again
    }

    /// Counts and names, for a person or a comparison.
    pub(crate) fn view(&self) -> Value {
        let names = |names: &[String]| Value::Array(names.iter().map(|name| Value::from(name.as_str())).collect());
        object([("issued", Some(count(self.issued))), ("refresh", Some(names(&self.refresh))), ("refresh_used", Some(names(&self.used))), ("revoked", Some(count(self.revoked)))])
    }
}
