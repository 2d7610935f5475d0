//! What happens where two values want one name. Asked by operations that bring members together.

use document::authored::Node;

use crate::reader::Reader;

/// What becomes of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The record is rejected.
    Reject,
    /// The first stays, the second is left out.
    Keep,
    /// The second stands in the place of the first.
    Replace,
}

const WORDS: &[(&str, Conflict)] = &[("reject", Conflict::Reject), ("keep", Conflict::Keep), ("replace", Conflict::Replace)];

/// Reads `on_conflict`; the record is rejected unless it is said.
pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Conflict> {
    cx.word_of(node.get("on_conflict").as_ref(), WORDS, Conflict::Reject)
}
