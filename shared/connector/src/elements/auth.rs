//! `auth`: how a request shows who asks.

use expr::Template;

use crate::{Address, check::{Check, Node}, template::template_at};

/// How a request shows who asks.
#[derive(Debug)]
pub enum Auth {
    /// It does not.
    None,
    /// `Authorization: Bearer …`.
    Bearer {
        /// The token.
        token: Template,
    },
    /// A value in a header or a query parameter.
    ApiKey {
        /// In the query instead of a header.
        query: bool,
        /// Name of the header or parameter.
        name: String,
        /// The value.
        value: Template,
    },
    /// OAuth 2 client credentials: `config.client_id` and `config.client_secret` are exchanged for a token.
    OAuth2 {
        /// Where the token comes from.
        token_url: Address,
        /// The scopes asked for.
        scopes: Vec<String>,
    },
}

const ROOTS: &[&str] = &["config"];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    match node.need(cx, "type")?.word(cx, &["none", "bearer", "api_key", "oauth2"])? {
        "bearer" => {
            node.object(cx, &["type", "token"])?;
            Some(Auth::Bearer { token: template(cx, node, "token")? })
        }
        "api_key" => {
            node.object(cx, &["type", "in", "name", "value"])?;
            let place = node.need(cx, "in").and_then(|place| place.word(cx, &["header", "query"]));
            let name = node.need(cx, "name").and_then(|name| super::inject::header_name(cx, &name, place != Some("query")));
            let value = template(cx, node, "value");
            Some(Auth::ApiKey { query: place? == "query", name: name?, value: value? })
        }
        "oauth2" => oauth2(cx, node),
        _ => {
            node.object(cx, &["type"])?;
            Some(Auth::None)
        }
    }
}

fn template(cx: &mut Check, node: &Node<'_>, key: &str) -> Option<Template> {
    let node = node.need(cx, key)?;
    let text = node.text(cx)?;
    template_at(cx, &node, text, ROOTS)
}

fn oauth2(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    node.object(cx, &["type", "grant", "tokenUrl", "token_url", "scopes"])?;
    if let Some(grant) = node.get("grant") {
        grant.word(cx, &["client_credentials"])?;
    }
    let token_url = match node.get("tokenUrl") {
        Some(url) => url,
        None => node.need(cx, "token_url")?,
    };
    let scopes = node.get("scopes").and_then(|scopes| scopes.items(cx)).unwrap_or_default();
    let scopes = scopes.iter().filter_map(|scope| scope.text(cx)).map(str::to_owned).collect();
    Some(Auth::OAuth2 { token_url: Address::read(cx, &token_url, ROOTS)?, scopes })
}
