//! New names for keys by a pattern: `^cf_(.*)$` and `custom.$1`. For `rename`; patterns match in time linear to the key.

use bumpalo::collections::{String as Text, Vec as List};
use document::{Item, authored::Node};
use expr::Pattern;
use regex::{Captures, Regex};

use crate::{
    Failure,
    context::Cx,
    field::Field,
    key_nesting::Index,
    reader::Reader,
    renaming::{OnConflict, rename},
    work::{Members, Slot},
};

/// The most names nested in each other that a new name may have.
const DEEPEST: usize = 16;

/// Which keys, and their new names.
#[derive(Debug)]
pub(crate) struct KeyPattern {
    keys: Pattern,
    /// The names, outermost first.
    to: Box<[Box<[Piece]>]>,
}

#[derive(Debug)]
enum Piece {
    Text(Box<str>),
    Group(usize),
}

impl KeyPattern {
    /// Reads `{"match": …, "to": …}`.
    pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Self> {
        node.object(cx, &["match", "to"])?;
        let (pattern, to) = (node.need(cx, "match"), node.need(cx, "to"));
        let (pattern, to) = (pattern?, to?);
        let (text, template) = (pattern.text(cx), to.text(cx));
        let keys = match Pattern::parse(text?) {
            Ok(keys) => keys,
            Err(reason) => {
                cx.error("mapping_pattern", &pattern.at, reason, "write a regular expression without look-around, such as `^cf_(.*)$`");
                return None;
            }
        };
        match names(template?, keys.regex()) {
            Ok(to) => Some(Self { keys, to }),
            Err(reason) => {
                cx.error("mapping_pattern", &to.at, reason, "write it as `custom.$1`, with `$$` for the character `$`");
                None
            }
        }
    }

    /// Renames the members whose keys match.
    pub(crate) fn apply<'a>(&'a self, members: &mut Members<'a>, on_conflict: OnConflict, cx: &Cx<'_, 'a>, field: &Field) -> Result<(), Box<Failure>> {
        let bytes: usize = members.iter().map(|(key, _)| key.len()).sum();
        cx.pay(1 + 2 * members.len() + bytes / 16 + self.keys.steps(bytes), field)?;
        if self.to.len() > 1 {
            return self.nest(members, on_conflict, cx, field);
        }
        let mut names = List::with_capacity_in(members.len(), cx.arena.bump());
        for (key, _) in members.iter() {
            names.push(match self.keys.regex().captures(key) {
                Some(found) => expanded(&self.to[0], &found, cx, field)?.unwrap_or(key),
                None => key,
            });
        }
        rename(members, names, on_conflict).map_err(|at| collision(members[at].0, cx, field))
    }

    /// Moves the members whose keys match into objects below, one after the other.
    fn nest<'a>(&'a self, members: &mut Members<'a>, on_conflict: OnConflict, cx: &Cx<'_, 'a>, field: &Field) -> Result<(), Box<Failure>> {
        let mut gone = List::from_iter_in(std::iter::repeat_n(false, members.len()), cx.arena.bump());
        let mut index = Index::of(members);
        for at in 0..members.len() {
            let key = members[at].0;
            let Some(found) = self.keys.regex().captures(key) else { continue };
            let Some(names) = self.names(&found, cx, field)? else { continue };
            cx.shallow(&members[at].1, field.words().len() + names.len(), field)?;
            let slot = std::mem::replace(&mut members[at].1, Slot::Item(Item::Null));
            gone[at] = true;
            index.goes(key);
            let place = index.place(names[0], members, &mut gone);
            match index.put(place, &mut members[place], &names[1..], slot, on_conflict, cx, field)? {
                None => {}
                Some(_) if on_conflict == OnConflict::Error => return Err(collision(key, cx, field)),
                Some(slot) => {
                    members[at].1 = slot;
                    gone[at] = false;
                    index.stands(key, at);
                }
            }
        }
        let mut going = gone.iter();
        members.retain(|_| !going.next().copied().unwrap_or_default());
        Ok(())
    }

    /// Whether what it finds moves into objects below.
    pub(crate) fn nests(&self) -> bool {
        self.to.len() > 1
    }

    /// The new names of a key it matches, outermost first.
    pub(crate) fn names_of(&self, key: &str) -> Option<Vec<String>> {
        let found = self.keys.regex().captures(key)?;
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Group(group) => found.get(*group).map_or_else(String::new, |part| part.as_str().to_owned()),
        };
        let names: Vec<String> = self.to.iter().map(|pieces| pieces.iter().map(text).collect()).collect();
        Some(names).filter(|names| names.iter().all(|name| !name.is_empty()))
    }

    /// The new names of a key; nothing when one would be empty.
    fn names<'a>(&self, found: &Captures<'_>, cx: &Cx<'_, 'a>, field: &Field) -> Result<Option<List<'a, &'a str>>, Box<Failure>> {
        let mut names = List::with_capacity_in(self.to.len(), cx.arena.bump());
        for pieces in &self.to {
            let Some(name) = expanded(pieces, found, cx, field)? else { return Ok(None) };
            names.push(name);
        }
        Ok(Some(names))
    }
}

/// A name put together, and paid for by its length: a template may repeat what was found.
fn expanded<'a>(pieces: &[Piece], found: &Captures<'_>, cx: &Cx<'_, 'a>, field: &Field) -> Result<Option<&'a str>, Box<Failure>> {
    let parts = || pieces.iter().map(|piece| match piece {
        Piece::Text(text) => &**text,
        Piece::Group(group) => found.get(*group).map_or("", |part| part.as_str()),
    });
    let length = parts().map(str::len).sum();
    cx.pay(length / 16, field)?;
    let mut name = Text::with_capacity_in(length, cx.arena.bump());
    parts().for_each(|part| name.push_str(part));
    Ok(Some(name.into_bump_str()).filter(|name| !name.is_empty()))
}

#[cold]
fn collision(key: &str, cx: &Cx<'_, '_>, field: &Field) -> Box<Failure> {
    cx.fail("mapping_collision", &field.member(key), None, "another key has the new name of this one already")
}

/// The names of a template, separated by points.
fn names(template: &str, keys: &Regex) -> Result<Box<[Box<[Piece]>]>, String> {
    let mut names: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut rest = template;
    while let Some(char) = rest.chars().next() {
        let pieces = names.last_mut().expect("there is one from the start");
        match char {
            '.' => {
                names.push(Vec::new());
                rest = &rest[1..];
            }
            '$' => {
                let (piece, after) = group(&rest[1..], keys)?;
                pieces.push(piece);
                rest = after;
            }
            _ => {
                let end = rest.find(['.', '$']).unwrap_or(rest.len());
                pieces.push(Piece::Text(rest[..end].into()));
                rest = &rest[end..];
            }
        }
    }
    match names.len() {
        _ if names.iter().any(Vec::is_empty) => Err("a name is empty".into()),
        0..=DEEPEST => Ok(names.into_iter().map(Into::into).collect()),
        _ => Err(format!("more than {DEEPEST} names nest")),
    }
}

/// What stands behind a `$`, and what comes after it.
fn group<'t>(rest: &'t str, keys: &Regex) -> Result<(Piece, &'t str), String> {
    if let Some(after) = rest.strip_prefix('$') {
        return Ok((Piece::Text("$".into()), after));
    }
    let (name, after) = match rest.strip_prefix('{') {
        Some(inner) => inner.split_once('}').ok_or("a brace is not closed")?,
        None => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
    };
    if name.is_empty() {
        return Err("behind `$` a number is expected, or a name in braces".into());
    }
    let known = || keys.capture_names().flatten().map(|name| format!(", `{name}`")).collect::<String>();
    let found = name.parse::<usize>().ok().filter(|group| *group < keys.captures_len()).or_else(|| keys.capture_names().position(|known| known == Some(name)));
    found.map(|group| (Piece::Group(group), after)).ok_or_else(|| match keys.captures_len() - 1 {
        0 => "`match` has no group".into(),
        1 => format!("`match` has one group{}, and not this one", known()),
        groups => format!("`match` has the groups 1 to {groups}{}, and not this one", known()),
    })
}
