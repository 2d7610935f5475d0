//! Sends one request with its credentials: waits for its turn, repeats what passes by itself, renews a refused session once.

use std::time::Duration;

use connector::{Auth, Decode, Purpose, Rule, When};
use fault::{Disposition, Simple};

use super::{Dynamic, build::{self, Draft}, classify::{self, Failure}, judge::{self, Bench, Tries, Verdict}};
use crate::{Call, Config, ExchangeError, Request, Response, Secret, Session, heard, readable::readable};

const EXCERPT_BYTES: usize = 512;
/// Masking shortens; this much is masked before the excerpt is cut.
const MASKED_BYTES: usize = 64 * 1024;

/// Takes what is in a good answer; what is damaged on its way is asked for again.
pub(crate) type Take<'t> = &'t (dyn Fn(Response) -> Result<Response, Simple> + Sync);

/// Makes the draft of a request; the address may be made of the session.
pub(crate) type Make<'m> = &'m (dyn Fn(Option<&Session>) -> Result<Draft, Simple> + Sync);

/// A good answer.
pub(crate) struct Answered {
    pub(crate) response: Response,
    /// A rule says that there is nothing in it.
    pub(crate) nothing: bool,
    /// Who was asked.
    pub(crate) url: url::Url,
}

impl Dynamic {
    /// The answer, if it is good.
    pub(crate) async fn ask(&self, call: Call<'_>, purpose: Purpose, rules: &[Rule], make: Make<'_>) -> Result<Answered, Failure> {
        self.ask_for(call, purpose, (rules, None), make, &Ok, false).await
    }

    /// What is taken out of the answer, if it is good. Rules come with how their entity reads answers. What may be asked `once` is not repeated where it may have been answered.
    pub(crate) async fn ask_for(&self, call: Call<'_>, purpose: Purpose, (rules, decode): (&[Rule], Option<&Decode>), make: Make<'_>, take: Take<'_>, once: bool) -> Result<Answered, Failure> {
        let auth = self.auth(call).map_err(Failure::unsent)?;
        let owner = self.owner(call.config);
        let (mut renewed, mut attempt) = (false, 0);
        let mut session = self.entered(call, auth).await?;
        loop {
            let draft = make(session.as_ref()).map_err(Failure::unsent)?;
            // Without its credentials: what is made of it may be written down.
            let (url, graphql) = (draft.url.clone(), draft.graphql);
            let request = build::finish(self.dressed(call, auth, session.as_ref(), draft).map_err(Failure::unsent)?);
            let limits = self.connector.rate_limiting();
            let place = call.pace.turn(owner, limits, limits.cost(request.method.word(), url.path())).await.map_err(Failure::unsent)?;
            let most = request.max_response_bytes;
            let sent = send(call, request).await;
            // Before any wait: a place is for requests that are on their way.
            drop(place);
            let verdict = match sent {
                Ok(response) => {
                    let now_ms = call.present_ms();
                    call.pace.heard(owner, limits, heard::heard(limits, &response, now_ms)).await;
                    let bench = Bench { declared: self.connector.config(), config: call.config, session: session.as_ref(), graphql, decode, now_ms };
                    let verdict = judge::judge(&response, rules.iter().chain(self.connector.errors()), expired(auth), purpose, bench).map_err(Failure::unsent)?;
                    match verdict {
                        Verdict::Good => match take(response) {
                            Ok(response) => return Ok(Answered { response, nothing: false, url }),
                            Err(fault) => Verdict::Failed(Failure { ambiguous: true, ..Failure::unsent(fault) }, Tries::default()),
                        },
                        Verdict::Nothing => return Ok(Answered { response, nothing: true, url }),
                        verdict => verdict,
                    }
                }
                Err(error) => Verdict::Failed(classify::unanswered(&error, &url, call.config, most), Tries::default()),
            };
            match verdict {
                Verdict::Expired(_) if !renewed && session.is_some() => {
                    renewed = true;
                    session = self.renewed(call, auth, session.as_ref()).await?;
                }
                Verdict::Expired(failure) => return Err(failure),
                Verdict::Failed(failure, tries) => {
                    let wait = again(&failure, tries, attempt, call.pace.chance());
                    attempt += 1;
                    // What a destination may have done is judged by the protocol of deliveries, not here.
                    let here = purpose != Purpose::Deliver && attempt < tries.most && !(once && failure.ambiguous);
                    match wait {
                        Some(wait) if here && call.pace.rest(wait).await => {}
                        _ => return Err(failure),
                    }
                }
                Verdict::Good | Verdict::Nothing => {}
            }
        }
    }
}

/// Answers that mean that a session is no longer good.
fn expired(auth: &Auth) -> &[When] {
    match auth {
        Auth::OAuth2(oauth2) => &oauth2.expired_when,
        Auth::TokenExchange(exchange) => &exchange.expired_when,
        _ => &[],
    }
}

/// How long to wait before the next try; `None` where none helps. Who says once that there is nothing to wait for may be right, and
/// who says it again is not asked without a pause.
pub(super) fn again(failure: &Failure, tries: Tries, attempt: u32, chance: u32) -> Option<Duration> {
    match failure.fault.disposition {
        Disposition::Retry { after } => Some(after.filter(|after| attempt == 0 || !after.is_zero()).unwrap_or_else(|| judge::pause(tries, attempt, chance))),
        Disposition::Park | Disposition::Reject => None,
    }
}

/// A failed connect is repeated once at once: no byte of the request left.
pub(super) async fn send(call: Call<'_>, request: Request) -> Result<Response, ExchangeError> {
    let first = call.exchange.send(request.clone()).await;
    if matches!(first, Err(ExchangeError::Connect)) { call.exchange.send(request).await } else { first }
}

/// The beginning of an answer with every secret of the connection masked, its token among them.
pub(crate) fn excerpt(config: &Config, token: Option<Secret>, body: &[u8]) -> String {
    let Some(read) = readable(body, None, false) else { return format!("{} bytes that are no text", body.len()) };
    let text = &read.text[..read.text.floor_char_boundary(MASKED_BYTES)];
    let token = Config::new(token.map(|token| ("token".to_owned(), token)));
    let mut masked = token.redact(&config.redact(text));
    masked.truncate(masked.floor_char_boundary(EXCERPT_BYTES));
    masked
}
