//! `office.mjs` at work: tokens of oauth2-mock-server, data of json-server, and what both were asked.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{installed::{self, Peer, Speaks}, pull::{self, Pulled, with, write}};

/// The secret of the client.
pub(crate) const SECRET: &str = "cl13nt/s3cr3t+";
/// The refresh token it begins with.
pub(crate) const REFRESH: &str = "r3fr3sh-0";

/// Requests a whole run takes: twelve pages in no order that is told, of which all but the last are looked at again.
pub(crate) const REQUESTS: usize = 23;

/// Both servers, and a folder to pull in.
pub(crate) struct Office {
    folder: TempDir,
    _peer: Peer,
}

impl Office {
    /// Opens one that behaves as asked, for a definition with these changes; none where nothing is installed.
    pub(crate) fn open(mut behaves: Value, changes: &[(&str, Value)]) -> Option<Self> {
        let peers = installed::folder()?;
        let folder = tempfile::tempdir().unwrap();
        for (name, value) in [("seen", folder.path().join("seen").to_str().into()), ("secret", SECRET.into()), ("refresh", REFRESH.into())] {
            behaves[name] = value;
        }
        let mut node = Command::new("node");
        // Code on the command line finds packages from the folder it runs in.
        node.current_dir(peers).args(["--input-type=module", "--eval", include_str!("office.mjs"), "--"]).arg(behaves.to_string());
        let (peer, ports) = Peer::started(&mut node, Speaks::Out, |line| serde_json::from_str::<Value>(line).ok());
        let at = |name: &str| format!("http://127.0.0.1:{}", ports[name]);
        write(folder.path(), "definition.json", &with(include_str!("office.json"), changes));
        write(folder.path(), "config.json", &json!({ "tokens": at("tokens"), "data": at("data"), "client_id": "books", "client_secret": SECRET }));
        Some(Self { folder, _peer: peer })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Pulls; no secret and no token is in what is told.
    #[track_caller]
    pub(crate) fn pull(&self, words: &[&str]) -> Pulled {
        let pulled = pull::pull(self.folder(), words);
        self.silent(&pulled.told);
        pulled
    }

    /// No secret and no token is in a text.
    #[track_caller]
    pub(crate) fn silent(&self, text: &str) {
        let config = self.config();
        let refresh = config["refresh_token"].as_str().unwrap_or(REFRESH);
        // JWTs begin with `{"` in base64.
        for secret in [SECRET, REFRESH, refresh, "eyJ", "Y2wxM250L3MzY3IzdC", "cl13nt%2Fs3cr3t%2B"] {
            let around = text.find(secret).map(|at| &text[text.floor_char_boundary(at.saturating_sub(200))..at]);
            assert_eq!(around, None, "{secret} follows");
        }
    }

    /// The configuration as it stands in its file.
    pub(crate) fn config(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.folder().join("config.json")).unwrap()).unwrap()
    }

    /// Changes the configuration.
    pub(crate) fn configure(&self, name: &str, value: impl Into<Value>) {
        let mut config = self.config();
        config[name] = value.into();
        write(self.folder(), "config.json", &config);
    }

    /// How many answers began with these words.
    pub(crate) fn seen(&self, words: &str) -> usize {
        fs::read_to_string(self.folder().join("seen")).unwrap_or_default().lines().filter(|line| line.starts_with(words)).count()
    }
}
