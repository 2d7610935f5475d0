//! Any value while it is looked at: a part of a document or of a tree, or one made in an arena.
//!
//! Absent is `Option::None`. An item owns nothing and is copied freely; paths, expressions, schemas and mappings see values
//! only through it, so that they neither know nor care where a value lives.

use std::borrow::Cow;

use crate::{Node, Number, Sort, Value, doc::Children, doc::plain_text, number_eq, same};

/// A value.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as its text, by the grammar of JSON.
    Number(&'a str),
    /// A string, without escapes.
    Text(&'a str),
    /// An array of values made on the way.
    List(&'a [Item<'a>]),
    /// An object made on the way; its keys are distinct.
    Map(&'a [(&'a str, Item<'a>)]),
    /// A part of a parsed document.
    Node(Node<'a>),
    /// A part of a tree.
    Tree(&'a Value),
}

impl<'a> Item<'a> {
    /// What it is.
    #[must_use]
    pub fn sort(self) -> Sort {
        match self {
            Item::Null => Sort::Null,
            Item::Bool(_) => Sort::Bool,
            Item::Number(_) => Sort::Number,
            Item::Text(_) => Sort::Text,
            Item::List(_) => Sort::Array,
            Item::Map(_) => Sort::Object,
            Item::Node(node) => node.sort(),
            Item::Tree(value) => value.sort(),
        }
    }

    /// The value of a key, if this is an object that has it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Item<'a>> {
        match self {
            Item::Node(node) => node.get(key).map(Node::item),
            Item::Map(entries) => entries.iter().find_map(|(name, item)| same(name, key).then_some(*item)),
            Item::Tree(value) => value.get(key).map(Item::Tree),
            _ => None,
        }
    }

    /// An element, if this is an array that has it.
    #[must_use]
    pub fn index(self, at: usize) -> Option<Item<'a>> {
        match self {
            Item::Node(node) if node.sort() == Sort::Array => node.children().nth(at).map(|(_, node)| node.item()),
            Item::List(items) => items.get(at).copied(),
            Item::Tree(value) => value.items()?.get(at).map(Item::Tree),
            _ => None,
        }
    }

    /// The number of elements of an array or members of an object; of anything else none.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a scalar is not empty for having no members")]
    pub fn len(self) -> usize {
        match self {
            Item::Node(node) => node.len(),
            Item::List(items) => items.len(),
            Item::Map(entries) => entries.len(),
            Item::Tree(value) => value.items().map_or_else(|| value.entries().map_or(0, <[_]>::len), <[_]>::len),
            _ => 0,
        }
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn items(self) -> Items<'a> {
        Items(match self {
            Item::Node(node) if node.sort() == Sort::Array => Kids::Node(node.children()),
            Item::List(items) => Kids::List(items.iter()),
            Item::Tree(value) => Kids::Tree(value.items().unwrap_or_default().iter()),
            _ => Kids::List([].iter()),
        })
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn entries(self) -> Entries<'a> {
        Entries(match self {
            Item::Node(node) if node.sort() == Sort::Object => Members::Node(node.children()),
            Item::Map(entries) => Members::Map(entries.iter()),
            Item::Tree(value) => Members::Tree(value.entries().unwrap_or_default().iter()),
            _ => Members::Map([].iter()),
        })
    }

    /// The same value, told apart as far as that costs nothing: what is left of a document are arrays, objects and strings
    /// with escapes.
    #[must_use]
    pub fn told(self) -> Item<'a> {
        if let Item::Node(node) = self { node.item() } else { self }
    }

    /// Shows every member as it stands, in order, for who copies more than he looks at: each a part of its document.
    pub fn parts(self, mut each: impl FnMut(Cow<'a, str>, Item<'a>)) {
        match self {
            Item::Node(node) if node.sort() == Sort::Object => node.members(|key, node| each(key, Item::Node(node))),
            _ => self.entries().for_each(|(key, item)| each(key, item)),
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Item::Text(text) => Some(Cow::Borrowed(text)),
            Item::Node(node) if node.sort() == Sort::Text => Some(node.text()),
            Item::Tree(value) => value.as_str().map(Cow::Borrowed),
            _ => None,
        }
    }

    /// The text of the number, if this is one.
    #[must_use]
    pub fn number(self) -> Option<&'a str> {
        match self {
            Item::Number(text) => Some(text),
            Item::Node(node) => node.number(),
            Item::Tree(Value::Number(number)) => Some(number.text()),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        match self {
            Item::Bool(value) => Some(value),
            Item::Node(node) => node.bool(),
            Item::Tree(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        match self {
            Item::Null | Item::Tree(Value::Null) => true,
            Item::Node(node) => node.sort() == Sort::Null,
            _ => false,
        }
    }

    /// A scalar as plain text, for a URL, a header or a key; `None` for null, arrays and objects.
    #[must_use]
    pub fn plain(self) -> Option<Cow<'a, str>> {
        match (self.bool(), self.number()) {
            (Some(truth), _) => Some(Cow::Borrowed(if truth { "true" } else { "false" })),
            (_, Some(number)) => Some(Cow::Borrowed(number)),
            _ => self.text(),
        }
    }

    /// The value as a tree of its own.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Item::Null => Value::Null,
            Item::Bool(value) => Value::Bool(value),
            Item::Number(text) => Value::Number(Number::of_valid(text)),
            Item::Text(text) => Value::String(text.to_owned()),
            Item::Tree(value) => value.clone(),
            Item::List(_) | Item::Map(_) | Item::Node(_) => match self.sort() {
                Sort::Object => Value::Object(self.entries().map(|(key, item)| (key.into_owned(), item.to_value())).collect()),
                Sort::Array => Value::Array(self.items().map(Item::to_value).collect()),
                Sort::Text => Value::String(self.text().unwrap_or_default().into_owned()),
                Sort::Null | Sort::Bool | Sort::Number => self.told().to_value(),
            },
        }
    }
}

impl<'a> From<&'a Value> for Item<'a> {
    fn from(value: &'a Value) -> Self {
        Item::Tree(value)
    }
}

/// Equality by value: `1` is `1.0`, the order of members does not matter, `"1"` is not `1`.
impl PartialEq for Item<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.sort(), other.sort()) {
            (Sort::Null, Sort::Null) => true,
            (Sort::Bool, Sort::Bool) => self.bool() == other.bool(),
            (Sort::Number, Sort::Number) => self.number().zip(other.number()).is_some_and(|(left, right)| number_eq(left, right)),
            (Sort::Text, Sort::Text) => self.text() == other.text(),
            (Sort::Array, Sort::Array) => self.len() == other.len() && self.items().zip(other.items()).all(|(left, right)| left == right),
            (Sort::Object, Sort::Object) => self.len() == other.len() && self.entries().all(|(key, left)| other.get(&key).is_some_and(|right| left == right)),
            _ => false,
        }
    }
}

/// The elements of an array.
#[derive(Debug, Clone)]
pub struct Items<'a>(Kids<'a>);

#[derive(Debug, Clone)]
enum Kids<'a> {
    Node(Children<'a>),
    List(std::slice::Iter<'a, Item<'a>>),
    Tree(std::slice::Iter<'a, Value>),
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        match &mut self.0 {
            Kids::Node(children) => children.next().map(|(_, node)| node.item()),
            Kids::List(items) => items.next().copied(),
            Kids::Tree(values) => values.next().map(Item::Tree),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Kids::Node(children) => children.size_hint(),
            Kids::List(items) => items.size_hint(),
            Kids::Tree(values) => values.size_hint(),
        }
    }
}

/// The members of an object.
#[derive(Debug, Clone)]
pub struct Entries<'a>(Members<'a>);

#[derive(Debug, Clone)]
enum Members<'a> {
    Node(Children<'a>),
    Map(std::slice::Iter<'a, (&'a str, Item<'a>)>),
    Tree(std::slice::Iter<'a, (String, Value)>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = (Cow<'a, str>, Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Members::Node(children) => {
                let (key, node) = children.next()?;
                Some((key.map_or(Cow::Borrowed(""), |key| plain_text(key, node.doc.text)), node.item()))
            }
            Members::Map(entries) => entries.next().map(|(key, item)| (Cow::Borrowed(*key), *item)),
            Members::Tree(entries) => entries.next().map(|(key, value)| (Cow::Borrowed(key.as_str()), Item::Tree(value))),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Members::Node(children) => children.size_hint(),
            Members::Map(entries) => entries.size_hint(),
            Members::Tree(entries) => entries.size_hint(),
        }
    }
}
