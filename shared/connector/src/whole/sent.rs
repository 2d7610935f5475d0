//! Credentials in a query take the place of whatever has their name: nothing else may be meant to go there.

use document::token;

use crate::{ApplyPlace, Auth, Connector, Inject, Read, Request, Way, check::Check, elements::places};

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    let ways: Vec<&Auth> = match &connector.auth {
        Auth::OneOf { cases, .. } => cases.iter().map(|(_, way)| way).collect(),
        way => vec![way],
    };
    let names: Vec<&str> = ways.into_iter().filter_map(|way| match way {
        Auth::ApiKey(apply) => Some(&apply.place),
        Auth::TokenExchange(login) => Some(&login.apply.place),
        Auth::None | Auth::Bearer { .. } | Auth::Basic { .. } | Auth::OAuth2(_) | Auth::OneOf { .. } => None,
    }).filter_map(|place| if let ApplyPlace::Query(name) = place { Some(name.as_str()) } else { None }).collect();
    if names.is_empty() {
        return;
    }
    let reads: Vec<&Read> = connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref())).collect();
    for read in &reads {
        for name in places::injects(read).into_iter().filter_map(|inject| if let Inject::Query(name) = inject { names.iter().find(|known| *known == name) } else { None }) {
            let message = format!("`auth` writes the parameter `{name}` as well, and what is injected into it is never sent");
            cx.error("definition_unknown_value", &read.request.at, message, "name another place");
        }
        if let Some(Way::Scroll { open, close, .. }) = read.pagination.as_ref().map(|pagination| &pagination.way) {
            std::iter::once(open).chain(close).for_each(|request| beside(cx, request, &names));
        }
    }
    let others = connector.test.iter().chain(connector.delivers.iter().map(|deliver| &deliver.request));
    reads.iter().map(|read| &read.request).chain(others).for_each(|request| beside(cx, request, &names));
}

/// Parameters of a request that are never sent.
fn beside(cx: &mut Check, request: &Request, names: &[&str]) {
    let hint = "remove it, and let `auth` write it";
    for name in request.params.iter().map(|param| param.name.as_str()).filter(|name| names.contains(name)) {
        cx.warning("definition_unknown_value", &format!("{}/params/{}", request.at, token(name)), format!("`auth` writes the parameter `{name}` as well, and this value is never sent"), hint);
    }
    for name in request.address.parameters().iter().filter(|name| names.contains(&name.as_str())) {
        cx.warning("definition_unknown_value", &format!("{}/url", request.at), format!("`auth` writes the parameter `{name}` as well, and this value is never sent"), hint);
    }
}
