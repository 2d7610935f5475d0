//! A text that is JSON and may be a definition.

use document::{Limits, Value};
use fault::Finding;

use crate::{
    Auth, ConfigEntry, Connector, Report, Side,
    elements::{auth, canonical_map, config, deliver, derive, entities, errors, event_mapping, lookup, mcp, metadata, rate_limiting, request, root::{ENDPOINTS, ROOT}, snapshot, tests, webhook},
    check::{Check, Node},
};

/// A text that is JSON and may be a definition.
#[derive(Debug, Clone)]
pub struct Draft {
    text: String,
    value: Value,
}

impl Draft {
    /// Reads a text as JSON.
    ///
    /// # Errors
    /// What is wrong with the JSON, with its line and column.
    pub fn parse(text: &str) -> Result<Self, document::Error> {
        let limits = Limits { bytes: 1024 * 1024, nodes: 100_000, ..Limits::default() };
        let value = document::parse(text.as_bytes(), &limits)?;
        Ok(Self { text: text.to_owned(), value })
    }

    /// Checks everything, and says everything that is wrong.
    #[must_use]
    pub fn check(self) -> Report {
        let mut cx = Check::default();
        let root = Node::root(&self.value);
        let connector = connector(&mut cx, &root);
        let mut findings = cx.findings.into_list();
        let more = findings.len().saturating_sub(MOST);
        findings.truncate(MOST);
        let mut findings = in_order(&self.text, findings);
        if more > 0 {
            findings.push(Finding::error("definition_invalid", "", format!("{more} more findings are not listed"), "correct these first"));
        }
        Report::new(self.text, findings, connector)
    }
}

/// Findings that are told: nobody reads more, and each has its place looked up.
pub(crate) const MOST: usize = 200;

/// Findings as a person goes through the text, each once: what several elements look at is wrong once.
fn in_order(text: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let places = document::authored::places(text, findings.iter().map(|finding| finding.pointer.as_str()));
    let mut placed: Vec<_> = places.into_iter().zip(findings).collect();
    placed.sort_by_key(|(place, _)| *place);
    let mut told: Vec<Finding> = Vec::with_capacity(placed.len());
    for (_, finding) in placed {
        if !told.contains(&finding) {
            told.push(finding);
        }
    }
    told
}

fn connector(cx: &mut Check, root: &Node<'_>) -> Option<Connector> {
    ROOT.open(cx, root)?;
    root.get("$schema").and_then(|schema| schema.text(cx));
    if let Some(language) = root.get("language") {
        language.word(cx, &["1.0"]);
    }
    let metadata = root.need(cx, "metadata").and_then(|node| metadata::read(cx, &node));
    let protocol = root.get("protocol").map_or(Some("rest"), |node| node.word(cx, &["rest", "mcp"]));
    let config = declared(cx, root);
    cx.base_url = root.get("base_url").and_then(|node| node.text(cx)).map(str::to_owned);
    if root.get("base_url").is_some() && cx.base_url.is_none() {
        cx.open.push("base_url");
    }
    // Before the base address: that may be made of what a login answers.
    let auth = root.get("auth").map_or(Some(Auth::None), |node| auth::read(cx, &node));
    if auth.is_none() && root.value.get("auth").is_some_and(captures) {
        cx.open.push("token");
    }
    if let Some(auth) = &auth {
        crate::guarded::check(cx, auth);
    }
    let base = root.get("base_url").filter(|node| node.value.as_str().is_some()).and_then(|node| crate::Address::base(cx, &node, request::TEST));
    if let Some(node) = root.get("headers") {
        request::common(cx, &node);
    }
    let rate_limiting = root.get("rate_limiting").and_then(|node| rate_limiting::read(cx, &node)).unwrap_or_default();
    let errors = root.get("errors").map(|node| errors::read(cx, &node)).unwrap_or_default();
    let events = root.get("eventMapping").and_then(|node| event_mapping::read(cx, &node));
    let mut entities = root.get("entities").map(|node| entities::read(cx, &node, events.as_ref())).unwrap_or_default();
    let (mut test, mut polled) = (None, None);
    if let Some(endpoints) = root.get("endpoints") {
        ENDPOINTS.open(cx, &endpoints);
        polled = endpoints.get("poll").map(|_| entities::polled(events.as_ref()));
        entities.extend(endpoints.get("poll").and_then(|node| entities::poll(cx, &node, events.as_ref())));
        test = endpoints.get("test").and_then(|node| request::read(cx, &node, request::TEST));
    }
    let lookups = root.get("lookup").map(|node| lookup::read(cx, &node)).unwrap_or_default();
    let maps = root.get("canonical_map").and_then(|node| node.entries(cx)).unwrap_or_default();
    let canonical_maps = maps.iter().filter_map(|node| canonical_map::read(cx, node)).collect();
    let scans = root.get("snapshot").map(|node| snapshot::read(cx, &node)).unwrap_or_default();
    let delivers = root.get("deliver").map(|node| deliver::read(cx, &node)).unwrap_or_default();
    let webhook = root.get("webhook").and_then(|node| webhook::read(cx, &node));
    let tests = root.get("tests").map(|node| tests::read(cx, &node)).unwrap_or_default();
    let mcp = mcp(cx, root, protocol);
    // Without these two there is no connector, but the rest has its mistakes all the same.
    let whole = metadata.is_some() && auth.is_some();
    let metadata = metadata.unwrap_or_else(|| crate::Metadata { slug: String::new(), side: Side::Source, name: None, description: None, version: None });
    let connector =
        Connector { metadata, mcp, config, base, auth: auth.unwrap_or(Auth::None), rate_limiting, errors, entities, test, events, lookups, canonical_maps, scans, delivers, webhook, tests };
    crate::whole::check(cx, root, &connector, polled.as_deref());
    whole.then_some(connector)
}

/// Whether anything is captured, in one way or one of several.
fn captures(auth: &Value) -> bool {
    auth.get("capture").is_some() || auth.get("one_of").and_then(|one| one.get("cases")?.entries()).is_some_and(|cases| cases.iter().any(|(_, case)| case.get("capture").is_some()))
}

/// The declared configuration, and what oauth2 implies.
fn declared(cx: &mut Check, root: &Node<'_>) -> Vec<ConfigEntry> {
    let mut entries = root.get("config").map(|node| config::read(cx, &node)).unwrap_or_default();
    let one = root.get("auth").into_iter().map(|auth| (auth, false));
    let cases = root.value.get("auth").and_then(|auth| auth.get("one_of")?.get("cases")?.entries()).unwrap_or_default();
    let several = cases.iter().map(|(name, value)| (root.child(name, value), true));
    for (auth, chosen) in one.chain(several).filter(|(auth, _)| auth.value.get("type").and_then(Value::as_str) == Some("oauth2")) {
        let refreshes = auth.value.get("grant").and_then(Value::as_str) == Some("refresh_token");
        let names = ["client_id", "client_secret"].into_iter().chain(refreshes.then_some("refresh_token"));
        for name in names.filter(|name| auth.value.get(name).is_none()) {
            if !entries.iter().any(|entry| entry.name == name) {
                // What one way of several needs may be absent where another is chosen.
                entries.push(ConfigEntry { optional: chosen, ..ConfigEntry::implied(name) });
            }
        }
    }
    // A broken entry is one finding, not one more at every use of its name.
    let written = root.get("config").and_then(|node| node.value.entries()).unwrap_or_default();
    cx.config_names = written.iter().map(|(name, _)| name.clone()).chain(entries.iter().map(|entry| entry.name.clone())).collect();
    cx.config_names.sort();
    cx.config_names.dedup();
    if let Some(config) = root.get("config") {
        derive::read(cx, &config, &mut entries);
    }
    cx.config.clone_from(&entries);
    entries
}

fn mcp(cx: &mut Check, root: &Node<'_>, protocol: Option<&str>) -> Option<mcp::Mcp> {
    match (protocol?, root.get("mcpConfig")) {
        ("mcp", _) => {
            let node = root.need(cx, "mcpConfig")?;
            mcp::read(cx, &node)
        }
        (_, Some(node)) => {
            cx.error("definition_unknown_key", &node.at, "`mcpConfig` belongs to protocol mcp", "set `\"protocol\": \"mcp\"`, or remove it");
            None
        }
        _ => None,
    }
}
