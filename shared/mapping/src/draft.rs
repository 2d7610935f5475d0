//! A text that may be a mapping: everything wrong with it at once, and the mapping if nothing is.

use document::{
    Limits, Value,
    authored::{self, Node},
};

use crate::{Ends, kinds, plan::Step, reader::Reader, table, types};

/// A text that is JSON and may be a mapping.
#[derive(Debug, Clone)]
pub struct Draft {
    text: String,
    value: Value,
}

/// A checked mapping: operations in order, ready to run.
#[derive(Debug)]
pub struct Mapping {
    /// What it is called, if it says so.
    pub name: Option<String>,
    /// Its version, if it says so.
    pub version: Option<String>,
    pub(crate) steps: Vec<Step>,
}

/// What a check found: what is wrong with the text in its order, then what the types say, in the order of the operations.
pub type Report = authored::Report<Mapping>;

impl Draft {
    /// Reads a text as JSON.
    ///
    /// # Errors
    /// What is wrong with the JSON, with its line and column.
    pub fn parse(text: &str) -> Result<Self, document::Error> {
        let limits = Limits { bytes: 1024 * 1024, nodes: 100_000, ..Limits::default() };
        Ok(Self { text: text.to_owned(), value: document::parse(text.as_bytes(), &limits)? })
    }

    /// A mapping inside another document, as a value.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        Self { text: value.to_string(), value: value.clone() }
    }

    /// Checks everything, and says everything that is wrong.
    #[must_use]
    pub fn check(self) -> Report {
        self.check_between(&Ends::default())
    }

    /// As [`Draft::check`], of a mapping between two known ends.
    #[must_use]
    pub fn check_between(self, ends: &Ends) -> Report {
        let mut cx = Reader::new(ends);
        let root = Node::root(&self.value);
        let known = kinds::read(&mut cx, root.get("mapping").as_ref());
        let mapping = read(&mut cx, &root);
        let told = mapping.as_ref().map(|mapping| types::check(&mapping.steps, &known)).unwrap_or_default();
        Report::new(self.text, cx.into_findings().into_iter().chain(told).collect(), mapping)
    }
}

/// A bare array of operations, or `{"mapping": …, "tables": …, "ops": …}`.
fn read(cx: &mut Reader, root: &Node<'_>) -> Option<Mapping> {
    if root.value.items().is_some() {
        let steps = cx.steps(root);
        return Some(Mapping { name: None, version: None, steps: steps? });
    }
    root.object(cx, &["mapping", "tables", "ops"])?;
    let about = root.get("mapping");
    if let Some(about) = &about {
        about.object(cx, &["name", "version", "description", "from", "to"]);
    }
    let mut said = |key: &str| about.as_ref().and_then(|about| about.get(key)).and_then(|node| node.text(cx).map(str::to_owned));
    let (name, version) = (said("name"), said("version"));
    said("description");
    if let Some(tables) = root.get("tables") {
        table::read(cx, &tables);
    }
    let steps = root.need(cx, "ops").and_then(|ops| cx.steps(&ops));
    Some(Mapping { name, version, steps: steps? })
}
