//! One system that answers as many others do: a family of endpoints for each way to page, to sign in, to fail, to write.
//!
//! It holds the same records behind all of them, so that whoever reads a family to its end has read exactly these. Each
//! way to misbehave is a word, for one request or for the whole system.

mod ask;
mod auth;
mod changes;
mod command;
mod cursors;
mod errors;
mod export;
mod kept;
mod limits;
mod listing;
mod misbehaviour;
mod oauth;
mod options;
mod pages;
mod parents;
mod route;
mod scroll;
mod shapes;
mod spoil;
mod stamp;
mod thing;
mod tokens;
mod zip;

use std::io;

use document::Value;

pub use misbehaviour::Misbehaviour;
pub use options::ApiOptions;
pub use tokens::Life;

use crate::shop::Level;
use crate::{Answer, Held, Place, Request, Running, System};
use kept::Kept;
use thing::Thing;

/// A system with every family of endpoints.
#[derive(Debug)]
pub struct Api {
    options: ApiOptions,
    kept: Kept,
    level: Level,
    /// When `/strict` was called within the last second.
    lately: Vec<i64>,
}

impl Api {
    /// A system with its first records.
    #[must_use]
    pub fn new(options: ApiOptions) -> Self {
        let kept = Kept::new(&options);
        Self { options, kept, level: Level::default(), lately: Vec::new() }
    }

    /// Serves a system with its first records, or the one kept in the options' data file.
    ///
    /// # Errors
    /// The port is taken, or the state kept cannot be read.
    pub async fn start(options: ApiOptions) -> io::Result<Running<Self>> {
        let place = Place { port: options.port, data: options.data.clone() };
        Running::start(Self::new(options), place).await
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &ApiOptions {
        &self.options
    }

    /// Every record, by id, as its id and when it was changed last.
    pub(crate) fn things(&self) -> Vec<Thing> {
        self.kept.things.iter().map(|(id, updated_ms)| Thing { id: *id, updated_ms: *updated_ms }).collect()
    }
}

impl Running<Api> {
    /// The system itself, to read or change.
    #[must_use]
    pub fn api(&self) -> Held<'_, Api> {
        self.system()
    }
}

impl System for Api {
    fn base(&self) -> &'static str {
        ""
    }

    fn answer(&mut self, request: &Request) -> Answer {
        self.respond(request)
    }

    fn command(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        self.carry_out(verb, arguments)
    }

    fn state(&self) -> Value {
        self.kept.view()
    }

    fn saved(&self) -> String {
        serde_json::to_string(&self.kept).expect("maps of the state have keys that are text or integers")
    }

    fn restore(&mut self, saved: &str) -> Result<(), String> {
        self.kept = serde_json::from_str(saved).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn clear(&mut self) {
        self.kept = Kept::new(&self.options);
        self.level = Level::default();
        self.lately.clear();
    }
}
