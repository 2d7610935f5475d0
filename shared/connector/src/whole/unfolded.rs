//! Records that are unfolded, and pages that are asked for by them: a source pages by what it lists, whatever stands inside.

use document::{Path, Step};
use expr::Template;

use crate::{Blank, Connector, CursorFrom, Pagination, Places, Read, Way, check::Check, tree::uses};

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    for read in connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref())) {
        let Some(pagination) = &read.pagination else { continue };
        // A request stands beside what belongs to it, or around it.
        let beside = read.request.at.strip_suffix("/request").unwrap_or(&read.request.at).to_owned();
        by_path(cx, &beside, read, pagination);
        kept(cx, &beside, read, pagination);
    }
}

/// A path that names what stands inside records shows nothing of them.
fn by_path(cx: &mut Check, beside: &str, read: &Read, pagination: &Pagination) {
    let (Places::First(places) | Places::Union(places)) = &read.records.at else { return };
    let (last, counts) = (goes_by(pagination, "last") || matches!(pagination.way, Way::Keyset(_)), counts(pagination));
    let paths = places.iter().filter_map(|place| place.path(|_| Ok(Some("name".to_owned()))).ok().flatten());
    for path in paths.filter(|path| (last && is_inside(path)) || (counts && is_many(path))) {
        let message = format!("`{}` names what is inside the records of a page, or some of them: where there is none the page looks shorter than it is, or empty, and the next one is asked for by that", path.text());
        cx.warning("definition_records", &format!("{beside}/records/path"), message, "end `path` at the list the source pages by; name what is inside with `expand`, and choose with `filter`");
    }
}

/// What expanded records take along stands elsewhere in the record around them, which is the one pages are asked for by.
fn kept(cx: &mut Check, beside: &str, read: &Read, pagination: &Pagination) {
    let Way::Keyset(keys) = &pagination.way else { return };
    for key in keys {
        let Some(Step::Name(name)) = key.from.steps().first() else { continue };
        let from = read.records.expand.iter().flat_map(|step| &step.keep).find_map(|(kept, path)| (kept == name && path.text() != key.from.text()).then(|| path.text()));
        if let Some(from) = from {
            let message = format!("`{}` is what `keep` gives to expanded records, and the next page begins behind the record around them", key.from.text());
            cx.warning("definition_records", &format!("{beside}/pagination"), message, format!("name the value where that record has it: `{from}`"));
        }
    }
}

/// Whether a template of the pagination looks at a name.
fn goes_by(pagination: &Pagination, name: &str) -> bool {
    let within = |template: &Template| uses(template, name);
    let way = match &pagination.way {
        Way::Cursor { from: CursorFrom::Template(template), .. } => within(template),
        Way::Vars { next, .. } => next.iter().any(|(_, template)| within(template)),
        _ => false,
    };
    way || pagination.stop.until.as_ref().is_some_and(within)
}

/// Whether it goes by how many records a page shows.
fn counts(pagination: &Pagination) -> bool {
    let stop = &pagination.stop;
    goes_by(pagination, "count") || stop.empty != Blank::Amid || stop.short || stop.total.is_some() || matches!(pagination.way, Way::Offset { .. } | Way::Scroll { .. })
}

/// Whether a path goes on behind what it names many of.
fn is_inside(path: &Path) -> bool {
    let behind = path.plain_steps().is_some_and(|steps| steps.iter().rev().skip(1).any(|step| *step == Step::Each));
    behind || is_many(path)
}

/// Whether it names many of many, or chooses among them.
fn is_many(path: &Path) -> bool {
    let each = path.steps().iter().filter(|step| **step == Step::Each).count();
    each > 1 || (path.plain_steps().is_none() && (path.text().contains("..") || path.text().contains("[?")))
}
