//! Requests nobody should make.

use testkit::{Api, ApiOptions, Request, System};

use super::api;
use crate::client::ask;

/// Asks a system that is not served.
fn status(api: &mut Api, method: &str, path: &str, query: &[(String, String)], body: &str) -> u16 {
    let headers = [("authorization", "Basic Og=="), ("cookie", ";;="), ("host", "x")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    api.answer(&Request { method: method.to_owned(), path: path.to_owned(), query: query.to_vec(), headers: headers.into(), body: body.into() }).status
}

#[test]
fn whatever_is_asked_there_is_an_answer_and_it_is_no_fault_of_the_system() {
    let mut api = Api::new(ApiOptions { records: 30, ..ApiOptions::default() });
    let paths = [
        "/", "//", "/page", "/offset", "/cursor", "/next-url", "/link", "/since", "/keyset", "/session", "/search", "/graphql", "/scroll/open", "/scroll/next", "/groups/x/things", "/nodes", "/feed",
        "/changes", "/shapes/nested", "/export.csv", "/auth/basic/page", "/auth/login", "/server/page", "/oauth/token", "/oauth/page", "/errors/429-date/page", "/limited", "/strict", "/strict/strict/page", "/things/-9223372036854775808",
    ];
    let queries = [
        "", "page=18446744073709551615&offset=18446744073709551615&per_page=1&limit=1", "page=-1&offset=-1&limit=-1", "after=YXQgMTg0NDY3NDQwNzM3MDk1NTE2MTU&at=YXQgMTg0NDY3NDQwNzM3MDk1NTE2MTU&limit=100",
        "since_id=-9223372036854775808&after_id=9223372036854775807&after_updated=9999-12-31T23:59:59Z", "updated_from=9223372036854775807&fmt=epoch_s&after_updated=9223372036854775807",
        "updated_from=/Date(å)/&fmt=dotnet&q=id>9223372036854775807&parent=å&session=session-0&times=99999999999999999999",
    ];
    let words = ["", "loop", "repeat_last", "same_cursor", "empty_forever", "duplicate", "no_zone", "wrong_charset,truncated_gzip,short_last,short_middle"];
    for path in paths {
        for query in queries {
            for word in words {
                for (method, body) in [("GET", ""), ("POST", r#"{"page":{"after":[],"limit":{}},"variables":{"first":1e999,"after":7},"id":null}"#), ("DELETE", "\u{1}")] {
                    let pairs = query.split('&').chain([word]).map(|pair| pair.split_once('=').unwrap_or(("misbehave", pair)));
                    let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                    let status = status(&mut api, method, path, &pairs, body);
                    assert!([200, 400, 401, 404, 429].contains(&status), "{method} {path} {pairs:?}: {status}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_is_not_made() {
    let api = api().await;
    for (body, status) in [
        (r#"{"id":9223372036854775807,"at_ms":0}"#, 400),
        (r#"{"id":-1,"at_ms":0}"#, 400),
        (r#"{"id":1,"at_ms":-1}"#, 400),
        (r#"{"id":1,"at_ms":9223372036854775807}"#, 400),
        (r#"{"id":1000000000000,"at_ms":4102444800000}"#, 200),
        ("{}", 400),
    ] {
        assert_eq!(ask(api.address(), "POST", "/_control/touch", &[], body).await.unwrap().status, status, "{body}");
    }
    assert_eq!(ask(api.address(), "GET", "/things/1000000000000", &[], "").await.unwrap().status, 200);
    assert_eq!(ask(api.address(), "POST", "/_control/remove", &[], r#"{"id":251}"#).await.unwrap().status, 400);
}
