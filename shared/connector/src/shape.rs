//! What an element looks like: its keys, what each takes, and what it is for.
//!
//! An element declares this once. The checker takes its known keys from here, and the published JSON Schema and the reference
//! are made of it, so that the three cannot differ.

use document::authored::{Findings, Node};

/// An object of the language.
#[derive(Debug)]
pub struct Element {
    /// Its name in the schema and the reference; of a choice, the word that chooses it.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its keys, in the order people write them.
    pub keys: &'static [Key],
}

/// A key of an element.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What stands behind it.
    pub takes: Takes,
    /// Whether it must be there.
    pub required: bool,
    /// What it means: a sentence or two, with units and what holds without it.
    pub doc: &'static str,
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// A text as it stands.
    Text,
    /// A text with expressions in it.
    Template,
    /// A JSON value with expressions in its texts.
    Tree,
    /// A scalar, or an array of scalars, with expressions in its texts.
    Values,
    /// An `RFC 9535` path; one value where singular.
    Path {
        /// Whether it must name one value.
        singular: bool,
    },
    /// Any JSON value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number above zero.
    Count,
    /// A decimal number.
    Decimal,
    /// An `ISO 8601` duration of days, hours, minutes and seconds.
    Duration,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Always this word.
    Word(&'static str),
    /// An object of this kind.
    Of(&'static Element),
    /// One of these, told apart by the word behind a key.
    Choice(&'static str, &'static [&'static Element]),
    /// An array.
    List(&'static Takes),
    /// An object whose keys the author chooses.
    Map(&'static Takes),
    /// Any of these.
    Either(&'static [Takes]),
}

impl Key {
    /// A key that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, takes, required: false, doc }
    }

    /// The same key in another element.
    #[must_use]
    pub const fn again(&self) -> Self {
        Self { name: self.name, takes: self.takes, required: self.required, doc: self.doc }
    }

    /// A key that must be there.
    #[must_use]
    pub const fn required(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, takes, required: true, doc }
    }
}

impl Takes {
    /// The elements it names.
    #[must_use]
    pub fn elements(&self) -> Vec<&'static Element> {
        match self {
            Takes::Of(element) => vec![element],
            Takes::Choice(_, elements) => elements.to_vec(),
            Takes::List(of) | Takes::Map(of) => of.elements(),
            Takes::Either(several) => several.iter().flat_map(Takes::elements).collect(),
            _ => Vec::new(),
        }
    }
}

impl Element {
    /// This element and all that stand somewhere in it, each once, in the order people come across them.
    #[must_use]
    pub fn all(&'static self) -> Vec<&'static Element> {
        let mut found = Vec::new();
        self.gather(&mut found);
        found
    }

    fn gather(&'static self, found: &mut Vec<&'static Element>) {
        if !found.iter().any(|known| std::ptr::eq(*known, self)) {
            found.push(self);
            self.keys.iter().flat_map(|key| key.takes.elements()).for_each(|element| element.gather(found));
        }
    }

    /// Opens a value as this element: an object with no keys but its own.
    pub(crate) fn open(&self, cx: &mut Findings, node: &Node<'_>) -> Option<()> {
        self.open_with(cx, node, &[])
    }

    /// As [`Element::open`], with the keys of elements that stand in the same object.
    pub(crate) fn open_with(&self, cx: &mut Findings, node: &Node<'_>, others: &[&Element]) -> Option<()> {
        let keys: Vec<&str> = self.keys.iter().chain(others.iter().flat_map(|other| other.keys)).map(|key| key.name).collect();
        node.object_with(cx, &keys, &|name| crate::elsewhere::known(self, name))
    }
}
