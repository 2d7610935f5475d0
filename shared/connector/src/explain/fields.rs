//! The places of records that are looked at, and the canonical fields that are made of them.

use std::collections::{HashMap, HashSet};

use document::Path;
use expr::Template;
use mapping::Source;

use super::uses;
use crate::{CanonicalMap, Connector, CursorFrom, EventMapping, EventType, Read, Way};

/// A place of a record, and what looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldUse {
    /// The place, as a path.
    pub path: String,
    /// What looks at it: `id`, `changed`, a canonical field as `order.status`, …
    pub by: Vec<String>,
}

/// The places found so far.
#[derive(Default)]
pub(super) struct Fields {
    list: Vec<FieldUse>,
    /// Where each path stands in the list, and what of it is noted: a definition may name very many.
    index: HashMap<String, (usize, HashSet<String>)>,
}

impl Fields {
    pub(super) fn into_list(self) -> Vec<FieldUse> {
        self.list
    }

    pub(super) fn note(&mut self, path: &str, by: &str) {
        if !self.index.contains_key(path) {
            self.index.insert(path.to_owned(), (self.list.len(), HashSet::new()));
            self.list.push(FieldUse { path: path.to_owned(), by: Vec::new() });
        }
        if let Some((at, known)) = self.index.get_mut(path)
            && known.insert(by.to_owned())
            && let Some(field) = self.list.get_mut(*at)
        {
            field.by.push(by.to_owned());
        }
    }

    fn paths<'p>(&mut self, paths: impl IntoIterator<Item = &'p Path>, by: &str) {
        paths.into_iter().for_each(|path| self.note(path.text(), by));
    }

    /// What an expression names below a root that stands for the record, or for a part of it at `base`.
    fn named<'t>(&mut self, templates: impl IntoIterator<Item = &'t Template>, root: &str, base: &str, by: &str) {
        for name in templates.into_iter().flat_map(|template| uses::below(template, root)) {
            self.note(&if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") }, by);
        }
    }

    /// Where a change tells its id, type, time and content.
    pub(super) fn events(&mut self, events: &EventMapping) {
        self.paths(&events.external_id, "id");
        if let Some(EventType::Path(path)) = &events.event_type {
            self.paths([path], "event type");
        }
        self.paths(&events.occurred_at, "time");
        self.paths([&events.payload], "payload");
    }

    /// What a canonical map looks at.
    pub(super) fn map(&mut self, map: &CanonicalMap) {
        self.note(&map.plan.key.to_string(), &format!("{} key", map.kind.name));
        self.sources(&map.plan.fields, "$", map.kind.name);
        map.plan.extensions.iter().for_each(|place| self.note(&place.to_string(), &format!("{} extensions", map.kind.name)));
    }

    fn sources(&mut self, fields: &[(String, Source)], base: &str, around: &str) {
        for (name, source) in fields {
            let by = format!("{around}.{name}");
            match source {
                Source::Pick(pick) => [Some(&pick.path), pick.absent_when_null.as_ref()].into_iter().flatten().for_each(|place| self.note(&under(base, &place.to_string()), &by)),
                Source::Const(_) => {}
                Source::Value(template) => {
                    self.named([template], "record", "$", &by);
                    self.named([template], "item", base, &by);
                }
                Source::Each { path, fields } => self.sources(fields, &under(base, path.text()), &format!("{by}[]")),
            }
        }
    }

    fn read(&mut self, read: &Read) {
        self.paths(&read.records.primary_key, "primary key");
        self.paths(&read.records.dedupe, "dedupe");
        self.named(&read.records.filter, "record", "$", "filter");
        self.paths(read.incremental.iter().map(|incremental| &incremental.cursor), "changed");
        if let Some(pagination) = &read.pagination {
            let (position, last) = match &pagination.way {
                Way::Keyset(keys) => (keys.iter().map(|key| &key.from).collect(), Vec::new()),
                Way::Cursor { from: CursorFrom::Template(from), .. } => (Vec::new(), vec![from]),
                Way::Vars { next, .. } => (Vec::new(), next.iter().map(|(_, next)| next).collect()),
                _ => (Vec::new(), Vec::new()),
            };
            self.paths(position, "next page");
            self.named(last.into_iter().chain(&pagination.stop.until), "last", "$", "next page");
        }
        for tree in read.fan_out.iter().filter_map(|level| level.recursive.as_ref()) {
            self.paths([&tree.value], "children");
            self.named(&tree.filter, "record", "$", "children");
        }
        read.lookups.iter().for_each(|used| self.paths([&used.key], &format!("lookup {}", used.table)));
    }

    /// What others look at who are read once for each of these records.
    fn children(&mut self, read: &Read, child: &str, entity: &str) {
        for parent in read.fan_out.iter().flat_map(|level| &level.from).filter(|parent| parent.entity == entity) {
            let by = format!("parent of {child}");
            self.paths(&parent.each, &by);
            let base = parent.each.as_ref().map_or("$", Path::text);
            [&parent.value].into_iter().chain(parent.keep.iter().map(|(_, path)| path)).chain(&parent.first_page).for_each(|path| self.note(&under(base, path.text()), &by));
            self.named(&parent.filter, "record", base, &by);
        }
    }
}

/// The places of the records of an entity.
pub(super) fn of(connector: &Connector, entity: &str) -> Vec<FieldUse> {
    let mut fields = Fields::default();
    if let Some(entity) = connector.entity(entity) {
        fields.events(&entity.events);
        entity.read.iter().for_each(|read| fields.read(read));
    }
    for scan in connector.scans.iter().filter(|scan| scan.entity == entity) {
        scan.read.iter().for_each(|read| fields.read(read));
        fields.named(&scan.absent, "record", "$", "absent");
    }
    for table in connector.lookups.iter().filter(|table| table.entity == entity) {
        fields.paths([&table.matches, &table.value], &format!("table {}", table.name));
    }
    for child in &connector.entities {
        child.read.iter().for_each(|read| fields.children(read, &child.name, entity));
    }
    connector.scans.iter().for_each(|scan| scan.read.iter().for_each(|read| fields.children(read, &scan.entity, entity)));
    connector.canonical_map(entity).into_iter().for_each(|map| fields.map(map));
    fields.into_list()
}

/// The canonical fields that are made; those of lists behind `[]`.
pub(super) fn written(fields: &[(String, Source)]) -> Vec<String> {
    fields.iter().flat_map(|(name, source)| match source {
        Source::Each { fields, .. } => written(fields).into_iter().map(|inner| format!("{name}[].{inner}")).collect(),
        Source::Pick(_) | Source::Const(_) | Source::Value(_) => vec![name.clone()],
    }).collect()
}

/// A path that begins at a place.
fn under(base: &str, path: &str) -> String {
    format!("{base}{}", path.strip_prefix('$').unwrap_or(path))
}
