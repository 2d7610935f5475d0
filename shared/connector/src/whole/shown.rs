//! Secrets in addresses: these stand in the logs of everybody on the way, and in the links that answers repeat.

use document::token;
use expr::Template;

use crate::{Address, Auth, Connector, Request, Tree, Way, check::Check};

const HINT: &str = "send it in a header, or let `auth` write it; leave it where the other system takes it nowhere else";

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    let base = connector.base.iter().flat_map(Address::templates).find_map(|template| within(cx, template));
    told(cx, "/base_url", base.as_deref());
    let ways: Vec<(String, &Auth)> = match &connector.auth {
        Auth::OneOf { cases, .. } => cases.iter().map(|(name, way)| (format!("/auth/one_of/cases/{}", token(name)), way)).collect(),
        way => vec![("/auth".to_owned(), way)],
    };
    for (at, way) in ways {
        match way {
            // Its parameters are the credentials themselves, in the place the other system takes them.
            Auth::TokenExchange(login) => address(cx, &format!("{}/url", login.request.at), &login.request.address, base.as_deref()),
            Auth::OAuth2(oauth2) => address(cx, &format!("{at}/token_url"), &oauth2.token_url, base.as_deref()),
            _ => {}
        }
    }
    for read in connector.entities.iter().filter_map(|entity| entity.read.as_ref()).chain(connector.scans.iter().filter_map(|scan| scan.read.as_ref())) {
        request(cx, &read.request, base.as_deref());
        if let Some(Way::Scroll { open, close, .. }) = read.pagination.as_ref().map(|pagination| &pagination.way) {
            std::iter::once(open).chain(close).for_each(|one| request(cx, one, base.as_deref()));
        }
    }
    connector.test.iter().chain(connector.delivers.iter().map(|deliver| &deliver.request)).for_each(|one| request(cx, one, base.as_deref()));
}

fn request(cx: &mut Check, request: &Request, base: Option<&str>) {
    address(cx, &format!("{}/url", request.at), &request.address, base);
    for param in &request.params {
        let name = templates(&param.value).into_iter().find_map(|template| within(cx, template));
        told(cx, &format!("{}/params/{}", request.at, token(&param.name)), name.as_deref());
    }
}

/// An address; what its base address shows is told there.
fn address(cx: &mut Check, at: &str, address: &Address, base: Option<&str>) {
    let name = address.templates().filter_map(|template| within(cx, template)).find(|name| base != Some(name.as_str()));
    told(cx, at, name.as_deref());
}

fn told(cx: &mut Check, at: &str, name: Option<&str>) {
    if let Some(name) = name {
        cx.warning("definition_secret", at, format!("`{name}` is a secret, and addresses are written down on their way"), HINT);
    }
}

/// The first secret of the connection a template takes a value from.
fn within(cx: &Check, template: &Template) -> Option<String> {
    let secret = |name: &str| cx.config.iter().any(|entry| entry.secret && entry.name == name);
    template.names().into_iter().filter(|(root, _)| *root == "config").find_map(|(_, steps)| steps.first().filter(|name| secret(name)).map(ToString::to_string))
}

fn templates(tree: &Tree) -> Vec<&Template> {
    match tree {
        Tree::Fixed(_) => Vec::new(),
        Tree::Template(template) => vec![template],
        Tree::Array(items) => items.iter().flat_map(templates).collect(),
        Tree::Object(entries) => entries.iter().flat_map(|(_, entry)| templates(entry)).collect(),
    }
}
