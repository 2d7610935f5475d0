//! `records.path`: where records stand, whose member names the configuration or a parent may give.

use std::borrow::Cow;

use document::Path;
use expr::Template;
use fault::Fault as _;

use crate::{RenderError, check::{Check, Node}, template::template_at};

/// A path to records. What it takes from elsewhere is the name of a member, and never a part of the path by itself.
#[derive(Debug)]
pub struct Place {
    text: String,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Fixed(Path),
    /// Texts of a path, and names between them.
    Made(Vec<Piece>),
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Name(Template),
}

/// What names are made of.
pub(crate) const SEEN: &[&str] = &["config", "parent"];
const WHOLE: &str = "a name from elsewhere is the whole name of a member";
const WRITE: &str = "write it as `$.data['{{ config.NAME }}'].items`";

impl Place {
    /// The path as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What its names are made of.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let pieces = if let Way::Made(pieces) = &self.way { pieces.as_slice() } else { &[] };
        pieces.iter().filter_map(|piece| if let Piece::Name(name) = piece { Some(name) } else { None })
    }

    /// The path, of names that are asked for; `None` where one of them is absent, and so is the place.
    ///
    /// # Errors
    /// What `name` says, or a name that is too long for a path.
    pub fn path(&self, mut name: impl FnMut(&Template) -> Result<Option<String>, RenderError>) -> Result<Option<Cow<'_, Path>>, RenderError> {
        let pieces = match &self.way {
            Way::Fixed(path) => return Ok(Some(Cow::Borrowed(path))),
            Way::Made(pieces) => pieces,
        };
        let mut text = String::with_capacity(self.text.len());
        for piece in pieces {
            match piece {
                Piece::Text(fixed) => text.push_str(fixed),
                Piece::Name(template) => match name(template)? {
                    Some(name) => quote(&name, &mut text),
                    None => return Ok(None),
                },
            }
        }
        Path::parse(&text).map(|path| Some(Cow::Owned(path))).map_err(|_| RenderError::Unfit(self.text.clone()))
    }
}

/// Appends a member of this name: `['it\'s']`.
fn quote(name: &str, out: &mut String) {
    out.push_str("['");
    for char in name.chars() {
        match char {
            '\'' | '\\' => out.extend(['\\', char]),
            char if char < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(char))),
            char => out.push(char),
        }
    }
    out.push_str("']");
}

pub(super) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Place> {
    let text = node.text(cx)?;
    if !text.contains("{{") {
        return Some(Place { text: text.to_owned(), way: Way::Fixed(node.path(cx, false)?) });
    }
    let whole = template_at(cx, node, text, SEEN)?;
    if let Some(name) = super::super::secret::within(cx, &whole) {
        cx.error("definition_secret", &node.at, format!("`{name}` is a secret, and what a place is called is told in messages"), "take a name that is no secret");
        return None;
    }
    let Some(pieces) = pieces(text) else {
        cx.error("path_invalid", &node.at, WHOLE, WRITE);
        return None;
    };
    // Any name stands for all: what else there is to the path is judged with it.
    let sample: String = pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "['name']" }).collect();
    if let Err(error) = Path::parse(&sample) {
        cx.error(error.code(), &node.at, format!("{error}, with `['name']` for each name from elsewhere"), error.hint);
        return None;
    }
    Some(Place { text: text.to_owned(), way: Way::Made(pieces) })
}

/// The pieces of a path with names from elsewhere; none where such a name is more or less than that of a member.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        // Braces may stand in a text of the expression: it ends where it can be read.
        let ends = from.match_indices("}}").map(|(end, _)| end + 2);
        let (name, behind) = ends.take(MOST).find_map(|end| Some((Template::parse(&from[..end]).ok().filter(|name| !name.is_text())?, &from[end..])))?;
        let quoted = ["'", "\""].iter().find_map(|quote| Some((before.strip_suffix(quote)?.strip_suffix('[')?, behind.strip_prefix(quote)?.strip_prefix(']')?)));
        let dotted = || Some((before.strip_suffix('.').filter(|before| !before.ends_with('.'))?, Some(behind).filter(|behind| behind.is_empty() || behind.starts_with(['.', '[']))?));
        let (before, behind) = quoted.or_else(dotted)?;
        found.extend([Piece::Text(before.to_owned()), Piece::Name(name)]);
        rest = behind;
    }
    found.push(Piece::Text(rest.to_owned()));
    Some(found)
}

/// Places an expression may end at.
const MOST: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_elsewhere_is_the_name_of_a_member_whatever_it_holds() {
        for (text, name, path) in [
            ("$['{{ config.x }}']", "shop", "$['shop']"), ("$.data.{{ config.x }}", "a.b", "$.data['a.b']"), ("$.data.{{ config.x }}[*].rows", "a b", "$.data['a b'][*].rows"), ("$[\"{{ config.x }}\"].rows", "a\"]..*", "$['a\"]..*'].rows"),
            ("$['{{ config.x }}']", "it's", "$['it\\'s']"), ("$['{{ config.x }}']", "'] | $..*['\\", "$['\\'] | $..*[\\'\\\\']"), ("$['{{ config.x }}']", "a\nb", "$['a\\u000ab']"), ("$['{{ config['x'] ?? '}}' }}'].{{ config.y }}", "z", "$['z']['z']"),
            ("$['{{ config.x }}']", "", "$['']"), ("$['{{ config.x }}']", "*", "$['*']"),
        ] {
            let place = Place { text: text.to_owned(), way: Way::Made(pieces(text).unwrap_or_else(|| panic!("{text}"))) };
            let made = place.path(|_| Ok(Some(name.to_owned()))).unwrap().unwrap();
            assert_eq!((made.text(), made.is_singular()), (path, !text.contains("[*]")), "{text}");
            let value = document::object([(name, Some(document::object([("rows", Some(1.into()))])))]);
            assert!(!text.starts_with("$['{{ config.x }}']") || made.one(&value).is_some(), "{text} {name}");
            assert!(place.path(|_| Ok(None)).unwrap().is_none());
        }
        for text in ["$.a{{ config.x }}", "$.{{ config.x }}s", "$[{{ config.x }}]", "$..{{ config.x }}", "{{ config.x }}", "$.{{ config.x }}{{ config.y }}", "$['a-{{ config.x }}']", "$[?@.a == '{{ config.x }}']", "$['{{ config.x }}\"]", "$['a', '{{ config.x }}']"] {
            assert!(pieces(text).is_none(), "{text}");
        }
        let long = Place { text: String::new(), way: Way::Made(pieces("$.{{ config.x }}").unwrap()) };
        assert!(long.path(|_| Ok(Some("x".repeat(5_000)))).is_err());
    }
}
