//! Records that changed within a window.

use document::Value;
use testkit::{Api, Running};

use super::{all, api, at, get, ids, ordered};

/// Reads a window to its end.
async fn window(api: &Running<Api>, query: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for page in 1.. {
        let rows = ids(&get(api, &format!("/changes?{query}&page={page}")).await.json(), "data");
        if rows.is_empty() {
            break;
        }
        found.extend(rows);
    }
    found
}

#[tokio::test]
async fn windows_side_by_side_hold_every_record_once_in_every_form() {
    let api = api().await;
    for (form, [first, second, third]) in [
        ("iso", ["2026-01-01T00:00:00Z", "2026-01-10T06:28:08Z", "2026-02-01T00:00:00%2B02:00"]),
        ("date", ["2026-01-01", "2026-01-10", "2026-02-01"]),
        ("epoch_s", ["1767225600", "1768026488", "1769904000"]),
        ("epoch_ms", ["1767225600000", "1768026488000", "1769904000000"]),
        ("epoch_us", ["1767225600000000", "1768026488000000", "1769904000000000"]),
        ("sql", ["2026-01-01+00:00:00", "2026-01-10+06:28:08", "2026-02-01+00:00:00"]),
        ("dotnet", ["/Date(1767225600000)/", "/Date(1768026488000%2B0000)/", "/Date(1769904000000)/"]),
        ("rfc2822", ["Thu,%2001%20Jan%202026%2000:00:00%20%2B0000", "10%20Jan%202026%2006:28:08%20GMT", "Sun,%2001%20Feb%202026%2000:00:00%20%2B0000"]),
    ] {
        let mut found = window(&api, &format!("fmt={form}&updated_from={first}&updated_to={second}")).await;
        assert!((80..120).contains(&found.len()), "{form}: {}", found.len());
        found.extend(window(&api, &format!("fmt={form}&updated_from={second}&updated_to={third}")).await);
        assert_eq!(found[..7], [4, 5, 6, 1, 2, 3, 10], "{form}");
        assert_eq!(ordered(found), all(), "{form}");
        assert_eq!(get(&api, &format!("/changes?fmt={form}&updated_from=soon")).await.status, 400);
    }
    assert_eq!(get(&api, "/changes?fmt=stardate").await.status, 400);
}

#[tokio::test]
async fn the_start_belongs_to_a_window_and_the_end_does_not() {
    let api = api().await;
    assert_eq!(window(&api, "updated_from=2026-01-01T07:13:07Z&updated_to=2026-01-01T14:26:14Z").await, [1, 2, 3, 10, 11, 12][..3]);
    assert_eq!(window(&api, "updated_from=2026-01-01T07:13:08Z&updated_to=2026-01-01T14:26:14Z").await, [0; 0]);
    assert_eq!(at(&get(&api, "/changes?updated_to=2026-01-01T07:13:08Z").await.json(), "total"), 6.into());
}

#[tokio::test]
async fn a_record_says_its_time_in_the_form_asked_for() {
    let api = api().await;
    for (form, text) in [("date", "2026-01-01"), ("epoch_us", "1767225600000000"), ("dotnet", "/Date(1767225600000+0000)/"), ("rfc2822", "Thu, 01 Jan 2026 00:00:00 +0000")] {
        let row = at(&get(&api, &format!("/changes?fmt={form}&per_page=1")).await.json(), "data.0.updated_at");
        assert_eq!((row.plain().as_deref(), row.as_str().is_none()), (Some(text), form == "epoch_us"), "{form}");
    }
}

#[tokio::test]
async fn a_clock_in_another_zone_says_so_or_does_not_and_reads_as_it_writes() {
    let api = api().await;
    for (word, written, from) in [("other_zone", "2026-01-01T02:00:00+02:00", "2026-01-29T00:00:00%2B02:00"), ("no_zone", "2026-01-01T02:00:00", "2026-01-29T00:00:00")] {
        let row = get(&api, &format!("/changes?per_page=1&misbehave={word}")).await.json();
        assert_eq!(at(&row, "data.0.updated_at"), written.into());
        assert_eq!(at(&get(&api, &format!("/things/4?misbehave={word}")).await.json(), "updated_at"), written.into());
        api.api().touch(8, 1_769_637_600_000);
        assert_eq!(window(&api, &format!("misbehave={word}&updated_from={from}")).await, [8]);
        assert_eq!(window(&api, "updated_from=2026-01-28T22:00:01Z").await, [0; 0]);
    }
}

#[tokio::test]
async fn a_change_shows_in_the_next_window() {
    let api = api().await;
    api.api().touch(30, 1_769_850_000_000);
    api.api().touch(251, 1_769_850_000_000);
    let found = get(&api, "/changes?updated_from=2026-01-31T09:00:00Z").await.json();
    assert_eq!((ids(&found, "data"), at(&found, "data.1.name")), (vec![30, 251], Value::from("Bolt 251")));
}
