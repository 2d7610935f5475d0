//! How deep a record nests while operations change it. Reading, writing and giving back a value goes down as many calls as it
//! has levels, so there are only so many, whatever a mapping does two thousand times.
//!
//! An operation adds no more levels than its own text has signs for. Only when their sum may have become too much is the record
//! looked at: a mapping that does not nest on purpose never pays for it.

use document::{Item, Sort};

use crate::work::Slot;

/// Levels a record may have.
pub(crate) const DEEPEST: usize = 256;
/// Levels it may have before somebody looks.
pub(crate) const LOOK: usize = 1024;

/// The most levels an operation with this text adds when it is done once.
pub(crate) fn added(text: &str) -> usize {
    // A step of a path, an array, an object, a call or a pipe; none makes more than four levels but what is read from elsewhere.
    let signs = text.bytes().filter(|byte| b".[{(|".contains(byte)).count();
    4 * signs + 64 * (text.matches("json").count() + text.matches("table").count())
}

/// How many levels a value has, if they are not more than `most`.
pub(crate) fn levels(slot: &Slot<'_>, most: usize) -> Option<usize> {
    match slot {
        Slot::Item(item) => of(*item, most),
        Slot::Written(written) => Some(written.levels()).filter(|levels| *levels <= most),
        Slot::Object(members) => below(members.iter().map(|(_, slot)| slot), most),
        Slot::Array(items) => below(items.iter(), most),
    }
}

fn below<'s, 'a: 's>(slots: impl Iterator<Item = &'s Slot<'a>>, most: usize) -> Option<usize> {
    let most = most.checked_sub(1)?;
    let mut deepest = 0;
    for slot in slots {
        deepest = deepest.max(levels(slot, most)?);
    }
    Some(deepest + 1)
}

/// The same of a value that is whole.
pub(crate) fn of(item: Item<'_>, most: usize) -> Option<usize> {
    let (array, object) = (item.sort() == Sort::Array, item.sort() == Sort::Object);
    if !array && !object {
        return Some(0);
    }
    let most = most.checked_sub(1)?;
    let mut deepest = Some(0);
    let mut look = |item| deepest = deepest.and_then(|deepest: usize| Some(deepest.max(of(item, most)?)));
    if array {
        item.items().for_each(look);
    } else {
        item.parts(|_, item| look(item));
    }
    deepest.map(|deepest| deepest + 1)
}

/// How many levels a text of JSON has.
pub(crate) fn of_text(text: &[u8]) -> usize {
    let (mut level, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text {
        match *byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                level += 1;
                deepest = deepest.max(level);
            }
            b']' | b'}' if !quoted => level = level.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use document::{Arena, Limits, Parser, parse_str};

    use super::*;
    use crate::work::Work;

    #[test]
    fn levels_are_counted_alike_in_every_form() {
        for (text, expected) in [("1", 0), ("[]", 1), ("{}", 1), (r#"{"a":[1,{"b":"]}[["}],"\\\"[":2}"#, 3), ("[[[[]]],[]]", 4), (r#"["[\\",[]]"#, 2)] {
            let (arena, value) = (Arena::new(), parse_str(text).unwrap());
            let mut parser = Parser::new(Limits::default());
            let doc = parser.parse(text.as_bytes()).unwrap();
            let mut opened = Work::new(&arena, doc.root());
            opened.root.open(&arena);
            assert_eq!([of(doc.root(), 9), of(Item::from(&value), 9), levels(&opened.root, 9), Some(of_text(text.as_bytes()))], [Some(expected); 4], "{text}");
            assert_eq!((of(doc.root(), expected), expected == 0 || levels(&opened.root, expected - 1).is_none()), (Some(expected), true), "{text}");
        }
    }

    #[test]
    fn an_operation_adds_no_more_than_its_text_has_signs_for() {
        for (op, least) in [(r#"{"op":"rename","from":"$","to":"a.a.a.a"}"#, 4), (r#"{"op":"wrap","field":"a","as":"x"}"#, 2), (r#"{"op":"template","to":"a","value":"{{ [[record.a]] | entries | entries }}"}"#, 6), (r#"{"op":"cast","field":"a","to":"json"}"#, 64)] {
            assert!(added(op) >= least, "{op}: {}", added(op));
        }
    }
}
