//! What of a value may be repeated to a person: little, and nothing that may be a secret.

use std::borrow::Cow;

use document::{Item, Sort, Value};

/// Words whose values are never repeated, wherever they stand in a name: `apiKey`, `api_key` and `api.key` alike.
const SECRET_NAMES: &[&str] = &["password", "passphrase", "passwd", "secret", "token", "apikey", "accesskey", "privatekey", "credential", "authorization", "cookie", "session", "signature", "cardnumber"];
/// The same of words that also stand inside of others.
const SECRET_WORDS: &[&str] = &["pass", "pwd", "pin", "cvv", "cvc", "ssn", "iban"];
/// So many characters of a value are repeated.
const SHOWN: usize = 40;

/// The value as an excerpt; nothing where its name or its text says that it is a secret.
pub(crate) fn excerpt(item: Item<'_>, pointer: &str, secrets: &[&str]) -> Option<String> {
    if is_secret(pointer) {
        return None;
    }
    let text = match item.sort() {
        Sort::Array => return Some(format!("an array of {}", item.len())),
        Sort::Object => return Some(format!("an object of {}", item.len())),
        Sort::Null | Sort::Bool | Sort::Number => Cow::Owned(item.to_json()),
        // Without the escapes it may have come with: they would hide a secret from the comparison.
        Sort::Text => item.text()?,
    };
    if secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret)) {
        return None;
    }
    let text = if item.sort() == Sort::Text { Value::from(&*text).to_string() } else { text.into_owned() };
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(SHOWN).collect();
    Some(if chars.next().is_some() { format!("{shown}…") } else { shown })
}

/// Whether the way to a value says that it is a secret.
fn is_secret(pointer: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower = false;
    for char in pointer.chars() {
        if !char.is_alphanumeric() || (lower && char.is_uppercase()) {
            words.push(String::new());
        }
        if char.is_alphanumeric() && let Some(word) = words.last_mut() {
            word.extend(char.to_lowercase());
        }
        lower = char.is_lowercase();
    }
    let all = words.concat();
    SECRET_NAMES.iter().any(|name| all.contains(name)) || words.iter().any(|word| SECRET_WORDS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::excerpt;
    use document::{Limits, Parser, parse_str};

    #[test]
    fn an_excerpt_is_short_and_no_secret() {
        for (pointer, value, shown) in [
            ("/qty", "\"many\"", Some("\"many\"")), ("/customer/api_key", "\"abc\"", None), ("/Card-Number", "4111", None), ("/pinned", "1", Some("1")), ("/customer_iban", "\"SE1\"", None), ("/userPin", "1", None), ("/card/number", "4111", None), ("/PassPhrase", "1", None), ("/compass", "1", Some("1")), ("/db/pwd", "1", None), ("/note", "\"is hunter2 fine\"", None),
            ("/lines", "[1,2]", Some("an array of 2")), ("/long", "\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde\"", Some("\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddd…")),
        ] {
            let value = parse_str(value).unwrap();
            assert_eq!(excerpt((&value).into(), pointer, &["hunter2"]).as_deref(), shown, "{pointer}");
        }
    }

    #[test]
    fn a_secret_is_found_however_the_text_was_escaped() {
        for text in [r#""a\/b\"c""#, r#""is \u0061/b\u0022c fine""#, r#""\u0061\u002f\u0062\u0022\u0063""#] {
            let mut parser = Parser::new(Limits::default());
            let doc = parser.parse(text.as_bytes()).unwrap();
            assert_eq!(excerpt(doc.root(), "/note", &["a/b\"c"]), None, "{text}");
            assert_eq!(excerpt(doc.root(), "/note", &["other"]), Some(doc.root().to_value().to_string()), "{text}");
        }
    }
}
