//! Sends one request with its credentials: waits for its turn, repeats what passes by itself, renews a refused session once.

use std::time::Duration;

use connector::{Auth, Purpose, Rule, When};
use fault::{Disposition, Simple};

use super::{Dynamic, build::{self, Draft}, classify::{self, Failure}, judge::{self, Bench, Tries, Verdict}, login::refusal};
use crate::{Call, Config, ExchangeError, Request, Response, Secret, Session, Sessions, Turn, budget};

/// How often a token is asked for in all.
const LOGINS: u32 = 3;
/// Turns asked for before what somebody else renewed is taken as it is.
const MOST_TURNS: usize = 3;
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
        self.ask_for(call, purpose, rules, make, &Ok).await
    }

    /// What is taken out of the answer, if it is good.
    pub(crate) async fn ask_for(&self, call: Call<'_>, purpose: Purpose, rules: &[Rule], make: Make<'_>, take: Take<'_>) -> Result<Answered, Failure> {
        let auth = self.auth(call).map_err(Failure::unsent)?;
        let owner = self.owner(call.config);
        let (mut renewed, mut attempt) = (false, 0);
        let mut session = self.entered(call, auth).await?;
        loop {
            let draft = make(session.as_ref()).map_err(Failure::unsent)?;
            // Without its credentials: what is made of it may be written down.
            let url = draft.url.clone();
            let request = build::finish(self.dressed(call, auth, session.as_ref(), draft).map_err(Failure::unsent)?);
            let limits = self.connector.rate_limiting();
            let place = call.pace.turn(owner, limits, limits.cost(request.method.word(), url.path())).await.map_err(Failure::unsent)?;
            let sent = send(call, request).await;
            // Before any wait: a place is for requests that are on their way.
            drop(place);
            let verdict = match sent {
                Ok(response) => {
                    let now_ms = call.present_ms();
                    call.pace.heard(owner, limits, budget::heard(limits, &response, now_ms)).await;
                    let bench = Bench { declared: self.connector.config(), config: call.config, session: session.as_ref(), now_ms };
                    let verdict = judge::judge(&response, rules.iter().chain(self.connector.errors()), expired(auth), purpose, bench).map_err(Failure::unsent)?;
                    match verdict {
                        Verdict::Good => match take(response) {
                            Ok(response) => return Ok(Answered { response, nothing: false, url }),
                            Err(fault) => Verdict::Failed(Failure::unsent(fault), Tries::default()),
                        },
                        Verdict::Nothing => return Ok(Answered { response, nothing: true, url }),
                        verdict => verdict,
                    }
                }
                Err(error) => Verdict::Failed(classify::unanswered(&error), Tries::default()),
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
                    let here = purpose != Purpose::Deliver && attempt < tries.most;
                    match wait {
                        Some(wait) if here && call.pace.rest(wait).await => {}
                        _ => return Err(failure),
                    }
                }
                Verdict::Good | Verdict::Nothing => {}
            }
        }
    }

    /// The session requests begin with.
    async fn entered(&self, call: Call<'_>, auth: &Auth) -> Result<Option<Session>, Failure> {
        if !matches!(auth, Auth::OAuth2(_) | Auth::TokenExchange(_)) {
            return Ok(None);
        }
        let owner = self.holder(call.config);
        if let Some(session) = self.tokens.fresh(owner, call.present_ms()) {
            return Ok(Some(session));
        }
        if let Some(sessions) = call.sessions
            && let Some(session) = sessions.kept(owner).await.map_err(Failure::unsent)?
        {
            self.tokens.keep(owner, session.clone());
            if call.present_ms() < session.renew_ms {
                return Ok(Some(session));
            }
        }
        let before = self.tokens.held(owner);
        self.renewed(call, auth, before.as_ref()).await
    }

    /// A session newer than this one; of all who ask at the same time one renews it.
    async fn renewed(&self, call: Call<'_>, auth: &Auth, stale: Option<&Session>) -> Result<Option<Session>, Failure> {
        let owner = self.holder(call.config);
        let _turn = self.tokens.turn().await;
        let mut version = stale.map_or(0, |session| session.version);
        if let Some(newer) = self.tokens.fresh(owner, call.now_ms).filter(|held| held.version > version) {
            return Ok(Some(newer));
        }
        let Some(sessions) = call.sessions else {
            let session = self.fetched(call, auth, self.tokens.held(owner).as_ref().or(stale), version).await?;
            self.tokens.keep(owner, session.clone());
            return Ok(Some(session));
        };
        let mut found = None;
        for _ in 0..MOST_TURNS {
            match sessions.turn(owner, version).await.map_err(Failure::unsent)? {
                Turn::Theirs(session) => {
                    self.tokens.keep(owner, session.clone());
                    if call.present_ms() < session.renew_ms {
                        return Ok(Some(session));
                    }
                    // The life of what somebody else got is over too.
                    version = version.max(session.version);
                    found = Some(session);
                }
                Turn::Ours(before) => return self.ours(call, auth, sessions, before.as_ref().or(stale), version).await.map(Some),
            }
        }
        Ok(found)
    }

    /// Renews a session whose turn is ours, and keeps it before it is used.
    async fn ours(&self, call: Call<'_>, auth: &Auth, sessions: &dyn Sessions, before: Option<&Session>, version: u64) -> Result<Session, Failure> {
        let owner = self.holder(call.config);
        let session = match self.tokens.take_unkept(owner) {
            Some(session) if before.is_none_or(|before| before.version < session.version) => Ok(session),
            _ => self.fetched(call, auth, before, version).await,
        };
        match session {
            Ok(session) => {
                let kept = sessions.keep(owner, &session).await;
                if let Err(fault) = kept {
                    self.tokens.unkept(owner, session);
                    sessions.give_up(owner).await;
                    return Err(Failure::unsent(fault));
                }
                self.tokens.keep(owner, session.clone());
                Ok(session)
            }
            Err(failure) => {
                sessions.give_up(owner).await;
                // A refresh token that is refused may have been used by somebody else meanwhile.
                let newer = if failure.fault.code == "needs_auth" { sessions.kept(owner).await.ok().flatten() } else { None };
                let newer = newer.filter(|newer| newer.version > before.map_or(0, |before| before.version) && call.now_ms < newer.renew_ms);
                let Some(newer) = newer else { return Err(failure) };
                self.tokens.keep(owner, newer.clone());
                Ok(newer)
            }
        }
    }

    /// A session from the other system; what passes by itself is repeated.
    async fn fetched(&self, call: Call<'_>, auth: &Auth, before: Option<&Session>, version: u64) -> Result<Session, Failure> {
        let (tries, mut attempt) = (Tries { most: LOGINS, ..Tries::default() }, 0);
        loop {
            let failure = match self.granted(call, auth, before, version).await {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            let wait = again(&failure, tries, attempt, call.pace.chance());
            attempt += 1;
            match wait {
                Some(wait) if attempt < tries.most && call.pace.rest(wait).await => {}
                _ => return Err(failure),
            }
        }
    }

    /// Asks for a session once.
    async fn granted(&self, call: Call<'_>, auth: &Auth, before: Option<&Session>, version: u64) -> Result<Session, Failure> {
        let request = self.login(call, auth, before).map_err(Failure::unsent)?;
        let request = request.ok_or_else(|| Failure::unsent(Simple::reject("internal", "these credentials have no session")))?;
        let response = send(call, request).await.map_err(|error| unacted(classify::unanswered(&error)))?;
        // RFC 6749 answers bad credentials with 400 as well as 401.
        if matches!(response.status, 400 | 401 | 403) {
            let fault = Simple::park("needs_auth", refusal(&response));
            return Err(Failure { status: Some(response.status), ..Failure::unsent(fault) });
        }
        if let Some(failure) = classify::status(&response, call.present_ms()) {
            return Err(unacted(failure));
        }
        let session = self.session(auth, &response, before, call.present_ms()).map_err(Failure::unsent)?;
        Ok(Session { version: session.version.max(version + 1), ..session })
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

/// How long to wait before the next try; `None` where none helps.
fn again(failure: &Failure, tries: Tries, attempt: u32, chance: u32) -> Option<Duration> {
    match failure.fault.disposition {
        Disposition::Retry { after } => Some(after.unwrap_or_else(|| judge::pause(tries, attempt, chance))),
        Disposition::Park | Disposition::Reject => None,
    }
}

/// Whatever became of the token request, the request itself was not sent.
fn unacted(failure: Failure) -> Failure {
    Failure { ambiguous: false, body: Vec::new(), ..failure }
}

/// A failed connect is repeated once at once: no byte of the request left.
async fn send(call: Call<'_>, request: Request) -> Result<Response, ExchangeError> {
    let first = call.exchange.send(request.clone()).await;
    if matches!(first, Err(ExchangeError::Connect)) { call.exchange.send(request).await } else { first }
}

/// The beginning of an answer with every secret of the connection masked, its token among them.
pub(crate) fn excerpt(config: &Config, token: Option<Secret>, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(MASKED_BYTES)]);
    let token = Config::new(token.map(|token| ("token".to_owned(), token)));
    let mut masked = token.redact(&config.redact(&text));
    masked.truncate(masked.floor_char_boundary(EXCERPT_BYTES));
    masked
}
