//! Tokens that end while a pull goes on: renewed in time, renewed when they are refused, and never written down.

use std::fs;

use serde_json::{Value, json};

use crate::{office::{Office, REFRESH, REQUESTS}, pull::program};

/// The requests take 3.6 s at least: five go at once, then one every 200 ms.
fn slowly() -> (&'static str, Value) {
    ("/rate_limiting", json!({ "requests_per_second": 5 }))
}

#[test]
fn a_token_is_renewed_before_it_ends() {
    let Some(office) = Office::open(json!({ "life": 1 }), &[slowly()]) else { return };
    office.pull(&[]).once(1..=1200);
    assert!(office.seen("token client_credentials 200") >= 2, "a second is over");
    assert_eq!((office.seen("data 200"), office.seen("data 401")), (REQUESTS, 0), "no page was asked for in vain");
}

#[test]
fn a_token_that_is_withdrawn_is_renewed_and_its_page_read_once() {
    let Some(office) = Office::open(json!({ "withdrawn_after": 5 }), &[]) else { return };
    office.pull(&[]).once(1..=1200);
    assert_eq!((office.seen("token"), office.seen("data 200"), office.seen("data 401")), (2, REQUESTS, 1));
}

#[test]
fn a_token_server_that_is_down_for_a_moment_is_asked_again() {
    let Some(office) = Office::open(json!({ "down": 1 }), &[]) else { return };
    office.pull(&[]).once(1..=1200);
    assert_eq!((office.seen("token client_credentials 503"), office.seen("token client_credentials 200")), (1, 1));
}

#[test]
fn a_recording_holds_no_token_and_plays_without_the_servers() {
    for grant in ["client_credentials", "refresh_token"] {
        let changes = [slowly(), ("/auth/grant", json!(grant)), ("/auth/refresh", json!({ "rotates": true }))];
        let Some(office) = Office::open(json!({ "life": 1, "withdrawn_after": 5 }), &changes) else { return };
        if grant == "refresh_token" {
            office.configure("refresh_token", REFRESH);
        }
        office.pull(&["--record", "recorded.json"]).once(1..=1200);
        assert_eq!(office.seen("token"), 2, "the present of a recording stands still, and the second token is one that was refused");
        office.silent(&fs::read_to_string(office.folder().join("recorded.json")).unwrap());
        let played = program(office.folder(), &["definition", "test", "recorded.json"]);
        assert!(played.status.success(), "{}{}", String::from_utf8_lossy(&played.stdout), String::from_utf8_lossy(&played.stderr));
    }
}
