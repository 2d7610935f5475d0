//! Sends one request with its credentials: a failed connect is repeated once at once, a refused token is renewed once.

use connector::Auth;
use document::{Arena, Fuel};
use fault::Simple;

use super::{Dynamic, build, classify::{self, Failure}, names::Values, token};
use crate::{Call, Config, ExchangeError, Request, Response, Secret};

const EXCERPT_BYTES: usize = 512;
/// Masking shortens; this much is masked before the excerpt is cut.
const MASKED_BYTES: usize = 64 * 1024;

impl Dynamic {
    /// The answer, if it is 2xx.
    pub(crate) async fn ask(&self, call: Call<'_>, request: Request) -> Result<Response, Failure> {
        let Auth::OAuth2 { token_url, scopes } = self.connector.auth() else {
            let request = self.authorised(call, request)?;
            return answered(send(call, request).await?, call);
        };
        let owner = token::owner(call);
        let token = match self.tokens.fresh(owner, call.now_ms) {
            Some(token) => token,
            None => self.fetch(call, token_url, scopes).await?,
        };
        let response = send(call, bearing(request.clone(), &token)?).await?;
        if response.status != 401 {
            return answered(response, call);
        }
        let token = self.fetch(call, token_url, scopes).await?;
        answered(send(call, bearing(request, &token)?).await?, call)
    }

    fn authorised(&self, call: Call<'_>, mut request: Request) -> Result<Request, Failure> {
        let values = Values::of(self.connector.config(), call.config);
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        let text = |template, name: &str| {
            let text = scene.text(template).map_err(|error| Failure::unsent(Simple::from_fault(&error)))?;
            text.ok_or_else(|| Failure::unsent(Simple::park("config_missing", format!("the connection has no value for `{name}`"))))
        };
        match self.connector.auth() {
            Auth::None | Auth::OAuth2 { .. } => {}
            Auth::Bearer { token } => {
                let token = text(token, "auth.token")?;
                build::set_header(&mut request.headers, "authorization", format!("Bearer {token}")).map_err(Failure::unsent)?;
            }
            Auth::ApiKey { query, name, value } => {
                let value = text(value, "auth.value")?;
                if *query {
                    request.url.query_pairs_mut().append_pair(name, &value);
                } else {
                    build::set_header(&mut request.headers, name, value.into_owned()).map_err(Failure::unsent)?;
                }
            }
        }
        Ok(request)
    }

    async fn fetch(&self, call: Call<'_>, url: &connector::Address, scopes: &[String]) -> Result<Secret, Failure> {
        let url = {
            let values = Values::of(self.connector.config(), call.config);
            let (arena, fuel) = (Arena::new(), Fuel::default());
            url.render(&values.scene(&arena, &fuel, call.now_ms)).map_err(|error| Failure::unsent(Simple::from_fault(&error)))?
        };
        let form = token::form(call, scopes).map_err(Failure::unsent)?;
        let response = send(call, build::form(url, &form)).await.map_err(unacted)?;
        // RFC 6749 answers bad credentials with 400 as well as 401.
        if matches!(response.status, 400 | 401 | 403) {
            let fault = Simple::park("needs_auth", format!("the token endpoint answered {}", response.status));
            return Err(Failure { status: Some(response.status), ..Failure::unsent(fault) });
        }
        let response = answered(response, call).map_err(unacted)?;
        let (token, life_s) = token::read(&response.body).map_err(Failure::unsent)?;
        self.tokens.keep(token::owner(call), token.clone(), life_s, call.now_ms);
        Ok(token)
    }
}

/// Whatever became of the token request, the request itself was not sent.
fn unacted(failure: Failure) -> Failure {
    Failure { ambiguous: false, body: Vec::new(), ..failure }
}

fn bearing(mut request: Request, token: &Secret) -> Result<Request, Failure> {
    build::set_header(&mut request.headers, "authorization", format!("Bearer {}", token.expose())).map_err(Failure::unsent)?;
    Ok(request)
}

async fn send(call: Call<'_>, request: Request) -> Result<Response, Failure> {
    let first = call.exchange.send(request.clone()).await;
    let answer = if matches!(first, Err(ExchangeError::Connect)) { call.exchange.send(request).await } else { first };
    answer.map_err(|error| classify::unanswered(&error))
}

fn answered(response: Response, call: Call<'_>) -> Result<Response, Failure> {
    match classify::status(&response, call.now_ms) {
        Some(failure) => Err(failure),
        None => Ok(response),
    }
}

/// The beginning of an answer with every secret of the connection masked, its token among them.
pub(crate) fn excerpt(config: &Config, token: Option<Secret>, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(MASKED_BYTES)]);
    let token = Config::new(token.map(|token| ("token".to_owned(), token)));
    let mut masked = token.redact(&config.redact(&text));
    masked.truncate(masked.floor_char_boundary(EXCERPT_BYTES));
    masked
}
