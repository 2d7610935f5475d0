//! The answer of a login as a recording holds it: what a session is made of stays, and every other value is made up, for nobody knows
//! which of them are secrets.

use connector::{Auth, Connector};
use document::{Limits, Number, Value};

use crate::{Config, Response, dynamic::{chosen, derived, is_known}};

/// Members that say nothing of whose session it is.
const HARMLESS: &[&str] = &["token_type", "scope", "expires_in"];
/// Numbers with more digits may be somebody's.
const DIGITS: usize = 6;

/// The way in that a connection takes; none where that cannot be told.
pub(super) fn auth<'c>(connector: &'c Connector, config: &Config) -> Option<&'c Auth> {
    let made = derived(connector.config(), config).ok();
    chosen(connector, made.as_deref().unwrap_or(config), 0).ok()
}

/// The answer of a login with made-up values for all that no session is made of.
pub(super) fn bare(response: &Response, auth: Option<&Auth>) -> Response {
    let body = match document::parse(&response.body, &Limits::default()) {
        Ok(answer) => told(&answer, "value", &needed(auth, &answer)).to_string().into_bytes(),
        // Some logins answer with the token and nothing around it.
        Err(_) if response.body.trim_ascii().is_empty() || is_token(auth) => response.body.clone(),
        Err(_) => b"made-up answer".to_vec(),
    };
    Response { body, ..response.clone() }
}

/// What a session is made of.
fn needed<'a>(auth: Option<&Auth>, answer: &'a Value) -> Vec<&'a Value> {
    match auth {
        Some(Auth::OAuth2(oauth2)) => {
            let own = ["access_token", "refresh_token", "expires_in"].into_iter().filter_map(|name| answer.get(name));
            own.chain(oauth2.capture.iter().filter_map(|capture| answer.at(&capture.path))).collect()
        }
        Some(Auth::TokenExchange(exchange)) => {
            let own = [Some(&exchange.token), exchange.expires_in.as_ref()].into_iter().flatten();
            own.chain(exchange.capture.iter().map(|capture| &capture.path)).filter_map(|path| answer.at(path)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the whole answer may be the token.
fn is_token(auth: Option<&Auth>) -> bool {
    matches!(auth, Some(Auth::TokenExchange(exchange)) if exchange.token.text().trim() == "$")
}

fn told(value: &Value, name: &str, needed: &[&Value]) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), told(value, name, needed))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(|item| told(item, name, needed)).collect()),
        value if HARMLESS.contains(&name) || needed.iter().any(|needed| std::ptr::eq(*needed, value)) => value.clone(),
        // What a failure is called decides what becomes of it when the test is played.
        Value::String(text) if text.is_empty() || is_known(text) => value.clone(),
        Value::String(_) => Value::String(format!("made-up-{name}")),
        Value::Number(number) if number.text().bytes().filter(u8::is_ascii_digit).count() > DIGITS => Number::from_text("1234567").map_or(Value::Null, Value::Number),
        value => value.clone(),
    }
}
