//! Puts credentials into drafts: those of the configuration, and those of a session.

use base64::Engine as _;
use connector::{Apply, ApplyPlace, Auth, Connector, Scene};
use document::{Arena, Fuel, Value};
use expr::Template;
use fault::Simple;

use super::{Dynamic, build::{Content, Draft, set_header}, names::Values};
use crate::{Call, Config, Session};

impl Dynamic {
    /// The way in that the configuration chooses.
    pub(crate) fn auth(&self, call: Call<'_>) -> Result<&Auth, Simple> {
        chosen(&self.connector, call.config, call.now_ms)
    }

    /// A draft with its credentials.
    pub(crate) fn dressed(&self, call: Call<'_>, auth: &Auth, session: Option<&Session>, mut draft: Draft) -> Result<Draft, Simple> {
        let values = Values { session, ..Values::of(self.connector.config(), call.config) };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        match auth {
            Auth::None | Auth::OneOf { .. } => {}
            Auth::Bearer { token } => {
                let token = text(&scene, token, "auth.token")?;
                set_header(&mut draft.headers, "authorization", format!("Bearer {token}"))?;
            }
            Auth::ApiKey(apply) => put(&mut draft, apply, text(&scene, &apply.value, "auth.value")?)?,
            Auth::Basic { username, password } => {
                let user = text(&scene, username, "auth.username")?;
                let password = match password {
                    Some(password) => text(&scene, password, "auth.password")?,
                    None => String::new(),
                };
                set_header(&mut draft.headers, "authorization", basic(&user, &password))?;
            }
            Auth::OAuth2(_) => {
                if let Some(session) = session {
                    set_header(&mut draft.headers, "authorization", format!("Bearer {}", session.token.expose()))?;
                }
            }
            Auth::TokenExchange(exchange) => put(&mut draft, &exchange.apply, text(&scene, &exchange.apply.value, "auth.apply.value")?)?,
        }
        Ok(draft)
    }
}

/// The way in that a configuration chooses.
pub(crate) fn chosen<'c>(connector: &'c Connector, config: &Config, now_ms: i64) -> Result<&'c Auth, Simple> {
    let Auth::OneOf { select, cases } = connector.auth() else { return Ok(connector.auth()) };
    let values = Values::of(connector.config(), config);
    let (arena, fuel) = (Arena::new(), Fuel::default());
    let word = text(&values.scene(&arena, &fuel, now_ms), select, "auth.one_of.select")?;
    let found = cases.iter().find_map(|(known, auth)| (*known == word).then_some(auth));
    let known = || cases.iter().map(|(known, _)| known.as_str()).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Simple::park("config_invalid", format!("the connection chooses no way in that the definition has; it has {}", known())))
}

/// `Basic …`.
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

/// A text that must be there.
pub(crate) fn text<'a>(scene: &Scene<'_, 'a>, template: &'a Template, name: &str) -> Result<String, Simple> {
    let text = scene.text(template).map_err(|error| Simple::from_fault(&error))?;
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| Simple::park("config_missing", format!("the connection has no value for `{name}`")))
}

fn put(draft: &mut Draft, apply: &Apply, value: String) -> Result<(), Simple> {
    match &apply.place {
        ApplyPlace::Header(name) => set_header(&mut draft.headers, name, value)?,
        ApplyPlace::Query(name) => {
            // The link to a next page may have it already.
            without(&mut draft.url, name);
            draft.url.query_pairs_mut().append_pair(name, &value);
        }
        ApplyPlace::Cookie(name) => {
            let before = draft.headers.iter().find_map(|(known, value)| known.eq_ignore_ascii_case("cookie").then(|| format!("{value}; "))).unwrap_or_default();
            set_header(&mut draft.headers, "cookie", format!("{before}{name}={value}"))?;
        }
        ApplyPlace::Body(pointer) => {
            if matches!(draft.body, Content::None) {
                draft.body = Content::Json(Value::Object(Vec::new()));
            }
            if let Content::Json(body) = &mut draft.body {
                pointer.set(body, Value::String(value)).map_err(|error| Simple::from_fault(&error))?;
            }
        }
        ApplyPlace::Form(name) => {
            if matches!(draft.body, Content::None) {
                draft.body = Content::Form(Vec::new());
            }
            if let Content::Form(fields) = &mut draft.body {
                fields.push((name.clone(), value));
            }
        }
    }
    Ok(())
}

/// Takes a parameter out of an address, and leaves the others as they are written.
pub(crate) fn without(url: &mut url::Url, name: &str) {
    let Some(query) = url.query().map(str::to_owned) else { return };
    let is_other = |pair: &&str| url::form_urlencoded::parse(pair.as_bytes()).next().is_none_or(|(known, _)| known != name);
    let kept: Vec<&str> = query.split('&').filter(is_other).collect();
    if kept.len() < query.split('&').count() {
        url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
}
