//! From a JSON Pointer to the line and column of a text.

use crate::{Doc, Limits, Node, Parser, doc::plain_text, error::line_and_column};

/// The line and column (from 1, columns in bytes) of what a pointer names, or of the nearest thing around it that exists.
///
/// For a member, the place is that of its key. A text that is no document has its first place only.
#[must_use]
pub fn place(text: &str, pointer: &str) -> (usize, usize) {
    places(text, [pointer]).first().copied().unwrap_or((1, 1))
}

/// The places of several pointers, in their order: the text is read once.
#[must_use]
pub fn places<'p>(text: &str, pointers: impl IntoIterator<Item = &'p str>) -> Vec<(usize, usize)> {
    let mut parser = Parser::new(Limits::default());
    let doc = parser.parse(text.as_bytes());
    pointers.into_iter().map(|pointer| doc.as_ref().map_or((1, 1), |doc| line_and_column(text.as_bytes(), start(doc, text, pointer)))).collect()
}

/// Where what a pointer names begins.
fn start(doc: &Doc<'_>, text: &str, pointer: &str) -> usize {
    let mut node = Node { doc, at: 0 };
    let mut best = node.start();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let child = node.children().enumerate().find(|(index, (key, _))| match key {
            Some(key) => plain_text(*key, text) == token,
            None => index.to_string() == token,
        });
        let Some((_, (key, child))) = child else { break };
        best = key.map_or_else(|| child.start(), |key| key.start() - 1);
        node = child;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn pointers_lead_to_their_line_and_column() {
        let text = "{\n  \"a\": {\"b\": [1, {\"c\": \"x,}\"}], \"d/e\": null},\n  \"f\": true\n}";
        for (pointer, expected) in [("", (1, 1)), ("/a", (2, 3)), ("/a/b/1/c", (2, 19)), ("/a/d~1e", (2, 33)), ("/f", (3, 3)), ("/a/missing", (2, 3)), ("/f/x", (3, 3))] {
            assert_eq!(place(text, pointer), expected, "{pointer}");
        }
    }
}
