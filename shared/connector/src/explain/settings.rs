//! What each value of the configuration is for, and where it is sent.

use std::collections::HashMap;

use expr::Template;

use super::{calls::{self, Errand, Made}, uses};
use crate::{Auth, ConfigEntry, ConfigKind, Connector, CursorFrom, Derive, Pagination, Read, Rule, Values, Wait, Way, When};

/// A value a connection is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// Its kind, as it is written.
    pub kind: &'static str,
    /// Never shown.
    pub secret: bool,
    /// May be left out.
    pub optional: bool,
    /// The value where none is given.
    pub default: Option<String>,
    /// The values it is made of; then nobody gives it.
    pub made_of: Vec<String>,
    /// What it is used for; nothing where no part of the definition names it.
    pub used_for: Vec<Errand>,
    /// The hosts that get to see it.
    pub sent_to: Vec<String>,
}

/// What is known of the values so far.
struct Uses {
    list: Vec<Setting>,
    /// Where each name stands in the list.
    index: HashMap<String, usize>,
}

impl Uses {
    fn note(&mut self, name: &str, errand: &Errand, hosts: &[String]) {
        let Some(setting) = self.index.get(name).and_then(|at| self.list.get_mut(*at)) else { return };
        let before = setting.used_for.len() + setting.sent_to.len();
        if !setting.used_for.contains(errand) {
            setting.used_for.push(errand.clone());
        }
        for host in hosts {
            if !setting.sent_to.contains(host) {
                setting.sent_to.push(host.clone());
            }
        }
        if setting.used_for.len() + setting.sent_to.len() == before {
            // What it is made of knows this too; the ways through values that share others are more than can be walked.
            return;
        }
        // What it is made of goes where it goes.
        for name in setting.made_of.clone() {
            self.note(&name, errand, hosts);
        }
    }

    fn template(&mut self, template: &Template, errand: &Errand, hosts: &[String]) {
        for (root, steps) in template.names() {
            if let ("config", Some(name)) = (root, steps.first()) {
                self.note(name, errand, hosts);
            }
        }
    }

    fn all<'t>(&mut self, templates: impl IntoIterator<Item = &'t Template>, errand: &Errand, hosts: &[String]) {
        templates.into_iter().for_each(|template| self.template(template, errand, hosts));
    }
}

/// Every value, with what it is for.
pub(super) fn settings(connector: &Connector, made: &[Made<'_>]) -> Vec<Setting> {
    let list: Vec<Setting> = connector.config.iter().map(|entry| Setting {
        name: entry.name.clone(), kind: word(entry.kind), secret: entry.secret, optional: entry.optional, default: entry.default.clone(), made_of: made_of(entry), used_for: Vec::new(), sent_to: Vec::new(),
    }).collect();
    let index = list.iter().enumerate().map(|(at, setting)| (setting.name.clone(), at)).collect();
    let mut uses = Uses { list, index };
    for call in made {
        let hosts = call.address.hosts();
        uses.all(call.address.templates(), &call.errand, &hosts);
        uses.all(call.request.into_iter().flat_map(uses::request), &call.errand, &hosts);
    }
    auth(&mut uses, &connector.auth, &calls::opened(made));
    connector.errors.iter().for_each(|rule| self::rule(&mut uses, rule, &Errand::Judge));
    for entity in &connector.entities {
        entity.read.iter().for_each(|read| reading(&mut uses, read, &Errand::Read(entity.name.clone())));
    }
    for scan in &connector.scans {
        let errand = Errand::Snapshot(scan.kind.name);
        scan.read.iter().for_each(|read| reading(&mut uses, read, &errand));
        uses.all(&scan.absent, &errand, &[]);
    }
    uses.list
}

/// The values another is made of, each once.
fn made_of(entry: &ConfigEntry) -> Vec<String> {
    let mut names: Vec<String> = entry.derive.iter().flat_map(Derive::names).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// Credentials go to everybody who is spoken with; what a token is asked for with goes only to who gives it.
fn auth(uses: &mut Uses, auth: &Auth, opened: &[String]) {
    let errand = Errand::Auth;
    match auth {
        Auth::None => {}
        Auth::Bearer { token } => uses.template(token, &errand, opened),
        Auth::ApiKey(apply) => uses.template(&apply.value, &errand, opened),
        Auth::Basic { username, password } => uses.all([username].into_iter().chain(password), &errand, opened),
        Auth::OAuth2(oauth) => {
            let hosts = oauth.token_url.hosts();
            for (name, said) in [("client_id", &oauth.client_id), ("client_secret", &oauth.client_secret), ("refresh_token", &oauth.refresh_token)] {
                match said {
                    Some(said) => uses.template(said, &errand, &hosts),
                    None => uses.note(name, &errand, &hosts),
                }
            }
            let mut found = Vec::new();
            uses::params(&oauth.extra, &mut found);
            uses.all(found.into_iter().chain(oauth.user.iter().flat_map(|(name, password)| [name, password])), &errand, &hosts);
            oauth.expired_when.iter().for_each(|when| self::when(uses, when, &errand));
        }
        Auth::TokenExchange(exchange) => {
            uses.template(&exchange.apply.value, &errand, opened);
            exchange.expired_when.iter().for_each(|when| self::when(uses, when, &errand));
        }
        Auth::OneOf { select, cases } => {
            uses.template(select, &errand, &[]);
            cases.iter().for_each(|(_, case)| self::auth(uses, case, opened));
        }
    }
}

/// What stands beside the request: values that end up in one are sent with it, conditions are not.
fn reading(uses: &mut Uses, read: &Read, errand: &Errand) {
    let hosts = read.request.address.hosts();
    for level in &read.fan_out {
        if let Some(Values::Template(values)) = &level.values {
            uses.template(values, errand, &hosts);
        }
        uses.all(level.from.iter().filter_map(|parent| parent.filter.as_ref()).chain(level.recursive.iter().filter_map(|tree| tree.filter.as_ref())), errand, &[]);
    }
    if let crate::Places::First(places) | crate::Places::Union(places) = &read.records.at {
        uses.all(places.iter().flat_map(crate::Place::templates), errand, &[]);
    }
    uses.all(&read.records.filter, errand, &[]);
    if let Some(incremental) = &read.incremental {
        let lengths = [Some(&incremental.lookback), incremental.window.as_ref()].into_iter().flatten();
        uses.all(incremental.from.iter().chain(lengths.filter_map(|length| if let crate::Length::Given(given) = length { Some(given) } else { None })), errand, &hosts);
    }
    read.pagination.iter().for_each(|pagination| paging(uses, pagination, errand, &hosts));
    read.errors.iter().for_each(|rule| self::rule(uses, rule, errand));
}

fn paging(uses: &mut Uses, pagination: &Pagination, errand: &Errand, hosts: &[String]) {
    uses.all(&pagination.stop.until, errand, &[]);
    match &pagination.way {
        Way::Cursor { from: CursorFrom::Template(from), .. } => uses.template(from, errand, hosts),
        Way::Vars { next, .. } => uses.all(next.iter().map(|(_, next)| next), errand, hosts),
        _ => {}
    }
}

fn rule(uses: &mut Uses, rule: &Rule, errand: &Errand) {
    when(uses, &rule.when, errand);
    uses.all(&rule.message, errand, &[]);
    if let Some(Wait::Seconds(wait) | Wait::Until(wait)) = &rule.wait {
        uses.template(wait, errand, &[]);
    }
}

fn when(uses: &mut Uses, when: &When, errand: &Errand) {
    uses.all(&when.body, errand, &[]);
}

fn word(kind: ConfigKind) -> &'static str {
    match kind {
        ConfigKind::String => "string",
        ConfigKind::Integer => "integer",
        ConfigKind::Decimal => "decimal",
        ConfigKind::Boolean => "boolean",
        ConfigKind::Url => "url",
        ConfigKind::Date => "date",
        ConfigKind::Datetime => "datetime",
        ConfigKind::Array => "array",
    }
}
