//! A back office in Magento's documented shapes: source items, orders, search criteria, store settings.
//!
//! It keeps what was written and in which order it arrived. `Idempotency-Key` is honoured only when switched on: the
//! documented interface has no such header, other systems of this kind do.

mod answers;
mod books;
mod command;
mod criteria;
mod options;
mod orders;
mod stock;

use std::io;

use document::Value;

pub use books::{OrderWrite, StockWrite};
pub use options::BackOfficeOptions;

use crate::{Answer, Held, Place, Request, Running, System};
use books::Books;

/// A back office.
#[derive(Debug)]
pub struct BackOffice {
    options: BackOfficeOptions,
    books: Books,
}

impl BackOffice {
    /// Where its paths begin.
    pub const BASE: &str = "/rest/V1";

    /// An empty back office.
    #[must_use]
    pub fn new(options: BackOfficeOptions) -> Self {
        Self { options, books: Books::default() }
    }

    /// Serves an empty back office, or the one kept in the options' data file.
    ///
    /// # Errors
    /// The port is taken, or the state kept cannot be read.
    pub async fn start(options: BackOfficeOptions) -> io::Result<Running<Self>> {
        let place = Place { port: options.port, data: options.data.clone() };
        Running::start(Self::new(options), place).await
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &BackOfficeOptions {
        &self.options
    }
}

impl Running<BackOffice> {
    /// The back office itself, to read or change.
    #[must_use]
    pub fn backoffice(&self) -> Held<'_, BackOffice> {
        self.system()
    }
}

impl System for BackOffice {
    fn base(&self) -> &'static str {
        Self::BASE
    }

    fn answer(&mut self, request: &Request) -> Answer {
        self.respond(request)
    }

    fn command(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        self.carry_out(verb, arguments)
    }

    fn state(&self) -> Value {
        self.view()
    }

    fn saved(&self) -> String {
        serde_json::to_string(&self.books).expect("maps of the books have keys that are text")
    }

    fn restore(&mut self, saved: &str) -> Result<(), String> {
        self.books = serde_json::from_str(saved).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn clear(&mut self) {
        self.books = Books::default();
    }
}
