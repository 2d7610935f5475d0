//! One parsed document: a tape over its own text, eight bytes for every value and key, sixteen for arrays and objects.
//!
//! Nothing is copied out of the text until somebody asks for it. Made by [`Parser`](crate::Parser), looked at through
//! [`Item`](crate::Item).

use std::borrow::Cow;

use crate::{Item, Sort, escape::unescaped, same::same_bytes};

/// One entry of the tape. An array or object has two: its start and the number of its children, then its end and the
/// number of entries it takes in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Where it starts in the text; for strings and keys, behind the quote.
    pub(crate) at: u32,
    /// What it is, whether it has escapes, and its length or number of children.
    meta: u32,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Null,
    True,
    False,
    Number,
    Text,
    Array,
    Object,
    Key,
}

const MARKS: [Mark; 8] = [Mark::Null, Mark::True, Mark::False, Mark::Number, Mark::Text, Mark::Array, Mark::Object, Mark::Key];
const ESCAPED: u32 = 1 << 28;
/// The largest length or count an entry can say; also the most bytes a document may have.
pub(crate) const MOST: usize = (1 << 28) - 1;

impl Entry {
    /// Invariant: a document has at most [`MOST`] bytes, so that every place, length and count of it fits.
    #[expect(clippy::cast_possible_truncation, reason = "by the invariant above, which the parser keeps")]
    pub(crate) fn new(mark: Mark, at: usize, length: usize, escaped: bool) -> Self {
        Self { at: at as u32, meta: (mark as u32) << 29 | u32::from(escaped) << 28 | (length as u32 & (ESCAPED - 1)) }
    }

    /// The second entry of an array or object.
    pub(crate) fn end(end: usize, entries: usize) -> Self {
        Self::new(Mark::Null, end, entries, false)
    }

    pub(crate) fn mark(self) -> Mark {
        MARKS[(self.meta >> 29) as usize]
    }

    pub(crate) fn escaped(self) -> bool {
        self.meta & ESCAPED != 0
    }

    pub(crate) fn length(self) -> usize {
        (self.meta & (ESCAPED - 1)) as usize
    }

    pub(crate) fn start(self) -> usize {
        self.at as usize
    }

    /// The bytes of a scalar or key, as they stand.
    pub(crate) fn bytes(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start()..self.start() + self.length()).unwrap_or_default()
    }

    /// The text of a scalar or key, as it stands.
    pub(crate) fn slice(self, text: &str) -> &str {
        text.get(self.start()..self.start() + self.length()).unwrap_or_default()
    }
}

/// A parsed document.
#[derive(Debug, Clone, Copy)]
pub struct Doc<'a> {
    pub(crate) text: &'a str,
    pub(crate) tape: &'a [Entry],
    /// No space between values: parts can be copied as they stand.
    pub(crate) plain: bool,
    /// The most levels of arrays and objects anywhere in it.
    pub(crate) deepest: usize,
}

/// A value of a document, by its place on the tape.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) doc: &'a Doc<'a>,
    pub(crate) at: u32,
}

impl<'a> Doc<'a> {
    /// The whole.
    #[must_use]
    pub fn root(&'a self) -> Item<'a> {
        Node { doc: self, at: 0 }.item()
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// How many entries its tape has.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.tape.len()
    }
}

impl<'a> Node<'a> {
    fn entry(self, at: u32) -> Entry {
        self.doc.tape[at as usize]
    }

    pub(crate) fn head(self) -> Entry {
        self.entry(self.at)
    }

    /// This value, told apart where that costs nothing: containers and strings with escapes stay nodes.
    pub(crate) fn item(self) -> Item<'a> {
        let head = self.head();
        match head.mark() {
            Mark::Null | Mark::Key => Item::Null,
            Mark::True => Item::Bool(true),
            Mark::False => Item::Bool(false),
            Mark::Number => Item::Number(head.slice(self.doc.text)),
            Mark::Text if !head.escaped() => Item::Text(head.slice(self.doc.text)),
            Mark::Text | Mark::Array | Mark::Object => Item::Node(self),
        }
    }

    pub(crate) fn sort(self) -> Sort {
        match self.head().mark() {
            Mark::Null | Mark::Key => Sort::Null,
            Mark::True | Mark::False => Sort::Bool,
            Mark::Number => Sort::Number,
            Mark::Text => Sort::Text,
            Mark::Array => Sort::Array,
            Mark::Object => Sort::Object,
        }
    }

    pub(crate) fn bool(self) -> Option<bool> {
        match self.head().mark() {
            Mark::True => Some(true),
            Mark::False => Some(false),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> Option<&'a str> {
        (self.head().mark() == Mark::Number).then(|| self.head().slice(self.doc.text))
    }

    /// The unescaped text of a string.
    pub(crate) fn text(self) -> Cow<'a, str> {
        plain_text(self.head(), self.doc.text)
    }

    /// The number of elements or members.
    pub(crate) fn len(self) -> usize {
        if matches!(self.head().mark(), Mark::Array | Mark::Object) { self.head().length() } else { 0 }
    }

    /// The text of the whole value, as it stands.
    pub(crate) fn raw(self) -> &'a str {
        self.doc.text.get(self.start()..self.end()).unwrap_or_default()
    }

    fn end(self) -> usize {
        let head = self.head();
        match head.mark() {
            Mark::Array | Mark::Object => self.entry(self.at + 1).start(),
            Mark::Text => head.start() + head.length() + 1,
            Mark::Null | Mark::True | Mark::False | Mark::Number | Mark::Key => head.start() + head.length(),
        }
    }

    /// The name it has in the object it stands in, as it stands in the text; nothing where it has none, or one with escapes.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        let key = self.entry(self.at.checked_sub(1)?);
        (key.mark() == Mark::Key && !key.escaped()).then(|| key.slice(self.doc.text))
    }

    /// Whether it stands in the same object right behind another member.
    #[must_use]
    pub fn follows(self, other: Self) -> bool {
        self.at == other.after(other.at) + 1
    }

    /// The text from this value to the end of another behind it in the same document, as it stands.
    #[must_use]
    pub fn text_through(self, last: Self) -> Option<&'a str> {
        self.doc.text.get(self.start()..last.end())
    }

    /// The text from the name of this member to the end of another behind it, if it can be copied as it stands.
    #[must_use]
    pub fn text_to(self, last: Self) -> Option<&'a str> {
        let from = self.entry(self.at.checked_sub(1)?).start().checked_sub(1)?;
        if self.doc.plain { self.doc.text.get(from..last.end()) } else { None }
    }

    /// Shows every member of an object, in order, with its name.
    pub(crate) fn members(self, mut each: impl FnMut(Cow<'a, str>, Self)) {
        let (tape, text) = (self.doc.tape, self.doc.text);
        let mut at = self.at as usize + 2;
        for _ in 0..self.len() {
            let (Some(key), Some(value)) = (tape.get(at), tape.get(at + 1)) else { return };
            let entries = match value.mark() {
                Mark::Array | Mark::Object => tape.get(at + 2).map_or(1, |end| end.length()),
                _ => 1,
            };
            // Invariant: a tape has fewer entries than its text has bytes, and these fit into 28 bits.
            each(plain_text(*key, text), Self { doc: self.doc, at: u32::try_from(at + 1).unwrap_or(u32::MAX) });
            at += 1 + entries;
        }
    }

    /// How many entries it takes on the tape.
    pub(crate) fn span(self) -> usize {
        (self.after(self.at) - self.at) as usize
    }

    /// Where the value starts in the text.
    pub(crate) fn start(self) -> usize {
        self.head().start() - usize::from(self.head().mark() == Mark::Text)
    }

    /// The place after a value.
    fn after(self, at: u32) -> u32 {
        match self.entry(at).mark() {
            Mark::Array | Mark::Object => at + u32::try_from(self.entry(at + 1).length()).unwrap_or(0),
            _ => at + 1,
        }
    }

    pub(crate) fn get(self, key: &str) -> Option<Self> {
        if self.head().mark() != Mark::Object {
            return None;
        }
        let mut at = self.at + 2;
        for _ in 0..self.len() {
            let name = self.entry(at);
            // An escape is longer than what it stands for, by six times at most: a name of another length is not unescaped.
            let found = if name.escaped() {
                (key.len() + 1..=6 * key.len()).contains(&name.length()) && unescaped(name.slice(self.doc.text)) == key
            } else {
                same_bytes(name.bytes(self.doc.text.as_bytes()), key.as_bytes())
            };
            if found {
                return Some(Self { doc: self.doc, at: at + 1 });
            }
            at = self.after(at + 1);
        }
        None
    }

    pub(crate) fn children(self) -> Children<'a> {
        Children { node: self, at: self.at + 2, left: self.len(), object: self.head().mark() == Mark::Object }
    }
}

/// The children of a node, in order.
#[derive(Debug, Clone)]
pub(crate) struct Children<'a> {
    node: Node<'a>,
    at: u32,
    left: usize,
    object: bool,
}

impl<'a> Iterator for Children<'a> {
    type Item = (Option<Entry>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let key = self.object.then(|| self.node.entry(self.at));
        let at = self.at + u32::from(self.object);
        self.at = self.node.after(at);
        Some((key, Node { doc: self.node.doc, at }))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The unescaped text of a string or key.
pub(crate) fn plain_text(entry: Entry, text: &str) -> Cow<'_, str> {
    let slice = entry.slice(text);
    if entry.escaped() { Cow::Owned(unescaped(slice)) } else { Cow::Borrowed(slice) }
}
