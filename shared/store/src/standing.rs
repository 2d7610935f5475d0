//! How jobs of a connection went last: a poll, a release or a reconcile that keeps failing, what a reconcile found, a test of
//! its credentials.
//!
//! Rows of `cursors`, beside how far the connection was read: written by jobs, read by whoever asks after the connection.

use canonical::{ConnectionId, Millis};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Tenant, attribute::{s, text}};

const TABLE: &str = "cursors";

/// A job that fails. Gone with its next success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// When it failed last.
    pub at: Millis,
    /// Why: the registered code.
    pub code: String,
    /// Why, in a sentence.
    pub message: String,
    /// How often in a row.
    pub tries: u32,
    /// When it is tried again by itself; absent: not before its schedule, or a person, starts it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Millis>,
}

/// What a test of a connection's credentials found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// Which test.
    pub test: String,
    /// When.
    pub at: Millis,
    /// What is wrong: the registered code; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// What the last reconcile of a flow found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// When it began.
    pub at: Millis,
    /// Items of the source that say something.
    pub source: usize,
    /// Those of the destination.
    pub destination: usize,
    /// Keys whose two ends differ.
    pub differences: usize,
    /// Keys of the destination that no record of the source names: they are only counted.
    pub missing: usize,
    /// Records of the source that say nothing: there, not known, neither compared nor sent.
    pub source_left_out: usize,
    /// Those of the destination.
    pub destination_left_out: usize,
    /// The first of both that nobody expected to say nothing, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// What fails: the poll of an entity, the release of what is parked, or the reconcile of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work<'a> {
    /// The poll of an entity. Its failure lies on the cursor, and goes when the cursor moves.
    Poll(&'a str),
    /// The release.
    Release,
    /// The reconcile of a flow, noted at its source.
    Reconcile(&'a str),
}

impl Tenant<'_> {
    fn work_key(&self, connection: &ConnectionId, work: Work<'_>) -> (String, String) {
        match work {
            Work::Poll(entity) => (self.pk(&format!("{connection}#{entity}")), ".".to_owned()),
            Work::Release => (self.pk(connection.as_str()), "release".to_owned()),
            Work::Reconcile(flow) => (self.pk(connection.as_str()), format!("reconcile#{flow}")),
        }
    }

    /// Notes that a job fails.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn note_failing(&self, connection: &ConnectionId, work: Work<'_>, failing: &Failing) -> Result<(), Error> {
        let (pk, sk) = self.work_key(connection, work);
        self.note((pk, &sk), "er", failing).await
    }

    /// How a job fails, if it does.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn failing(&self, connection: &ConnectionId, work: Work<'_>) -> Result<Option<Failing>, Error> {
        let (pk, sk) = self.work_key(connection, work);
        self.noted((pk, &sk), "er").await
    }

    /// Notes that a job went well again; nothing is written where nothing was noted.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mended(&self, connection: &ConnectionId, work: Work<'_>) -> Result<(), Error> {
        if self.failing(connection, work).await?.is_none() {
            return Ok(());
        }
        let (pk, sk) = self.work_key(connection, work);
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(pk)).key("sk", s(sk));
        call.update_expression("REMOVE er").send().await.map_err(|error| Error::call(TABLE, &error))?;
        Ok(())
    }

    /// Notes what a reconcile found: it went well again.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn note_compared(&self, connection: &ConnectionId, flow: &str, compared: &Compared) -> Result<(), Error> {
        let (pk, sk) = self.work_key(connection, Work::Reconcile(flow));
        self.noting((pk, &sk), "SET #n = :n REMOVE er", "d", compared).await
    }

    /// What the last reconcile of a flow found.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn compared(&self, connection: &ConnectionId, flow: &str) -> Result<Option<Compared>, Error> {
        let (pk, sk) = self.work_key(connection, Work::Reconcile(flow));
        self.noted((pk, &sk), "d").await
    }

    /// Notes what a test found.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn note_tested(&self, connection: &ConnectionId, tested: &Tested) -> Result<(), Error> {
        self.note((self.pk(connection.as_str()), "test"), "d", tested).await
    }

    /// What the last test found.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn tested(&self, connection: &ConnectionId) -> Result<Option<Tested>, Error> {
        self.noted((self.pk(connection.as_str()), "test"), "d").await
    }

    async fn note<T: Serialize>(&self, key: (String, &str), name: &str, noted: &T) -> Result<(), Error> {
        self.noting(key, "SET #n = :n", name, noted).await
    }

    async fn noting<T: Serialize>(&self, (pk, sk): (String, &str), change: &str, name: &str, noted: &T) -> Result<(), Error> {
        let text = serde_json::to_string(noted).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let call = self.store.client.update_item().table_name(self.store.table(TABLE)).key("pk", s(pk)).key("sk", s(sk));
        let call = call.update_expression(change).expression_attribute_names("#n", name).expression_attribute_values(":n", s(text));
        call.send().await.map_err(|error| Error::call(TABLE, &error))?;
        Ok(())
    }

    async fn noted<T: DeserializeOwned>(&self, (pk, sk): (String, &str), name: &str) -> Result<Option<T>, Error> {
        let Some(row) = self.store.get(TABLE, pk, sk).await? else { return Ok(None) };
        let read = |text: &str| serde_json::from_str(text).map_err(|error| Error::unreadable(TABLE, format!("{name} at column {}", error.column())));
        text(&row, name).map(read).transpose()
    }
}
