//! Connections, definitions and flows: documents kept whole, found by the tenant and their id.
//!
//! A document changes by [`Tenant::change`] alone: read, changed, and written only if nobody wrote in between, so that a
//! pause, a fresh secret and a broken connection do not undo each other. Every write raises the revision of the row.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use canonical::{ConnectionId, FlowId, Order};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Tenant, attribute::{Row, n, number, s, text}};

const TABLE: &str = "core";

/// How often a change is begun anew because somebody else's came first. Each round somebody gets on.
const ROUNDS: u32 = 16;

/// A document that is kept under a class and an id.
pub trait Kept: Serialize + DeserializeOwned + Send + Sync {
    /// The class in its key.
    const CLASS: &'static str;
    /// Its id.
    fn id(&self) -> &str;
}

/// What a connection does at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// It takes and gives.
    Active,
    /// The pipeline runs, nothing is written to the destination.
    Shadow,
    /// It rests.
    Paused,
    /// Something has to be put right by a person.
    Error,
}

/// A tenant's use of a connector. Secrets are sealed; `config` is empty at rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection<S> {
    /// The id.
    pub id: ConnectionId,
    /// Name of the connector: a registered one, or the slug of a definition.
    pub connector: String,
    /// What it does at present.
    pub state: ConnectionState,
    /// Why, where the state is `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The name of its webhook door, where it is not the id: another tenant has a door of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<ConnectionId>,
    /// Sealed values by name.
    #[serde(default = "BTreeMap::new")]
    pub sealed: BTreeMap<String, S>,
    /// Entities that are polled, and every how many minutes.
    #[serde(default)]
    pub polls: BTreeMap<String, u32>,
}

impl<S: Serialize + DeserializeOwned + Send + Sync> Kept for Connection<S> {
    const CLASS: &'static str = "conn";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Where a definition is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefinitionState {
    /// Just stored.
    Draft,
    /// Checked, awaiting approval.
    Review,
    /// Usable.
    Active,
    /// Retired.
    Archived,
}

/// A connector definition as it was stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The slug.
    pub id: String,
    /// Where `text` is in its life.
    pub state: DefinitionState,
    /// The document, as text.
    pub text: String,
    /// What was stored while `text` is active, and is to take its place once it is activated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

impl Definition {
    /// One just stored.
    #[must_use]
    pub fn new(id: &str, text: String) -> Self {
        Self { id: id.to_owned(), state: DefinitionState::Draft, text, draft: None }
    }

    /// Takes a newer text in: beside the one that is active, else in place of the one that is there.
    pub fn store(&mut self, text: String) {
        if self.state == DefinitionState::Active {
            self.draft = Some(text);
        } else {
            *self = Self::new(&self.id, text);
        }
    }

    /// The text that would be made active.
    #[must_use]
    pub fn newest(&self) -> &str {
        self.draft.as_deref().unwrap_or(&self.text)
    }

    /// Makes the newest text active.
    pub fn activate(&mut self) {
        self.state = DefinitionState::Active;
        if let Some(draft) = self.draft.take() {
            self.text = draft;
        }
    }
}

impl Kept for Definition {
    const CLASS: &'static str = "def";
    fn id(&self) -> &str {
        &self.id
    }
}

/// What a flow does at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowMode {
    /// It delivers.
    Live,
    /// It maps and counts, and writes nothing.
    Shadow,
    /// It rests; what comes is parked until it delivers again.
    Paused,
}

/// Source connection to destination connection for one canonical type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// The id.
    pub id: FlowId,
    /// From.
    pub source: ConnectionId,
    /// To.
    pub destination: ConnectionId,
    /// Of which canonical type.
    pub canonical_type: String,
    /// What it does.
    pub mode: FlowMode,
    /// Whether every change arrives, one after the other.
    pub strict: bool,
    /// Minutes between reconciles; 0: never by itself.
    #[serde(default)]
    pub reconcile_minutes: u32,
    /// `standard` or `fast`.
    #[serde(default = "standard")]
    pub retry: String,
    /// A strict key whose event died: true lets the next one go, false halts the key.
    #[serde(default)]
    pub skip_dead: bool,
    /// Repeat after an ambiguous outcome although the destination keeps no effect one.
    #[serde(default)]
    pub at_least_once: bool,
    /// Reconcile removes what the source does not have. Off unless asked for.
    #[serde(default)]
    pub removals: bool,
    /// What is done to the fields between the two ends: the text of a mapping that was checked when it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Rises when the flow changes where its versions come from.
    #[serde(default)]
    pub epoch: u8,
}

fn standard() -> String {
    "standard".into()
}

impl Flow {
    /// The order rule.
    #[must_use]
    pub fn order(&self) -> Order {
        if self.strict { Order::Strict } else { Order::Latest }
    }
}

impl Kept for Flow {
    const CLASS: &'static str = "flow";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Tenant<'_> {
    /// A document of this tenant.
    ///
    /// # Errors
    /// When the table does not answer, or the row cannot be read.
    pub async fn load<T: Kept>(&self, id: &str) -> Result<Option<T>, Error> {
        self.store.get(TABLE, self.pk(&format!("{}#{id}", T::CLASS)), ".").await?.as_ref().map(parse).transpose()
    }

    /// Stores a document over whatever was there, and names it in the list of its class; both or neither.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn save<T: Kept>(&self, document: &T) -> Result<(), Error> {
        self.write(document, If::Any).await
    }

    /// Stores a document under an id nobody has yet. False: somebody has it, and nothing was written.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn create<T: Kept>(&self, document: &T) -> Result<bool, Error> {
        for _ in 0..ROUNDS {
            if self.load::<T>(document.id()).await?.is_some() {
                return Ok(false);
            }
            match self.write(document, If::Absent).await {
                Err(Error::Conflict { .. }) => {}
                written => return written.map(|()| true),
            }
        }
        Err(Error::Conflict { table: TABLE })
    }

    /// Changes a document as it is now; where somebody writes it meanwhile, the change is made anew over theirs. `change`
    /// answers whether it changed anything; what it refuses is handed out. `None`: there is no such document.
    ///
    /// # Errors
    /// When the table does not answer, or the row cannot be read.
    pub async fn change<T: Kept, E>(&self, id: &str, mut change: impl FnMut(&mut T) -> Result<bool, E>) -> Result<Option<Result<T, E>>, Error> {
        for _ in 0..ROUNDS {
            let Some(row) = self.store.get(TABLE, self.pk(&format!("{}#{id}", T::CLASS)), ".").await? else { return Ok(None) };
            let mut document: T = parse(&row)?;
            match change(&mut document) {
                Err(refused) => return Ok(Some(Err(refused))),
                Ok(false) => return Ok(Some(Ok(document))),
                Ok(true) => {}
            }
            match self.write(&document, If::Revision(number(&row, "r"))).await {
                Err(Error::Conflict { .. }) => {}
                written => return written.map(|()| Some(Ok(document))),
            }
        }
        Err(Error::Conflict { table: TABLE })
    }

    /// Its own row, on a condition, and the row in the list of its class. Updates both, so that a role that may only
    /// update connections can.
    async fn write<T: Kept>(&self, document: &T, on: If) -> Result<(), Error> {
        let text = serde_json::to_string(document).map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
        let (condition, seen) = match on {
            If::Any => (None, None),
            If::Absent => (Some("attribute_not_exists(pk)"), None),
            If::Revision(None) => (Some("attribute_exists(pk) AND attribute_not_exists(r)"), None),
            If::Revision(Some(seen)) => (Some("r = :seen"), Some(seen)),
        };
        let update = |pk: String, sk: &str| {
            let update = Update::builder().table_name(self.store.table(TABLE)).key("pk", s(pk)).key("sk", s(sk));
            update.update_expression("SET d = :d ADD r :one").expression_attribute_values(":d", s(&text)).expression_attribute_values(":one", n(1))
        };
        let own = update(self.pk(&format!("{}#{}", T::CLASS, document.id())), ".").set_condition_expression(condition.map(str::to_owned));
        let own = match seen {
            Some(seen) => own.expression_attribute_values(":seen", n(seen)),
            None => own,
        };
        let mut call = self.store.client.transact_write_items();
        for update in [own, update(self.pk(T::CLASS), document.id())] {
            let update = update.build().map_err(|error| Error::unreadable(TABLE, error.to_string()))?;
            call = call.transact_items(TransactWriteItem::builder().update(update).build());
        }
        call.send().await.map_err(|error| Error::call(TABLE, &error))?;
        Ok(())
    }

    /// Every document of a class.
    ///
    /// # Errors
    /// When the table does not answer, or a row cannot be read.
    pub async fn list<T: Kept>(&self) -> Result<Vec<T>, Error> {
        let rows = self.store.range(TABLE, self.pk(T::CLASS), " ", "~", false, 10_000).await?;
        rows.iter().map(parse).collect()
    }
}

/// On what a document is written.
#[derive(Clone, Copy)]
enum If {
    /// Whatever is there.
    Any,
    /// Nothing is there.
    Absent,
    /// What is there is what was read; rows of before had no revision.
    Revision(Option<u64>),
}

fn parse<T: Kept>(row: &Row) -> Result<T, Error> {
    let text = text(row, "d").ok_or_else(|| Error::unreadable(TABLE, "no document"))?;
    serde_json::from_str(text).map_err(|error| Error::unreadable(TABLE, format!("{} at column {}", T::CLASS, error.column())))
}
