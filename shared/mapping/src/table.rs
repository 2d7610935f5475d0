//! Tables of a mapping: keys and values written in it, or declared in it and found elsewhere.

use std::{collections::HashMap, sync::Arc};

use document::{Value, authored::Node};

use crate::reader::Reader;

/// A table, as a lookup finds it.
#[derive(Debug, Clone)]
pub(crate) enum Declared {
    /// Its values stand in the mapping.
    Inline(Arc<HashMap<Box<str>, Value>>),
    /// Its values are elsewhere: whoever runs the mapping hands them in.
    Elsewhere,
}

/// How a table of elsewhere is loaded by whoever runs the mapping.
const MODES: &[&str] = &["preload_all", "batched", "per_record"];

/// Reads `tables`: `{"name": {"key": value, …}}` or `{"name": {"mode": "batched"}}` in the explicit form `{"values": …}`.
pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) {
    for entry in node.entries(cx).unwrap_or_default() {
        if let Some(table) = table(cx, &entry) {
            cx.tables.push((entry.name(), table));
        }
    }
}

fn table(cx: &mut Reader, node: &Node<'_>) -> Option<Declared> {
    node.object(cx, &["values", "mode"])?;
    match (node.get("values"), node.get("mode")) {
        (Some(values), None) => {
            let values = values.entries(cx)?;
            Some(Declared::Inline(Arc::new(values.iter().map(|value| (value.name().into(), value.value.clone())).collect())))
        }
        (None, Some(mode)) => {
            mode.word(cx, MODES)?;
            if cx.ends.flow {
                cx.error("mapping_not_here", &mode.at, "a flow loads no tables", "write the values here, under `values`");
            }
            Some(Declared::Elsewhere)
        }
        _ => {
            cx.error("mapping_table", &node.at, "a table has either `values` or a `mode`", "write `{\"values\": {\"key\": \"value\"}}`, or `{\"mode\": \"batched\"}` for one that is handed in");
            None
        }
    }
}
