//! `OAuth`: tokens by client credentials and by refresh tokens that work once, and a door for those who have one.

use document::{Value, object};

use super::ask::Ask;
use super::auth::{basic, is_user};
use super::tokens::Use;
use super::{Api, Misbehaviour};
use crate::Answer;

impl Api {
    /// `POST /oauth/token`: `client_credentials` or `refresh_token`, the client in the body or in `Authorization: Basic`.
    pub(crate) fn token(&mut self, ask: &Ask) -> Answer {
        let given = |name: &str| ask.body.get(name).and_then(Value::plain).unwrap_or_default();
        if !is_user(&basic(ask).unwrap_or_else(|| (given("client_id"), given("client_secret")))) {
            return denied(401, "invalid_client");
        }
        match given("grant_type").as_str() {
            "client_credentials" => self.granted(),
            "refresh_token" => match self.kept.tokens.spend(&given("refresh_token")) {
                Use::Good => self.granted(),
                Use::Unknown | Use::Again => denied(400, "invalid_grant"),
            },
            _ => denied(400, "unsupported_grant_type"),
        }
    }

    /// `/oauth/…`: what is behind it, for those whose token is good. That it has expired is said with 401, or with 200.
    pub(crate) fn with_token(&mut self, ask: &Ask) -> Answer {
        let token = ask.request.header("authorization").and_then(|text| text.strip_prefix("Bearer ")).filter(|token| token.starts_with("access-"));
        if self.kept.tokens.admits(token.unwrap_or_default(), self.options.clock.now_ms()) {
            return self.route(&ask.behind(1));
        }
        if ask.words.has(Misbehaviour::Error200) {
            return Answer::json(200, &object([("errcode", Some(40001.into())), ("errmsg", Some("access token expired".into()))]));
        }
        denied(401, "invalid_token").with("www-authenticate", "Bearer error=\"invalid_token\"")
    }

    fn granted(&mut self) -> Answer {
        let life = self.options.token_life;
        let access = self.kept.tokens.issue("access", life, self.options.clock.now_ms());
        let refresh = self.kept.tokens.issue_refresh();
        Answer::json(200, &object([
            ("access_token", Some(access.into())),
            ("token_type", Some("Bearer".into())),
            ("expires_in", Some(life.said_s().into())),
            ("refresh_token", Some(refresh.into())),
        ]))
    }
}

fn denied(status: u16, error: &str) -> Answer {
    Answer::json(status, &object([("error", Some(error.into()))]))
}
