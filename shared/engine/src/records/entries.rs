//! `entries`: an object keyed by id or date, as one record a member.

use document::{Item, Sort};
use fault::Simple;

use super::{Cx, Each, wrong};

/// Shows a record of each member: a value that is an object with the key added, any other beside it.
pub(super) fn each<'a>(object: Item<'a>, key_as: &'a str, value_as: &'a str, cx: Cx<'_, 'a>, each: Each<'_, 'a>) -> Result<(), Simple> {
    match object.sort() {
        Sort::Object => {}
        Sort::Null => return Ok(()),
        other => return Err(wrong("an object for `entries`", other)),
    }
    for (key, value) in object.entries() {
        let key = (key_as, Item::Text(cx.arena.keep(key)));
        each(if value.sort() == Sort::Object { cx.joined(&[key], value)? } else { cx.joined(&[key, (value_as, value)], Item::Null)? })?;
    }
    Ok(())
}
