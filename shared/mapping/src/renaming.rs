//! New names for the members of an object, all at once, and what happens where two would have the same.
//!
//! For `rename` and `keys`. No member is lost unless the definition says `replace`.

use bumpalo::collections::Vec as List;
use document::authored::Node;

use crate::{
    operation::{Param, may},
    reader::Reader,
    work::{Members, Slot},
};

/// What happens where something stands already under a new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnConflict {
    /// The record is rejected.
    Error,
    /// Both stay as they were.
    Keep,
    /// What is renamed takes the place of what stood there.
    Replace,
}

/// How the reference tells it.
pub(crate) const ON_CONFLICT: Param = may("on_conflict", "`error`, `keep` or `replace`", "what happens where the new name is taken: the record is rejected, both stay as they were, or what is renamed replaces what stood there; error unless said");

impl OnConflict {
    pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Self> {
        cx.word_of(node.get("on_conflict").as_ref(), &[("error", Self::Error), ("keep", Self::Keep), ("replace", Self::Replace)], Self::Error)
    }
}

/// Gives every member its new name, which may be its old one. Names swap freely: only two that end with one name conflict.
/// With `keep` a member is not given a name that another had before.
///
/// # Errors
/// Of `OnConflict::Error`: a member whose new name another has too.
pub(crate) fn rename<'a>(members: &mut Members<'a>, mut names: List<'a, &'a str>, on_conflict: OnConflict) -> Result<(), usize> {
    debug_assert_eq!(members.len(), names.len(), "a name for each member");
    if on_conflict == OnConflict::Keep {
        unclaim(members, &mut names);
    }
    let order = order(&names);
    let same = |pair: &[usize]| names[pair[0]] == names[pair[1]];
    if order.windows(2).any(same) {
        if on_conflict == OnConflict::Error {
            let clash = order.windows(2).filter(|pair| same(pair)).flatten().copied().find(|at| members[*at].0 != names[*at]);
            return Err(clash.unwrap_or_default());
        }
        replace(members, &mut names, &order);
    }
    for ((key, _), name) in members.iter_mut().zip(&names) {
        *key = name;
    }
    Ok(())
}

/// The places of the members by name, equal ones in the order of the object.
fn order<'a>(names: &List<'a, &'a str>) -> List<'a, usize> {
    let mut order = List::from_iter_in(0..names.len(), names.bump());
    order.sort_unstable_by_key(|at| (names[*at], *at));
    order
}

/// Gives back their old names to those whose new one another had, or an earlier one got.
fn unclaim<'a>(members: &Members<'a>, names: &mut List<'a, &'a str>) {
    let mut olds = List::from_iter_in(members.iter().map(|(key, _)| *key), names.bump());
    olds.sort_unstable();
    let order = order(names);
    let mut last = None;
    for at in order {
        let (old, new) = (members[at].0, names[at]);
        if old != new && (last == Some(new) || olds.binary_search(&new).is_ok()) {
            names[at] = old;
        } else {
            last = Some(new);
        }
    }
}

/// Of those with one name, the last that is renamed stays, where the one stood that had the name before; the others go.
fn replace<'a>(members: &mut Members<'a>, names: &mut List<'a, &'a str>, order: &[usize]) {
    let mut gone = List::from_iter_in(std::iter::repeat_n(false, names.len()), names.bump());
    for group in order.chunk_by(|left, right| names[*left] == names[*right]).filter(|group| group.len() > 1) {
        let renamed = |at: &&usize| members[**at].0 != names[**at];
        let Some(winner) = group.iter().rfind(renamed).copied() else { continue };
        let place = group.iter().find(|at| !renamed(at)).copied().unwrap_or(winner);
        if place != winner {
            members[place].1 = std::mem::replace(&mut members[winner].1, Slot::Item(document::Item::Null));
        }
        group.iter().filter(|at| **at != place).for_each(|at| gone[*at] = true);
    }
    let mut going = gone.iter();
    members.retain(|_| !going.next().copied().unwrap_or_default());
    let mut going = gone.iter();
    names.retain(|_| !going.next().copied().unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use bumpalo::Bump;
    use document::Item;

    /// The object `{"a": "a", …}` after renaming each member to the word behind its colon.
    fn renamed(pairs: &str, on_conflict: OnConflict) -> String {
        let bump = Bump::new();
        let pairs: Vec<(&str, &str)> = pairs.split(' ').filter_map(|pair| pair.split_once(':')).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(old, new)| (&*bump.alloc_str(old), &*bump.alloc_str(new))).collect();
        let mut members = List::from_iter_in(pairs.iter().map(|(old, _)| (*old, Slot::Item(Item::Text(old)))), &bump);
        let names = List::from_iter_in(pairs.iter().map(|(_, new)| *new), &bump);
        match rename(&mut members, names, on_conflict) {
            Err(at) => format!("clash of {}", pairs[at].0),
            Ok(()) => members.iter().map(|(key, slot)| format!("{key}={}", if let Slot::Item(Item::Text(text)) = slot { text } else { "?" })).collect::<Vec<_>>().join(" "),
        }
    }

    #[test]
    fn members_are_renamed_all_at_once_and_none_is_lost_unsaid() {
        for (pairs, error, keep, replace) in [
            ("", "", "", ""),
            ("a:x b:b", "x=a b=b", "x=a b=b", "x=a b=b"),
            ("a:b b:b", "clash of a", "a=a b=b", "b=a"),
            ("b:b a:b c:c", "clash of a", "b=b a=a c=c", "b=a c=c"),
            ("a:x b:x", "clash of a", "x=a b=b", "x=b"),
            ("a:b b:a", "b=a a=b", "a=a b=b", "b=a a=b"),
            ("a:b b:c", "b=a c=b", "a=a c=b", "b=a c=b"),
            ("a:x x:x b:x c:c", "clash of a", "a=a x=x b=b c=c", "x=b c=c"),
        ] {
            for (on_conflict, expected) in [(OnConflict::Error, error), (OnConflict::Keep, keep), (OnConflict::Replace, replace)] {
                assert_eq!(renamed(pairs, on_conflict), expected, "{pairs} {on_conflict:?}");
            }
        }
    }
}
