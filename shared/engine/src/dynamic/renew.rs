//! Sessions that credentials are exchanged for: who begins with one, who renews it, and what is repeated meanwhile.

use connector::{Auth, Grant, Purpose};
use document::Hash128;
use fault::Simple;

use super::{Dynamic, ask::{again, send}, classify::{self, Failure}, judge::{self, Bench, Tries, Verdict}, login::{refusal, refused}};
use crate::{Call, Session, Sessions, Turn};

/// How often a token is asked for in all.
const LOGINS: u32 = 3;
/// Turns asked for before what somebody else renewed is taken as it is.
const MOST_TURNS: usize = 3;

impl Dynamic {
    /// The session requests begin with.
    pub(super) async fn entered(&self, call: Call<'_>, auth: &Auth) -> Result<Option<Session>, Failure> {
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
    pub(super) async fn renewed(&self, call: Call<'_>, auth: &Auth, stale: Option<&Session>) -> Result<Option<Session>, Failure> {
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
        let (mut found, mut refused) = (None, None);
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
                Turn::Ours(before) => {
                    let before = before.as_ref().or(stale);
                    let failure = match self.ours(call, auth, sessions, before, version).await {
                        Ok(session) => return Ok(Some(session)),
                        Err(failure) => failure,
                    };
                    let Some(newer) = newer(sessions, owner, &failure, before, call.now_ms).await else { return Err(failure) };
                    self.tokens.keep(owner, newer.clone());
                    if call.now_ms < newer.renew_ms {
                        return Ok(Some(newer));
                    }
                    // It is renewed with what somebody else got.
                    version = version.max(newer.version);
                    refused = Some(failure);
                }
            }
        }
        refused.map_or(Ok(found), Err)
    }

    /// Renews a session whose turn is ours, and keeps it before it is used.
    async fn ours(&self, call: Call<'_>, auth: &Auth, sessions: &dyn Sessions, before: Option<&Session>, version: u64) -> Result<Session, Failure> {
        let owner = self.holder(call.config);
        let session = match self.tokens.take_unkept(owner) {
            Some(session) if before.is_none_or(|before| before.version < session.version) => Ok(session),
            _ => match spendable(auth, sessions, owner).await {
                Ok(()) => self.fetched(call, auth, before, version).await,
                Err(fault) => Err(Failure::unsent(fault)),
            },
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
                Err(failure)
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
        let (url, most) = (request.url.clone(), request.max_response_bytes);
        let response = send(call, request).await.map_err(|error| unacted(classify::unanswered(&error, &url, call.config, most)))?;
        // RFC 6749 answers bad credentials with 400 as well as 401.
        if matches!(response.status, 400 | 401 | 403) {
            let fault = Simple::park("needs_auth", refusal(&response));
            return Err(Failure { status: Some(response.status), ..Failure::unsent(fault) });
        }
        let graphql = if let Auth::TokenExchange(exchange) = auth { exchange.request.graphql() } else { None };
        let bench = Bench { declared: self.connector.config(), config: call.config, session: before, graphql, decode: None, now_ms: call.present_ms() };
        match judge::judge(&response, [].iter(), &[], Purpose::Test, bench).map_err(Failure::unsent)? {
            Verdict::Good | Verdict::Nothing => {}
            // A login that is refused is one, whatever it says beside it: so it is with a 400.
            Verdict::Failed(failure, _) if graphql.is_some() && failure.fault.code == "destination_rejected" => {
                return Err(unacted(Failure { fault: Simple::park("needs_auth", failure.fault.message.clone()), ..failure }));
            }
            Verdict::Expired(failure) | Verdict::Failed(failure, _) => return Err(unacted(failure)),
        }
        if let (Auth::OAuth2(_), Some(fault)) = (auth, refused(call.config, before, &response)) {
            return Err(Failure { status: Some(response.status), ..Failure::unsent(fault) });
        }
        let session = self.session(call.config, auth, &response, before, call.present_ms()).map_err(Failure::unsent)?;
        Ok(Session { version: session.version.max(version + 1), ..session })
    }
}

/// Whether a refresh token that is good for one use may be spent: not where the next one is lost.
async fn spendable(auth: &Auth, sessions: &dyn Sessions, owner: Hash128) -> Result<(), Simple> {
    match auth {
        Auth::OAuth2(oauth2) if oauth2.rotates && oauth2.grant == Grant::RefreshToken => sessions.keepable(owner).await,
        _ => Ok(()),
    }
}

/// What somebody else got while our grant was refused, for a refresh token that is refused may have been used by them: a session that is
/// good, or another refresh token.
async fn newer(sessions: &dyn Sessions, owner: Hash128, failure: &Failure, before: Option<&Session>, now_ms: i64) -> Option<Session> {
    if failure.fault.code != "needs_auth" {
        return None;
    }
    let refresh = |session: &'_ Session| session.refresh.as_ref().map(|refresh| document::hash_bytes(refresh.expose().as_bytes()));
    let newer = sessions.kept(owner).await.ok()??;
    let other = refresh(&newer).is_some() && refresh(&newer) != before.and_then(refresh);
    let later = newer.version > before.map_or(0, |before| before.version);
    (later && (now_ms < newer.renew_ms || other)).then_some(newer)
}

/// Whatever became of the token request, the request itself was not sent.
fn unacted(failure: Failure) -> Failure {
    Failure { ambiguous: false, body: Vec::new(), ..failure }
}
