//! Datasette over one table, and the table behind it.

use std::{path::{Path, PathBuf}, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{installed::{self, Peer, Speaks}, pull::{self, Pulled, with, write}};

/// The server, and a folder to pull in.
pub(crate) struct Shelf {
    folder: TempDir,
    python: PathBuf,
    _peer: Peer,
}

impl Shelf {
    /// Opens one; none where nothing is installed.
    pub(crate) fn open() -> Option<Self> {
        let peers = installed::folder()?;
        let (folder, python) = (tempfile::tempdir().unwrap(), peers.join("bin/python"));
        table(&python, "fill", folder.path(), None);
        let mut datasette = Command::new(peers.join("bin/datasette"));
        datasette.args(["serve", "shelf.db", "--host", "127.0.0.1", "--port", "0", "--setting", "sql_time_limit_ms", "100"]).current_dir(folder.path());
        let (peer, server) = Peer::started(&mut datasette, Speaks::Err, |line| Some(line.split_once("running on ")?.1.split(' ').next()?.to_owned()));
        write(folder.path(), "definition.json", &include_str!("shelf.json"));
        write(folder.path(), "config.json", &json!({ "server": server }));
        Some(Self { folder, python, _peer: peer })
    }

    /// Changes the definition from what it is at first.
    pub(crate) fn define(&self, changes: &[(impl AsRef<str>, Value)]) {
        write(self.folder.path(), "definition.json", &with(include_str!("shelf.json"), changes));
    }

    /// Pulls an entity.
    pub(crate) fn pull(&self, entity: &str, words: &[&str]) -> Pulled {
        pull::pull(self.folder.path(), &[&["--entity", entity], words].concat())
    }

    /// Changes the table.
    pub(crate) fn run(&self, sql: &str) {
        table(&self.python, "run", self.folder.path(), Some(sql));
    }
}

fn table(python: &Path, what: &str, folder: &Path, sql: Option<&str>) {
    let output = Command::new(python).args(["-c", include_str!("shelf.py"), what, "shelf.db"]).args(sql).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
