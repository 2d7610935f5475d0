//! The present goes on while a call does: lives of tokens and waits are counted by it. And what a refused token request is told as.

use std::{sync::{Mutex, atomic::{AtomicU64, Ordering}}, time::Duration};

use async_trait::async_trait;
use canonical::Millis;
use connector::RateLimiting;
use document::Hash128;
use engine::{Call, Heard, Pace, Place};
use fault::Simple;

use crate::script::{NOW, Script, answer, call, config, running, with};

const GUIDE: &str = include_str!("../../../connector/corpus/accept/guide-rest.json");
const TOKEN: &str = "POST https://api.example.com/oauth/token";
const STATUS: &str = "GET https://api.example.com/status";

/// Seconds that are over, and the waits asked for.
#[derive(Default)]
pub(crate) struct Later {
    pub(crate) seconds: AtomicU64,
    waits: Mutex<Vec<Duration>>,
}

#[async_trait]
impl Pace for Later {
    async fn turn(&self, _: Hash128, _: &RateLimiting, _: u32) -> Result<Place, Simple> {
        Ok(Place::free())
    }

    async fn heard(&self, _: Hash128, _: &RateLimiting, _: Heard) {}

    async fn rest(&self, wait: Duration) -> bool {
        self.waits.lock().unwrap().push(wait);
        true
    }

    fn now_ms(&self) -> Option<Millis> {
        Some(NOW + i64::try_from(self.seconds.load(Ordering::Relaxed)).unwrap() * 1000)
    }

    fn chance(&self) -> u32 {
        u32::MAX
    }
}

#[tokio::test]
async fn a_token_ends_while_the_present_of_a_call_is_fixed() {
    let config = config(&[("client_id", "id"), ("client_secret", "secret")]);
    let probe = running(GUIDE).probe.unwrap();
    let script = Script::new(vec![
        (TOKEN, answer(200, r#"{"access_token":"t1","expires_in":100}"#)), (STATUS, answer(200, "")), (STATUS, answer(200, "")),
        (TOKEN, answer(200, r#"{"access_token":"t2","expires_in":100}"#)), (STATUS, answer(200, "")), (STATUS, answer(200, "")),
    ]);
    let later = Later::default();
    // The second token begins its life when it is given, not when the call began.
    for seconds in [0, 79, 80, 159] {
        later.seconds.store(seconds, Ordering::Relaxed);
        probe.test(Call { pace: &later, ..call(&config, &script) }).await.unwrap();
    }
    assert_eq!(script.header(4, "authorization").as_deref(), Some("Bearer t2"));
    script.over();
}

#[tokio::test]
async fn a_token_request_is_repeated_when_that_helps_and_waits_are_counted_from_the_present() {
    let config = config(&[("client_id", "id"), ("client_secret", "secret")]);
    let probe = running(GUIDE).probe.unwrap();
    let until = [("Retry-After", "Sat, 31 Jan 2026 09:03:20 GMT")];
    let script = Script::new(vec![
        (TOKEN, with(503, &until, "")), (TOKEN, with(429, &[("Retry-After", "7")], "")), (TOKEN, answer(200, r#"{"access_token":"t1"}"#)), (STATUS, with(503, &until, "")), (STATUS, answer(200, "")),
    ]);
    let later = Later::default();
    later.seconds.store(90, Ordering::Relaxed);
    probe.test(Call { pace: &later, ..call(&config, &script) }).await.unwrap();
    assert_eq!(*later.waits.lock().unwrap(), [10, 7, 10].map(Duration::from_secs));
    script.over();
}

#[tokio::test]
async fn a_refused_token_request_is_told_in_words_of_the_standard_and_no_others() {
    let config = config(&[("client_id", "id"), ("client_secret", "secret")]);
    for (status, body, told) in [
        (401, r#"{"error":"invalid_client","error_description":"not secret"}"#, "the token endpoint answered 401: it does not know the client, or the secret is wrong (invalid_client)"),
        (400, r#"{"error":"invalid_grant"}"#, "the token endpoint answered 400: the refresh token or the password is wrong, used up or expired (invalid_grant)"),
        (400, r#"{"error":"secret"}"#, "the token endpoint answered 400"),
        (403, r#"{"error":{"code":"invalid_grant"}}"#, "the token endpoint answered 403"),
        (400, "<html>secret", "the token endpoint answered 400"),
    ] {
        let script = Script::new(vec![(TOKEN, answer(status, body))]);
        let fault = running(GUIDE).probe.unwrap().test(call(&config, &script)).await.unwrap_err();
        assert_eq!((fault.code, fault.message.as_str()), ("needs_auth", told), "{body}");
    }
}
