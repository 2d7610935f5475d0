//! From a checked request and its values to a draft, and from a draft with its credentials to bytes ready to be sent.

use std::time::Duration;

use connector::{Body, Errors, Inject, RenderError, Scene, Verb};
use document::Value;
use fault::Simple;

use super::pairs::Pairs;
use crate::{Method, Request};

const TIMEOUT: Duration = Duration::from_secs(30);
/// As much as a definition may allow: where it allows less, what is unpacked is held to that.
const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;
const ACCEPT: &str = "application/json";

/// A request whose credentials are still to come.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) url: url::Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
    /// What `errors` in the answer mean, where GraphQL is asked.
    pub(crate) graphql: Option<Errors>,
}

/// The body of a draft.
#[derive(Clone)]
pub(crate) enum Content {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
    Text { content_type: String, text: String },
}

/// Values that go into a request beside its own, and what depends on the page.
#[derive(Default)]
pub(crate) struct More<'m> {
    /// Places and values; a later one replaces an earlier one of the same place.
    pub(crate) injected: Vec<(&'m Inject, Value)>,
    /// It is not the first page.
    pub(crate) later_page: bool,
}

/// Builds one request.
pub(crate) fn draft<'a>(request: &'a connector::Request, scene: &Scene<'_, 'a>, more: &More<'_>) -> Result<Draft, Simple> {
    let holes: Vec<(&str, String)> = more.injected.iter().filter_map(|(inject, value)| if let Inject::Path(name) = inject { Some((name.as_str(), value.plain()?)) } else { None }).collect();
    let holes: Vec<(&str, &str)> = holes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let url = request.address.render_with(scene, &holes).map_err(|error| Simple::from_fault(&error))?;
    let mut params = Pairs::default();
    for param in request.params.iter().filter(|param| !(param.first_page_only && more.later_page)) {
        params.add(param, scene, request.omit_empty)?;
    }
    let mut headers = vec![("accept".to_owned(), ACCEPT.to_owned())];
    for (name, template) in &request.headers {
        if let Some(value) = scene.text(template).map_err(|error| Simple::from_fault(&error))? {
            set_header(&mut headers, name, value.into_owned())?;
        }
    }
    let mut draft = Draft { method: method(request.method), url, headers, body: content(request, scene)?, graphql: request.graphql() };
    for (inject, value) in &more.injected {
        put(&mut draft, &mut params, inject, value)?;
    }
    params.append(&mut draft.url);
    Ok(draft)
}

fn put(draft: &mut Draft, params: &mut Pairs, inject: &Inject, value: &Value) -> Result<(), Simple> {
    let text = || value.plain().ok_or_else(|| Simple::from_fault(&RenderError::NotText("inject".to_owned())));
    match inject {
        Inject::Path(_) => {}
        Inject::Query(name) => params.set(name, text()?),
        Inject::Header(name) => set_header(&mut draft.headers, name, text()?)?,
        Inject::Form(name) => {
            if matches!(draft.body, Content::None) {
                (draft.body, draft.method) = (Content::Form(Vec::new()), with_body(draft.method));
            }
            if let Content::Form(fields) = &mut draft.body {
                fields.retain(|(known, _)| known != name);
                fields.push((name.clone(), text()?));
            }
        }
        Inject::Body(pointer) => {
            if matches!(draft.body, Content::None) {
                (draft.body, draft.method) = (Content::Json(Value::Object(Vec::new())), with_body(draft.method));
            }
            if let Content::Json(body) = &mut draft.body {
                pointer.set(body, value.clone()).map_err(|error| Simple::from_fault(&error))?;
            }
        }
    }
    Ok(())
}

/// A request that gets its body from what is injected is none that has no body.
fn with_body(method: Method) -> Method {
    if method == Method::Get { Method::Post } else { method }
}

fn content<'a>(request: &'a connector::Request, scene: &Scene<'_, 'a>) -> Result<Content, Simple> {
    let fault = |error: RenderError| Simple::from_fault(&error);
    Ok(match &request.body {
        None => Content::None,
        Some(Body::Json(tree)) => tree.render(scene).map_err(fault)?.map_or(Content::None, Content::Json),
        Some(Body::Form(fields)) => {
            let mut pairs = Pairs::default();
            for field in fields {
                pairs.add(field, scene, request.omit_empty)?;
            }
            Content::Form(pairs.plain())
        }
        Some(Body::GraphQl { query, variables, operation, .. }) => {
            let query = scene.text(query).map_err(fault)?.map(|query| Value::String(query.into_owned()));
            let variables = match variables {
                Some(variables) => variables.render(scene).map_err(fault)?,
                None => None,
            };
            Content::Json(document::object([("query", query), ("variables", variables), ("operationName", operation.as_deref().map(Value::from))]))
        }
        Some(Body::Xml(woven)) => {
            let text = woven.render(scene, escape_xml).map_err(fault)?.ok_or_else(|| fault(RenderError::NotText("xml".to_owned())))?;
            Content::Text { content_type: "application/xml".to_owned(), text }
        }
        Some(Body::Text { content_type, text }) => {
            let text = scene.text(text).map_err(fault)?.ok_or_else(|| fault(RenderError::NotText("text".to_owned())))?;
            Content::Text { content_type: content_type.clone(), text: text.into_owned() }
        }
    })
}

fn escape_xml(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            char => out.push(char),
        }
    }
}

/// A draft ready to be sent.
pub(crate) fn finish(draft: Draft) -> Request {
    let Draft { method, url, mut headers, body, .. } = draft;
    let (content_type, body) = match body {
        Content::None => (None, None),
        Content::Json(value) => (Some("application/json".to_owned()), Some(value.to_string().into_bytes())),
        Content::Form(pairs) => (Some("application/x-www-form-urlencoded".to_owned()), Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes())),
        Content::Text { content_type, text } => (Some(content_type), Some(text.into_bytes())),
    };
    if let Some(content_type) = content_type
        && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
    {
        headers.push(("content-type".to_owned(), content_type));
    }
    Request { method, url, headers, body, timeout: TIMEOUT, max_response_bytes: MAX_RESPONSE_BYTES, login: false }
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

/// The method of a verb.
pub(crate) fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::Get,
        Verb::Post => Method::Post,
        Verb::Put => Method::Put,
        Verb::Patch => Method::Patch,
        Verb::Delete => Method::Delete,
    }
}
