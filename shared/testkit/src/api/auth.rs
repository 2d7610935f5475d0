//! Doors that want a credential: each kind at a path of its own, with whatever is asked for behind it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use document::{Value, object};

use super::ask::Ask;
use super::{Api, route};
use crate::Answer;

impl Api {
    /// The token, for `Authorization: Bearer`, bodies and the login.
    pub const TOKEN: &str = "api-token";
    /// The user, which is also the client of `OAuth`.
    pub const USER: &str = "api-user";
    /// The user's password, which is also the client's secret.
    pub const PASSWORD: &str = "api-pass";
    /// The key, for a header, the query and a cookie.
    pub const KEY: &str = "api-key";

    /// `/auth/{kind}/…`: what is behind it, for those who have the credential where it belongs.
    pub(crate) fn guarded(&mut self, ask: &Ask, kind: &str) -> Answer {
        let header = |name: &str, wanted: &str| ask.request.header(name) == Some(wanted);
        let (opens, wants) = match kind {
            "bearer" => (header("authorization", &format!("Bearer {}", Self::TOKEN)), Some("Bearer")),
            "basic" => (basic(ask).is_some_and(|pair| is_user(&pair)), Some("Basic realm=\"sample\"")),
            "header" => (header("x-api-key", Self::KEY), None),
            "query" => (ask.request.parameter("api_key") == Some(Self::KEY), None),
            "cookie" => (cookie(ask, "session") == Some(Self::KEY), None),
            "body" => (ask.body.get("token").and_then(Value::as_str) == Some(Self::TOKEN), None),
            _ => return route::nowhere(),
        };
        if opens {
            return self.route(&ask.behind(2));
        }
        let answer = route::refused(401, "unauthorized", "the credential is missing or wrong");
        wants.into_iter().fold(answer, |answer, scheme| answer.with("www-authenticate", scheme))
    }

    /// `POST /auth/cookie/login` with `username` and `password`: sets the cookie.
    pub(crate) fn cookie_login(&self, ask: &Ask) -> Answer {
        let given = |name: &str| ask.parameter(name).unwrap_or_default();
        if !is_user(&(given("username"), given("password"))) {
            return route::refused(401, "unauthorized", "the user or the password is wrong");
        }
        Answer::json(200, &object([("welcome", Some(Self::USER.into()))])).with("set-cookie", format!("session={}; Path=/; HttpOnly", Self::KEY))
    }

    /// `POST /auth/login` with `applicationId`, `applicationSecret` and `token`: a token, and the server it is good for.
    pub(crate) fn login(&mut self, ask: &Ask) -> Answer {
        let given = |name: &str| ask.parameter(name).unwrap_or_default();
        if !is_user(&(given("applicationId"), given("applicationSecret"))) || given("token") != Self::TOKEN {
            return route::refused(401, "unauthorized", "the application or its token is wrong");
        }
        let life = self.options.token_life;
        let token = self.kept.tokens.issue("login", life, self.options.clock.now_ms());
        let server = format!("{}/server", ask.origin());
        Answer::json(200, &object([("Token", Some(token.into())), ("Server", Some(server.into())), ("TTL", Some(life.said_s().into()))]))
    }

    /// `/server/…`: for those who send the token of a login, bare, in `Authorization`.
    pub(crate) fn server(&mut self, ask: &Ask) -> Answer {
        let token = ask.request.header("authorization").filter(|token| token.starts_with("login-")).unwrap_or_default();
        if self.kept.tokens.admits(token, self.options.clock.now_ms()) {
            self.route(&ask.behind(1))
        } else {
            route::refused(401, "unauthorized", "the token is missing, wrong or expired")
        }
    }
}

/// Whether these are the user and its password.
pub(crate) fn is_user((name, password): &(String, String)) -> bool {
    name == Api::USER && password == Api::PASSWORD
}

/// What `Authorization: Basic` says.
pub(crate) fn basic(ask: &Ask) -> Option<(String, String)> {
    let packed = ask.request.header("authorization")?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(packed).ok()?).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

fn cookie<'a>(ask: &Ask<'a>, name: &str) -> Option<&'a str> {
    let request = ask.request;
    request.header("cookie")?.split(';').find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}
