//! Values as people read them: indented, and on one line where they fit there.

use document::Value;

/// How wide a line may become before it is broken.
const WIDE: usize = 140;

/// The value as a file.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0);
    out + "\n"
}

fn write(out: &mut String, value: &Value, depth: usize) {
    let flat = flat(value);
    let parts: Vec<(Option<&str>, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(key, value)| (Some(key.as_str()), value)).collect(),
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() || flat.len() + 2 * depth <= WIDE {
        return out.push_str(&flat);
    }
    let (open, close) = if parts[0].0.is_some() { ('{', '}') } else { ('[', ']') };
    out.push(open);
    for (index, (key, value)) in parts.into_iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            out.push_str(&format!("{}: ", Value::from(key)));
        }
        write(out, value, depth + 1);
    }
    out.push_str(&format!("\n{}{close}", "  ".repeat(depth)));
}

/// The value on one line.
pub(crate) fn flat(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Object(entries) if !entries.is_empty() => format!("{{ {} }}", joined(entries.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), flat(value))).collect())),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(flat).collect())),
        scalar => scalar.to_string(),
    }
}
