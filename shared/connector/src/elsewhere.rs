//! A key that is not known where it stands, and is known elsewhere: the nearest element that knows it, by the keys that lead there.

use crate::{ROOT, shape::{Element, Key, Takes}};

/// Where a name that is no key of an element belongs: as a key, else as a word behind one; nothing where nobody knows it.
pub(crate) fn known(from: &Element, name: &str) -> Option<String> {
    let all = ROOT.all();
    let around = outwards(&all, from);
    let key = around.iter().find(|(element, _)| element.keys.iter().any(|key| key.name == name));
    if let Some(found) = key {
        return label(&all, from, *found, name).map(|place| format!("`{name}` is a key of {place}"));
    }
    around.iter().find_map(|found| {
        let key = found.0.keys.iter().find(|key| matches!(key.takes, Takes::Words(words) if words.contains(&name)))?;
        label(&all, from, *found, key.name).map(|place| format!("`{name}` is a word for `{}` in {place}", key.name))
    })
}

/// Every element from one outwards, with the key by which it was come to from above: first what stands in it and around it, then
/// what stands in and around those.
fn outwards(all: &[&'static Element], from: &Element) -> Vec<(&'static Element, Option<Way>)> {
    // Whoever went down does not go up again: other places of the same thing are no neighbours.
    let mut seen: Vec<(&Element, Option<Way>, bool)> = all.iter().filter(|element| std::ptr::eq(**element, from)).map(|element| (*element, None, true)).collect();
    let mut next = 0;
    while let Some((here, _, up)) = seen.get(next).copied() {
        let mut around: Vec<_> = all.iter().copied().filter(|other| up && leads(other, here).is_some()).map(|other| (other, None, true)).collect();
        // Most of what is read is an entity.
        around.sort_by_key(|(other, ..)| other.name != "read");
        let mut within: Vec<_> = here.keys.iter().flat_map(|key| key.takes.elements().into_iter().map(move |element| (element, Some((here, key)), false))).collect();
        // Of several forms of one thing another one may be meant.
        within.sort_by_key(|(_, way, _)| !way.is_some_and(|(_, key)| key.takes.elements().iter().any(|form| std::ptr::eq(*form, from))));
        for found in within.into_iter().chain(around) {
            if !seen.iter().any(|(known, ..)| std::ptr::eq(*known, found.0)) {
                seen.push(found);
            }
        }
        next += 1;
    }
    seen.into_iter().map(|(element, way, _)| (element, way)).collect()
}

/// An element, and the key of it behind which another stands.
type Way = (&'static Element, &'static Key);

/// The key of an element behind which another stands.
fn leads(element: &'static Element, to: &Element) -> Option<&'static Key> {
    element.keys.iter().find(|key| key.takes.elements().iter().any(|other| std::ptr::eq(*other, to)))
}

/// An element by the keys that lead to it, and by its word where only some of a choice have the key.
fn label(all: &[&'static Element], from: &Element, (element, way): (&'static Element, Option<Way>), name: &str) -> Option<String> {
    let Some((around, key)) = way.or_else(|| all.iter().find_map(|other| leads(other, element).map(|key| (*other, key)))) else { return Some("the definition itself".to_owned()) };
    let outer = all.iter().find_map(|other| leads(other, around)).filter(|outer| outer.name != key.name);
    let path = outer.map_or_else(|| format!("`{}`", key.name), |outer| format!("`{}.{}`", outer.name, key.name));
    let (word, elements) = choice(&key.takes).unwrap_or(("", &[]));
    let having: Vec<String> = elements.iter().filter(|element| element.keys.iter().any(|key| key.name == name)).map(|element| format!("`{}`", element.name)).collect();
    if having.len() < elements.len() {
        let (last, before) = having.split_last()?;
        let having = if before.is_empty() { last.clone() } else { format!("{} or {last}", before.join(", ")) };
        return Some(format!("{path} with the `{word}` {having}"));
    }
    // Another form of the very thing the author is in: its keys are no place to go to.
    leads(around, from).is_none_or(|own| !std::ptr::eq(own, key)).then_some(path)
}

/// A choice, also of several elements of a list or an object.
fn choice(takes: &Takes) -> Option<(&'static str, &'static [&'static Element])> {
    match takes {
        Takes::Choice(word, elements) => Some((word, elements)),
        Takes::List(of) | Takes::Map(of) => choice(of),
        Takes::Either(several) => several.iter().find_map(choice),
        _ => None,
    }
}
