//! Answers that tell of an outage or of refused credentials, and are skipped by a rule of `errors`: nothing was read, and it looks as if
//! nothing were there; or nothing was delivered, and it counts as done.

use std::collections::BTreeSet;

use document::{Arena, Fuel, Item};
use expr::{Cx, DEFAULT_FUEL};
use jiff::Timestamp;

use crate::{Class, Connector, Purpose, Read, Rule, When, check::Check};

/// Statuses that never say that there is nothing.
const REFUSED: [u16; 2] = [401, 403];
const DOWN: std::ops::Range<u16> = 500..600;

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    let counts = counting(connector);
    for entity in &connector.entities {
        entity.read.iter().for_each(|read| rules(cx, &read.errors, counts.contains(entity.name.as_str()), false));
    }
    for scan in &connector.scans {
        scan.read.iter().for_each(|read| rules(cx, &read.errors, scan.complete, false));
    }
    rules(cx, &connector.errors, connector.scans.iter().any(|scan| scan.complete), !connector.delivers.is_empty());
}

/// The entities from whose absence something is concluded, and their parents.
fn counting(connector: &Connector) -> BTreeSet<&str> {
    let scans = || connector.scans.iter().filter(|scan| scan.complete);
    let mut open: Vec<&str> = scans().filter(|scan| scan.read.is_none()).map(|scan| scan.entity.as_str()).collect();
    open.extend(scans().filter_map(|scan| scan.read.as_ref()).flat_map(parents));
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(connector.entity(name).and_then(|entity| entity.read.as_ref()).into_iter().flat_map(parents));
        }
    }
    found
}

fn parents(read: &Read) -> impl Iterator<Item = &str> {
    read.fan_out.iter().flat_map(|level| &level.from).map(|parent| parent.entity.as_str())
}

fn rules(cx: &mut Check, rules: &[Rule], counts: bool, delivers: bool) {
    for rule in rules.iter().filter(|rule| rule.class == Class::Skip) {
        let Some(statuses) = skipped(&rule.when) else { continue };
        let is_for = |purpose| rule.on.is_empty() || rule.on.contains(&purpose);
        let at = format!("{}/class", rule.at);
        let hint = "leave these statuses out, or say with `header` or with a condition on `response` which of the answers mean that there is nothing";
        if delivers && is_for(Purpose::Deliver) {
            cx.error("definition_unknown_value", &at, format!("a delivery that is answered {statuses} would count as done"), "say with `on` that the rule is about `read`, or leave these statuses out");
        } else if counts && is_for(Purpose::Read) {
            cx.error("definition_unknown_value", &at, format!("an answer of {statuses} tells of an outage or of refused credentials, and would be read as an empty list where a snapshot is `complete`"), hint);
        } else if is_for(Purpose::Read) {
            cx.warning("definition_unknown_value", &at, format!("an answer of {statuses} tells of an outage or of refused credentials, and would be read as an empty list"), hint);
        } else if is_for(Purpose::Test) {
            cx.warning("definition_unknown_value", &at, format!("credentials that are tried and answered {statuses} would count as good"), "leave these statuses out");
        }
    }
}

/// Which of these statuses a rule takes by the status alone, in words.
fn skipped(when: &When) -> Option<String> {
    let looks = |body: &expr::Template| body.names().iter().any(|(root, _)| !matches!(*root, "status" | "config"));
    if when.header.is_some() || when.body.as_ref().is_some_and(looks) {
        return None;
    }
    let takes = |status: u16| {
        let named = when.status.is_empty() || when.status.iter().any(|(from, to)| (*from..=*to).contains(&status));
        named && when.body.as_ref().is_none_or(|body| holds(body, status))
    };
    let mut words: Vec<String> = REFUSED.into_iter().filter(|status| takes(*status)).map(|status| status.to_string()).collect();
    words.extend(DOWN.clone().find(|status| takes(*status)).map(|first| if DOWN.clone().all(takes) { "5xx".to_owned() } else { first.to_string() }));
    (!words.is_empty()).then(|| words.join(" or "))
}

/// Whether a condition holds of a status, whatever the answer says; where it needs to know more it is taken for one that says more.
fn holds(body: &expr::Template, status: u16) -> bool {
    let (arena, fuel, status) = (Arena::new(), Fuel::new(DEFAULT_FUEL), status.to_string());
    let found = body.condition(&("status", Item::Number(&status)), &Cx::new(&arena, &fuel, Timestamp::UNIX_EPOCH));
    found.is_ok_and(|value| value.and_then(Item::bool) == Some(true))
}
