//! What only the whole definition can tell: whether the parts that name each other exist.

mod holes;
mod idle;
mod listed;
mod named;
mod outages;
mod parents;
mod sent;
mod shown;
mod unfolded;

use document::{Value, token};

use crate::{Connector, check::{Check, Named, Node, Reference}, draft::MOST, nearest};

pub(crate) fn check(cx: &mut Check, root: &Node<'_>, connector: &Connector, polled: Option<&str>) {
    // What is declared and wrong is said where it stands, not where it is named.
    let read: Vec<&str> = names(root, "entities").chain(polled).collect();
    let broken = |name: &str| read.contains(&name) && connector.entity(name).is_none();
    let told = connector.webhook.iter().flat_map(|webhook| webhook.entities.iter().map(|(_, entity)| entity.as_str()));
    let scanned = root.value.get("snapshot").and_then(Value::entries).unwrap_or_default().iter().filter(|(_, scan)| scan.get("request").is_some()).filter_map(|(_, scan)| scan.get("entity")?.as_str());
    let known: Vec<&str> = read.iter().copied().chain(told).chain(scanned).collect();
    let whole_webhook = root.value.get("webhook").is_none() || connector.webhook.is_some();
    for name in names(root, "canonical_map").filter(|name| whole_webhook && !known.contains(name)) {
        unknown(cx, &format!("/canonical_map/{}", token(name)), name, &known);
    }
    for (index, scan) in connector.scans.iter().enumerate() {
        let named = names(root, "canonical_map").any(|name| name == scan.entity);
        let mapped = connector.canonical_maps.iter().filter(|map| map.entity == scan.entity);
        if !named || mapped.clone().any(|map| map.kind != scan.kind) {
            let message = format!("`{}` has no canonical map to `{}`", scan.entity, scan.kind.name);
            let others: Vec<&str> = connector.canonical_maps.iter().filter(|map| map.kind == scan.kind).map(|map| map.entity.as_str()).collect();
            let hint = nearest(&scan.entity, others.iter().copied()).map_or_else(|| "add `canonical_map` for the entity, or name one that has it".to_owned(), |near| format!("did you mean `{near}`?"));
            cx.error("definition_entity", &scan.at, message, hint);
        } else if connector.read_of(scan).is_none() && !broken(&scan.entity) {
            cx.error("definition_entity", &scan.at, format!("`{}` cannot be read", scan.entity), "give the entity a `read`, or the snapshot a `request`");
        }
        if connector.scans[..index].iter().any(|other| other.kind == scan.kind && other.entity == scan.entity && other.read.is_some() == scan.read.is_some()) {
            let at = scan.at.trim_end_matches("/entity");
            cx.error("definition_entity", at, format!("`{}` is scanned twice, of the same entity", scan.kind.name), "keep one of them");
        }
    }
    duplicates(cx, root, polled);
    parents::check(cx, connector);
    references(cx, root, &read, polled);
    lookups(cx, connector);
    depth_caps(cx, connector);
    moving(cx, connector);
    unfolded::check(cx, connector);
    whole_scans(cx, connector);
    stock(cx, connector);
    holes::check(cx, root, connector);
    sent::check(cx, connector);
    outages::check(cx, connector);
    listed::check(cx, connector);
    named::check(cx, root, connector);
    shown::check(cx, connector);
    sides(cx, root);
    idle::check(cx, root, connector);
}

/// A stock quantity is not made up on its way either: what is added to a record is looked at where a map takes it for one.
fn stock(cx: &mut Check, connector: &Connector) {
    for map in connector.canonical_maps.iter().filter(|map| map.kind.name == "stocklevel") {
        let Some(read) = connector.entity(&map.entity).and_then(|entity| entity.read.as_ref()) else { continue };
        let taken: Vec<String> = map.plan.fields.iter().filter(|(name, _)| name == "quantity").flat_map(|(_, source)| match source {
            mapping::Source::Pick(pick) => pick.path.names().and_then(|names| names.first().map(|name| vec![(*name).to_owned()])).unwrap_or_default(),
            mapping::Source::Value(template) => template.names().into_iter().filter(|(root, _)| *root == "record").filter_map(|(_, steps)| steps.first().map(ToString::to_string)).collect(),
            mapping::Source::Const(_) | mapping::Source::Each { .. } => Vec::new(),
        }).collect();
        for (name, _) in read.records.add.iter().filter(|(name, template)| taken.contains(name) && mapping::invents(template)) {
            let at = format!("/entities/{}/read/records/add/{}", token(&map.entity), token(name));
            let message = "the expression may give a stock quantity where the source is silent";
            cx.error("definition_stock_default", &at, message, format!("let it be absent where its fields are: absent is not zero, and `{}` takes `{template_name}` for a quantity", map.entity, template_name = name));
        }
    }
}

/// The names an author gave to the entries of an object.
fn names<'v>(root: &Node<'v>, key: &str) -> impl Iterator<Item = &'v str> {
    root.value.get(key).and_then(Value::entries).unwrap_or_default().iter().map(|(name, _)| name.as_str())
}

/// What fills tables can be asked for keys.
fn lookups(cx: &mut Check, connector: &Connector) {
    for table in &connector.lookups {
        let Some(read) = connector.entity(&table.entity).and_then(|entity| entity.read.as_ref()) else { continue };
        if !read.lookups.is_empty() {
            cx.error("definition_entity", &table.at, format!("`{}` looks things up itself", table.entity), "fill tables from an entity without `lookup`");
        }
        if let crate::Fill::Batched { inject, .. } | crate::Fill::PerRecord { inject } = &table.fill {
            holes::takes(cx, &format!("/lookup/{}/inject", token(&table.name)), read, &table.entity, inject);
        }
    }
}

/// A listing that begins anew behind its last record needs to know where that is.
fn depth_caps(cx: &mut Check, connector: &Connector) {
    for read in connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref())) {
        let Some(pagination) = read.pagination.as_ref().filter(|pagination| pagination.depth_cap.is_some()) else { continue };
        let ascending = read.incremental.as_ref().is_some_and(|incremental| incremental.order == crate::Order::Ascending);
        if !ascending && !matches!(pagination.way, crate::Way::Keyset(_)) {
            // A request stands beside what belongs to it, or around it.
            let beside = read.request.at.strip_suffix("/request").unwrap_or(&read.request.at);
            cx.error("definition_missing_key", &format!("{beside}/pagination/depth_cap"), "nothing tells where the listing begins anew", "add `incremental` with `\"order\": \"asc\"`");
        }
    }
}

/// Numbered pages in no order that is told are read twice. Where a window has an end, what changes leaves it, and whole pages may move up
/// meanwhile: they have to tell that they became fewer.
fn moving(cx: &mut Check, connector: &Connector) {
    for read in connector.entities.iter().filter_map(|entity| entity.read.as_ref()) {
        let (Some(pagination), Some(incremental)) = (&read.pagination, &read.incremental) else { continue };
        let numbered = matches!(pagination.way, crate::Way::Page { .. } | crate::Way::Offset { .. });
        let beside = read.request.at.strip_suffix("/request").unwrap_or(&read.request.at);
        let unknown = matches!(incremental.order, crate::Order::Unknown | crate::Order::Unsaid);
        if numbered && unknown && incremental.kind == crate::CursorKind::Integer {
            let hint = "sort by that number and say `\"order\": \"asc\"`; `desc` where the greatest come first";
            cx.warning("definition_missing_key", &format!("{beside}/incremental"), "numbers that tell changes come in no order: what changes while pages are read is passed over where a later change is seen first", hint);
        } else if numbered && incremental.end.is_some() && unknown && pagination.stop.total.is_none() {
            cx.warning("definition_missing_key", &format!("{beside}/incremental/inject/end"), "what changes while pages are read leaves the window, and others move up unseen", "sort by the time of change and say `\"order\": \"asc\"`, name the `total`, or leave the end away");
        } else if numbered && incremental.order == crate::Order::Unsaid {
            let hint = "say `\"order\": \"asc\"` where it is sorted by change, oldest first, which takes half the requests; `desc` where the newest come first; `unknown` where it is neither";
            cx.warning("definition_missing_key", &format!("{beside}/incremental"), "nothing says in which order the list comes: pages that are numbered move while it is read, and each is asked for twice", hint);
        }
    }
}

/// A scan with a request of its own is read by itself: without the pages of its entity it would be its first page.
fn whole_scans(cx: &mut Check, connector: &Connector) {
    for scan in &connector.scans {
        let Some(own) = scan.read.as_ref().filter(|own| own.pagination.is_none()) else { continue };
        let paged = connector.entities.iter().any(|entity| entity.name == scan.entity && entity.read.as_ref().is_some_and(|read| read.pagination.is_some()));
        if paged {
            let beside = own.request.at.strip_suffix("/request").unwrap_or(&own.request.at);
            cx.warning("definition_missing_key", &format!("{beside}/request"), format!("`{}` is read page by page, and with a request of its own the snapshot is one page", scan.entity), "add `pagination` beside it, as the entity has it");
        }
    }
}

fn unknown(cx: &mut Check, at: &str, name: &str, known: &[&str]) {
    // What is told no more needs no hint, and a hint costs a look at every name.
    let near = if cx.list().len() < MOST { nearest(name, known.iter().copied()) } else { None };
    let hint = near.map_or_else(|| "declare it under `entities`".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("definition_entity", at, format!("no entity `{name}`"), hint);
}

/// Names of what stands elsewhere: it is there, and it is read where that is needed.
fn references(cx: &mut Check, root: &Node<'_>, entities: &[&str], polled: Option<&str>) {
    let reads = |name: &str| polled == Some(name) || root.value.get("entities").and_then(|entities| entities.get(name)).is_some_and(|entity| entity.get("read").is_some() || entity.entries().is_none());
    let tables: Vec<&str> = names(root, "lookup").collect();
    // An entry is named after its type, or names it.
    let scans = root.value.get("snapshot").and_then(Value::entries).unwrap_or_default().iter();
    let scanned: Vec<&str> = scans.map(|(name, scan)| scan.get("canonicalType").and_then(Value::as_str).unwrap_or(name)).collect();
    for Reference { kind, at, name } in std::mem::take(&mut cx.references) {
        match kind {
            Named::Table if !tables.contains(&name.as_str()) => {
                let tables = if cx.list().len() < MOST { tables.as_slice() } else { &[] };
                let hint = nearest(&name, tables.iter().copied()).map_or_else(|| "declare it under `lookup`".to_owned(), |near| format!("did you mean `{near}`?"));
                cx.error("definition_entity", &at, format!("no table `{name}`"), hint);
            }
            Named::Read | Named::Tested if !entities.contains(&name.as_str()) => unknown(cx, &at, &name, entities),
            Named::Scanned if !scanned.contains(&name.as_str()) => {
                let hint = match nearest(&name, scanned.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if scanned.is_empty() => "declare how it is read under `snapshot`".to_owned(),
                    None => format!("known here: {}", scanned.join(", ")),
                };
                cx.error("definition_entity", &at, format!("no snapshot reads `{name}`"), hint);
            }
            Named::Read if !reads(&name) => cx.error("definition_entity", &at, format!("`{name}` cannot be read"), "give the entity a `read`"),
            _ => {}
        }
    }
}

fn duplicates(cx: &mut Check, root: &Node<'_>, polled: Option<&str>) {
    if let Some(name) = polled.filter(|polled| names(root, "entities").any(|name| name == *polled)) {
        cx.error("definition_entity", "/endpoints/poll", format!("the entity `{name}` is declared twice"), "keep `entities` or `endpoints.poll`, or change the event type");
    }
}

fn sides(cx: &mut Check, root: &Node<'_>) {
    if root.value.get("mcpConfig").is_some() || root.value.get("protocol").and_then(Value::as_str) == Some("mcp") {
        return;
    }
    let side = root.value.get("metadata").and_then(|metadata| metadata.get("type")?.as_str()).unwrap_or_default();
    let has = |keys: &[&str]| keys.iter().any(|key| root.value.get(key).is_some());
    if matches!(side, "source" | "both") && !has(&["entities", "webhook"]) && root.value.get("endpoints").is_none_or(|endpoints| endpoints.get("poll").is_none()) {
        cx.error("definition_missing_key", "", "a source has nothing to read", "add `entities`, `endpoints.poll` or `webhook`");
    }
    if matches!(side, "destination" | "both") && !has(&["deliver"]) {
        cx.error("definition_missing_key", "", "a destination delivers nothing", "add `deliver`");
    }
}
