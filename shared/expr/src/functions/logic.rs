//! Functions that look at whether there is a value. They alone see what is absent.

use crate::{args::Args, failure::Stop, function::{Empty::Sees, Function, Gives, Group, Takes, any, maybe, one}, value::{Val, View}};

pub(super) const ALL: &[&Function] = &[&DEFAULT, &COALESCE, &IS_ABSENT, &IS_NULL, &IS_EMPTY];

const DEFAULT: Function = Function {
    name: "default", group: Group::Logic, params: &[one("value", Takes::Any), one("other", Takes::Any), maybe("if", Takes::Word(&["absent", "null", "empty"]))], empty: Sees, gives: Gives::Any, run: default,
    doc: "Another value when the first is absent or null; with `absent` only when it is absent, with `empty` also when it is '', [] or {}.",
    examples: &[("default(null, 'SEK')", "\"SEK\""), ("default('', 'SEK', 'empty')", "\"SEK\""), ("default(null, 1, 'absent')", "null")],
};

const COALESCE: Function = Function {
    name: "coalesce", group: Group::Logic, params: &[one("value", Takes::Any), any("others", Takes::Any)], empty: Sees, gives: Gives::Any, run: coalesce,
    doc: "The first that is neither absent nor null; else the last.",
    examples: &[("coalesce(null, {}.x, 3)", "3")],
};

const IS_ABSENT: Function = Function {
    name: "is_absent", group: Group::Logic, params: &[one("value", Takes::Any)], empty: Sees, gives: Gives::Boolean, run: is_absent,
    doc: "Whether there is no value; null is one.",
    examples: &[("is_absent({}.x)", "true"), ("is_absent(null)", "false")],
};

const IS_NULL: Function = Function {
    name: "is_null", group: Group::Logic, params: &[one("value", Takes::Any)], empty: Sees, gives: Gives::Boolean, run: is_null,
    doc: "Whether the value is null; what is absent is not.",
    examples: &[("is_null(null)", "true"), ("is_null({}.x)", "false")],
};

const IS_EMPTY: Function = Function {
    name: "is_empty", group: Group::Logic, params: &[one("value", Takes::Any)], empty: Sees, gives: Gives::Boolean, run: is_empty,
    doc: "Whether the value is absent, null, '', [] or {}; zero and false are not empty.",
    examples: &[("is_empty('')", "true"), ("is_empty(0)", "false")],
};

fn default<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let value = args.get(0);
    let lacks = match args.text_or(2, "null")? {
        "absent" => value.is_absent(),
        "null" => value.is_nothing(),
        "empty" => empty(args)?,
        _ => return Err(Stop::form("the last of `default` is one of: absent, null, empty")),
    };
    Ok(if lacks { args.get(1) } else { value })
}

fn coalesce<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(args.values.iter().copied().find(|value| !value.is_nothing()).unwrap_or_else(|| args.get(args.len().saturating_sub(1))))
}

fn is_absent<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::bool(args.get(0).is_absent()))
}

fn is_null<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::bool(args.get(0).is_null()))
}

fn is_empty<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    empty(args).map(Val::bool)
}

fn empty(args: &Args<'_, '_>) -> Result<bool, Stop> {
    Ok(match args.view(0)? {
        View::Absent | View::Null => true,
        View::Text(text) => text.is_empty(),
        View::List(item) | View::Object(item) => item.len() == 0,
        View::Bool(_) | View::Num(_) | View::Digits(_) => false,
    })
}
