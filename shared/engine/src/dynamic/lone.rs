//! Records that are no objects, of which a definition reads members: a list of one that stands without its list, most often. Taken for
//! records, its members would be read and the one would be lost, and nobody would notice.

use connector::{EventMapping, Places, Read};
use document::{Item, Path, Sort, Step};
use fault::Simple;

/// Refuses such a record.
pub(crate) fn checked(read: &Read, events: &EventMapping, record: Item<'_>) -> Result<(), Simple> {
    if record.sort() == Sort::Object {
        return Ok(());
    }
    let records = &read.records;
    let member = |path: &&Path| matches!(path.steps().first(), Some(Step::Name(name)) if !records.add.iter().any(|(added, _)| added == name));
    let mut paths = records.primary_key.iter().chain(events.written_id()).chain(read.incremental.iter().map(|incremental| &incremental.cursor));
    let Some(path) = paths.find(member) else { return Ok(()) };
    let cure = if is_listed(read) { "if a list of one stands there without its list, name it in `always_list` where it is XML, or leave `[*]` out" } else { "correct `records.path`, read the record itself with `$`, or `wrap` it" };
    Err(Simple::reject("definition_records", format!("a record is no object but a {}, and `{path}` is read from it: {cure}", record.sort().word())))
}

/// Whether a path to the records ends with all that is in something.
fn is_listed(read: &Read) -> bool {
    let (Places::First(places) | Places::Union(places)) = &read.records.at else { return false };
    places.iter().any(|place| place.text().trim_end().ends_with("[*]"))
}
