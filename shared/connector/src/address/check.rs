//! Reads an address: absolute https, with a host nobody else can choose.

use expr::{Part, Template};
use url::Url;

use super::{Address, Base, Host, brace::stray, piece::{Piece, holed, pieces, shown}, query::parameters};
use crate::{check::{Check, Node}, elements::secret, template::template_at};

impl Address {
    pub(crate) fn read(cx: &mut Check, node: &Node<'_>, roots: &'static [&'static str]) -> Option<Self> {
        let text = node.text(cx)?;
        let absolute = text.contains("://") || text.trim_start().starts_with("{{");
        let template = template_at(cx, node, text, roots)?;
        secret::query(cx, node, &template);
        stray(cx, node, &template)?;
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
        stray(cx, node, &template)?;
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
        let rest = holed(pieces);
        Some(Self { base: Some(base), authority: Vec::new(), parameters: parameters(&rest), rest })
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
        let rest = holed(rest);
        Some(Self { base: None, authority, parameters: parameters(&rest), rest })
    }
}

fn url_finding<T>(cx: &mut Check, node: &Node<'_>, message: impl Into<String>, hint: &str) -> Option<T> {
    cx.error("definition_url", &node.at, message, hint);
    None
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
