//! Addresses: absolute https, with a host the author wrote or a checked configuration value.
//!
//! A value in the path is percent-encoded as one segment and in the query as one component, so that no record can
//! change where a request goes.

mod brace;
mod check;
mod piece;
mod query;
mod render;
mod woven;

use expr::Template;

use crate::Pattern;
use piece::{Piece, shown, used, values};
pub(crate) use brace::unfilled;
pub use woven::Woven;

/// A checked address.
#[derive(Debug)]
pub struct Address {
    /// What the address starts with, where the author did not write its host.
    base: Option<Base>,
    /// Scheme and host, where the author wrote them.
    authority: Vec<Host>,
    /// Path and query.
    rest: Vec<Piece>,
    /// The names of the parameters written in the query.
    parameters: Vec<String>,
}

/// An address that another starts with: a configuration value of type `url`, or a captured one with the hosts it may have.
#[derive(Debug)]
struct Base {
    template: Template,
    hosts: Vec<String>,
}

#[derive(Debug)]
enum Host {
    Text(String),
    Name(Template, Pattern),
}

impl Address {
    /// The places `{name}` of its path.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.rest.iter().filter_map(|piece| if let Piece::Hole(name) = piece { Some(name.as_str()) } else { None })
    }

    /// Every value in its path and query.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Template> {
        values(&self.rest)
    }

    pub(crate) fn uses(&self, root: &str) -> bool {
        used(&self.rest, root)
    }

    /// Every value in it, that of its host included.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let hosts = self.authority.iter().filter_map(|host| if let Host::Name(template, _) = host { Some(template) } else { None });
        self.base.iter().map(|base| &base.template).chain(hosts).chain(values(&self.rest))
    }

    /// The hosts it may have: written out, with `*` for a value of the configuration, or `{config.name}` for a whole address.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        match &self.base {
            Some(base) if base.hosts.is_empty() => vec![format!("{{{}}}", shown(&base.template))],
            Some(base) => base.hosts.clone(),
            None => vec![self.authority.iter().map(|host| if let Host::Text(text) = host { text.as_str() } else { "*" }).collect()],
        }
    }

    /// Whether a login names its host, and may name another the next time.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.base.as_ref().is_some_and(|base| !base.hosts.is_empty())
    }

    /// Its path and query as they are written.
    #[must_use]
    pub fn written_path(&self) -> String {
        self.rest.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(template) => format!("{{{}}}", shown(template)),
            Piece::Hole(name) => format!("{{{name}}}"),
        }).collect()
    }
}
