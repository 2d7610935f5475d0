//! Walks the corpus of old systems: what XML, CSV and lines of JSON come to, a file a listing with its answers and what is read of it.

use std::{fs, path::Path};

use document::{Value, parse_str};
use engine::Response;

use crate::api::{World, read};

/// What reads a case: the sample entity with other ways to read and to tell events.
fn definition(case: &Value) -> String {
    let read = case.get("read").and_then(Value::entries).unwrap().iter().map(|(key, value)| format!(r#","{key}":{value}"#)).collect::<String>();
    let events = case.get("events").map(|events| format!(r#","eventMapping":{events}"#)).unwrap_or_default();
    format!(
        r#"{{"metadata":{{"slug":"old","type":"source"}},"config":{{"base_url":{{"type":"url"}},"key":{{"type":"string","secret":true}}}},"base_url":"{{{{config.base_url}}}}",
        "entities":{{"thing":{{"read":{{"request":{{"url":"/x"}}{read}}}{events}}}}}}}"#
    )
}

/// An answer: a text, or a status and a text, which may be in other letters than UTF-8.
fn answer(answer: &Value) -> Response {
    let text = |key: &str| answer.get(key).and_then(Value::as_str);
    let body = text("latin1").map(|text| text.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect());
    let status = answer.get("status").and_then(Value::plain).map_or(200, |status| status.parse().unwrap());
    Response { status, headers: Vec::new(), body: body.unwrap_or_else(|| answer.as_str().or_else(|| text("body")).unwrap().as_bytes().to_vec()) }
}

fn texts(case: &Value, key: &str) -> Vec<String> {
    case.get(key).and_then(Value::items).unwrap_or_default().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// What is wrong with what a case comes to.
fn wrong(case: &Value) -> Option<String> {
    let (told, world) = read(&definition(case), || {
        let answers: Vec<Response> = case.get("answers").and_then(Value::items).unwrap().iter().map(answer).collect();
        let mut asked = 0;
        // The last one comes again and again.
        World::of(move |_| {
            asked += 1;
            Ok(answers[(asked - 1).min(answers.len() - 1)].clone())
        })
    });
    let (code, message) = told.code();
    let asked = case.get("asked").and_then(Value::plain).map(|asked| asked.parse::<usize>().unwrap());
    let ids: Vec<String> = told.pages.iter().flatten().cloned().collect();
    let right = code == case.get("code").and_then(Value::as_str).unwrap_or_default() && (case.get("ids").is_none() || ids == texts(case, "ids")) && asked.is_none_or(|asked| world.sent().len() == asked);
    let shown = texts(case, "told").iter().all(|part| message.contains(part.as_str())) && !texts(case, "untold").iter().any(|part| message.contains(part.as_str()));
    (!right || !shown).then(|| format!("{ids:?} {code}: {message} ({} asked)", world.sent().len()))
}

#[test]
fn answers_of_old_systems_give_what_the_corpus_says() {
    let mut files: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/old")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 40, "{}", files.len());
    let told: Vec<String> = files.iter().filter_map(|file| {
        let case = parse_str(&fs::read_to_string(file).unwrap()).unwrap();
        wrong(&case).map(|wrong| format!("{}: {wrong}", file.file_stem().unwrap().to_string_lossy()))
    }).collect();
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), files.len(), told.join("\n"));
}
