//! What is declared and used nowhere: a slip in a name, or something to be removed. The definition works, so these are warnings.

use std::collections::BTreeSet;

use document::{Value, token};
use fault::Severity;

use super::names;
use crate::{Connector, check::{Check, Node}};

pub(super) fn check(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    let finding = |told: fn(&fault::Finding) -> bool, cx: &Check| cx.list().iter().any(told);
    // A name that cannot be read may be the one that is missed, and a secret that is written out stands where a name belongs.
    if !finding(|finding| finding.code.starts_with("expression_") || finding.code == "definition_secret", cx) {
        config(cx, root, connector);
    }
    // What is wrong elsewhere may be what uses these.
    if !finding(|finding| finding.severity == Severity::Error, cx) {
        tables(cx, connector);
        captured(cx, root);
    }
}

/// Values a connection is asked for, and values made of others.
fn config(cx: &mut Check, root: &Node<'_>, connector: &Connector) {
    let mut used = BTreeSet::new();
    for (key, value) in root.value.entries().unwrap_or_default().iter().filter(|(key, _)| key != "metadata") {
        match value.entries().filter(|_| key == "config") {
            Some(entries) => entries.iter().filter_map(|(_, entry)| entry.get("derive")).for_each(|derive| mentioned(derive, "config", &mut used)),
            None => mentioned(value, "config", &mut used),
        }
    }
    implied(root.value, &mut used);
    for name in names(root, "config").filter(|name| !used.contains(name)) {
        // What is declared wrong is said there.
        let Some(entry) = connector.config.iter().find(|entry| entry.name == name) else { continue };
        let what = match entry {
            entry if entry.derive.is_some() => "nothing uses what is made here",
            entry if entry.secret => "people are asked for this secret, and nothing uses it",
            _ => "people are asked for this, and nothing uses it",
        };
        cx.warning("definition_unused", &format!("/config/{}", token(name)), format!("{what}: `{name}`"), format!("write `{{{{ config.{name} }}}}` where it belongs, or remove it"));
    }
}

/// Names that are used without being written: those of `oauth2`, and what webhooks are signed with.
fn implied<'v>(root: &'v Value, used: &mut BTreeSet<&'v str>) {
    let auth = root.get("auth");
    let cases = auth.and_then(|auth| auth.get("one_of")?.get("cases")?.entries()).unwrap_or_default();
    for oauth2 in auth.into_iter().chain(cases.iter().map(|(_, case)| case)).filter(|auth| auth.get("type").and_then(Value::as_str) == Some("oauth2")) {
        let refreshes = oauth2.get("grant").and_then(Value::as_str) == Some("refresh_token");
        let names = ["client_id", "client_secret"].into_iter().chain(refreshes.then_some("refresh_token"));
        used.extend(names.filter(|name| oauth2.get(name).is_none()));
    }
    used.extend(root.get("webhook").map(|_| "webhook_secret"));
}

/// Tables nobody looks anything up in.
fn tables(cx: &mut Check, connector: &Connector) {
    let reads = connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref()));
    let used: BTreeSet<&str> = reads.flat_map(|read| &read.lookups).map(|used| used.table.as_str()).collect();
    for table in connector.lookups.iter().filter(|table| !used.contains(table.name.as_str())) {
        cx.warning("definition_unused", &format!("/lookup/{}", token(&table.name)), format!("nothing looks anything up in `{}`", table.name), "name it in the `lookup` of an entity, or remove it");
    }
}

/// Values captured beside a token.
fn captured(cx: &mut Check, root: &Node<'_>) {
    let mut used = BTreeSet::new();
    mentioned(root.value, "token", &mut used);
    let Some(auth) = root.get("auth") else { return };
    let cases = auth.get("one_of").and_then(|one| one.get("cases"));
    let several = cases.iter().flat_map(|cases| cases.value.entries().unwrap_or_default().iter().map(|(name, case)| cases.child(name, case)));
    for capture in std::iter::once(auth.clone()).chain(several).filter_map(|auth| auth.get("capture")) {
        for (name, value) in capture.value.entries().unwrap_or_default().iter().filter(|(name, _)| !used.contains(name.as_str())) {
            cx.warning("definition_unused", &capture.child(name, value).at, format!("nothing uses what is captured here: `{name}`"), format!("write `{{{{ token.{name} }}}}` where it belongs, or remove it"));
        }
    }
}

/// The members of a root that any text names, in an expression or by itself.
fn mentioned<'v>(value: &'v Value, root: &str, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => found.extend(text.match_indices(root).filter_map(|(at, _)| member(text[at + root.len()..].trim_start()))),
        Value::Array(items) => items.iter().for_each(|item| mentioned(item, root, found)),
        Value::Object(entries) => entries.iter().for_each(|(_, entry)| mentioned(entry, root, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The name behind a dot, or between quotes in brackets.
fn member(rest: &str) -> Option<&str> {
    if let Some(name) = rest.strip_prefix('.').map(str::trim_start) {
        return Some(&name[..name.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(name.len())]);
    }
    let inside = rest.strip_prefix('[')?.trim_start();
    let quote = inside.chars().next().filter(|char| matches!(char, '\'' | '"'))?;
    inside[1..].split_once(quote).map(|(name, _)| name)
}
