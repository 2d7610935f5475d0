//! Addresses: absolute https, with a host the author wrote or a checked configuration value.
//!
//! A value in the path is percent-encoded as one segment and in the query as one component, so that no record can
//! change where a request goes.

use expr::{Part, Template};
use url::Url;

use crate::{Pattern, RenderError, Scene, check::{Check, Node}, template::template_at};

/// A checked address.
#[derive(Debug)]
pub struct Address {
    /// A configuration value of type `url` the address starts with.
    base: Option<Template>,
    /// Scheme and host, where the author wrote them.
    authority: Vec<Host>,
    /// Path and query.
    rest: Vec<Piece>,
}

#[derive(Debug)]
enum Host {
    Text(String),
    Name(Template, Pattern),
}

/// A part of an address: text, or a value that stands in it by itself.
#[derive(Debug)]
enum Piece {
    Text(String),
    Value(Template),
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
        let mut pieces = pieces(&template);
        if !matches!(pieces.first(), Some(Piece::Value(_))) {
            return Self::written(cx, node, pieces);
        }
        let Piece::Value(base) = pieces.remove(0) else { return None };
        if entry(cx, &base).is_none_or(|entry| entry.kind != crate::ConfigKind::Url) {
            return url_finding(cx, node, "an address starts with a name that is no `config` value of type `url`", "give the configuration value `\"type\": \"url\"`");
        }
        if !matches!(pieces.first(), None | Some(Piece::Text(_))) || matches!(pieces.first(), Some(Piece::Text(text)) if !text.starts_with(['/', '?'])) {
            return url_finding(cx, node, "the host goes on after the configuration value", "follow it with `/`");
        }
        Some(Self { base: Some(base), authority: Vec::new(), rest: pieces })
    }

    fn written(cx: &mut Check, node: &Node<'_>, pieces: Vec<Piece>) -> Option<Self> {
        let mut authority = Vec::new();
        let mut rest = Vec::new();
        let mut parts = pieces.into_iter();
        let first = match parts.next() {
            Some(Piece::Text(text)) => text,
            _ => String::new(),
        };
        let Some(after) = first.strip_prefix("https://") else {
            return url_finding(cx, node, "the address is not absolute https", "write `https://host/…`");
        };
        let mut pending = Some(Piece::Text(after.to_owned()));
        while let Some(part) = pending.take().or_else(|| parts.next()) {
            match part {
                Piece::Text(text) => match text.find(['/', '?', '#']) {
                    Some(at) => {
                        authority.push(Host::Text(text[..at].to_owned()));
                        rest.push(Piece::Text(text[at..].to_owned()));
                        rest.extend(parts.by_ref());
                        break;
                    }
                    None => authority.push(Host::Text(text)),
                },
                Piece::Value(value) => match entry(cx, &value).and_then(|entry| entry.pattern.clone()) {
                    Some(pattern) => authority.push(Host::Name(value, pattern)),
                    None => return url_finding(cx, node, format!("the host is open to `{}`", shown(&value)), "give that configuration value a `pattern`"),
                },
            }
        }
        let written: String = authority.iter().map(|host| if let Host::Text(text) = host { text.as_str() } else { "x" }).collect();
        if Url::parse(&format!("https://{written}/")).is_err() || written.contains('@') || written.is_empty() {
            return url_finding(cx, node, "the host cannot be read", "write `https://host/…`");
        }
        Some(Self { base: None, authority, rest })
    }

    /// The address with its values.
    ///
    /// # Errors
    /// A value that is absent, unfit for its place, or missing on the connection.
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<Url, RenderError> {
        let mut out = match &self.base {
            Some(template) => base(template, scene)?,
            None => self.host(scene)?,
        };
        for piece in &self.rest {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(template) => {
                    let value = scene.text(template)?.ok_or_else(|| RenderError::AbsentInAddress(shown(template)))?;
                    if !out.contains('?') && matches!(&*value, "." | ".." | "") {
                        return Err(RenderError::Unfit(shown(template)));
                    }
                    encode(&value, &mut out);
                }
            }
        }
        Url::parse(&out).map_err(|_| RenderError::Address)
    }

    fn host<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<String, RenderError> {
        let mut out = "https://".to_owned();
        for host in &self.authority {
            match host {
                Host::Text(text) => out.push_str(text),
                Host::Name(template, pattern) => {
                    let value = scene.text(template)?.ok_or_else(|| RenderError::AbsentInAddress(shown(template)))?;
                    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
                    if !plain || value.is_empty() || !pattern.fits(&value) {
                        return Err(RenderError::Unfit(shown(template)));
                    }
                    out.push_str(&value);
                }
            }
        }
        Ok(out)
    }
}

fn url_finding<T>(cx: &mut Check, node: &Node<'_>, message: impl Into<String>, hint: &str) -> Option<T> {
    cx.error("definition_url", &node.at, message, hint);
    None
}

/// The parts, each expression by itself: it is encoded by itself.
fn pieces(template: &Template) -> Vec<Piece> {
    let value = |text: String| Template::parse(&format!("{{{{ {text} }}}}")).map_or(Piece::Text(String::new()), Piece::Value);
    template.parts().map(|part| match part {
        Part::Text(text) => Piece::Text(text.to_owned()),
        Part::Name(root, steps) => value(steps.iter().fold(root.to_owned(), |text, name| text + &step(name))),
        Part::Expression(text) => value(text),
    }).collect()
}

/// A member name as an expression writes it.
fn step(name: &str) -> String {
    let plain = name.starts_with(|char: char| char.is_ascii_alphabetic()) && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if plain { format!(".{name}") } else { format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")) }
}

/// The declared configuration value a part is, and nothing else.
fn entry<'c>(cx: &'c Check, value: &Template) -> Option<&'c crate::ConfigEntry> {
    let mut parts = value.parts();
    let (Some(Part::Name(root, [only])), None) = (parts.next(), parts.next()) else { return None };
    cx.config.iter().find(|entry| root == "config" && entry.name == **only)
}

/// The expression, without its braces.
fn shown(value: &Template) -> String {
    value.source().trim_start_matches("{{").trim_end_matches("}}").trim().to_owned()
}

fn base<'a>(template: &'a Template, scene: &Scene<'_, 'a>) -> Result<String, RenderError> {
    let Some(text) = scene.text(template)? else { return Err(RenderError::ConfigMissing(shown(template))) };
    let unfit = || RenderError::Unfit(shown(template));
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
