//! `auth` of type `oauth2`: client credentials, or a refresh token, whose tokens are kept and renewed.

use expr::Template;

use super::{auth, capture::{self, Capture}, errors::{self, When}, request::{self, Param}};
use crate::{Address, address::unfilled, check::{Check, Node}, shape::{Element, Key, Takes}};

/// Which grant a token is asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// The client by itself.
    ClientCredentials,
    /// A refresh token.
    RefreshToken,
    /// User and password.
    Password,
}

/// OAuth 2.
#[derive(Debug)]
pub struct OAuth2 {
    /// The grant.
    pub grant: Grant,
    /// Where tokens come from.
    pub token_url: Address,
    /// The scopes asked for, joined by `separator`.
    pub scopes: Vec<String>,
    /// What stands between scopes.
    pub separator: String,
    /// The client goes into the `Authorization` header instead of the body.
    pub client_in_header: bool,
    /// The body is JSON instead of a form.
    pub json: bool,
    /// More fields of the body.
    pub extra: Vec<Param>,
    /// The client.
    pub client_id: Option<Template>,
    /// Its secret.
    pub client_secret: Option<Template>,
    /// The first refresh token, from the configuration.
    pub refresh_token: Option<Template>,
    /// User and password.
    pub user: Option<(Template, Template)>,
    /// Each refresh token is good for one use.
    pub rotates: bool,
    /// How much of its life a token has left when it is renewed, in percent.
    pub before_expiry: u32,
    /// Answers that mean that the token is no longer good, beside 401.
    pub expired_when: Vec<When>,
    /// What is taken from the answer for later requests.
    pub capture: Vec<Capture>,
}

static REFRESH: Element = Element {
    name: "refresh",
    doc: "How tokens are renewed.",
    keys: &[
        Key::new("rotates", Takes::Boolean, "Each refresh token is good for one use; the new one is kept before it is used."),
        Key::new("before_expiry", Takes::Text, "How much of its life a token has left when it is renewed, such as `20%`, which holds without it."),
        Key::new("when", Takes::List(&Takes::Of(&errors::WHEN)), "Answers that mean that the token is no longer good; a 401 always does."),
    ],
};

/// `auth` of type `oauth2`.
pub(crate) static OAUTH2: Element = Element {
    name: "oauth2",
    doc: "OAuth 2: a token is asked for with the client's credentials or a refresh token, kept, renewed before it ends and once when it is refused.",
    keys: &[
        Key::required("type", Takes::Word("oauth2"), ""),
        Key::new("grant", Takes::Words(GRANTS), "The grant; `client_credentials` without it."),
        Key::new("token_url", Takes::Template, "Where tokens come from."),
        Key::new("tokenUrl", Takes::Template, "The same, as the guide writes it."),
        Key::new("scopes", Takes::List(&Takes::Text), "The scopes asked for."),
        Key::new("scope_separator", Takes::Text, "What stands between scopes; a space without it."),
        Key::new("client_id", Takes::Template, "The client; `{{ config.client_id }}` without it."),
        Key::new("client_secret", Takes::Template, "Its secret; `{{ config.client_secret }}` without it."),
        Key::new("refresh_token", Takes::Template, "The first refresh token; `{{ config.refresh_token }}` without it."),
        Key::new("username", Takes::Template, "The user, of the grant `password`."),
        Key::new("password", Takes::Template, "The password, of the grant `password`."),
        Key::new("client_auth", Takes::Words(&["body", "basic"]), "Where the client stands: in the body, or in the header by the Basic scheme; `body` without it."),
        Key::new("body", Takes::Words(&["form", "json"]), "How the request is written; `form` without it."),
        Key::new("params", Takes::Map(&Takes::Values), "More fields of the body, such as `audience`."),
        Key::new("refresh", Takes::Of(&REFRESH), "How tokens are renewed."),
        Key::new("capture", capture::CAPTURES, "Values of the answer that later requests use as `{{ token.NAME }}`."),
    ],
};

const GRANTS: &[&str] = &["client_credentials", "refresh_token", "password"];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<OAuth2> {
    OAUTH2.open(cx, node)?;
    let grant = node.get("grant").map_or(Some("client_credentials"), |grant| grant.word(cx, GRANTS)).map(|word| match word {
        "refresh_token" => Grant::RefreshToken,
        "password" => Grant::Password,
        _ => Grant::ClientCredentials,
    });
    if let Some(grant) = grant {
        idle(cx, node, grant);
    }
    if let (Some(_), Some(second)) = (node.get("token_url"), node.get("tokenUrl")) {
        cx.error("definition_unknown_key", &second.at, "`tokenUrl` and `token_url` are the same", "keep one of them");
    }
    let token_url = node.get("tokenUrl").or_else(|| node.need(cx, "token_url")).and_then(|url| {
        let address = Address::read(cx, &url, auth::ROOTS)?;
        address.holes().for_each(|hole| unfilled(cx, &url.at, hole, None));
        Some(address)
    });
    let scopes = node.get("scopes").and_then(|scopes| scopes.items(cx)).unwrap_or_default();
    let scopes = scopes.iter().filter_map(|scope| fixed(cx, scope)).collect();
    let separator = node.get("scope_separator").map_or(Some(" "), |separator| separator.text(cx));
    let client_in_header = node.get("client_auth").map_or(Some("body"), |place| place.word(cx, &["body", "basic"])) == Some("basic");
    let json = node.get("body").map_or(Some("form"), |way| way.word(cx, &["form", "json"])) == Some("json");
    let extra = node.get("params").and_then(|params| params.entries(cx)).unwrap_or_default();
    let extra = extra.iter().filter_map(|field| request::param(cx, field, auth::ROOTS)).collect();
    let optional = |cx: &mut Check, key: &str| node.get(key).and_then(|_| auth::template(cx, node, key));
    let (client_id, client_secret, refresh_token) = (optional(cx, "client_id"), optional(cx, "client_secret"), optional(cx, "refresh_token"));
    auth::told(cx, node, "client_secret", client_secret.as_ref());
    auth::told(cx, node, "refresh_token", refresh_token.as_ref());
    let user = if grant == Some(Grant::Password) {
        let (username, password) = (auth::template(cx, node, "username"), auth::template(cx, node, "password"));
        auth::told(cx, node, "password", password.as_ref());
        username.zip(password).map(Some)
    } else {
        Some(None)
    };
    let refresh = node.get("refresh").map_or(Some((false, DEFAULT_BEFORE, Vec::new())), |refresh| self::refresh(cx, &refresh));
    let capture = capture::read(cx, node);
    let (user, (rotates, before_expiry, expired_when)) = (user?, refresh?);
    Some(OAuth2 {
        grant: grant?, token_url: token_url?, scopes, separator: separator?.to_owned(), client_in_header, json, extra, client_id, client_secret, refresh_token, user, rotates, before_expiry, expired_when, capture,
    })
}

/// What the grant has no use for.
fn idle(cx: &mut Check, node: &Node<'_>, grant: Grant) {
    for (key, needed) in [("username", Grant::Password), ("password", Grant::Password), ("refresh_token", Grant::RefreshToken)] {
        if let Some(found) = node.get(key).filter(|_| grant != needed) {
            let word = if needed == Grant::Password { "password" } else { "refresh_token" };
            cx.error("definition_unknown_key", &found.at, format!("`{key}` belongs to the grant `{word}`"), format!("set `\"grant\": \"{word}\"`, or remove it"));
        }
    }
}

/// A text that is sent as it stands.
fn fixed(cx: &mut Check, node: &Node<'_>) -> Option<String> {
    let text = node.text(cx)?;
    if text.contains("{{") {
        cx.error("definition_unknown_value", &node.at, "a scope has no expressions in it", "write the scope as it is sent, or write `scope` under `params`");
    }
    Some(text.to_owned())
}

/// A fifth of a token's life is left when it is renewed.
pub(crate) const DEFAULT_BEFORE: u32 = 20;

fn refresh(cx: &mut Check, node: &Node<'_>) -> Option<(bool, u32, Vec<When>)> {
    REFRESH.open(cx, node)?;
    let rotates = node.get("rotates").and_then(|rotates| rotates.boolean(cx)).unwrap_or(false);
    let before = node.get("before_expiry").map_or(Some(DEFAULT_BEFORE), |before| {
        let percent = before.text(cx)?.strip_suffix('%').and_then(|number| number.parse::<u32>().ok()).filter(|percent| *percent < 100);
        if percent.is_none() {
            cx.error("definition_unknown_value", &before.at, "no share of a life", "write it like `20%`");
        }
        percent
    });
    let when = node.get("when").and_then(|when| when.items(cx)).unwrap_or_default();
    let when: Vec<_> = when.iter().map(|when| errors::when(cx, when)).collect();
    Some((rotates, before?, when.into_iter().collect::<Option<_>>()?))
}

