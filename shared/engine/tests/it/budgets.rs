//! Budgets kept while an entity is read: who declares what the other system allows is never refused, and waits no longer than he must.

use proptest::prelude::*;
use testkit::ApiOptions;

use crate::{api::{World, block, definition, pulled, read, records}, script::with};

/// Pages of seven: 37 requests for 250 records. `strict` counts every span of a second, `limited` tells what is left.
fn limited(path: &str, limits: &str) -> String {
    let read = format!(r#""request":{{"url":"/{path}/page"}},"records":{{"path":"$.data"}},"pagination":{{"type":"page","size":7,"inject":{{"page":{{"in":"query","name":"page"}},"size":{{"in":"query","name":"per_page"}}}}}}"#);
    definition(&read, &if limits.is_empty() { String::new() } else { format!(r#","rate_limiting":{{{limits}}}"#) })
}

const HEADERS: &str = r#""headers":{"remaining":"X-RateLimit-Remaining","limit":"X-RateLimit-Limit","reset":"X-RateLimit-Reset"}"#;

#[test]
fn who_declares_the_budget_is_never_refused_and_waits_no_longer_than_it_takes() {
    for (path, limits, took) in [
        // Five at once, and five more a second later.
        ("strict", r#""requests_per_second":5"#.to_owned(), 7_000),
        ("strict", r#""windows":[{"limit":10,"per":"PT2S"},{"limit":5,"per":"PT1S"}]"#.to_owned(), 7_000),
        // Twenty within three seconds; the next wait until the first are ten seconds old.
        ("strict", r#""requests_per_second":5,"windows":[{"limit":20,"per":"PT10S"}]"#.to_owned(), 13_000),
        ("strict", r#""windows":[{"limit":10,"per":"PT1S"}],"cost":[{"match":"POST /strict","cost":9},{"match":"GET /strict","cost":2}]"#.to_owned(), 7_000),
        ("strict", r#""windows":[{"limit":5,"per":"PT1S"}],"cost":[{"match":"GET /page","cost":2}]"#.to_owned(), 7_000),
        ("limited", r#""requests_per_second":5"#.to_owned(), 7_000),
        // Five, and then a second until it is all there again.
        ("limited", HEADERS.to_owned(), 7_000),
        // Below two fifths nothing is asked.
        ("limited", format!(r#"{HEADERS},"adaptive":{{"reserve":0.4}}"#), 12_000),
    ] {
        let (told, world) = read(&limited(path, &limits), || World::api(records(250)));
        assert_eq!((told.code(), told.ids().len(), world.sent().len(), world.took()), (("", ""), 250, 37, took), "{path} {limits}");
    }
}

#[test]
fn who_declares_nothing_is_refused_and_comes_again() {
    for path in ["limited", "strict"] {
        let (told, world) = read(&limited(path, ""), || World::api(records(250)));
        assert_eq!((told.code(), told.ids().len()), (("", ""), 250));
        assert_eq!((world.statuses().iter().filter(|status| **status == 429).count(), world.took()), (7, 7_000));
    }
}

#[test]
fn a_reset_counts_from_when_it_is_heard() {
    let (told, world) = read(&limited("limited", r#""headers":{"remaining":"X-Left","reset":"X-Again"}"#), || {
        let mut page = 0;
        World::of(move |_| {
            page += 1;
            with(200, &[("x-left", "0"), ("x-again", "2")], &if page > 9 { r#"{"data":[]}"#.to_owned() } else { format!(r#"{{"data":[{{"id":{page}}}]}}"#) })
        })
    });
    assert_eq!((told.ids().len(), world.waits()), (9, vec![2_000; 9]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_budget_that_is_declared_right_is_never_refused(rate in 1_i64..40, number in 0_i64..700) {
        let world = World::api(ApiOptions { rate, ..records(number) });
        let told = block(pulled(&limited("strict", &format!(r#""requests_per_second":{rate}"#)), &world, None));
        prop_assert_eq!(told.ids().len(), usize::try_from(number).unwrap());
        prop_assert!(world.statuses().iter().all(|status| *status == 200), "{:?}", world.statuses());
        // As many as are allowed at once, and the next as many exactly a second later.
        let requests = i64::try_from(world.sent().len()).unwrap();
        prop_assert_eq!(world.took(), (requests - 1) / rate * 1_000);
    }
}
