//! What the elements of one draft are read with.

use std::ops::{Deref, DerefMut};

pub(crate) use document::authored::Node;
use document::authored::{Codes, Findings};

const CODES: Codes =
    Codes { unknown_key: "definition_unknown_key", missing_key: "definition_missing_key", wrong_type: "definition_wrong_type", unknown_value: "definition_unknown_value" };

/// The findings so far, and what of the definition other elements have to know.
#[derive(Debug)]
pub(crate) struct Check {
    /// Everything wrong so far.
    pub(crate) findings: Findings,
    /// The declared configuration.
    pub(crate) config: Vec<crate::ConfigEntry>,
    /// Its names.
    pub(crate) config_names: Vec<String>,
    /// The base address, as written.
    pub(crate) base_url: Option<String>,
    /// What is captured from the answers that give tokens.
    pub(crate) captured: Vec<crate::Capture>,
    /// The parents of the entity being read, and what is kept of each.
    pub(crate) parents: Vec<(String, Vec<String>)>,
    /// The variables of its pagination.
    pub(crate) vars: Vec<String>,
    /// Headers of every request: names and texts.
    pub(crate) headers: Vec<(String, String)>,
    /// First words of names whose members are not all known, because what declares them is wrong: nothing is said of their uses.
    pub(crate) open: Vec<&'static str>,
    /// What is named that stands elsewhere, also by parts that are wrong otherwise.
    pub(crate) references: Vec<Reference>,
}

impl Default for Check {
    fn default() -> Self {
        Self { findings: Findings::new(&CODES), config: Vec::new(), config_names: Vec::new(), base_url: None, captured: Vec::new(), parents: Vec::new(), vars: Vec::new(), headers: Vec::new(), open: Vec::new(), references: Vec::new() }
    }
}

/// A name of something that stands elsewhere in the definition.
#[derive(Debug)]
pub(crate) struct Reference {
    /// What it names.
    pub(crate) kind: Named,
    /// Where it stands.
    pub(crate) at: String,
    /// The name.
    pub(crate) name: String,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// An entity that is read.
    Read,
    /// An entity of a recorded test.
    Tested,
    /// A canonical type of a recorded test.
    Scanned,
    /// A table of `lookup`.
    Table,
}

impl Check {
    /// Notes a name, to be looked at when everything is read; the name itself, if it is a text.
    pub(crate) fn refer(&mut self, kind: Named, node: &Node<'_>) -> Option<String> {
        let name = node.text(self)?.to_owned();
        self.references.push(Reference { kind, at: node.at.clone(), name: name.clone() });
        Some(name)
    }

    /// What `read` finds wrong, told to nobody.
    pub(crate) fn quietly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let told = std::mem::replace(&mut self.findings, Findings::new(&CODES));
        let found = read(self);
        self.findings = told;
        found
    }
}

impl Deref for Check {
    type Target = Findings;

    fn deref(&self) -> &Findings {
        &self.findings
    }
}

impl DerefMut for Check {
    fn deref_mut(&mut self) -> &mut Findings {
        &mut self.findings
    }
}
