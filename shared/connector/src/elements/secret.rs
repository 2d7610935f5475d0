//! Secrets come from the connection: a password, token or key that stands in a definition is known to everybody who reads it.

use document::Value;
use expr::{Part, Template};

use crate::{Tree, check::{Check, Node}, tree};

/// Names of parameters, fields and headers that hold what must not be known, in small letters and without signs.
const NAMES: &[&str] = &[
    "accesskey", "accesstoken", "apikey", "apisecret", "apitoken", "appkey", "appsecret", "applicationsecret", "authkey", "authtoken", "authorization", "clientsecret", "cookie", "passwd", "password", "privatekey", "proxyauthorization",
    "pwd", "refreshtoken", "secret", "secretkey", "sharedsecret", "subscriptionkey", "token",
];
const HINT: &str = "declare it under `config` with `\"secret\": true`, and write `{{ config.NAME }}`";

/// Credentials that are made of no value of the connection.
pub(crate) fn credential(cx: &mut Check, node: &Node<'_>, template: &Template) {
    if !tree::uses(template, "config") {
        error(cx, &node.at, "a secret stands in the definition");
    }
}

/// A named value of a request: `name` tells whether it is a secret.
pub(crate) fn named(cx: &mut Check, node: &Node<'_>, value: &Tree) {
    let written = match value {
        Tree::Fixed(value) => matches!(value, Value::Number(_)),
        Tree::Template(template) => !template.source().is_empty() && template.names().is_empty(),
        Tree::Array(_) | Tree::Object(_) => false,
    };
    if written && is_name(&node.name()) {
        error(cx, &node.at, format!("`{}` holds a secret, and it stands in the definition", node.name()));
    }
}

/// A header that holds a secret.
pub(crate) fn header(cx: &mut Check, node: &Node<'_>, name: &str) {
    cx.error("definition_secret", &node.at, format!("the header `{name}` shows who asks, and its value stands in the definition"), "use `auth`, or a value of `config`");
}

/// The named values of a body, at any depth.
pub(crate) fn body(cx: &mut Check, node: &Node<'_>, tree: &Tree) {
    match tree {
        Tree::Object(entries) => entries.iter().for_each(|(name, entry)| _ = node.get(name).map(|node| body(cx, &node, entry))),
        Tree::Array(items) => {
            let nodes = node.items(cx).unwrap_or_default();
            nodes.iter().zip(items).for_each(|(node, item)| body(cx, node, item));
        }
        leaf => named(cx, node, leaf),
    }
}

/// The parameters written into an address.
pub(crate) fn query(cx: &mut Check, node: &Node<'_>, template: &Template) {
    let mut text = String::new();
    // A value stands as a letter, so that what is written around it is told from what is not.
    template.parts().for_each(|part| text.push_str(if let Part::Text(text) = part { text } else { "\u{1a}" }));
    let Some((_, query)) = text.split_once('?') else { return };
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if is_name(name) && !value.is_empty() && !value.contains(['\u{1a}', '{']) {
            error(cx, &node.at, format!("`{name}` holds a secret, and it stands in the address"));
        }
    }
}

/// Whether a name tells that its value is a secret. A header may have signs of its maker before it: `X-Shop-Api-Key`.
pub(crate) fn is_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    let made = |end: &str| end.len() > 5 && plain.starts_with('x') && plain.ends_with(end);
    NAMES.contains(&plain.as_str()) || (NAMES.iter().any(|end| made(end)) || plain.starts_with('x') && plain.ends_with("token")) && !plain.contains("csrf") && !plain.contains("xsrf")
}

/// Words of names of what others must not know, and words after which nothing is one.
const WORDS: &[&str] = &["apikey", "key", "pass", "passcode", "passphrase", "passwd", "password", "pin", "pwd", "secret", "token"];
const TELLING: &[&str] = &["id", "ids", "lifetime", "name", "type", "url"];

/// Whether a value of the configuration is called like a secret: `clientSecret`, `user_token`, `pin`.
pub(crate) fn is_likely(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut small = false;
    for char in name.chars() {
        if !char.is_ascii_alphanumeric() || (small && char.is_ascii_uppercase()) {
            words.push(String::new());
        }
        small = char.is_ascii_lowercase();
        words.last_mut().into_iter().filter(|_| char.is_ascii_alphanumeric()).for_each(|word| word.push(char.to_ascii_lowercase()));
    }
    let has = |known: &[&str], word: &String| known.contains(&word.as_str());
    let told = words.last().is_some_and(|last| has(TELLING, last)) || words.iter().any(|word| word == "public");
    let inside = |word: &String| ["secret", "password", "passwd", "token"].iter().any(|known| word.contains(known));
    !told && (is_name(name) || words.iter().any(|word| has(WORDS, word) || inside(word)))
}

fn error(cx: &mut Check, at: &str, message: impl Into<String>) {
    cx.error("definition_secret", at, message, HINT);
}

/// The first secret a template takes a value from.
pub(crate) fn within(cx: &Check, template: &Template) -> Option<String> {
    let is_secret = |root: &str, name: &str| root == "token" || cx.config.iter().any(|entry| root == "config" && entry.secret && entry.name == name);
    template.names().iter().find_map(|(root, steps)| steps.first().filter(|name| is_secret(root, name))).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::{is_likely, is_name};

    #[test]
    fn values_that_are_called_like_secrets_are_known() {
        for (name, secret) in [
            ("secret", true), ("clientSecret", true), ("api_key", true), ("apiKey", true), ("APIKEY", true), ("pin", true), ("userPin", true), ("passwd", true), ("sessiontoken", true), ("consumer-token", true), ("login_password", true), ("key", true),
            ("user", false), ("user_id", false), ("key_id", false), ("accessKeyId", false), ("token_url", false), ("shipping", false), ("mapping", false), ("monkey", false), ("public_key", false), ("application", false), ("client_id", false), ("", false), ("é", false),
        ] {
            assert_eq!(is_likely(name), secret, "{name}");
        }
    }

    #[test]
    fn names_of_secrets_are_known_in_any_writing() {
        for (name, secret) in [
            ("Authorization", true), ("X-Api-Key", true), ("x-shop-access-token", true), ("client_secret", true), ("apiKey", true), ("token", true), ("X-CSRF-Token", false), ("page_token", false), ("key", false), ("grant_type", false),
            ("X-Token-Type", false), ("Accept", false), ("tokens", false),
        ] {
            assert_eq!(is_name(name), secret, "{name}");
        }
    }
}
