//! What an answer of a login says, for people: its words, and none of its values that may be secrets.
//!
//! A token that stands where nobody looks for it is unknown here, so nothing is shown that could be one.

use document::Value;

/// The beginning of what is said.
const BYTES: usize = 200;
/// What stands for what is not shown.
const HIDDEN: &str = "…";
/// The names of what is said to people.
const TELLING: &[&str] = &["msg", "message", "error", "errors", "description", "detail", "details", "reason", "title", "status", "result", "code", "type", "text", "info", "hint"];
/// A word with more letters is none, and neither is one with as many that has digits.
const LONGEST: usize = 20;
const LONGEST_MIXED: usize = 8;
/// Numbers with more digits may be somebody's.
const DIGITS: usize = 6;

/// The beginning of an answer; `masked` takes out of a text what is known as a secret.
pub(super) fn excerpt(answer: &Value, masked: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    write(answer, "", masked, &mut out);
    if out.len() > BYTES {
        out.truncate(out.floor_char_boundary(BYTES));
        out.push_str(HIDDEN);
    }
    out
}

fn write(value: &Value, name: &str, masked: &dyn Fn(&str) -> String, out: &mut String) {
    if out.len() > BYTES {
        return;
    }
    match value {
        Value::Object(members) => {
            for (index, (name, value)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "{" } else { "," });
                quoted(&plain(&masked(name)), out);
                out.push(':');
                write(value, name, masked, out);
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write(item, name, masked, out);
            }
            out.push(']');
        }
        Value::String(text) if text.is_empty() || is_telling(name) || text.trim().contains(' ') => quoted(&plain(&masked(text)), out),
        Value::String(_) => quoted(HIDDEN, out),
        Value::Number(number) if number.text().bytes().filter(u8::is_ascii_digit).count() > DIGITS => out.push_str(HIDDEN),
        value => out.push_str(&value.to_string()),
    }
}

/// Whether what is called so is meant for people: `error_description` and `errorMessage` are.
fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|known| name.strip_prefix("error").unwrap_or(&name).trim_start_matches(['_', '-']) == *known || name == *known)
}

/// A text with its words, and without what is none.
fn plain(text: &str) -> String {
    let shown = |word: &str| if is_word(word.trim_matches(|char: char| char.is_ascii_punctuation())) { word.to_owned() } else { HIDDEN.to_owned() };
    text.split(|char: char| char.is_control() || char == ' ').map(shown).collect::<Vec<_>>().join(" ")
}

fn is_word(text: &str) -> bool {
    let is_mixed = text.chars().any(|char| char.is_ascii_digit()) && text.chars().any(char::is_alphabetic);
    text.chars().count() <= if is_mixed { LONGEST_MIXED } else { LONGEST }
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}
