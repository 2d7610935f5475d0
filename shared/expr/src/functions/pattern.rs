//! Functions over regular expressions. Patterns are constants, compiled when the expression is read.

use crate::{args::Args, failure::Stop, function::{Empty::Passes, Function, Gives, Group, Takes, maybe, one}, operate::room, value::Val};
use document::Item;

pub(super) const ALL: &[&Function] = &[&REGEX_MATCH, &REGEX_EXTRACT, &REGEX_REPLACE];

const REGEX_MATCH: Function = Function {
    name: "regex_match", group: Group::Text, params: &[one("text", Takes::Text), one("pattern", Takes::Pattern)], empty: Passes, gives: Gives::Boolean, run: regex_match,
    doc: "Whether the pattern is found anywhere in the text; `^` and `$` bind it to the ends.",
    examples: &[(r"regex_match('AB-123', '^[A-Z]{2}-\d+$')", "true")],
};

const REGEX_EXTRACT: Function = Function {
    name: "regex_extract", group: Group::Text, params: &[one("text", Takes::Text), one("pattern", Takes::Pattern), maybe("group", Takes::Any)], empty: Passes, gives: Gives::Text, run: regex_extract,
    doc: "What a group of the first match holds: by number or name, else the first group, else the whole; absent without a match.",
    examples: &[(r"regex_extract('order 42 of 50', '(\d+) of')", "\"42\""), (r"regex_extract('none', '\d+')", "absent"), (r"regex_extract('a=1', '(?P<key>\w)=(?P<value>\d)', 'value')", "\"1\"")],
};

const REGEX_REPLACE: Function = Function {
    name: "regex_replace", group: Group::Text, params: &[one("text", Takes::Text), one("pattern", Takes::Pattern), one("to", Takes::Text)], empty: Passes, gives: Gives::Text, run: regex_replace,
    doc: "The text with every match replaced; `$1` and `${name}` stand for groups, `$$` for a dollar sign.",
    examples: &[(r"regex_replace('1 299,00 kr', '[^\d,]', '')", "\"1299,00\""), (r"regex_replace('Doe, Jane', '^(\w+), (\w+)$', '$2 $1')", "\"Jane Doe\"")],
};

fn regex_match<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (text, pattern) = (args.text(0)?, args.pattern(1)?);
    args.cx.spend(pattern.steps(text.len()))?;
    Ok(Val::bool(pattern.regex.is_match(text)))
}

fn regex_extract<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (text, pattern) = (args.text(0)?, args.pattern(1)?);
    args.cx.spend(pattern.steps(text.len()))?;
    let Some(found) = pattern.regex.captures(text) else { return Ok(Val::Absent) };
    let group = match args.get(2) {
        Val::Absent if pattern.regex.captures_len() > 1 => found.get(1),
        Val::Absent => found.get(0),
        Val::Item(Item::Text(name)) => {
            if !pattern.regex.capture_names().flatten().any(|known| known == name) {
                return Err(Stop::form("the pattern has no group of this name"));
            }
            found.name(name)
        }
        _ => {
            let group = usize::try_from(args.integer(2, 0, 256)?).unwrap_or(0);
            if group >= pattern.regex.captures_len() {
                return Err(Stop::form("the pattern has no group of this number"));
            }
            found.get(group)
        }
    };
    Ok(group.map_or(Val::Absent, |group| Val::Item(Item::Text(group.as_str()))))
}

fn regex_replace<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (text, pattern, to) = (args.text(0)?, args.pattern(1)?, args.text(2)?);
    args.cx.spend(pattern.steps(text.len()))?;
    let (mut made, mut at, mut next) = (room(args.cx, 0), 0, 0);
    let put = |part: &str, made: &mut bumpalo::collections::String<'a>| -> Result<(), Stop> {
        args.cx.make(part.len())?;
        made.push_str(part);
        Ok(())
    };
    let mut expanded = String::new();
    while next <= text.len() {
        args.cx.spend(pattern.steps_again(text.len() - next))?;
        let Some(found) = pattern.regex.captures_at(text, next) else { break };
        let Some(whole) = found.get(0) else { break };
        put(&text[at..whole.start()], &mut made)?;
        expanded.clear();
        if to.contains('$') { found.expand(to, &mut expanded) } else { expanded.push_str(to) }
        put(&expanded, &mut made)?;
        at = whole.end();
        next = if whole.is_empty() { whole.end() + text[whole.end()..].chars().next().map_or(1, char::len_utf8) } else { whole.end() };
    }
    if at == 0 && made.is_empty() {
        return Ok(Val::Item(Item::Text(text)));
    }
    put(&text[at..], &mut made)?;
    Ok(Val::Item(Item::Text(made.into_bump_str())))
}
