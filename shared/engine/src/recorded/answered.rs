//! An answer as a recording holds it: without secrets, and left out where it cannot be looked through.

use base64::Engine as _;
use document::{Limits, Value, object};

use super::veil::Veil;
use crate::{Response, decode::{declaration, opened}, readable::{Readable, read_in, readable}};

/// Members that are secrets wherever they stand, also those that were never asked for.
const SECRETS: &[&str] = &["access_token", "refresh_token", "id_token", "client_secret", "password"];
/// Headers that say how to go on, and what the body is.
const TELLING: &[&str] = &["link", "retry-after", "content-type", "content-encoding"];
/// So much of what is packed is looked through.
const MOST: usize = 64 * 1024 * 1024;

/// The answer without secrets.
pub(super) fn answered(response: &Response, veil: &Veil) -> Value {
    let telling = |name: &str| TELLING.contains(&name) || name.contains("ratelimit") || name.contains("rate-limit") || name.contains("cursor") || name.contains("page");
    let headers: Vec<_> = response.headers.iter().filter(|(name, _)| telling(name)).map(|(name, value)| (name.clone(), Value::String(veil.over(value)))).collect();
    let (mut body, mut text, mut bytes) = (None, None, None);
    match said(response) {
        Some("") => {}
        Some(said) => match shown(said, veil) {
            Ok(value) => body = Some(value),
            Err(said) => text = Some(Value::String(said)),
        },
        None => bytes = Some(Value::String(base64::engine::general_purpose::STANDARD.encode(held(response, veil).unwrap_or_default()))),
    }
    let status = (response.status != 200).then(|| Value::from(i64::from(response.status)));
    object([("status", status), ("headers", (!headers.is_empty()).then_some(Value::Object(headers))), ("body", body), ("text", text), ("base64", bytes)])
}

/// Whether the body is left out, since it may hold secrets that cannot be taken out.
pub(super) fn sealed(response: &Response, veil: &Veil) -> bool {
    said(response).is_none() && held(response, veil).is_none()
}

/// A body that is text as it is.
fn said(response: &Response) -> Option<&str> {
    let read = readable(&response.body, response.header("content-type"), false)?;
    std::str::from_utf8(&response.body).ok().filter(|_| read.is_utf8())
}

/// Any other body without secrets; `None` where it may hold some that cannot be taken out.
fn held(response: &Response, veil: &Veil) -> Option<Vec<u8>> {
    let (body, content_type) = (&response.body, response.header("content-type"));
    if let Some(inner) = opened(body, response.header("content-encoding"), MOST) {
        let inner = inner.ok()?;
        return (written(&inner, content_type, veil)? == inner).then(|| body.clone());
    }
    written(body, content_type, veil)
}

/// Bytes without secrets, in whatever character set somebody says they are; `None` where nobody can tell.
fn written(body: &[u8], content_type: Option<&str>, veil: &Veil) -> Option<Vec<u8>> {
    let over = |read: &Readable, body: &[u8]| changed(&read.text, veil).map_or_else(|| body.to_vec(), |text| read.written(&text));
    let read = readable(body, content_type, veil.is_ascii());
    let first = read.as_ref().map(|read| over(read, body));
    if read.is_some_and(|read| read.is_unicode()) {
        return first;
    }
    // Which of them the reader goes by depends on what was asked for: no secret is left in any.
    veil.sets().iter().copied().chain(declaration(body)).fold(first, |done, set| {
        let bytes = done.as_deref().unwrap_or(body);
        match read_in(bytes, set) {
            Some(read) => Some(over(&read, bytes)),
            None => done,
        }
    })
}

/// The text without secrets; `None` where there are none in it.
fn changed(text: &str, veil: &Veil) -> Option<String> {
    match shown(text, veil) {
        Ok(value) => document::parse(text.as_bytes(), &Limits::default()).is_ok_and(|old| old != value).then(|| value.to_string()),
        Err(new) => (new != text).then_some(new),
    }
}

/// JSON or another text without secrets.
fn shown(text: &str, veil: &Veil) -> Result<Value, String> {
    let mut value = veil.read(text)?;
    unsaid(&mut value);
    Ok(value)
}

/// Replaces what is a secret by its name and was not known as one.
fn unsaid(value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| match value {
            Value::String(text) if SECRETS.contains(&name.as_str()) => {
                if !text.is_empty() && !text.starts_with("made-up-") {
                    *text = format!("made-up-{name}");
                }
            }
            value => unsaid(value),
        }),
        Value::Array(items) => items.iter_mut().for_each(unsaid),
        _ => {}
    }
}
