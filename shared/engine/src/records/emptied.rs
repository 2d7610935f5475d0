//! Lists of XML that are empty: no element stands there that could become an array, only the one that is around them.

use connector::{Format, Records, Xml};
use document::{Item, Path, Sort, Step};

use super::place::Found;

/// An empty list where a path names elements that always are one, and the element around them is there: inside the root it may have others,
/// such as a count; the root itself must not, for it is also what is around an error.
pub(super) fn list<'a>(path: &Path, answer: Item<'a>, records: &Records) -> Option<Found<'a>> {
    let Format::Xml(xml) = &records.decode.format else { return None };
    let (Step::Name(name), steps) = path.steps().split(|step| *step == Step::Each).next()?.split_last()? else { return None };
    let around = steps.iter().try_fold(answer, |item, step| match step {
        Step::Name(name) => item.get(name),
        Step::Index(index) => item.index(usize::try_from(*index).ok()?),
        Step::Each => None,
    })?;
    let inside = steps.len() > 1 && around.sort() == Sort::Object && around.get(&xml.text).is_none();
    (xml.always_list.contains(name) && (inside || is_bare(around, xml))).then(|| Found::Many(Vec::new()))
}

/// Whether an element has neither children nor a text; attributes are told from children by what stands before their names.
fn is_bare(element: Item<'_>, xml: &Xml) -> bool {
    if let Some(text) = element.text() {
        return text.is_empty();
    }
    !xml.attributes.is_empty() && element.len() > 0 && element.entries().all(|(name, _)| name.starts_with(&xml.attributes))
}
