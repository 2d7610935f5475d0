//! The pieces an address or a text is made of, and how a value stands in an address.

use expr::{Part, Template};

/// A part of an address: text, a value that stands in it by itself, or a place `{name}` where one is injected.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Value(Template),
    Hole(String),
}

pub(super) fn values(pieces: &[Piece]) -> impl Iterator<Item = &Template> {
    pieces.iter().filter_map(|piece| if let Piece::Value(template) = piece { Some(template) } else { None })
}

/// Whether any value uses a name with this first word.
pub(super) fn used(pieces: &[Piece], root: &str) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Value(template) if crate::tree::uses(template, root)))
}

/// The pieces with the places `{name}` in their texts told apart.
pub(super) fn holed(pieces: Vec<Piece>) -> Vec<Piece> {
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
pub(super) fn pieces(template: &Template) -> Vec<Piece> {
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

/// The expression, without its braces.
pub(super) fn shown(value: &Template) -> String {
    value.source().trim_start_matches("{{").trim_end_matches("}}").trim().to_owned()
}

pub(super) fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}
