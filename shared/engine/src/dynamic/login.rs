//! Token requests: what is sent to get or renew a session, and what is taken from the answer.

use connector::{Auth, Capture, Grant, OAuth2, Scene, TokenExchange};
use document::{Arena, Fuel, Item, Path, Value};
use expr::Template;
use fault::Simple;

use super::{Dynamic, build::{self, Content, Draft, More}, credentials::{basic, text}, excerpt, graphql, names::Values};
use crate::{Call, Config, Method, Request, Response, Secret, Session};

/// The time a token request has.
const LOGIN: std::time::Duration = std::time::Duration::from_secs(10);
/// A life where the answer does not say.
const DEFAULT_LIFE_MS: i64 = 3_600_000;

impl Dynamic {
    /// The request that asks for a session, of credentials that have one.
    pub(crate) fn login(&self, call: Call<'_>, auth: &Auth, before: Option<&Session>) -> Result<Option<Request>, Simple> {
        let values = Values { session: before, ..Values::of(self.connector.config(), call.config) };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        let draft = match auth {
            Auth::TokenExchange(exchange) => build::draft(&exchange.request, &scene, &More::default())?,
            Auth::OAuth2(oauth2) => grant(oauth2, call, &scene, before)?,
            _ => return Ok(None),
        };
        // Whoever renews holds everybody else up: all tries together fit into the lease of a renewal.
        Ok(Some(Request { max_response_bytes: 1024 * 1024, timeout: LOGIN, login: true, ..build::finish(draft) }))
    }

    /// The session an answer gives.
    pub(crate) fn session(&self, config: &Config, auth: &Auth, response: &Response, before: Option<&Session>, now_ms: i64) -> Result<Session, Simple> {
        let nonsense = |message: &str| Simple::retry("destination_nonsense", message.to_owned());
        let answer = document::parse(&response.body, &document::Limits::default());
        let version = before.map_or(0, |session| session.version) + 1;
        match auth {
            Auth::OAuth2(oauth2) => {
                let answer = answer.map_err(|_| nonsense("the token endpoint answered without a token"))?;
                let token = answer.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty());
                let token = token.ok_or_else(|| Simple::park("needs_auth", format!("the token endpoint answered {} and no token: {}; either it refused the credentials, or `token_url` names no token endpoint", response.status, said(config, before, &answer))))?;
                let refresh = answer.get("refresh_token").and_then(Value::as_str).filter(|token| !token.is_empty()).map(|token| Secret::new(token.to_owned()));
                // Who names no new one leaves the old one good (RFC 6749, 6).
                let refresh = refresh.or_else(|| before.and_then(|session| session.refresh.clone()));
                let life_ms = seconds(answer.get("expires_in").map(Item::Tree)).unwrap_or(DEFAULT_LIFE_MS);
                let share = i64::from(100 - oauth2.before_expiry.min(99));
                Ok(Session { token: Secret::new(token.to_owned()), refresh, captured: captured(&oauth2.capture, &answer)?, renew_ms: now_ms.saturating_add(life_ms / 100 * share), version })
            }
            Auth::TokenExchange(exchange) => {
                // Some logins answer with the token and nothing around it.
                let (answer, is_json) = match answer {
                    Ok(answer) => (answer, true),
                    Err(_) => (Value::String(String::from_utf8_lossy(&response.body).trim().to_owned()), false),
                };
                let token = answer.at(&exchange.token).and_then(Value::plain).filter(|token| !token.is_empty());
                let token = token.ok_or_else(|| match exchange.token.text() {
                    // A page for people, or nothing: it may be down.
                    place if !is_json => nonsense(&format!("the login answered without a token at `{place}`")),
                    // Asked again it would say the same, and some lock an account that is refused a few times.
                    place => Simple::park("needs_auth", format!("the login answered {} and no token at `{place}`: {}; either it refused the credentials, or `token` names the wrong place", response.status, said(config, before, &answer))),
                })?;
                let life_ms = life(exchange, &answer);
                Ok(Session { token: Secret::new(token), refresh: None, captured: captured(&exchange.capture, &answer)?, renew_ms: now_ms.saturating_add(life_ms / 5 * 4), version })
            }
            _ => Err(nonsense("these credentials have no session")),
        }
    }
}

/// What an answer of a token endpoint refuses that says 200 for it, as some do: an `error`, and no token. What passes by itself by its
/// name is asked for again, and nothing else is.
pub(crate) fn refused(config: &Config, before: Option<&Session>, response: &Response) -> Option<Simple> {
    let answer = document::parse(&response.body, &document::Limits::default()).ok().filter(|answer| answer.get("access_token").is_none_or(|token| *token == Value::Null))?;
    let error = answer.get("error")?.as_str().filter(|error| !error.is_empty())?;
    if REFUSALS.iter().any(|(word, _)| *word == error) {
        return Some(Simple::park("needs_auth", refusal(response)));
    }
    let mut shown: String = masked(config, before, error).chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    shown.truncate(shown.floor_char_boundary(ERROR_BYTES));
    let message = format!("the token endpoint answered {} and no token, but an error: {shown}", response.status);
    Some(if PASSING.contains(&error) { Simple::retry("destination_unavailable", message) } else { Simple::park("needs_auth", message) })
}

/// The beginning of what a login answered instead of a token.
fn said(config: &Config, before: Option<&Session>, answer: &Value) -> String {
    excerpt::excerpt(answer, &|text| masked(config, before, text))
}

/// A text without our secrets, and without those that were issued before.
fn masked(config: &Config, before: Option<&Session>, text: &str) -> String {
    let issued = before.into_iter().flat_map(|session| std::iter::once(&session.token).chain(&session.refresh));
    Config::new(issued.enumerate().map(|(index, secret)| (index.to_string(), secret.clone()))).redact(&config.redact(text))
}

/// Whether a text is a word that decides what a refused login is: it is no secret.
pub(crate) fn is_known(text: &str) -> bool {
    PASSING.contains(&text) || REFUSALS.iter().any(|(word, _)| *word == text) || graphql::is_known(text)
}

/// The beginning of an error nobody knows.
const ERROR_BYTES: usize = 80;
/// RFC 6749, section 4.1.2.1: errors of the other side alone.
const PASSING: &[&str] = &["server_error", "temporarily_unavailable"];

/// What a refused token request is told as: only words of RFC 6749 are taken from the answer, which may repeat secrets.
pub(crate) fn refusal(response: &Response) -> String {
    let said = document::parse(&response.body, &document::Limits::default()).ok();
    let said = said.as_ref().and_then(|said| said.get("error")?.as_str());
    let known = said.and_then(|said| REFUSALS.iter().find(|(word, _)| *word == said));
    let reason = known.map(|(word, meaning)| format!(": {meaning} ({word})")).unwrap_or_default();
    format!("the token endpoint answered {}{reason}", response.status)
}

/// RFC 6749, section 5.2.
const REFUSALS: &[(&str, &str)] = &[
    ("invalid_request", "it misses something in the request, or does not understand it"),
    ("invalid_client", "it does not know the client, or the secret is wrong"),
    ("invalid_grant", "the refresh token or the password is wrong, used up or expired"),
    ("unauthorized_client", "the client may not use this grant"),
    ("unsupported_grant_type", "it does not offer this grant"),
    ("invalid_scope", "a scope is not known there or not granted"),
];

fn life(exchange: &TokenExchange, answer: &Value) -> i64 {
    let said = exchange.expires_in.as_ref().and_then(|path| answer.at(path));
    seconds(said.map(Item::Tree)).or(exchange.lifetime_ms).unwrap_or(DEFAULT_LIFE_MS)
}

/// Seconds as milliseconds.
fn seconds(item: Option<Item<'_>>) -> Option<i64> {
    let text = item?.plain()?;
    let whole = text.split('.').next()?.parse::<i64>().ok()?;
    (whole > 0).then(|| whole.saturating_mul(1000))
}

fn captured(captures: &[Capture], answer: &Value) -> Result<Value, Simple> {
    let mut found = Vec::new();
    for capture in captures {
        let value = at(answer, &capture.path).ok_or_else(|| Simple::retry("destination_nonsense", format!("the login answered without `{}`", capture.path.text())))?;
        if let Some(pattern) = &capture.pattern
            && !pattern.fits(&value)
        {
            return Err(Simple::reject("request_invalid", format!("what was captured as `{}` does not fit its pattern", capture.name)));
        }
        found.push((capture.name.clone(), Value::String(value)));
    }
    Ok(Value::Object(found))
}

fn at(answer: &Value, path: &Path) -> Option<String> {
    answer.at(path)?.plain()
}

fn grant<'a>(oauth2: &'a OAuth2, call: Call<'_>, scene: &Scene<'_, 'a>, before: Option<&Session>) -> Result<Draft, Simple> {
    let missing = |name: &str| Simple::park("config_missing", format!("the connection has no value for `{name}`"));
    let of = |template: Option<&'a Template>, name: &str| match template {
        Some(template) => text(scene, template, name),
        None => call.config.get(name).map(|value| value.expose().to_owned()).filter(|value| !value.is_empty()).ok_or_else(|| missing(name)),
    };
    let (id, secret) = (of(oauth2.client_id.as_ref(), "client_id")?, of(oauth2.client_secret.as_ref(), "client_secret")?);
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    match oauth2.grant {
        Grant::ClientCredentials => add("grant_type", "client_credentials".to_owned()),
        Grant::RefreshToken => {
            add("grant_type", "refresh_token".to_owned());
            let kept = before.and_then(|session| session.refresh.as_ref()).map(|token| token.expose().to_owned());
            add("refresh_token", kept.map_or_else(|| of(oauth2.refresh_token.as_ref(), "refresh_token"), Ok)?);
        }
        Grant::Password => {
            add("grant_type", "password".to_owned());
            if let Some((user, password)) = &oauth2.user {
                add("username", text(scene, user, "username")?);
                add("password", text(scene, password, "password")?);
            }
        }
    }
    let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
    if oauth2.client_in_header {
        build::set_header(&mut headers, "authorization", basic(&id, &secret))?;
    } else {
        add("client_id", id);
        add("client_secret", secret);
    }
    if !oauth2.scopes.is_empty() {
        add("scope", oauth2.scopes.join(&oauth2.separator));
    }
    for param in &oauth2.extra {
        if let Some(value) = param.value.render(scene).map_err(|error| Simple::from_fault(&error))?.and_then(|value| value.plain()) {
            add(&param.name, value);
        }
    }
    let url = oauth2.token_url.render(scene).map_err(|error| Simple::from_fault(&error))?;
    let body = if oauth2.json { Content::Json(Value::Object(fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect())) } else { Content::Form(fields) };
    Ok(Draft { method: Method::Post, url, headers, body, graphql: None })
}
