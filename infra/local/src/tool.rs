//! `pullpush TOOL…`: one tool of a server, `dev` or a deployment, asked over REST; its answer on standard output.
//!
//! The words name the tool, the rest is its arguments; both are checked against the catalogue before anything is sent.
//! The key comes from the environment and is never printed.

use std::time::Duration;

use control::Tool;
use engine::{Exchange, ExchangeError, Method, Request};
use serde_json::{Map, Value};

use crate::{Failure, say::say};

const SERVER: &str = "http://127.0.0.1:4264";

/// Tools may wait for a customer's system.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Asks one tool and prints what it answers.
pub(crate) async fn run(words: &[String]) -> Result<(), Failure> {
    if let [words @ .., "--help" | "-h"] = words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        return list(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    }
    let (name, arguments) = read(words).map_err(Failure::Usage)?;
    let server = setting("PULLPUSH_URL").unwrap_or_else(|| SERVER.to_owned());
    let Some(key) = setting("PULLPUSH_KEY") else {
        return Err(Failure::Usage("set PULLPUSH_KEY to a key of the tenant; `pullpush dev` prints one at its first start".into()));
    };
    let url = format!("{}/api/v1/tools/{name}", server.trim_end_matches('/'));
    let url = url::Url::parse(&url).map_err(|error| Failure::Usage(format!("PULLPUSH_URL is no address: {error}")))?;
    let headers = vec![("authorization".to_owned(), format!("Bearer {key}")), ("content-type".to_owned(), "application/json".to_owned())];
    let body = Some(Value::Object(arguments).to_string().into_bytes());
    let request = Request { method: Method::Post, url, headers, body, timeout: TIMEOUT, max_response_bytes: 16 << 20, login: false };
    let client = outbound::Client::local().map_err(|error| Failure::Failed(error.to_string()))?;
    let answer = Box::pin(client.send(request)).await.map_err(|error| Failure::Failed(unanswered(&server, &error)))?;
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(value) => say!("{value:#}"),
        Err(_) => say!("{}", String::from_utf8_lossy(&answer.body)),
    }
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(Failure::Failed(format!("{name} answered {}", answer.status))) }
}

/// Prints the tools whose names begin with some words, and what each takes.
pub(crate) fn list(words: &[String]) -> Result<(), Failure> {
    let lines = listing(words).map_err(Failure::Usage)?;
    lines.iter().for_each(|line| say!("{line}"));
    Ok(())
}

/// A line for each tool, as it is written on the command line, and one for what it does.
fn listing(words: &[String]) -> Result<Vec<String>, String> {
    let begins = |tool: &&Tool| tool.name.split('.').skip(1).zip(words).filter(|(step, word)| step == word).count() == words.len();
    let lines: Vec<_> = control::every_tool().iter().filter(begins).map(|tool| {
        let name = tool.name.split('.').skip(1).collect::<Vec<_>>().join(" ");
        let arguments = tool.id.map(|id| format!(" {id}")).into_iter().chain(tool.others.iter().map(|other| format!(" {other}=…")));
        format!("{name}{}\n    {} (scope {})", arguments.collect::<String>(), tool.purpose, tool.scope)
    }).collect();
    if lines.is_empty() { named(words).map(|_| lines) } else { Ok(lines) }
}

fn unanswered(server: &str, error: &ExchangeError) -> String {
    match error {
        ExchangeError::Connect => format!("{server}: {error}; is `pullpush dev` running?"),
        _ => format!("{server}: {error}"),
    }
}

/// The tool's full name and its arguments. A bare word is the argument that names what the tool is about.
fn read(words: &[String]) -> Result<(&'static str, Map<String, Value>), String> {
    let (tool, rest) = named(words)?;
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
        } else {
            let id = tool.id.filter(|id| !word.starts_with('-') && !arguments.contains_key(*id)).ok_or_else(|| not_understood(word, tool))?;
            arguments.insert(id.to_owned(), Value::String(word.clone()));
        }
    }
    arguments.keys().try_for_each(|name| tool.takes(name)).map_err(|fault| fault.message)?;
    Ok((tool.name, arguments))
}

/// The tool that begins a command line, and the words after it.
fn named(words: &[String]) -> Result<(&'static Tool, &[String]), String> {
    let full = |count: usize| format!("pullpush.{}", words[..count].join("."));
    let found = (1..=words.len()).rev().find_map(|count| control::tool(&full(count)).map(|tool| (tool, &words[count..])));
    found.ok_or_else(|| {
        let names = words.iter().take_while(|word| is_name(word)).count();
        // Without what all names begin with: every word would be near to some tool.
        let tools = || control::every_tool().iter().map(|tool| tool.name.trim_start_matches("pullpush."));
        let meant = (1..=names).rev().find_map(|count| connector::nearest(&words[..count].join("."), tools()));
        // What people write after other programs: the commands over files are in two words.
        let command = words.first().and_then(|first| connector::nearest(first, ["dev", "demo", "definition", "pull", "mapping", "canonical", "tools"]));
        let command = match words.first().map(String::as_str) {
            Some("check") => Some("definition check` or `mapping check"),
            Some("test" | "explain" | "schema") => Some("definition"),
            Some("run") => Some("mapping run"),
            _ => command,
        };
        let hint = meant.or(command).map(|name| format!("; did you mean `{}`?", name.replace('.', " "))).unwrap_or_default();
        format!("`{}` is no command and no tool{hint}", words.join(" "))
    })
}

fn not_understood(word: &str, tool: &Tool) -> String {
    let others: Vec<_> = tool.others.iter().map(|name| format!("{name}=…")).collect();
    let takes = match (tool.id, others.is_empty()) {
        (Some(id), true) => format!("one {id}"),
        (Some(id), false) => format!("one {id}, {}", others.join(", ")),
        (None, true) => "no arguments".to_owned(),
        (None, false) => others.join(", "),
    };
    format!("`{word}` is not understood: {} takes {takes}, or `--json` and an object", tool.name)
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

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn words_become_a_tool_and_its_arguments() {
        for (line, name, arguments) in [
            ("event trace evt_1", "pullpush.event.trace", json!({ "eventId": "evt_1" })),
            ("flow list", "pullpush.flow.list", json!({})),
            ("dlq retry stock.5.ab force=true", "pullpush.dlq.retry", json!({ "id": "stock.5.ab", "force": true })),
            ("connector definition activate shop", "pullpush.connector.definition.activate", json!({ "id": "shop" })),
            ("event list type=order key=007", "pullpush.event.list", json!({ "type": "order", "key": "007" })),
            ("dlq list flowId=a=b limit=5", "pullpush.dlq.list", json!({ "flowId": "a=b", "limit": 5 })),
            (r#"connection create shop --json {"connector":"shop","polls":{"order":5}}"#, "pullpush.connection.create", json!({ "id": "shop", "connector": "shop", "polls": { "order": 5 } })),
        ] {
            let (tool, read) = read(&words(line)).unwrap();
            assert_eq!((tool, json!(read)), (name, arguments), "{line}");
        }
    }

    #[test]
    fn a_bare_word_names_the_one_thing_of_every_tool_that_has_one() {
        for tool in control::every_tool() {
            let line = format!("{} X", tool.name.trim_start_matches("pullpush.").replace('.', " "));
            match tool.id {
                Some(id) => assert_eq!(read(&words(&line)).unwrap(), (tool.name, json!({ id: "X" }).as_object().unwrap().clone())),
                None => assert!(read(&words(&line)).unwrap_err().contains("`X` is not understood"), "{line}"),
            }
        }
    }

    #[test]
    fn tools_are_listed_by_the_words_they_begin_with() {
        let words = |line: &str| if line.is_empty() { Vec::new() } else { self::words(line) };
        assert_eq!(super::listing(&words("")).unwrap().len(), control::every_tool().len());
        let flows = super::listing(&words("flow")).unwrap();
        assert!(flows.len() > 3 && flows.iter().all(|line| line.starts_with("flow ")), "{flows:?}");
        assert_eq!(super::listing(&words("flow resume")).unwrap(), ["flow resume flowId key=…\n    release the line of a halted strict key (scope operate)"]);
        for (line, hint) in [("flwo", "is no command and no tool"), ("flow resum", "did you mean `flow resume`?")] {
            assert!(super::listing(&words(line)).unwrap_err().contains(hint), "{line}");
        }
    }

    #[test]
    fn wrong_usage_is_refused_with_what_was_meant() {
        for (line, hint) in [
            ("event", "is no command and no tool"),
            ("event tra/ce", "is no command and no tool"),
            ("event trce evt_1", "did you mean `event trace`?"),
            ("event trace --what", "takes one eventId"),
            ("event trace a b", "`b` is not understood"),
            ("event trace evnetId=a", "did you mean eventId?"),
            ("event trace id=a", "did you mean eventId?"),
            ("flow list now=true", "it takes none"),
            ("event trace --json", "needs an object"),
            ("event trace --json []", "not an object"),
        ] {
            let refusal = read(&words(line)).unwrap_err();
            assert!(refusal.contains(hint), "{line}: {refusal}");
        }
    }

    #[test]
    fn a_word_that_is_near_to_nothing_gets_no_hint() {
        assert_eq!(read(&words("nonsense")).unwrap_err(), "`nonsense` is no command and no tool");
    }

    #[test]
    fn numbers_that_json_would_write_otherwise_are_text() {
        for (word, value) in [("2", json!(2)), ("007", json!("007")), ("19.990", json!("19.990")), ("true", json!(true))] {
            assert_eq!(super::value_of(word), value, "{word}");
        }
    }
}
