//! Addresses: absolute https, with a host the author wrote or a checked configuration value.
//!
//! A value in the path is percent-encoded as one segment and in the query as one component, so that no record can
//! change where a request goes.

use expr::{Part, Template};
use url::Url;

use crate::{Pattern, RenderError, Scene, check::{Check, Node}, elements::secret, template::template_at};

/// A checked address.
#[derive(Debug)]
pub struct Address {
    /// What the address starts with, where the author did not write its host.
    base: Option<Base>,
    /// Scheme and host, where the author wrote them.
    authority: Vec<Host>,
    /// Path and query.
    rest: Vec<Piece>,
}

/// An address that another starts with: a configuration value of type `url`, or a captured one with the hosts it may have.
#[derive(Debug)]
struct Base {
    template: Template,
    hosts: Vec<String>,
}

#[derive(Debug)]
enum Host {
    Text(String),
    Name(Template, Pattern),
}

/// A part of an address: text, a value that stands in it by itself, or a place `{name}` where one is injected.
#[derive(Debug)]
enum Piece {
    Text(String),
    Value(Template),
    Hole(String),
}

/// A text with values in it that are escaped one by one.
#[derive(Debug)]
pub struct Woven(Vec<Piece>);

impl Woven {
    pub(crate) fn of(template: &Template) -> Self {
        Self(pieces(template))
    }

    /// The text, with each value as `escape` writes it; absent when any value is.
    ///
    /// # Errors
    /// As [`Scene::text`].
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>, escape: fn(&str, &mut String)) -> Result<Option<String>, RenderError> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) | Piece::Hole(text) => out.push_str(text),
                Piece::Value(template) => match scene.text(template)? {
                    Some(value) => escape(&value, &mut out),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(out))
    }

    pub(crate) fn uses(&self, root: &str) -> bool {
        used(&self.0, root)
    }

    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        values(&self.0)
    }
}

impl Address {
    pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Self> {
        let text = node.text(cx)?;
        let absolute = text.contains("://") || text.trim_start().starts_with("{{");
        let template = template_at(cx, node, text, roots)?;
        secret::query(cx, node, &template);
        match (cx.base_url.clone(), absolute) {
            (_, true) => Self::of(cx, node, &template),
            (Some(base), false) => {
                let whole = joined(cx, node, &base, text, roots)?;
                Self::of(cx, node, &whole)
            }
            (None, false) if cx.open.contains(&"base_url") => {
                let whole = followed(NOWHERE, text)?;
                Self::of(cx, node, &whole)
            }
            // It is there, written wrongly, and that has been said.
            (None, false) if cx.is_meant("", "base_url") => None,
            (None, false) => url_finding(cx, node, "the address is relative, and there is no `base_url`", "write an absolute https address, or add `base_url`"),
        }
    }

    /// What relative addresses follow.
    pub(crate) fn base(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Self> {
        let text = node.text(cx)?;
        let template = template_at(cx, node, text, roots)?;
        if template.parts().any(|part| matches!(part, Part::Text(text) if text.contains(['?', '#']))) {
            return url_finding(cx, node, "relative addresses cannot follow a query", "write parameters at the requests, and those that show who asks in `auth`");
        }
        Self::of(cx, node, &template)
    }

    fn of(cx: &mut Check, node: &Node<'_>, template: &Template) -> Option<Self> {
        let mut pieces = pieces(template);
        if !matches!(pieces.first(), Some(Piece::Value(_))) {
            return Self::written(cx, node, pieces);
        }
        let Piece::Value(base) = pieces.remove(0) else { return None };
        if undecided(cx, &base) {
            return None;
        }
        let hosts = captured(cx, &base).map(|captured| captured.hosts.clone());
        if hosts.as_ref().is_some_and(Vec::is_empty) {
            return url_finding(cx, node, format!("the host is open to `{}`", shown(&base)), "say with `hosts` of the capture which hosts it may be");
        }
        if hosts.is_none() && entry(cx, &base).is_none_or(|entry| entry.kind != crate::ConfigKind::Url) {
            return url_finding(cx, node, "an address starts with a name that is no `config` value of type `url`", "give the configuration value `\"type\": \"url\"`");
        }
        if !matches!(pieces.first(), None | Some(Piece::Text(_))) || matches!(pieces.first(), Some(Piece::Text(text)) if !text.starts_with(['/', '?'])) {
            return url_finding(cx, node, "the host goes on after the configuration value", "follow it with `/`");
        }
        let base = Base { template: base, hosts: hosts.unwrap_or_default() };
        Some(Self { base: Some(base), authority: Vec::new(), rest: holed(pieces) })
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
                Piece::Hole(_) => {}
                Piece::Value(value) if undecided(cx, &value) => return None,
                Piece::Value(value) => match entry(cx, &value).and_then(|entry| entry.pattern.clone()).or_else(|| captured(cx, &value)?.pattern.clone()) {
                    Some(pattern) => authority.push(Host::Name(value, pattern)),
                    None => return url_finding(cx, node, format!("the host is open to `{}`", shown(&value)), "give that value a `pattern`"),
                },
            }
        }
        let written: String = authority.iter().map(|host| if let Host::Text(text) = host { text.as_str() } else { "x" }).collect();
        if Url::parse(&format!("https://{written}/")).is_err() || written.contains('@') || written.is_empty() {
            return url_finding(cx, node, "the host cannot be read", "write `https://host/…`");
        }
        Some(Self { base: None, authority, rest: holed(rest) })
    }

    /// The places `{name}` of its path.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.rest.iter().filter_map(|piece| if let Piece::Hole(name) = piece { Some(name.as_str()) } else { None })
    }

    pub(crate) fn uses(&self, root: &str) -> bool {
        used(&self.rest, root)
    }

    /// Every value in it, that of its host included.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let hosts = self.authority.iter().filter_map(|host| if let Host::Name(template, _) = host { Some(template) } else { None });
        self.base.iter().map(|base| &base.template).chain(hosts).chain(values(&self.rest))
    }

    /// The hosts it may have: written out, with `*` for a value of the configuration, or `{config.name}` for a whole address.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        match &self.base {
            Some(base) if base.hosts.is_empty() => vec![format!("{{{}}}", shown(&base.template))],
            Some(base) => base.hosts.clone(),
            None => vec![self.authority.iter().map(|host| if let Host::Text(text) = host { text.as_str() } else { "*" }).collect()],
        }
    }

    /// Its path and query as they are written.
    #[must_use]
    pub fn written_path(&self) -> String {
        self.rest.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(template) => format!("{{{}}}", shown(template)),
            Piece::Hole(name) => format!("{{{name}}}"),
        }).collect()
    }

    /// The address with its values.
    ///
    /// # Errors
    /// A value that is absent, unfit for its place, or missing on the connection.
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<Url, RenderError> {
        self.render_with(scene, &[])
    }

    /// As [`Address::render`], with the values of its places `{name}`.
    ///
    /// # Errors
    /// As [`Address::render`].
    pub fn render_with<'a>(&'a self, scene: &Scene<'_, 'a>, holes: &[(&str, &str)]) -> Result<Url, RenderError> {
        let mut out = match &self.base {
            Some(start) => base(start, scene)?,
            None => self.host(scene)?,
        };
        for piece in &self.rest {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(template) => {
                    let value = scene.text(template)?.ok_or_else(|| RenderError::AbsentInAddress(shown(template)))?;
                    segment(&value, || shown(template), &mut out)?;
                }
                Piece::Hole(name) => {
                    let value = holes.iter().find_map(|(hole, value)| (hole == name).then_some(*value)).ok_or_else(|| RenderError::AbsentInAddress(name.clone()))?;
                    segment(value, || name.clone(), &mut out)?;
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

/// A value as one segment of the path, or one component of the query.
fn segment(value: &str, name: impl Fn() -> String, out: &mut String) -> Result<(), RenderError> {
    if !out.contains('?') && matches!(value, "." | ".." | "") {
        return Err(RenderError::Unfit(name()));
    }
    encode(value, out);
    Ok(())
}

fn values(pieces: &[Piece]) -> impl Iterator<Item = &Template> {
    pieces.iter().filter_map(|piece| if let Piece::Value(template) = piece { Some(template) } else { None })
}

/// Whether any value uses a name with this first word.
fn used(pieces: &[Piece], root: &str) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Value(template) if crate::tree::uses(template, root)))
}

/// The pieces with the places `{name}` in their texts told apart.
fn holed(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else {
            out.push(piece);
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, name, after)) = rest.split_once('{').and_then(|(before, behind)| behind.split_once('}').map(|(name, after)| (before, name, after))) {
            let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !plain {
                break;
            }
            out.extend((!before.is_empty()).then(|| Piece::Text(before.to_owned())));
            out.push(Piece::Hole(name.to_owned()));
            rest = after;
        }
        out.extend((!rest.is_empty()).then(|| Piece::Text(rest.to_owned())));
    }
    out
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

/// The base address and what follows it. What is wrong with the base address is said where it stands.
fn joined(cx: &mut Check, node: &Node<'_>, base: &str, text: &str, roots: &'static [&'static str]) -> Option<Template> {
    let opened = Template::parse(base).is_ok_and(|base| crate::tree::uses(&base, "token"));
    if opened && !roots.contains(&"token") {
        return url_finding(cx, node, "the address is relative, and `base_url` is known after the login only", "write an absolute https address");
    }
    let value = document::Value::from(base);
    let good = cx.quietly(|cx| Address::base(cx, &Node { value: &value, at: String::new() }, roots)).is_some();
    followed(if good { base } else { NOWHERE }, text)
}

/// Stands for a base address that is wrong, so that what follows it is looked at all the same.
const NOWHERE: &str = "https://base.invalid";

fn followed(base: &str, text: &str) -> Option<Template> {
    Template::parse(&format!("{}/{}", base.trim_end_matches('/'), text.trim_start_matches('/'))).ok()
}

/// Whether a part is a declared value whose declaration is wrong: that is said there.
fn undecided(cx: &Check, value: &Template) -> bool {
    let mut parts = value.parts();
    let (Some(Part::Name(root, [only])), None) = (parts.next(), parts.next()) else { return false };
    let broken = root == "config" && !cx.config.iter().any(|entry| entry.name == **only);
    broken || (cx.open.contains(&root) && captured(cx, value).is_none())
}

/// The declared configuration value a part is, and nothing else.
fn entry<'c>(cx: &'c Check, value: &Template) -> Option<&'c crate::ConfigEntry> {
    let mut parts = value.parts();
    let (Some(Part::Name(root, [only])), None) = (parts.next(), parts.next()) else { return None };
    cx.config.iter().find(|entry| root == "config" && entry.name == **only)
}

/// The captured value a part is, and nothing else.
fn captured<'c>(cx: &'c Check, value: &Template) -> Option<&'c crate::Capture> {
    let mut parts = value.parts();
    let (Some(Part::Name(root, [only])), None) = (parts.next(), parts.next()) else { return None };
    cx.captured.iter().find(|captured| root == "token" && captured.name == **only)
}

/// The expression, without its braces.
fn shown(value: &Template) -> String {
    value.source().trim_start_matches("{{").trim_end_matches("}}").trim().to_owned()
}

fn base<'a>(base: &'a Base, scene: &Scene<'_, 'a>) -> Result<String, RenderError> {
    let template = &base.template;
    let Some(text) = scene.text(template)? else { return Err(RenderError::ConfigMissing(shown(template))) };
    let unfit = || RenderError::Unfit(shown(template));
    let url = Url::parse(text.trim()).map_err(|_| unfit())?;
    if !base.hosts.is_empty() && !url.host_str().is_some_and(|host| base.hosts.iter().any(|known| fits(known, host))) {
        return Err(RenderError::Host(shown(template)));
    }
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(unfit()) }
}

/// Whether a host is the one written, or lies below it where it is written as `*.example.com`.
fn fits(known: &str, host: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(parent) => host.len() > parent.len() + 1 && host.strip_suffix(parent).is_some_and(|label| label.ends_with('.')),
        None => known.eq_ignore_ascii_case(host),
    }
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
