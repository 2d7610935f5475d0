//! Lists of XML that are empty: no element stands there that could become an array, only the one that is around them.

use connector::{Format, Records, Xml};
use document::{Item, Path, Step};

use super::place::Found;

/// An empty list where a path names elements that always are one, and the element around them is there without anything in it.
pub(super) fn list<'a>(path: &Path, answer: Item<'a>, records: &Records) -> Option<Found<'a>> {
    let Format::Xml(xml) = &records.decode.format else { return None };
    let (Step::Name(name), around) = path.steps().split(|step| *step == Step::Each).next()?.split_last()? else { return None };
    let around = around.iter().try_fold(answer, |item, step| match step {
        Step::Name(name) => item.get(name),
        Step::Index(index) => item.index(usize::try_from(*index).ok()?),
        Step::Each => None,
    })?;
    (xml.always_list.contains(name) && is_bare(around, xml)).then(|| Found::Many(Vec::new()))
}

/// Whether an element has neither children nor a text; attributes are told from children by what stands before their names.
fn is_bare(element: Item<'_>, xml: &Xml) -> bool {
    if let Some(text) = element.text() {
        return text.is_empty();
    }
    !xml.attributes.is_empty() && element.len() > 0 && element.entries().all(|(name, _)| name.starts_with(&xml.attributes))
}
