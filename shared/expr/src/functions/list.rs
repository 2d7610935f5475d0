//! Functions over lists and objects. Every element costs a step; what is absent is left out of what is made.

use std::{cmp::Ordering, collections::{HashMap, HashSet}};

use document::{Item, hash_item};

use crate::{args::Args, failure::Stop, function::{Empty::{Passes, Sees}, Function, Gives, Group, Takes, any, maybe, one}, names::Cx, operate::{equal, order}, value::{Val, View}};

pub(super) const ALL: &[&Function] = &[&FIRST, &LAST, &MAP, &WHERE, &UNIQ, &SORT, &REVERSE, &FLATTEN, &KEYS, &VALUES, &ENTRIES, &MERGE, &PICK];

const FIRST: Function = Function {
    name: "first", group: Group::List, params: &[one("list", Takes::List)], empty: Passes, gives: Gives::Any, run: first,
    doc: "The first element; absent of an empty list.",
    examples: &[("first([3, 1])", "3"), ("first([])", "absent")],
};

const LAST: Function = Function {
    name: "last", group: Group::List, params: &[one("list", Takes::List)], empty: Passes, gives: Gives::Any, run: last,
    doc: "The last element; absent of an empty list.",
    examples: &[("last([3, 1])", "1")],
};

const MAP: Function = Function {
    name: "map", group: Group::List, params: &[one("list", Takes::List), one("each", Takes::Each)], empty: Passes, gives: Gives::List, run: map,
    doc: "What a path, or an expression over `item`, gives for each element; what is absent is left out.",
    examples: &[("map([{a: {b: 1}}, {}, {a: {b: 2}}], 'a.b')", "[1,2]"), ("map([1, 2], item * 10)", "[10,20]")],
};

const WHERE: Function = Function {
    name: "where", group: Group::List, params: &[one("list", Takes::List), one("each", Takes::Each), maybe("value", Takes::Any)], empty: Passes, gives: Gives::First, run: filter,
    doc: "The elements whose path holds a value, or this value; or for which an expression over `item` is true.",
    examples: &[("where([{s: 'a'}, {s: 'b'}], 's', 'b')", "[{\"s\":\"b\"}]"), ("where([{s: 1}, {s: null}, {}], 's')", "[{\"s\":1}]"), ("where([1, 5, 9], item > 3 and item < 9)", "[5]")],
};

const UNIQ: Function = Function {
    name: "uniq", group: Group::List, params: &[one("list", Takes::List), maybe("each", Takes::Each)], empty: Passes, gives: Gives::First, run: uniq,
    doc: "The elements without repeats by value, or by what a path or an expression over `item` gives; the first of equals stays.",
    examples: &[("uniq([1, 1.0, 'a', 'a'])", "[1,\"a\"]"), ("uniq([{k: 1, v: 2}, {k: 1, v: 3}], 'k')", "[{\"k\":1,\"v\":2}]")],
};

const SORT: Function = Function {
    name: "sort", group: Group::List, params: &[one("list", Takes::List), maybe("each", Takes::Each), maybe("order", Takes::Word(&["asc", "desc"]))], empty: Passes, gives: Gives::First, run: sort,
    doc: "The elements in order, or in that of what a path or an expression over `item` gives: all numbers, or all texts; those without a value stand last.",
    examples: &[("sort([10, 9, 1.5])", "[1.5,9,10]"), ("sort([{p: 1}, {p: 3}, {}], 'p', 'desc')", "[{\"p\":3},{\"p\":1},{}]")],
};

const REVERSE: Function = Function {
    name: "reverse", group: Group::List, params: &[one("list", Takes::List)], empty: Passes, gives: Gives::First, run: reverse,
    doc: "The elements from the last to the first.",
    examples: &[("reverse([1, 2, 3])", "[3,2,1]")],
};

const FLATTEN: Function = Function {
    name: "flatten", group: Group::List, params: &[one("list", Takes::List), maybe("levels", Takes::Integer)], empty: Passes, gives: Gives::List, run: flatten,
    doc: "The elements of the lists in a list, one level unless told.",
    examples: &[("flatten([[1, 2], 3, [[4]]])", "[1,2,3,[4]]"), ("flatten([[1, [2, [3]]]], 9)", "[1,2,3]")],
};

const KEYS: Function = Function {
    name: "keys", group: Group::List, params: &[one("object", Takes::Any)], empty: Passes, gives: Gives::List, run: keys,
    doc: "The keys of an object, in its order.",
    examples: &[("keys({b: 1, a: 2})", "[\"b\",\"a\"]")],
};

const VALUES: Function = Function {
    name: "values", group: Group::List, params: &[one("object", Takes::Any)], empty: Passes, gives: Gives::List, run: values,
    doc: "The values of an object, in its order.",
    examples: &[("values({b: 1, a: 2})", "[1,2]")],
};

const ENTRIES: Function = Function {
    name: "entries", group: Group::List, params: &[one("object", Takes::Any)], empty: Passes, gives: Gives::List, run: entries,
    doc: "The members of an object as a list of objects with `key` and `value`.",
    examples: &[("entries({a: 1})", "[{\"key\":\"a\",\"value\":1}]")],
};

const MERGE: Function = Function {
    name: "merge", group: Group::List, params: &[one("object", Takes::Any), any("others", Takes::Any)], empty: Sees, gives: Gives::Object, run: merge,
    doc: "One object of several, the later winning; what is absent or null adds nothing, and when all are the result is absent.",
    examples: &[("merge({a: 1, b: 2}, null, {b: 3})", "{\"a\":1,\"b\":3}")],
};

const PICK: Function = Function {
    name: "pick", group: Group::List, params: &[one("object", Takes::Any), any("keys", Takes::Any)], empty: Passes, gives: Gives::Object, run: pick,
    doc: "The object with these members only, in the order asked; keys are texts, or lists of texts.",
    examples: &[("pick({a: 1, b: 2, c: 3}, 'c', 'a', 'x')", "{\"c\":3,\"a\":1}")],
};

/// A list in the arena of what was collected.
fn list<'a>(cx: &Cx<'a, '_>, items: &[Item<'a>]) -> Val<'a> {
    Val::Item(cx.arena.list(items))
}

fn first<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::of(args.list(0)?.index(0)))
}

fn last<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let list = args.list(0)?;
    args.cx.spend(list.len() / 16)?;
    Ok(list.len().checked_sub(1).and_then(|at| list.index(at)).map_or(Val::Absent, Val::Item))
}

fn map<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let mut made = Vec::new();
    for item in args.list(0)?.items() {
        made.extend(args.each(1, item)?.item(args.cx));
    }
    Ok(list(args.cx, &made))
}

fn filter<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let by_path = matches!(args.prepared(1), crate::prepared::Prepared::Path(_));
    let mut made = Vec::new();
    for item in args.list(0)?.items() {
        let value = args.each(1, item)?;
        let keeps = match value.view(args.cx)? {
            _ if args.len() > 2 => !value.is_absent() && equal(value, args.get(2), args.cx)?,
            _ if by_path => !value.is_nothing(),
            View::Bool(keeps) => keeps,
            View::Absent => return Err(Stop::absent("`where` needs a boolean for each element and the value is absent; give one with `??`")),
            _ => return Err(Stop::sort(format!("`where` needs a boolean for each element, not {}", value.word()))),
        };
        if keeps {
            made.push(item);
        }
    }
    Ok(list(args.cx, &made))
}

/// What an optional argument over elements gives; the element itself without one.
fn keyed<'a>(args: &Args<'a, '_>, item: Item<'a>) -> Result<Val<'a>, Stop> {
    if args.call.arguments.len() > 1 { args.each(1, item) } else { Ok(Val::Item(item)) }
}

fn uniq<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (mut seen, mut made) = (HashSet::new(), Vec::new());
    for item in args.elements(0)? {
        let key = keyed(args, item)?.item(args.cx);
        if let Some(key) = key {
            super::codec::weigh(key, args.cx)?;
        }
        if seen.insert(key.map(hash_item)) {
            made.push(item);
        }
    }
    Ok(list(args.cx, &made))
}

fn sort<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let mut keyed_items = Vec::new();
    for item in args.elements(0)? {
        keyed_items.push((keyed(args, item)?, item));
    }
    // Orders are examined before they are needed, so that one that does not exist is told whatever the order of the elements.
    let mut keys = keyed_items.iter().map(|(key, _)| *key).filter(|key| !key.is_nothing());
    if let Some(first) = keys.next() {
        order(first, first, args.cx)?;
        keys.try_for_each(|key| order(first, key, args.cx).map(|_| ()))?;
    }
    args.cx.spend(keyed_items.len() * (keyed_items.len().max(1).ilog2() as usize) / 8)?;
    let descending = args.text_or(2, "asc")? == "desc";
    let mut stop = None;
    keyed_items.sort_by(|(left, _), (right, _)| match (left.is_nothing(), right.is_nothing()) {
        (false, false) => {
            let order = order(*left, *right, args.cx).unwrap_or_else(|failed| {
                stop.get_or_insert(failed);
                Ordering::Equal
            });
            if descending { order.reverse() } else { order }
        }
        (left, right) => left.cmp(&right),
    });
    match stop {
        Some(stop) => Err(stop),
        None => Ok(list(args.cx, &keyed_items.into_iter().map(|(_, item)| item).collect::<Vec<_>>())),
    }
}

fn reverse<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let mut items = args.elements(0)?;
    items.reverse();
    Ok(list(args.cx, &items))
}

fn flatten<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let levels = args.integer_or(1, 0, 64, 1)?;
    let mut made = Vec::new();
    flat(args.list(0)?, levels, args.cx, &mut made)?;
    Ok(list(args.cx, &made))
}

fn flat<'a>(whole: Item<'a>, levels: i64, cx: &Cx<'a, '_>, made: &mut Vec<Item<'a>>) -> Result<(), Stop> {
    for item in whole.items() {
        cx.spend(1)?;
        match Val::Item(item).view(cx)? {
            View::List(inner) if levels > 0 => flat(inner, levels - 1, cx, made)?,
            _ => made.push(item),
        }
    }
    Ok(())
}

/// The members of an object; each is paid for.
fn members<'a>(args: &Args<'a, '_>, at: usize) -> Result<Vec<(&'a str, Item<'a>)>, Stop> {
    let object = args.object(at)?;
    args.cx.spend(object.len())?;
    Ok(object.entries().map(|(key, item)| (args.cx.arena.keep(key), item)).collect())
}

fn keys<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(list(args.cx, &members(args, 0)?.into_iter().map(|(key, _)| Item::Text(key)).collect::<Vec<_>>()))
}

fn values<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(list(args.cx, &members(args, 0)?.into_iter().map(|(_, item)| item).collect::<Vec<_>>()))
}

fn entries<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let entry = |(key, item)| args.cx.arena.map([("key", Item::Text(key)), ("value", item)]);
    Ok(list(args.cx, &members(args, 0)?.into_iter().map(entry).collect::<Vec<_>>()))
}

fn merge<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let (mut made, mut places): (Vec<(&'a str, Item<'a>)>, HashMap<&'a str, usize>) = (Vec::new(), HashMap::new());
    let mut any = false;
    for at in (0..args.len()).filter(|at| !args.get(*at).is_nothing()) {
        any = true;
        for (key, item) in members(args, at)? {
            match places.get(key) {
                Some(place) => made[*place].1 = item,
                None => {
                    places.insert(key, made.len());
                    made.push((key, item));
                }
            }
        }
    }
    Ok(if any { Val::Item(args.cx.arena.map(made)) } else { Val::Absent })
}

fn pick<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let object = args.object(0)?;
    let mut wanted = Vec::new();
    for at in 1..args.len() {
        match args.view(at)? {
            View::Text(key) => wanted.push(key),
            View::List(keys) => {
                for key in keys.items() {
                    args.cx.spend(1)?;
                    let View::Text(key) = Val::Item(key).view(args.cx)? else { return Err(args.wrong(at, "a text or a list of texts")) };
                    wanted.push(key);
                }
            }
            _ => return Err(args.wrong(at, "a text or a list of texts")),
        }
    }
    let (mut made, mut taken) = (Vec::new(), HashSet::new());
    for key in wanted {
        args.cx.spend(1 + object.len() / 16)?;
        if let Some(item) = object.get(key).filter(|_| taken.insert(key)) {
            made.push((key, item));
        }
    }
    Ok(Val::Item(args.cx.arena.map(made)))
}
