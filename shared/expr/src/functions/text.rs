//! Functions over texts. Places and lengths count characters.

use crate::{args::Args, eval::slice as cut, failure::Stop, function::{Empty::{Passes, Sees}, Function, Gives, Group, Takes, maybe, one}, operate::{room, within}, value::{Val, View}};
use document::Item;

pub(super) const ALL: &[&Function] = &[&LOWER, &UPPER, &TITLE, &TRIM, &REPLACE, &SPLIT, &JOIN, &SLICE, &STARTS_WITH, &ENDS_WITH, &CONTAINS, &PAD, &TEXT];

const LOWER: Function = Function {
    name: "lower", group: Group::Text, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Text, run: lower,
    doc: "The text in lower case.",
    examples: &[("lower('ÅSA@Example.COM')", "\"åsa@example.com\"")],
};

const UPPER: Function = Function {
    name: "upper", group: Group::Text, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Text, run: upper,
    doc: "The text in upper case.",
    examples: &[("upper('sek')", "\"SEK\"")],
};

const TITLE: Function = Function {
    name: "title", group: Group::Text, params: &[one("text", Takes::Text)], empty: Passes, gives: Gives::Text, run: title,
    doc: "The text with each word in lower case behind a capital.",
    examples: &[("title('anna-lena ÖST')", "\"Anna-Lena Öst\"")],
};

const TRIM: Function = Function {
    name: "trim", group: Group::Text, params: &[one("text", Takes::Text), maybe("characters", Takes::Text)], empty: Passes, gives: Gives::Text, run: trim,
    doc: "The text without white space, or without the given characters, at its ends.",
    examples: &[("trim('  a b ')", "\"a b\""), ("trim('00120', '0')", "\"12\"")],
};

const REPLACE: Function = Function {
    name: "replace", group: Group::Text, params: &[one("text", Takes::Text), one("from", Takes::Text), one("to", Takes::Text)], empty: Passes, gives: Gives::Text, run: replace,
    doc: "The text with every occurrence of one text replaced by another.",
    examples: &[("replace('1,299,00', ',', '.')", "\"1.299.00\"")],
};

const SPLIT: Function = Function {
    name: "split", group: Group::Text, params: &[one("text", Takes::Text), one("separator", Takes::Text)], empty: Passes, gives: Gives::List, run: split,
    doc: "The parts between separators, as a list.",
    examples: &[("split('a;b;;c', ';')", "[\"a\",\"b\",\"\",\"c\"]")],
};

const JOIN: Function = Function {
    name: "join", group: Group::Text, params: &[one("list", Takes::List), maybe("separator", Takes::Text)], empty: Passes, gives: Gives::Text, run: join,
    doc: "The elements as one text, with a separator between them; null elements are left out.",
    examples: &[("join(['a', 2, null, true], '-')", "\"a-2-true\"")],
};

const SLICE: Function = Function {
    name: "slice", group: Group::Text, params: &[one("value", Takes::Any), one("from", Takes::Integer), maybe("to", Takes::Integer)], empty: Passes, gives: Gives::First, run: slice,
    doc: "The characters of a text, or the elements of a list, from one place up to another; negative places count from the end.",
    examples: &[("slice('abcdef', 1, 3)", "\"bc\""), ("slice('abcdef', -2)", "\"ef\"")],
};

const STARTS_WITH: Function = Function {
    name: "starts_with", group: Group::Text, params: &[one("text", Takes::Text), one("start", Takes::Text)], empty: Passes, gives: Gives::Boolean, run: starts_with,
    doc: "Whether the text begins so.",
    examples: &[("starts_with('SKU-1', 'SKU-')", "true")],
};

const ENDS_WITH: Function = Function {
    name: "ends_with", group: Group::Text, params: &[one("text", Takes::Text), one("end", Takes::Text)], empty: Passes, gives: Gives::Boolean, run: ends_with,
    doc: "Whether the text ends so.",
    examples: &[("ends_with('photo.jpg', '.png')", "false")],
};

const CONTAINS: Function = Function {
    name: "contains", group: Group::Text, params: &[one("whole", Takes::Any), one("part", Takes::Any)], empty: Sees, gives: Gives::Boolean, run: contains,
    doc: "Whether a text holds a text, a list a value, or an object a key; absent when either is.",
    examples: &[("contains('abc', 'b')", "true"), ("contains([1, 2], 2.0)", "true"), ("contains({a: 1}, 'b')", "false")],
};

const PAD: Function = Function {
    name: "pad", group: Group::Text, params: &[one("text", Takes::Any), one("length", Takes::Integer), maybe("with", Takes::Text), maybe("side", Takes::Word(&["left", "right"]))], empty: Passes, gives: Gives::Text, run: pad,
    doc: "The text, or the digits of a number, filled up to a length, on the left unless told otherwise.",
    examples: &[("pad('42', 5, '0')", "\"00042\""), ("pad('ab', 4, '.', 'right')", "\"ab..\"")],
};

const TEXT: Function = Function {
    name: "text", group: Group::Text, params: &[one("value", Takes::Any)], empty: Passes, gives: Gives::Text, run: text,
    doc: "A number or boolean as text; a text stays as it is.",
    examples: &[("text(7.10)", "\"7.10\""), ("text(true)", "\"true\"")],
};

fn lower<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        args.cx.read(text.len())?;
        return Ok(Val::Item(Item::Text(text)));
    }
    mapped(args, text, |text, made| if text.is_ascii() { made.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase()))) } else { made.push_str(&text.to_lowercase()) })
}

fn upper<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase()) {
        args.cx.read(text.len())?;
        return Ok(Val::Item(Item::Text(text)));
    }
    mapped(args, text, |text, made| if text.is_ascii() { made.extend(text.bytes().map(|byte| char::from(byte.to_ascii_uppercase()))) } else { made.push_str(&text.to_uppercase()) })
}

fn title<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    mapped(args, args.text(0)?, |text, made| {
        let mut within = false;
        for char in text.chars() {
            if within { made.extend(char.to_lowercase()) } else { made.extend(char.to_uppercase()) }
            within = char.is_alphanumeric() || char == '\'' && within;
        }
    })
}

/// A text made of another, of at most three times its length.
fn mapped<'a>(args: &Args<'a, '_>, text: &str, make: impl FnOnce(&str, &mut bumpalo::collections::String<'a>)) -> Result<Val<'a>, Stop> {
    args.cx.make(text.len())?;
    let mut made = room(args.cx, text.len());
    make(text, &mut made);
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}

fn trim<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.text(0)?;
    args.cx.read(text.len())?;
    if args.len() < 2 {
        return Ok(Val::Item(Item::Text(text.trim())));
    }
    let characters: Vec<char> = args.text(1)?.chars().take(64).collect();
    Ok(Val::Item(Item::Text(text.trim_matches(&characters[..]))))
}

fn replace<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (text, from, to) = (args.text(0)?, args.text(1)?, args.text(2)?);
    args.cx.read(text.len())?;
    let count = if from.is_empty() { 0 } else { text.matches(from).count() };
    if count == 0 {
        return Ok(Val::Item(Item::Text(text)));
    }
    let length = (text.len() - count * from.len()).saturating_add(count.saturating_mul(to.len()));
    args.cx.make(length)?;
    let mut made = room(args.cx, length);
    for (place, part) in text.split(from).enumerate() {
        made.push_str(if place > 0 { to } else { "" });
        made.push_str(part);
    }
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}

fn split<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (text, separator) = (args.text(0)?, args.text(1)?);
    args.cx.read(text.len())?;
    if separator.is_empty() {
        return Err(Stop::form("the separator of `split` is empty"));
    }
    let mut parts = bumpalo::collections::Vec::new_in(args.cx.arena.bump());
    for part in text.split(separator) {
        args.cx.spend(1)?;
        parts.push(Item::Text(part));
    }
    Ok(Val::Item(Item::List(parts.into_bump_slice())))
}

fn join<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (list, separator) = (args.list(0)?, args.text_or(1, "")?);
    let mut made = room(args.cx, 0);
    let mut first = true;
    for item in list.items() {
        args.cx.spend(1)?;
        if item.is_null() {
            continue;
        }
        let text = Val::Item(item).plain(args.cx)?.ok_or_else(|| Stop::sort(format!("`join` joins texts, numbers and booleans, not {}", Val::Item(item).word())))?;
        let separator = if std::mem::take(&mut first) { "" } else { separator };
        args.cx.make(separator.len() + text.len())?;
        made.push_str(separator);
        made.push_str(text);
    }
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}

fn slice<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    cut(args.get(0), Some(args.get(1)), (args.len() > 2).then(|| args.get(2)), args.cx)
}

fn starts_with<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::bool(args.text(0)?.starts_with(args.text(1)?)))
}

fn ends_with<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::bool(args.text(0)?.ends_with(args.text(1)?)))
}

fn contains<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (whole, part) = (args.get(0), args.get(1));
    if whole.is_nothing() || part.is_absent() {
        return Ok(if part.is_absent() { part } else { whole });
    }
    within(part, whole, args.cx).map(Val::bool)
}

fn pad<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = match args.view(0)? {
        View::Text(_) | View::Num(_) | View::Digits(_) => args.get(0).plain(args.cx)?.unwrap_or_default(),
        _ => return Err(args.wrong(0, "a text or a number")),
    };
    let length = usize::try_from(args.integer(1, 0, 100_000)?).unwrap_or(0);
    let with = args.text_or(2, " ")?;
    let mut chars = with.chars();
    let (Some(with), None) = (chars.next(), chars.next()) else { return Err(Stop::form("`pad` fills with one character")) };
    args.cx.read(text.len())?;
    let missing = length.saturating_sub(text.chars().count());
    if missing == 0 {
        return Ok(Val::Item(Item::Text(text)));
    }
    let bytes = text.len() + missing * with.len_utf8();
    args.cx.make(bytes)?;
    let mut made = room(args.cx, bytes);
    let right = args.text_or(3, "left")? == "right";
    made.push_str(if right { text } else { "" });
    made.extend(std::iter::repeat_n(with, missing));
    made.push_str(if right { "" } else { text });
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}

fn text<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    args.get(0).plain(args.cx)?.map(|text| Val::Item(Item::Text(text))).ok_or_else(|| args.wrong(0, "a text, a number or a boolean"))
}
