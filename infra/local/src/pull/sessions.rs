//! Sessions of a run: in memory, and a refresh token that is good for one use in the file of the configuration. Of several runs with one
//! file one renews at a time, with what the one before it put there.

use std::{fs::File, path::{Path, PathBuf}, sync::{Mutex, MutexGuard, PoisonError}};

use async_trait::async_trait;
use connector::{Auth, Connector, Grant};
use document::{Hash128, Value};
use engine::{Config, Secret, Session, Sessions, Turn};
use fault::Simple;

use super::{cursor::{replace, writable}, record::pretty, turn};

/// Keeps the next refresh token where the first one stood.
pub(crate) struct InFile {
    /// The file and the name in it; none where no refresh token is given.
    place: Option<(PathBuf, String)>,
    /// The refresh token that stands there.
    stands: Mutex<Option<Secret>>,
    /// Every session of the run, the newest last; of what another run got, the refresh token alone.
    given: Mutex<Vec<Session>>,
    /// Our turn to renew.
    turn: Mutex<Option<File>>,
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
        Self { place: file.map(Path::to_owned).zip(name), stands, given: Mutex::default(), turn: Mutex::default() }
    }

    /// The file that is written when a refresh token is used up.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.place.as_ref().map(|(file, _)| file.as_path())
    }

    /// Every secret the other system gave, also those that are used up: to be kept out of recordings.
    pub(crate) fn secrets(&self) -> Vec<(String, Secret)> {
        let all = |session: &Session| [Some(("token", session.token.clone())), session.refresh.clone().map(|refresh| ("refresh-token", refresh))];
        self.given().iter().flat_map(all).flatten().filter(|(_, secret)| !secret.expose().is_empty()).map(|(name, secret)| (name.to_owned(), secret)).collect()
    }

    fn given(&self) -> MutexGuard<'_, Vec<Session>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stands(&self) -> MutexGuard<'_, Option<Secret>> {
        self.stands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What another run put into the file since it was last looked at: a session that has to be renewed, with that refresh token.
    fn adopted(&self) -> Option<Session> {
        let (file, name) = self.place.as_ref()?;
        // What is no file can be read only once.
        std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file)?;
        let text = std::fs::read_to_string(file).ok()?;
        let value = document::parse_str(text.trim_start_matches('\u{feff}')).ok()?;
        let found = value.get(name).and_then(Value::as_str).filter(|found| !found.is_empty())?;
        let mut stands = self.stands();
        if stands.as_ref().is_some_and(|stands| stands.expose() == found) {
            return None;
        }
        let refresh = Secret::new(found.to_owned());
        *stands = Some(refresh.clone());
        let mut given = self.given();
        let (captured, version) = given.last().map_or((Value::Object(Vec::new()), 1), |last| (last.captured.clone(), last.version + 1));
        let session = Session { token: Secret::new(String::new()), refresh: Some(refresh), captured, renew_ms: i64::MIN, version };
        given.push(session.clone());
        Some(session)
    }

    fn end_turn(&self) {
        drop(self.turn.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn write(&self, refresh: &str) -> Result<(), Simple> {
        let Some((file, name)) = &self.place else { return Ok(()) };
        let mut stands = self.stands();
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
        Ok(self.adopted())
    }

    async fn turn(&self, _: Hash128, _: u64) -> Result<Turn, Simple> {
        if let Some((file, _)) = &self.place {
            let turn = turn::of(file).await;
            *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
            drop(self.adopted());
        }
        Ok(Turn::Ours(self.given().last().cloned()))
    }

    async fn keepable(&self, _: Hash128) -> Result<(), Simple> {
        let Some((file, _)) = &self.place else { return Ok(()) };
        let lost = |(reason, hint)| Simple::park("needs_auth", format!("the refresh token is good for one use, and the next one could not be kept in {}: {reason}; nothing was asked, and it is good still: {hint}", file.display()));
        writable(file).map_err(lost)
    }

    async fn keep(&self, _: Hash128, session: &Session) -> Result<(), Simple> {
        self.given().push(session.clone());
        let kept = session.refresh.as_ref().map_or(Ok(()), |refresh| self.write(refresh.expose()));
        self.end_turn();
        kept
    }

    async fn give_up(&self, _: Hash128) {
        self.end_turn();
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    /// The sessions of a run that was given the first refresh token in this file.
    fn of(file: &Path) -> InFile {
        InFile { place: Some((file.to_owned(), "refresh_token".to_owned())), stands: Mutex::new(Some(Secret::new("first".to_owned()))), given: Mutex::default(), turn: Mutex::default() }
    }

    fn session(refresh: Option<&str>) -> Session {
        Session { token: Secret::new("token".to_owned()), refresh: refresh.map(|refresh| Secret::new(refresh.to_owned())), captured: Value::Null, renew_ms: 0, version: 1 }
    }

    /// The refresh token someone renews with whose turn it is.
    fn with(turn: &Turn) -> Option<&str> {
        let Turn::Ours(before) = turn else { panic!("nobody else's session is kept in a file") };
        before.as_ref().and_then(|before| before.refresh.as_ref()).map(Secret::expose)
    }

    #[tokio::test]
    async fn a_refresh_token_that_stays_is_written_nowhere() {
        let sessions = of(Path::new("/dev/null"));
        for (refresh, kept) in [(None, true), (Some("first"), true), (Some("second"), false)] {
            let told = sessions.keep(document::hash_bytes(b""), &session(refresh)).await;
            assert_eq!(told.is_ok(), kept, "{refresh:?}");
            assert!(told.err().is_none_or(|fault| fault.code == "needs_auth" && !fault.message.contains("second")));
        }
        let told = sessions.keepable(document::hash_bytes(b"")).await.unwrap_err();
        assert_eq!((told.code, told.message.as_ref()), ("needs_auth", "the refresh token is good for one use, and the next one could not be kept in /dev/null: it is no file; nothing was asked, and it is good still: name a file"));
    }

    #[tokio::test]
    async fn what_another_run_put_into_the_file_is_renewed_with_and_kept_out_of_recordings() {
        let (folder, owner) = (tempfile::tempdir().unwrap(), document::hash_bytes(b""));
        let file = folder.path().join("config.json");
        std::fs::write(&file, r#"{"refresh_token":"first"}"#).unwrap();
        let (one, other) = (of(&file), of(&file));
        assert_eq!((other.kept(owner).await.unwrap().is_none(), with(&one.turn(owner, 0).await.unwrap())), (true, None));
        one.keep(owner, &session(Some("second"))).await.unwrap();
        let newer = other.kept(owner).await.unwrap().unwrap();
        assert_eq!((newer.refresh.as_ref().map(Secret::expose), newer.renew_ms), (Some("second"), i64::MIN));
        assert!(other.kept(owner).await.unwrap().is_none(), "it is new once");
        assert_eq!(with(&other.turn(owner, newer.version).await.unwrap()), Some("second"));
        other.keep(owner, &session(Some("third"))).await.unwrap();
        assert_eq!(with(&one.turn(owner, 1).await.unwrap()), Some("third"));
        let secrets: Vec<String> = one.secrets().iter().map(|(name, secret)| format!("{name}={}", secret.expose())).collect();
        assert_eq!(secrets, ["token=token", "refresh-token=second", "refresh-token=third"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn of_two_runs_one_renews_and_the_other_waits_for_what_it_gets() {
        let (folder, owner) = (tempfile::tempdir().unwrap(), document::hash_bytes(b""));
        let file = folder.path().join("config.json");
        for (ends, expected) in [("keep", Some("second")), ("give up", None)] {
            std::fs::write(&file, r#"{"refresh_token":"first"}"#).unwrap();
            let (one, other) = (of(&file), of(&file));
            drop(one.turn(owner, 0).await.unwrap());
            let mut waits = Box::pin(other.turn(owner, 0));
            assert!(waits.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending(), "{ends}");
            if ends == "keep" { one.keep(owner, &session(Some("second"))).await.unwrap() } else { one.give_up(owner).await }
            assert_eq!(with(&waits.await.unwrap()), expected, "{ends}");
        }
    }
}
