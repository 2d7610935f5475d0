//! Sessions of a run: in memory, and a refresh token that is good for one use in the file of the configuration.

use std::{path::{Path, PathBuf}, sync::{Mutex, PoisonError}};

use async_trait::async_trait;
use connector::{Auth, Connector};
use document::{Hash128, Value};
use engine::{Session, Sessions, Turn};
use fault::Simple;

use super::{cursor::replace, record::pretty};

/// Keeps the next refresh token where the first one stood.
pub(crate) struct InFile {
    file: Option<PathBuf>,
    name: String,
    last: Mutex<Option<Session>>,
}

impl InFile {
    pub(crate) fn new(connector: &Connector, file: Option<&Path>) -> Self {
        let named = match connector.auth() {
            Auth::OAuth2(oauth2) => oauth2.refresh_token.as_ref().and_then(|template| template.names().into_iter().find_map(|(root, steps)| (root == "config").then(|| steps.first().map(ToString::to_string)).flatten())),
            _ => None,
        };
        Self { file: file.map(Path::to_owned), name: named.unwrap_or_else(|| "refresh_token".to_owned()), last: Mutex::default() }
    }

    fn write(&self, refresh: &str) -> Result<(), Simple> {
        let Some(file) = &self.file else { return Ok(()) };
        let unkept = |reason: String| Simple::park("needs_auth", format!("the new refresh token cannot be kept in {}: {reason}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| unkept(error.to_string()))?;
        let mut value = document::parse_str(text.trim_start_matches('\u{feff}')).map_err(|error| unkept(error.to_string()))?;
        value.set(&self.name, Value::String(refresh.to_owned()));
        replace(file, &pretty(&value)).map_err(|error| unkept(error.to_string()))
    }
}

#[async_trait]
impl Sessions for InFile {
    async fn kept(&self, _: Hash128) -> Result<Option<Session>, Simple> {
        Ok(None)
    }

    async fn turn(&self, _: Hash128, _: u64) -> Result<Turn, Simple> {
        Ok(Turn::Ours(self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    async fn keep(&self, _: Hash128, session: &Session) -> Result<(), Simple> {
        if let Some(refresh) = &session.refresh {
            self.write(refresh.expose())?;
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.clone());
        Ok(())
    }

    async fn give_up(&self, _: Hash128) {}
}
