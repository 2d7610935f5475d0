//! `rate_limiting`: how often the other system may be asked.

use crate::check::{Check, Node};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<u32> {
    node.object(cx, &["requests_per_second"])?;
    node.need(cx, "requests_per_second")?.count(cx)
}
