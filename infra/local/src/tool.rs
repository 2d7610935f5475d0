//! `pullpush TOOL…`: one tool of a server, `dev` or a deployment, asked over REST; its answer on standard output.
//!
//! The words name the tool, the rest is its arguments. The key comes from the environment and is never printed.

use std::time::Duration;

use engine::{Exchange, ExchangeError, Method, Request};
use serde_json::{Map, Value};

use crate::Failure;

const SERVER: &str = "http://127.0.0.1:4264";

/// Tools may wait for a customer's system.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Groups that lie in a group: their tools have three words.
const NESTED: [[&str; 2]; 5] = [["connector", "definition"], ["canonical", "type"], ["canonical", "extension"], ["notification", "channel"], ["workflow", "run"]];

/// Asks one tool and prints what it answers.
pub(crate) async fn run(words: &[String]) -> Result<(), Failure> {
    let (name, arguments) = read(words).map_err(Failure::Usage)?;
    let server = setting("PULLPUSH_URL").unwrap_or_else(|| SERVER.to_owned());
    let Some(key) = setting("PULLPUSH_KEY") else {
        return Err(Failure::Usage("set PULLPUSH_KEY to a key of the tenant; `pullpush dev` prints one at its first start".into()));
    };
    let url = format!("{}/api/v1/tools/{name}", server.trim_end_matches('/'));
    let url = url::Url::parse(&url).map_err(|error| Failure::Usage(format!("PULLPUSH_URL is no address: {error}")))?;
    let headers = vec![("authorization".to_owned(), format!("Bearer {key}")), ("content-type".to_owned(), "application/json".to_owned())];
    let body = Some(Value::Object(arguments).to_string().into_bytes());
    let request = Request { method: Method::Post, url, headers, body, timeout: TIMEOUT, max_response_bytes: 16 << 20 };
    let client = outbound::Client::local().map_err(|error| Failure::Failed(error.to_string()))?;
    let answer = Box::pin(client.send(request)).await.map_err(|error| Failure::Failed(unanswered(&server, &error)))?;
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(value) => println!("{value:#}"),
        Err(_) => println!("{}", String::from_utf8_lossy(&answer.body)),
    }
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(Failure::Failed(format!("{name} answered {}", answer.status))) }
}

fn unanswered(server: &str, error: &ExchangeError) -> String {
    match error {
        ExchangeError::Connect => format!("{server}: {error}; is `pullpush dev` running?"),
        _ => format!("{server}: {error}"),
    }
}

/// The tool's full name and its arguments.
fn read(words: &[String]) -> Result<(String, Map<String, Value>), String> {
    let nested = NESTED.iter().any(|group| words.len() > 2 && group.iter().zip(words).all(|(one, word)| one == word) && is_name(&words[2]));
    let (name, rest) = words.split_at_checked(if nested { 3 } else { 2 }).ok_or_else(|| format!("`{}` is no command, and a tool has a group and a name", words.join(" ")))?;
    if let Some(word) = name.iter().find(|word| !is_name(word)) {
        return Err(format!("`{word}` is no name of a tool"));
    }
    let mut arguments = Map::new();
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        if word == "--json" {
            let text = rest.next().ok_or("`--json` needs an object after it")?;
            let value: Value = serde_json::from_str(text).map_err(|error| format!("`--json` is not JSON: {error}"))?;
            let Value::Object(object) = value else { return Err("`--json` is not an object".into()) };
            arguments.extend(object);
        } else if let Some((key, value)) = word.split_once('=').filter(|(key, _)| is_name(key)) {
            arguments.insert(key.to_owned(), value_of(value));
        } else if word.starts_with('-') || arguments.contains_key("id") {
            return Err(format!("`{word}` is not understood; arguments are an id, `key=value` or `--json`"));
        } else {
            arguments.insert("id".to_owned(), Value::String(word.clone()));
        }
    }
    Ok((format!("pullpush.{}", name.join(".")), arguments))
}

/// Numbers that JSON would write the same way, `true`, `false`, objects and arrays mean what they look like; all else
/// is text.
fn value_of(text: &str) -> Value {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Bool(_) | Value::Object(_) | Value::Array(_))) => value,
        Ok(Value::Number(number)) if number.to_string() == text => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic()) && word.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
}

fn setting(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the command line's own two settings; runtime::settings is for functions")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn words_become_a_tool_and_its_arguments() {
        for (line, name, arguments) in [
            ("event trace evt_1", "pullpush.event.trace", json!({ "id": "evt_1" })),
            ("flow list", "pullpush.flow.list", json!({})),
            ("connector definition get slug=shop version=2", "pullpush.connector.definition.get", json!({ "slug": "shop", "version": 2 })),
            ("flow pause id=f1 dry=true note=a=b sku=007 big=19.990", "pullpush.flow.pause", json!({ "id": "f1", "dry": true, "note": "a=b", "sku": "007", "big": "19.990" })),
            (r#"flow update f1 --json {"mode":"live"}"#, "pullpush.flow.update", json!({ "id": "f1", "mode": "live" })),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let (tool, read) = read(&words).unwrap();
            assert_eq!((tool.as_str(), json!(read)), (name, arguments), "{line}");
        }
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in ["event", "event tra/ce", "event trace --what", "event trace a b", "event trace --json", "event trace --json []"] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert!(read(&words).is_err(), "{line}");
        }
    }
}
