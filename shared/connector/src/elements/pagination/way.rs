//! How the next page is found.

use document::{Path, Value};
use expr::Template;

use crate::{Inject, Request};

/// Where a cursor stands in an answer.
#[derive(Debug)]
pub enum From {
    /// In the body.
    Path(Path),
    /// In a header.
    Header(String),
    /// It is made of the answer.
    Template(Template),
}

/// How the next page is found.
#[derive(Debug)]
pub enum Way {
    /// Pages are numbered.
    Page {
        /// The first number.
        start: i64,
        /// Where the number goes; without it the request uses `{{ page }}`.
        inject: Option<Inject>,
    },
    /// Records are counted.
    Offset {
        /// The first offset.
        start: i64,
        /// Where it goes; without it the request uses `{{ offset }}`.
        inject: Option<Inject>,
    },
    /// The answer names the cursor of the next page.
    Cursor {
        /// Where it stands.
        from: From,
        /// Where it goes; without it the request uses `{{ cursor }}`.
        inject: Option<Inject>,
    },
    /// The answer holds the address of the next page.
    NextUrl {
        /// Where it stands.
        from: Path,
        /// The parameters of the request are added to it.
        keep_params: bool,
    },
    /// The answer's `Link` header names the next page.
    LinkHeader {
        /// The relation.
        rel: String,
    },
    /// The next page begins behind the last record: the values it names there.
    Keyset(Vec<KeysetKey>),
    /// A listing that is opened, read on and closed.
    Scroll {
        /// The request that opens it and answers with the first page.
        open: Box<Request>,
        /// The request that closes it.
        close: Option<Box<Request>>,
        /// Where its id stands in the answers.
        from: Path,
        /// Where the id goes; without it the requests use `{{ cursor }}`.
        inject: Option<Inject>,
    },
    /// Variables, and how each goes on.
    Vars {
        /// Their first values.
        init: Vec<(String, Value)>,
        /// Their next values.
        next: Vec<(String, Template)>,
        /// Where they go; the request may also use `{{ vars.name }}`.
        inject: Vec<(String, Inject)>,
    },
}

/// A value of the last record that the next page begins behind.
#[derive(Debug)]
pub struct KeysetKey {
    /// Where it stands in the record.
    pub from: Path,
    /// Where it goes.
    pub inject: Option<Inject>,
}
