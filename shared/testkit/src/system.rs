//! What the server asks of a sample system: answers, commands and a view of the state. No system knows the network.

use std::path::PathBuf;

use document::Value;

use crate::{Answer, Request};

/// A sample system behind the server.
pub trait System: Send + 'static {
    /// Where its paths begin, without a trailing slash.
    fn base(&self) -> &'static str;

    /// Answers one request and does what it asks.
    fn answer(&mut self, request: &Request) -> Answer;

    /// Carries out a control verb of this system.
    ///
    /// # Errors
    /// Why the verb or its arguments are not understood.
    fn command(&mut self, verb: &str, arguments: &Value) -> Result<Value, String>;

    /// Everything it knows, for a person or a comparison.
    fn state(&self) -> Value;

    /// Everything it knows, as text [`System::restore`] reads.
    fn saved(&self) -> String;

    /// Takes over what was saved.
    ///
    /// # Errors
    /// Why the text is not a saved state.
    fn restore(&mut self, saved: &str) -> Result<(), String>;

    /// Forgets everything.
    fn clear(&mut self);
}

/// Where a system listens, and where it keeps its state.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// A file that holds the state after each change and is read at the start.
    pub data: Option<PathBuf>,
}
