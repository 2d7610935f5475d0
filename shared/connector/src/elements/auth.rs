//! `auth`: how a request shows who asks.

use expr::Template;

use super::{apply::{self, Apply}, oauth2::{self, OAuth2}, token_exchange::{self, TokenExchange}};
use crate::{check::{Check, Node}, shape::{Element, Key, Takes}, template::template_at};

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
    /// A value in a header, a query parameter, a cookie or the body.
    ApiKey(Apply),
    /// `Authorization: Basic …`.
    Basic {
        /// The user.
        username: Template,
        /// The password; absent is empty.
        password: Option<Template>,
    },
    /// OAuth 2.
    OAuth2(Box<OAuth2>),
    /// A request of its own that answers with a token.
    TokenExchange(Box<TokenExchange>),
    /// One of several, chosen by the configuration.
    OneOf {
        /// Which.
        select: Template,
        /// The choices by their word.
        cases: Vec<(String, Auth)>,
    },
}

static NONE: Element = Element { name: "none", doc: "No credentials.", keys: &[Key::required("type", Takes::Word("none"), "")] };
static BEARER: Element = Element {
    name: "bearer",
    doc: "`Authorization: Bearer …`.",
    keys: &[Key::required("type", Takes::Word("bearer"), ""), Key::required("token", Takes::Template, "The token, from `config`.")],
};
static API_KEY: Element = Element {
    name: "api_key",
    doc: "A value in a header, a query parameter, a cookie or the body.",
    keys: &[
        Key::required("type", Takes::Word("api_key"), ""),
        Key::required("in", Takes::Words(apply::PLACES), "Which part of the request."),
        Key::new("name", Takes::Text, "Name of the header, parameter, cookie or form field."),
        Key::new("pointer", Takes::Text, "JSON Pointer into the body, where it stands there."),
        Key::required("value", Takes::Template, "The value, such as `Token {{ config.api_key }}`."),
    ],
};
static BASIC: Element = Element {
    name: "basic",
    doc: "`Authorization: Basic …`.",
    keys: &[Key::required("type", Takes::Word("basic"), ""), Key::required("username", Takes::Template, "The user."), Key::new("password", Takes::Template, "The password; without it an empty one.")],
};
static ONE_OF: Element = Element {
    name: "one_of",
    doc: "One of several ways, chosen by the configuration.",
    keys: &[
        Key::required("select", Takes::Template, "The word of the way, such as `{{ config.auth_type }}`."),
        Key::required("cases", Takes::Map(&Takes::Choice("type", SIMPLE)), "The ways by their word."),
    ],
};
static CHOICE: Element = Element { name: "auth_one_of", doc: "A choice of ways.", keys: &[Key::required("one_of", Takes::Of(&ONE_OF), "The choice.")] };
const SIMPLE: &[&Element] = &[&NONE, &BEARER, &API_KEY, &BASIC, &oauth2::OAUTH2, &token_exchange::TOKEN_EXCHANGE];

/// `auth`.
pub(crate) const AUTH: Takes = Takes::Either(&[Takes::Choice("type", SIMPLE), Takes::Of(&CHOICE)]);

const WORDS: &[&str] = &["none", "bearer", "api_key", "basic", "oauth2", "token_exchange"];
/// What credentials are made of: nothing but the configuration.
pub(crate) const ROOTS: &[&str] = &["config"];

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    match node.get("one_of") {
        Some(one_of) => {
            CHOICE.open(cx, node)?;
            choice(cx, &one_of)
        }
        None => simple(cx, node),
    }
}

fn choice(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    ONE_OF.open(cx, node)?;
    let select = template(cx, node, "select");
    let cases = node.need(cx, "cases").and_then(|cases| cases.entries(cx))?;
    let cases: Vec<_> = cases.iter().map(|case| Some((case.name(), simple(cx, case)?))).collect();
    Some(Auth::OneOf { select: select?, cases: cases.into_iter().collect::<Option<_>>()? })
}

fn simple(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    match node.need(cx, "type")?.word(cx, WORDS)? {
        "bearer" => {
            BEARER.open(cx, node)?;
            Some(Auth::Bearer { token: template(cx, node, "token")? })
        }
        "api_key" => {
            API_KEY.open(cx, node)?;
            apply::read_place(cx, node, ROOTS).map(Auth::ApiKey)
        }
        "basic" => {
            BASIC.open(cx, node)?;
            let username = template(cx, node, "username");
            let password = match node.get("password") {
                Some(_) => Some(template(cx, node, "password")?),
                None => None,
            };
            Some(Auth::Basic { username: username?, password })
        }
        "oauth2" => oauth2::read(cx, node).map(|auth| Auth::OAuth2(Box::new(auth))),
        "token_exchange" => token_exchange::read(cx, node).map(|auth| Auth::TokenExchange(Box::new(auth))),
        _ => {
            NONE.open(cx, node)?;
            Some(Auth::None)
        }
    }
}

/// A text of the configuration.
pub(crate) fn template(cx: &mut Check, node: &Node<'_>, key: &str) -> Option<Template> {
    let node = node.need(cx, key)?;
    let text = node.text(cx)?;
    template_at(cx, &node, text, ROOTS)
}
