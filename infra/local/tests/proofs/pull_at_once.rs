//! Several pulls at once with one refresh token that is good for one use: each goes on with what the one before it got.

use std::process::{Command, Stdio};

use document::{Value, parse_str};
use testkit::Api;

use crate::pull::{Desk, ids};

const DEFINITION: &str = r#"{
  "metadata": { "slug": "depot", "type": "source" },
  "config": {
    "base_url": { "type": "url" }, "client_id": { "type": "string" },
    "client_secret": { "type": "string", "secret": true }, "refresh_token": { "type": "string", "secret": true }
  },
  "base_url": "{{ config.base_url }}/oauth",
  "auth": { "type": "oauth2", "grant": "refresh_token", "token_url": "{{ config.base_url }}/oauth/token", "refresh": { "rotates": true } },
  "entities": {
    "thing": {
      "read": {
        "request": { "url": "/cursor", "params": { "limit": 100 } },
        "records": { "path": "$.items", "primary_key": "$.id" },
        "pagination": { "type": "cursor", "from": "$.paging.next", "more": "$.paging.has_more", "inject": { "in": "query", "name": "after" } }
      }
    }
  }
}"#;

#[tokio::test(flavor = "multi_thread")]
async fn several_pulls_renew_one_after_the_other_and_none_is_refused() {
    let desk = Desk::new().await;
    desk.write("depot.json", DEFINITION);
    desk.write("config.json", &format!(r#"{{"base_url":"{}","client_id":"{}","client_secret":"{}","refresh_token":"refresh-0"}}"#, desk.api.url(), Api::USER, Api::PASSWORD));
    let begun: Vec<_> = (0..4).map(|_| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_pullpush"));
        program.args(["pull", "--definition", "depot.json", "--config", "config.json", "--entity", "thing"]).current_dir(desk.path());
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }).collect();
    for child in begun {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
        assert_eq!(ids(&String::from_utf8(output.stdout).unwrap()).len(), 250, "{told}");
    }
    assert_eq!(desk.api.calls_to("POST", "/oauth/token"), 4);
    let kept = parse_str(&desk.read("config.json")).unwrap();
    assert_eq!(kept.get("refresh_token").and_then(Value::as_str), Some("refresh-4"));
}
