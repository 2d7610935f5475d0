//! From a checked request and its values to bytes ready to be sent.

use std::time::Duration;

use connector::{Inject, RenderError, Scene, Verb};
use document::Value;
use fault::Simple;

use crate::{Method, Request};

const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_RESPONSE_BYTES: usize = 32 * 1024 * 1024;

/// Builds one request; `injected` values are set after its own parameters and replace those of the same name.
pub(crate) fn request<'a>(request: &'a connector::Request, scene: &Scene<'_, 'a>, injected: &[(&Inject, String)]) -> Result<Request, Simple> {
    let mut url = request.address.render(scene).map_err(|error| Simple::from_fault(&error))?;
    let mut params = parameters(request, scene)?;
    let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
    for (name, template) in &request.headers {
        if let Some(value) = scene.text(template).map_err(|error| Simple::from_fault(&error))? {
            set_header(&mut headers, name, value.into_owned())?;
        }
    }
    for (inject, value) in injected {
        if inject.header {
            set_header(&mut headers, &inject.name, value.clone())?;
        } else {
            params.retain(|(name, _)| *name != inject.name);
            params.push((inject.name.clone(), value.clone()));
        }
    }
    if !params.is_empty() {
        url.query_pairs_mut().extend_pairs(params);
    }
    let body = match &request.body {
        Some(tree) => tree.render(scene).map_err(|error| Simple::from_fault(&error))?.map(|value| value.to_string().into_bytes()),
        None => None,
    };
    if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    Ok(Request { method: method(request.method), url, headers, body, timeout: TIMEOUT, max_response_bytes: MAX_RESPONSE_BYTES })
}

/// A GET of an address another system named.
pub(crate) fn follow(url: url::Url, like: Request) -> Request {
    Request { url, ..like }
}

/// A form posted to a token endpoint.
pub(crate) fn form(url: url::Url, pairs: &[(&str, String)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Request { method: Method::Post, url, headers, body: Some(body.into_bytes()), timeout: TIMEOUT, max_response_bytes: 1024 * 1024 }
}

/// Sets a header, replacing one of the same name. A line break would begin another header.
pub(crate) fn set_header(headers: &mut Vec<(String, String)>, name: &str, value: String) -> Result<(), Simple> {
    if value.contains(['\r', '\n', '\0']) {
        return Err(Simple::from_fault(&RenderError::Unfit(name.to_owned())));
    }
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
    Ok(())
}

fn parameters<'a>(request: &'a connector::Request, scene: &Scene<'_, 'a>) -> Result<Vec<(String, String)>, Simple> {
    let mut params = Vec::new();
    for (name, tree) in &request.params {
        let values = match tree.render(scene).map_err(|error| Simple::from_fault(&error))? {
            None | Some(Value::Null) => continue,
            Some(Value::Array(items)) => items,
            Some(value) => vec![value],
        };
        for value in values {
            let text = value.plain().ok_or_else(|| Simple::from_fault(&RenderError::NotText(name.clone())))?;
            params.push((name.clone(), text));
        }
    }
    Ok(params)
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::Get,
        Verb::Post => Method::Post,
        Verb::Put => Method::Put,
        Verb::Patch => Method::Patch,
        Verb::Delete => Method::Delete,
    }
}
