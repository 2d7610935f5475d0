//! Places `{name}` in addresses: each is filled by somebody, and what is to be filled is there.

use document::Value;

use crate::{Address, Auth, Connector, Inject, Read, Request, Way, address::unfilled, check::{Check, Node}, elements::places};

pub(super) fn check(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    for scan in &connector.scans {
        let Some(only) = &scan.only_keys else { continue };
        let at = format!("{}/only_keys/inject", scan.at.trim_end_matches("/entity"));
        if let (None, Some(read)) = (&scan.read, connector.read_of(scan)) {
            takes(cx, &at, read, &scan.entity, &only.inject);
        }
    }
    for entity in &connector.entities {
        let Some(read) = &entity.read else { continue };
        let scans = connector.scans.iter().filter(|scan| scan.entity == entity.name && scan.read.is_none()).filter_map(|scan| scan.only_keys.as_ref()).map(|only| &only.inject);
        let tables = connector.lookups.iter().filter(|table| table.entity == entity.name).filter_map(|table| match &table.fill {
            crate::Fill::Batched { inject, .. } | crate::Fill::PerRecord { inject } => Some(inject),
            crate::Fill::PreloadAll => None,
        });
        // A table that is wrong might have filled it.
        let unsure = root.value.get("lookup").and_then(Value::entries).is_some_and(|tables| tables.len() > connector.lookups.len());
        let filled: Vec<&str> = places::filled(read).into_iter().chain(scans.chain(tables).filter_map(places::hole)).collect();
        if !unsure {
            all(cx, read, &filled);
        }
    }
    for scan in &connector.scans {
        let Some(read) = &scan.read else { continue };
        let filled: Vec<&str> = places::filled(read).into_iter().chain(scan.only_keys.iter().filter_map(|only| places::hole(&only.inject))).collect();
        all(cx, read, &filled);
    }
    let ways: Vec<&Auth> = match &connector.auth {
        Auth::OneOf { cases, .. } => cases.iter().map(|(_, way)| way).collect(),
        way => vec![way],
    };
    let logins = ways.into_iter().filter_map(|way| if let Auth::TokenExchange(login) = way { Some(&login.request) } else { None });
    for request in connector.test.iter().chain(connector.delivers.iter().map(|deliver| &deliver.request)).chain(logins) {
        open(cx, request, &[]);
    }
}

/// Every request of a way to read.
fn all(cx: &mut Check, read: &Read, filled: &[&str]) {
    open(cx, &read.request, filled);
    if let Some(Way::Scroll { open: first, close, .. }) = read.pagination.as_ref().map(|pagination| &pagination.way) {
        open(cx, first, &[]);
        close.iter().for_each(|close| open(cx, close, filled));
    }
}

/// Places of an address nobody fills.
fn open(cx: &mut Check, request: &Request, filled: &[&str]) {
    let address: &Address = &request.address;
    for hole in address.holes().filter(|hole| !filled.contains(hole)) {
        unfilled(cx, &format!("{}/url", request.at), hole, Some(filled));
    }
}

/// A place in the request of an entity that is asked for from elsewhere.
pub(super) fn takes(cx: &mut Check, at: &str, read: &Read, entity: &str, inject: &Inject) {
    if places::injects(read).contains(&inject) {
        cx.error("definition_unknown_value", at, format!("the request of `{entity}` has something else there already"), "name another place");
    } else if places::in_address(&read.request, inject) {
        cx.error("definition_unknown_value", at, format!("the `url` of the request of `{entity}` has this parameter as well, and both would be sent"), "keep one of them");
    } else if !read.request.takes(inject) {
        let hint = match inject {
            Inject::Path(name) => format!("write `{{{name}}}` where it goes in its `url`"),
            Inject::Form(_) => "use `\"in\": \"body\"` with a pointer".to_owned(),
            _ => "use `\"in\": \"form\"` with a name".to_owned(),
        };
        cx.error("definition_unknown_value", at, format!("the request of `{entity}` has no such place"), hint);
    }
}
