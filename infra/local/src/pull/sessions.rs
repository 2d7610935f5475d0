//! Sessions of a run: in memory, and a refresh token that is good for one use in the file of the configuration.

use std::{path::{Path, PathBuf}, sync::{Mutex, PoisonError}};

use async_trait::async_trait;
use connector::{Auth, Connector, Grant};
use document::{Hash128, Value};
use engine::{Config, Secret, Session, Sessions, Turn};
use fault::Simple;

use super::{cursor::{replace, writable}, record::pretty};

/// Keeps the next refresh token where the first one stood.
pub(crate) struct InFile {
    /// The file and the name in it; none where no refresh token is given.
    place: Option<(PathBuf, String)>,
    /// The refresh token that stands there.
    stands: Mutex<Option<Secret>>,
    /// Every session of the run, the newest last.
    given: Mutex<Vec<Session>>,
}

impl InFile {
    pub(crate) fn new(connector: &Connector, config: &Config, file: Option<&Path>) -> Self {
        let auths: Vec<&Auth> = match connector.auth() {
            Auth::OneOf { cases, .. } => cases.iter().map(|(_, auth)| auth).collect(),
            auth => vec![auth],
        };
        // Some systems give a refresh token with every grant: one that was not asked with is no value of the definition.
        let name = auths.into_iter().filter_map(given).find(|name| config.get(name).is_some());
        let stands = Mutex::new(name.as_ref().and_then(|name| config.get(name)).cloned());
        Self { place: file.map(Path::to_owned).zip(name), stands, given: Mutex::default() }
    }

    /// The file that is written when a refresh token is used up.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.place.as_ref().map(|(file, _)| file.as_path())
    }

    /// Every secret the other system gave, also those that are used up: to be kept out of recordings.
    pub(crate) fn secrets(&self) -> Vec<(String, Secret)> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.iter().flat_map(|session| [Some(("token", &session.token)), session.refresh.as_ref().map(|refresh| ("refresh-token", refresh))]).flatten().map(|(name, secret)| (name.to_owned(), secret.clone())).collect()
    }

    fn write(&self, refresh: &str) -> Result<(), Simple> {
        let Some((file, name)) = &self.place else { return Ok(()) };
        let mut stands = self.stands.lock().unwrap_or_else(PoisonError::into_inner);
        if stands.as_ref().is_some_and(|stands| stands.expose() == refresh) {
            return Ok(());
        }
        let unkept = |reason: String| Simple::park("needs_auth", format!("the refresh token was replaced, and the new one cannot be kept in {}: {reason}", file.display()));
        // What is no file can be read only once, and is not to be written over.
        writable(file).map_err(|(reason, _)| unkept(reason))?;
        let text = std::fs::read_to_string(file).map_err(|error| unkept(error.to_string()))?;
        let mut value = document::parse_str(text.trim_start_matches('\u{feff}')).map_err(|error| unkept(format!("line {}, column {}", error.line, error.column)))?;
        value.set(name, Value::String(refresh.to_owned()));
        replace(file, &pretty(&value)).map_err(|error| unkept(error.to_string()))?;
        *stands = Some(Secret::new(refresh.to_owned()));
        Ok(())
    }
}

/// The value of the configuration that holds the first refresh token.
fn given(auth: &Auth) -> Option<String> {
    let Auth::OAuth2(oauth2) = auth else { return None };
    if oauth2.grant != Grant::RefreshToken {
        return None;
    }
    let Some(template) = &oauth2.refresh_token else { return Some("refresh_token".to_owned()) };
    template.names().into_iter().find_map(|(root, steps)| (root == "config").then(|| steps.first().map(ToString::to_string)).flatten())
}

#[async_trait]
impl Sessions for InFile {
    async fn kept(&self, _: Hash128) -> Result<Option<Session>, Simple> {
        Ok(None)
    }

    async fn turn(&self, _: Hash128, _: u64) -> Result<Turn, Simple> {
        Ok(Turn::Ours(self.given.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()))
    }

    async fn keep(&self, _: Hash128, session: &Session) -> Result<(), Simple> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).push(session.clone());
        if let Some(refresh) = &session.refresh {
            self.write(refresh.expose())?;
        }
        Ok(())
    }

    async fn give_up(&self, _: Hash128) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_refresh_token_that_stays_is_written_nowhere() {
        let sessions = InFile { place: Some((PathBuf::from("/dev/null"), "refresh_token".to_owned())), stands: Mutex::new(Some(Secret::new("first".to_owned()))), given: Mutex::default() };
        let session = |refresh: Option<&str>| Session { token: Secret::new("token".to_owned()), refresh: refresh.map(|refresh| Secret::new(refresh.to_owned())), captured: Value::Null, renew_ms: 0, version: 1 };
        for (refresh, kept) in [(None, true), (Some("first"), true), (Some("second"), false)] {
            let told = sessions.keep(document::hash_bytes(b""), &session(refresh)).await;
            assert_eq!(told.is_ok(), kept, "{refresh:?}");
            assert!(told.err().is_none_or(|fault| fault.code == "needs_auth" && !fault.message.contains("second")));
        }
    }
}
