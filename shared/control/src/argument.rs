//! The arguments of a tool call, read with clear complaints.

use std::ops::RangeInclusive;

use canonical::{ConnectionId, FlowId, IdError};
use fault::Simple;
use serde_json::{Map, Value};

/// The arguments of one call.
pub struct Arguments<'a>(pub &'a Map<String, Value>);

impl<'a> Arguments<'a> {
    /// A text that must be there.
    ///
    /// # Errors
    /// `argument_invalid` with the name.
    pub fn text(&self, name: &str) -> Result<&'a str, Simple> {
        self.maybe_text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| missing(name, "a text is required"))
    }

    /// A text that may be there.
    ///
    /// # Errors
    /// `argument_invalid` when it is something else.
    pub fn maybe_text(&self, name: &str) -> Result<Option<&'a str>, Simple> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(missing(name, "a text is expected")),
        }
    }

    /// A truth value, false when absent.
    ///
    /// # Errors
    /// `argument_invalid` when it is something else.
    pub fn flag(&self, name: &str) -> Result<bool, Simple> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text == "true" || text == "false" => Ok(text == "true"),
            Some(_) => Err(missing(name, "true or false is expected")),
        }
    }

    /// A whole number within bounds, or the one given when absent.
    ///
    /// # Errors
    /// `argument_invalid` when it is something else, or out of bounds.
    pub fn number(&self, name: &str, absent: u64, bounds: RangeInclusive<u64>) -> Result<u64, Simple> {
        let number = match self.0.get(name) {
            None | Some(Value::Null) => Some(absent),
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_u64(),
        };
        number.filter(|number| bounds.contains(number)).ok_or_else(|| missing(name, &format!("a whole number from {} to {} is expected", bounds.start(), bounds.end())))
    }

    /// The id of a flow.
    ///
    /// # Errors
    /// `argument_invalid` with the name.
    pub fn flow(&self, name: &str) -> Result<FlowId, Simple> {
        FlowId::parse(self.text(name)?).map_err(|error| id(name, error))
    }

    /// The id of a connection.
    ///
    /// # Errors
    /// `argument_invalid` with the name.
    pub fn connection(&self, name: &str) -> Result<ConnectionId, Simple> {
        ConnectionId::parse(self.text(name)?).map_err(|error| id(name, error))
    }
}

fn missing(name: &str, expected: &str) -> Simple {
    Simple::reject("argument_invalid", format!("/{name}: {expected}"))
}

fn id(name: &str, error: IdError) -> Simple {
    missing(name, &error.to_string())
}
