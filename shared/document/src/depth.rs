//! How deeply a value nests: what is made on the way may nest deeper than a document may, and is held to the same limit.

use crate::{Item, Sort, Value};

impl Item<'_> {
    /// Whether it has more levels of arrays and objects than these; `seen` counts what was looked at. Whoever asks bounds the
    /// levels, and pays for what was seen.
    #[must_use]
    #[inline]
    pub fn is_deeper(self, than: usize, seen: &mut usize) -> bool {
        match self {
            Item::Null | Item::Bool(_) | Item::Number(_) | Item::Text(_) => false,
            // What was parsed has no more levels than its document.
            Item::Node(node) if node.doc.deepest <= than => false,
            Item::Node(_) | Item::Tree(_) | Item::List(_) | Item::Map(_) => self.walked_deeper(than, seen),
        }
    }

    fn walked_deeper(self, than: usize, seen: &mut usize) -> bool {
        match self {
            Item::Null | Item::Bool(_) | Item::Number(_) | Item::Text(_) => false,
            Item::Tree(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => false,
            Item::Node(_) if !matches!(self.sort(), Sort::Array | Sort::Object) => false,
            Item::Node(_) | Item::Tree(_) | Item::List(_) | Item::Map(_) => than == 0 || self.items().chain(self.entries().map(|(_, item)| item)).any(|item| {
                *seen += 1;
                item.is_deeper(than - 1, seen)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Arena, Item, Limits, Parser, parse_str};

    #[test]
    fn levels_are_counted_in_every_form_a_value_has() {
        for (text, levels) in [("1", 0), ("\"[[\"", 0), ("[]", 1), ("{}", 1), ("[1,{\"a\":[]}]", 3), ("{\"a\":{\"b\":1},\"c\":[[[null]]]}", 4)] {
            let mut parser = Parser::new(Limits::default());
            let doc = parser.parse(text.as_bytes()).unwrap();
            let (tree, arena) = (parse_str(text).unwrap(), Arena::new());
            for item in [doc.root(), Item::Tree(&tree), arena.adopt(doc.root())] {
                let deeper: Vec<bool> = (0..6).map(|than| item.is_deeper(than, &mut 0)).collect();
                assert_eq!(deeper, (0..6).map(|than| levels > than).collect::<Vec<_>>(), "{text}");
            }
        }
    }

    #[test]
    fn what_was_parsed_is_not_walked_where_its_document_is_shallow() {
        let mut parser = Parser::new(Limits::default());
        let doc = parser.parse(b"[[1],[2],[3]]").unwrap();
        let mut seen = 0;
        assert!(!doc.root().is_deeper(2, &mut seen));
        assert_eq!(seen, 0);
    }
}
