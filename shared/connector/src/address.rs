//! Addresses: absolute https, with a host the author wrote or a checked configuration value.
//!
//! A value in the path is percent-encoded as one segment and in the query as one component, so that no record can
//! change where a request goes.

use document::Value;
use url::Url;

use crate::{Names, Part, Pattern, RenderError, Template, check::{Check, Node}, template::{self, Name, Scope}};

/// A checked address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// A configuration value of type `url` the address starts with.
    base: Option<Name>,
    /// Scheme and host, where the author wrote them.
    authority: Vec<Host>,
    /// Path and query.
    rest: Template,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Text(String),
    Name(Name, Pattern),
}

impl Address {
    pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Self> {
        let text = node.text(cx)?;
        let absolute = text.contains("://") || text.trim_start().starts_with("{{");
        let joined = match (&cx.base_url, absolute) {
            (_, true) => text.to_owned(),
            (Some(base), false) => format!("{}/{}", base.trim_end_matches('/'), text.trim_start_matches('/')),
            (None, false) => return url_finding(cx, node, "the address is relative, and there is no `base_url`", "write an absolute https address, or add `base_url`"),
        };
        let template = template_at(cx, node, &joined, roots)?;
        let mut parts = template.parts().to_vec();
        if let Some(Part::Name(name)) = parts.first().cloned() {
            if !is_url(cx, &name) {
                return url_finding(cx, node, "an address starts with a name that is no `config` value of type `url`", "give the configuration value `\"type\": \"url\"`");
            }
            parts.remove(0);
            if !matches!(parts.first(), None | Some(Part::Text(_))) || matches!(parts.first(), Some(Part::Text(text)) if !text.starts_with(['/', '?'])) {
                return url_finding(cx, node, "the host goes on after the configuration value", "follow it with `/`");
            }
            return Some(Self { base: Some(name), authority: Vec::new(), rest: rebuilt(&parts)? });
        }
        Self::written(cx, node, parts)
    }

    fn written(cx: &mut Check, node: &Node<'_>, parts: Vec<Part>) -> Option<Self> {
        let mut authority = Vec::new();
        let mut rest = Vec::new();
        let mut parts = parts.into_iter();
        let first = match parts.next() {
            Some(Part::Text(text)) => text,
            _ => String::new(),
        };
        let Some(after) = first.strip_prefix("https://") else {
            return url_finding(cx, node, "the address is not absolute https", "write `https://host/…`");
        };
        let mut pending = Some(Part::Text(after.to_owned()));
        while let Some(part) = pending.take().or_else(|| parts.next()) {
            match part {
                Part::Text(text) => match text.find(['/', '?', '#']) {
                    Some(at) => {
                        authority.push(Host::Text(text[..at].to_owned()));
                        rest.push(Part::Text(text[at..].to_owned()));
                        rest.extend(parts.by_ref());
                        break;
                    }
                    None => authority.push(Host::Text(text)),
                },
                Part::Name(name) => match pattern(cx, &name) {
                    Some(pattern) => authority.push(Host::Name(name, pattern)),
                    None => return url_finding(cx, node, format!("the host is open to `{name}`"), "give that configuration value a `pattern`"),
                },
            }
        }
        let written: String = authority.iter().map(|host| if let Host::Text(text) = host { text.as_str() } else { "x" }).collect();
        if Url::parse(&format!("https://{written}/")).is_err() || written.contains('@') || written.is_empty() {
            return url_finding(cx, node, "the host cannot be read", "write `https://host/…`");
        }
        Some(Self { base: None, authority, rest: rebuilt(&rest)? })
    }

    /// The address with its values.
    ///
    /// # Errors
    /// A value that is absent, unfit for its place, or missing on the connection.
    pub fn render(&self, names: &dyn Names) -> Result<Url, RenderError> {
        let mut out = match &self.base {
            Some(name) => base(name, names)?,
            None => self.host(names)?,
        };
        for part in self.rest.parts() {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Name(name) => {
                    let value = template::plain(name, names)?.ok_or_else(|| RenderError::AbsentInAddress(name.to_string()))?;
                    if !out.contains('?') && matches!(value.as_str(), "." | ".." | "") {
                        return Err(RenderError::Unfit(name.to_string()));
                    }
                    encode(&value, &mut out);
                }
            }
        }
        Url::parse(&out).map_err(|_| RenderError::Address)
    }

    fn host(&self, names: &dyn Names) -> Result<String, RenderError> {
        let mut out = "https://".to_owned();
        for host in &self.authority {
            match host {
                Host::Text(text) => out.push_str(text),
                Host::Name(name, pattern) => {
                    let value = template::plain(name, names)?.ok_or_else(|| RenderError::AbsentInAddress(name.to_string()))?;
                    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
                    if !plain || value.is_empty() || !pattern.fits(&value) {
                        return Err(RenderError::Unfit(name.to_string()));
                    }
                    out.push_str(&value);
                }
            }
        }
        Ok(out)
    }
}

/// A template at a place, its names checked.
pub(crate) fn template_at(cx: &mut Check, node: &Node<'_>, text: &str, roots: &'static [&'static str]) -> Option<Template> {
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => {
            cx.error("definition_expression", &node.at, error.to_string(), "write `{{ config.name }}`");
            return None;
        }
    };
    let unknown = template.check(&Scope { roots, config: &cx.config_names });
    for name in &unknown {
        let hint = match crate::nearest(&name.name, name.known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name.known.is_empty() => "declare it under `config`".to_owned(),
            None => format!("known here: {}", name.known.join(", ")),
        };
        cx.error("definition_unknown_name", &node.at, format!("`{}` does not exist here", name.name), hint);
    }
    unknown.is_empty().then_some(template)
}

fn url_finding<T>(cx: &mut Check, node: &Node<'_>, message: impl Into<String>, hint: &str) -> Option<T> {
    cx.error("definition_url", &node.at, message, hint);
    None
}

fn rebuilt(parts: &[Part]) -> Option<Template> {
    let text: String = parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Name(name) => format!("{{{{{name}}}}}"),
    }).collect();
    Template::parse(&text).ok()
}

fn entry<'c>(cx: &'c Check, name: &Name) -> Option<&'c crate::ConfigEntry> {
    let [only] = name.rest.as_slice() else { return None };
    cx.config.iter().find(|entry| name.root == "config" && entry.name == *only)
}

fn is_url(cx: &Check, name: &Name) -> bool {
    entry(cx, name).is_some_and(|entry| entry.kind == crate::ConfigKind::Url)
}

fn pattern(cx: &Check, name: &Name) -> Option<Pattern> {
    entry(cx, name).and_then(|entry| entry.pattern.clone())
}

fn base(name: &Name, names: &dyn Names) -> Result<String, RenderError> {
    let Some(Value::String(text)) = names.value(name)? else { return Err(RenderError::ConfigMissing(name.to_string())) };
    let unfit = || RenderError::Unfit(name.to_string());
    let url = Url::parse(text.trim()).map_err(|_| unfit())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(unfit()) }
}

fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}
