//! The columns a table has to have: those that say which record a row is, and when it changed. An error of an old system is often a
//! text with a good status, and as a table it would be one without rows.

use connector::{Connector, EventMapping, Format, Read};
use document::{Path, Step};
use fault::Simple;

/// How the events of a way to read are told: of its entity, or of the one a scan is of.
pub(crate) fn events<'c>(connector: &'c Connector, read: &Read) -> Option<&'c EventMapping> {
    let own = |other: &Option<Read>| other.as_ref().is_some_and(|other| std::ptr::eq(other, read));
    let scanned = || connector.scans().iter().find(|scan| own(&scan.read)).and_then(|scan| connector.entity(&scan.entity));
    connector.entities().iter().find(|entity| own(&entity.read)).or_else(scanned).map(|entity| &entity.events)
}

/// The names a header has to have. An id of the events is asked for where no key is named: several entities may share theirs.
pub(crate) fn needed<'r>(read: &'r Read, events: Option<&'r EventMapping>) -> Vec<&'r str> {
    let records = &read.records;
    let Format::Csv(csv) = &records.decode.format else { return Vec::new() };
    if csv.columns.is_some() || records.form.is_some() || !records.expand.is_empty() {
        return Vec::new();
    }
    let id = events.and_then(EventMapping::written_id).filter(|_| records.primary_key.is_empty());
    let paths = records.primary_key.iter().chain(id).chain(read.incremental.iter().map(|incremental| &incremental.cursor));
    paths.filter_map(name).filter(|name| !records.add.iter().any(|(added, _)| added == name)).collect()
}

fn name(path: &Path) -> Option<&str> {
    if let Some([Step::Name(name)]) = path.plain_steps() { Some(name) } else { None }
}

/// Refuses a table whose header lacks one of the names.
pub(crate) fn checked(needed: &[&str], header: &[String], line: &str, shown: &dyn Fn(&str) -> String) -> Result<(), Simple> {
    match needed.iter().find(|name| !header.iter().any(|column| column == *name)) {
        Some(name) => Err(Simple::retry("destination_nonsense", format!("the answer is no table with a column `{name}`: it begins `{}`", shown(line)))),
        None => Ok(()),
    }
}
