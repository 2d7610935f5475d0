//! Tokens of oauth2-mock-server for data of json-server: asked for once, refused, and with refresh tokens that are good for one use.

use std::fs;

use serde_json::json;

use crate::{office::{Office, REFRESH, REQUESTS, SECRET}, pull::write};

#[test]
fn one_token_is_good_for_every_page_however_the_client_is_told() {
    for changes in [vec![], vec![("/auth/client_auth", json!("basic"))], vec![("/auth/body", json!("json")), ("/auth/scopes", json!(["read", "write"]))]] {
        let Some(office) = Office::open(json!({}), &changes) else { return };
        office.pull(&["--cursor-file", "at"]).once(1..=1200);
        assert_eq!((office.seen("token client_credentials 200"), office.seen("data 200"), office.seen("")), (1, REQUESTS, REQUESTS + 1), "{changes:?}");
        let again = office.pull(&["--cursor-file", "at"]);
        assert!(again.good && again.records.is_empty() && again.told.contains("10 known before"), "only the last hour is asked for again, and known: {}", again.told);
    }
}

#[test]
fn a_limit_in_the_middle_and_the_cursor_behind_it_give_every_row() {
    let Some(office) = Office::open(json!({}), &[]) else { return };
    let first = office.pull(&["--cursor-file", "at", "--limit", "450"]);
    first.once(1..=450);
    // The fifth page was cut, so it is read again.
    office.pull(&["--cursor-file", "at"]).once(401..=1200);
}

#[test]
fn a_client_nobody_knows_is_told_so_without_its_secret() {
    let Some(office) = Office::open(json!({}), &[]) else { return };
    office.configure("client_id", "nobody");
    let pulled = office.pull(&[]);
    assert!(!pulled.good && pulled.records.is_empty());
    assert!(pulled.told.contains("the token endpoint answered 401: it does not know the client, or the secret is wrong (invalid_client) (needs_auth)"), "{}", pulled.told);
    assert_eq!((office.seen("token"), office.seen("data")), (1, 0), "nothing is tried twice");
}

#[test]
fn a_refresh_token_is_replaced_in_the_file_and_the_rest_of_it_stays() {
    for (rotates, name) in [(true, "refresh_token"), (false, "refresh_token"), (true, "ticket")] {
        let changes = [
            ("/auth/grant", json!("refresh_token")), ("/auth/refresh", json!({ "rotates": rotates })), ("/auth/refresh_token", json!(format!("{{{{ config.{name} }}}}"))),
            ("/config/ticket", json!({ "type": "string", "secret": true, "optional": true })),
        ];
        let Some(office) = Office::open(json!({}), &changes) else { return };
        let before = format!("\u{feff}{{\"limit\": 19.990,\n {}", office.config().to_string().replacen('{', &format!("{}: \"{REFRESH}\", ", json!(name)), 1));
        write(office.folder(), "config.json", &before);
        for run in 1..=2 {
            office.pull(&[]).once(1..=1200);
            assert_eq!((office.seen("token refresh_token 200"), office.seen("data")), (run, REQUESTS * run), "{name}");
        }
        let after = fs::read_to_string(office.folder().join("config.json")).unwrap();
        let config = office.config();
        let ticket = config[name].as_str().unwrap();
        assert_ne!(ticket, REFRESH);
        assert!(after.contains("\"limit\": 19.990") || after.contains("\"limit\":19.990"), "{after}");
        let mut known: serde_json::Value = serde_json::from_str(before.trim_start_matches('\u{feff}')).unwrap();
        known[name] = ticket.into();
        assert_eq!(config, known);
        assert!(!office.folder().join("config.json.new").exists());
        // The first one is used up.
        office.configure(name, REFRESH);
        let pulled = office.pull(&[]);
        assert!(!pulled.good && pulled.told.contains("400: the refresh token or the password is wrong, used up or expired (invalid_grant) (needs_auth)"), "{}", pulled.told);
        assert_eq!(office.config()[name], REFRESH, "what did not work is not replaced");
    }
}

#[test]
fn a_refresh_token_nobody_asked_with_is_not_written_into_the_file() {
    let Some(office) = Office::open(json!({ "generous": true }), &[]) else { return };
    let before = office.config();
    office.pull(&[]).once(1..=1200);
    assert_eq!(office.config(), before);
    assert_eq!(before["client_secret"], SECRET);
}

#[test]
fn a_choice_of_ways_keeps_the_refresh_token_of_the_one_chosen() {
    let oauth = |grant: &str| json!({ "type": "oauth2", "grant": grant, "token_url": "{{ config.tokens }}/token", "refresh_token": "{{ config.ticket }}" });
    let auth = json!({ "one_of": { "select": "{{ config.way }}", "cases": { "machine": { "type": "none" }, "person": oauth("refresh_token") } } });
    let changes = [("/auth", auth), ("/config/ticket", json!({ "type": "string", "secret": true })), ("/config/way", json!({ "type": "string" }))];
    let Some(office) = Office::open(json!({}), &changes) else { return };
    office.configure("way", "person");
    office.configure("ticket", REFRESH);
    office.pull(&[]).once(1..=1200);
    let config = office.config();
    assert!(config["ticket"] != REFRESH && config["refresh_token"].is_null());
    office.pull(&[]).once(1..=1200);
}
