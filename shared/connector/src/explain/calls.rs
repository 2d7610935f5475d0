//! The requests a connector makes, what for, and with whom it speaks for that.

use std::fmt;

use url::Url;

use crate::{Address, Auth, Connector, Read, Request, Verb, Way};

/// What a request is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// A token is asked for.
    Auth,
    /// Credentials are tried.
    Test,
    /// An entity is read.
    Read(String),
    /// The current state of a canonical type is read.
    Snapshot(&'static str),
    /// A canonical type is delivered.
    Deliver(&'static str),
    /// It is judged what any answer means.
    Judge,
    /// A tool of another server is called.
    Tool(String),
}

impl fmt::Display for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Errand::Auth => f.write_str("auth"),
            Errand::Test => f.write_str("test"),
            Errand::Read(entity) => write!(f, "read {entity}"),
            Errand::Snapshot(kind) => write!(f, "snapshot {kind}"),
            Errand::Deliver(kind) => write!(f, "deliver {kind}"),
            Errand::Judge => f.write_str("judge answers"),
            Errand::Tool(name) => write!(f, "tool {name}"),
        }
    }
}

/// A host, and what it is spoken with for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The host as it is written: `*` stands for a value of the configuration, `{config.name}` for a whole address.
    pub host: String,
    /// What for.
    pub errands: Vec<Errand>,
    /// Whether it is another host than that of the base address.
    pub foreign: bool,
    /// Where the definition leads to it: JSON Pointers.
    pub at: Vec<String>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What for.
    pub errand: Errand,
    /// The method.
    pub method: &'static str,
    /// The hosts it may go to.
    pub hosts: Vec<String>,
    /// Path and query as they are written.
    pub path: String,
}

/// A request that is made, as it stands in the connector.
pub(super) struct Made<'c> {
    pub(super) errand: Errand,
    pub(super) method: Verb,
    pub(super) address: &'c Address,
    /// Where its address stands.
    at: String,
    /// The whole of it; a token of OAuth 2 is asked for without one.
    pub(super) request: Option<&'c Request>,
}

impl<'c> Made<'c> {
    fn of(errand: Errand, request: &'c Request) -> Self {
        Self { errand, method: request.method, address: &request.address, at: format!("{}/url", request.at), request: Some(request) }
    }

    pub(super) fn told(&self) -> Call {
        let method = match self.method {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        };
        Call { errand: self.errand.clone(), method, hosts: self.address.hosts(), path: self.address.written_path() }
    }
}

/// Every request a connector makes.
pub(super) fn made(connector: &Connector) -> Vec<Made<'_>> {
    let mut made = Vec::new();
    auth(&connector.auth, "/auth", &mut made);
    made.extend(connector.test.iter().map(|request| Made::of(Errand::Test, request)));
    for entity in &connector.entities {
        entity.read.iter().for_each(|read| reading(&Errand::Read(entity.name.clone()), read, &mut made));
    }
    for scan in &connector.scans {
        connector.read_of(scan).into_iter().for_each(|read| reading(&Errand::Snapshot(scan.kind.name), read, &mut made));
    }
    made.extend(connector.delivers.iter().map(|deliver| Made::of(Errand::Deliver(deliver.kind.name), &deliver.request)));
    made
}

fn auth<'c>(auth: &'c Auth, at: &str, made: &mut Vec<Made<'c>>) {
    match auth {
        Auth::None | Auth::Bearer { .. } | Auth::ApiKey(_) | Auth::Basic { .. } => {}
        Auth::OAuth2(oauth) => made.push(Made { errand: Errand::Auth, method: Verb::Post, address: &oauth.token_url, at: format!("{at}/token_url"), request: None }),
        Auth::TokenExchange(exchange) => made.push(Made::of(Errand::Auth, &exchange.request)),
        Auth::OneOf { cases, .. } => cases.iter().for_each(|(name, case)| self::auth(case, &format!("{at}/one_of/cases/{}", document::token(name)), made)),
    }
}

fn reading<'c>(errand: &Errand, read: &'c Read, made: &mut Vec<Made<'c>>) {
    let mut push = |request| made.push(Made::of(errand.clone(), request));
    if let Some(Way::Scroll { open, close, .. }) = read.pagination.as_ref().map(|pagination| &pagination.way) {
        push(open);
        push(&read.request);
        close.iter().for_each(|close| push(close));
    } else {
        push(&read.request);
    }
}

/// The hosts that credentials go to: all but those that only give a token.
pub(super) fn opened(made: &[Made<'_>]) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for host in made.iter().filter(|call| call.errand != Errand::Auth).flat_map(|call| call.address.hosts()) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// The words of the ways to show who asks.
pub(super) fn auth_words(auth: &Auth) -> Vec<&'static str> {
    match auth {
        Auth::None => vec!["none"],
        Auth::Bearer { .. } => vec!["bearer"],
        Auth::ApiKey(_) => vec!["api_key"],
        Auth::Basic { .. } => vec!["basic"],
        Auth::OAuth2(_) => vec!["oauth2"],
        Auth::TokenExchange(_) => vec!["token_exchange"],
        Auth::OneOf { cases, .. } => cases.iter().flat_map(|(_, case)| auth_words(case)).collect(),
    }
}

/// Whom it speaks with.
pub(super) fn contacts(connector: &Connector, made: &[Made<'_>]) -> Vec<Contact> {
    let base = connector.base.as_ref().map(Address::hosts);
    let mut found: Vec<Contact> = Vec::new();
    let mut note = |host: String, errand: Errand, at: &str| {
        let index = found.iter().position(|contact| contact.host == host).unwrap_or_else(|| {
            let foreign = base.as_ref().is_some_and(|base| !base.contains(&host));
            found.push(Contact { host, errands: Vec::new(), foreign, at: Vec::new() });
            found.len() - 1
        });
        let contact = &mut found[index];
        if !contact.errands.contains(&errand) {
            contact.errands.push(errand);
        }
        if !contact.at.iter().any(|known| known == at) {
            contact.at.push(at.to_owned());
        }
    };
    for call in made {
        call.address.hosts().into_iter().for_each(|host| note(host, call.errand.clone(), &call.at));
    }
    if let Some(mcp) = &connector.mcp {
        let host = Url::parse(&mcp.server_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        mcp.tools.iter().for_each(|(_, name)| note(host.clone(), Errand::Tool(name.clone()), "/mcpConfig"));
    }
    found
}
