//! `auth`: how a request shows who asks.

use document::Value;
use expr::Template;

use super::{apply::{self, Apply}, oauth2::{self, OAuth2}, secret, token_exchange::{self, TokenExchange}};
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
    if let (Some(select), Some(at)) = (&select, node.get("select")) {
        chosen(cx, &at, select, node.value.get("cases"));
    }
    let cases = node.need(cx, "cases").and_then(|cases| cases.entries(cx))?;
    if cases.is_empty() {
        cx.error("definition_missing_key", &node.at, "there is nothing to choose from", "add a way under `cases`");
    }
    let cases: Vec<_> = cases.iter().map(|case| Some((case.name(), simple(cx, case)?))).collect();
    Some(Auth::OneOf { select: select?, cases: cases.into_iter().collect::<Option<_>>()? })
}

fn simple(cx: &mut Check, node: &Node<'_>) -> Option<Auth> {
    if node.value.entries().is_none() {
        return node.wrong(cx, "an object");
    }
    match node.need(cx, "type")?.word(cx, WORDS)? {
        "bearer" => {
            BEARER.open(cx, node)?;
            let token = template(cx, node, "token");
            told(cx, node, "token", token.as_ref());
            Some(Auth::Bearer { token: token? })
        }
        "api_key" => {
            API_KEY.open(cx, node)?;
            let key = apply::read_place(cx, node, ROOTS);
            told(cx, node, "value", key.as_ref().map(|key| &key.value));
            key.map(Auth::ApiKey)
        }
        "basic" => {
            BASIC.open(cx, node)?;
            let username = template(cx, node, "username");
            let password = match node.get("password") {
                Some(_) => Some(template(cx, node, "password")?),
                None => None,
            };
            basic(cx, node, username.as_ref(), password.as_ref());
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

/// A credential that has to be made of the configuration.
pub(crate) fn told(cx: &mut Check, node: &Node<'_>, key: &str, value: Option<&Template>) {
    if let (Some(value), Some(at)) = (value, node.get(key)) {
        secret::credential(cx, &at, value);
    }
}

/// One of both is a secret of the connection. Where the user is one, the password may be the word the other system wants there.
fn basic(cx: &mut Check, node: &Node<'_>, username: Option<&Template>, password: Option<&Template>) {
    let hidden = username.is_some_and(|username| username.names().iter().any(|(root, steps)| {
        *root == "config" && steps.first().is_some_and(|name| cx.config.iter().any(|entry| entry.secret && entry.name == **name))
    }));
    match password {
        Some(_) if hidden => {}
        Some(_) => told(cx, node, "password", password),
        None => told(cx, node, "username", username),
    }
}

/// What chooses a way is of the configuration, and each word it may be has one.
fn chosen(cx: &mut Check, node: &Node<'_>, select: &Template, cases: Option<&Value>) {
    if select.names().is_empty() {
        cx.error("definition_unknown_value", &node.at, "this is always the same way", "choose by a value of `config`, or write the way without `one_of`");
        return;
    }
    let [(_, [name])] = select.names()[..] else { return };
    let words = cx.config.iter().find(|entry| entry.name == **name).map(|entry| entry.choices.clone()).unwrap_or_default();
    for word in words.iter().filter(|word| cases.is_some_and(|cases| cases.get(word).is_none())) {
        cx.error("definition_missing_key", &node.at, format!("`config.{name}` may be `{word}`, and there is no such way"), format!("add `{word}` to `cases`"));
    }
}

/// A text of the configuration.
pub(crate) fn template(cx: &mut Check, node: &Node<'_>, key: &str) -> Option<Template> {
    let node = node.need(cx, key)?;
    let text = node.text(cx)?;
    template_at(cx, &node, text, ROOTS)
}
