//! Every way in which pages go wrong, seen by number and by cursor.

use std::collections::BTreeSet;

use document::Value;
use testkit::api::Misbehaviour;
use testkit::{Api, ApiOptions, Running};

use super::{api, at, get, ids};

/// The first and last id of each page, and how many it holds, up to a number of pages. Never more than asked for.
type Seen = Vec<(i64, i64, usize)>;

fn seen(ids: &[i64]) -> (i64, i64, usize) {
    (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0), ids.len())
}

async fn by_cursor(api: &Running<Api>, word: &str, most: usize) -> Seen {
    let (mut pages, mut after) = (Vec::new(), String::new());
    while pages.len() < most {
        let page = get(api, &format!("/cursor?limit=100&misbehave={word}&after={after}")).await.json();
        pages.push(seen(&ids(&page, "items")));
        let Some(next) = at(&page, "paging.next").plain() else { break };
        after = next;
    }
    pages
}

async fn by_number(api: &Running<Api>, word: &str, most: usize) -> Seen {
    let mut pages = Vec::new();
    for number in 1..=most {
        pages.push(seen(&ids(&get(api, &format!("/page?per_page=100&misbehave={word}&page={number}")).await.json(), "data")));
    }
    pages
}

async fn by_last(api: &Running<Api>, word: &str, most: usize) -> Seen {
    let (mut pages, mut last) = (Vec::new(), 0);
    for _ in 0..most {
        let page = seen(&ids(&get(api, &format!("/since?limit=100&misbehave={word}&since_id={last}")).await.json(), "data"));
        pages.push(page);
        last = if page.2 == 0 { last } else { page.1 };
    }
    pages
}

const FIRST: (i64, i64, usize) = (1, 100, 100);
const SECOND: (i64, i64, usize) = (101, 200, 100);
const THIRD: (i64, i64, usize) = (201, 250, 50);
const EMPTY: (i64, i64, usize) = (0, 0, 0);

#[tokio::test]
async fn each_word_is_what_it_says() {
    let api = api().await;
    let cases: [(&str, Seen, Seen, Seen); 8] = [
        ("", vec![FIRST, SECOND, THIRD], vec![FIRST, SECOND, THIRD, EMPTY, EMPTY], vec![FIRST, SECOND, THIRD, EMPTY, EMPTY]),
        ("short_last", vec![FIRST, SECOND, (201, 249, 49)], vec![FIRST, SECOND, (201, 249, 49), EMPTY, EMPTY], vec![FIRST, SECOND, (201, 249, 49), EMPTY, EMPTY]),
        ("short_middle", vec![FIRST, (101, 199, 99), THIRD], vec![FIRST, (101, 199, 99), THIRD, EMPTY, EMPTY], vec![FIRST, (101, 199, 99), (200, 250, 51), EMPTY, EMPTY]),
        ("repeat_last", vec![FIRST, SECOND, THIRD, THIRD, THIRD], vec![FIRST, SECOND, THIRD, THIRD, THIRD], vec![FIRST, SECOND, THIRD, THIRD, THIRD]),
        ("loop", vec![FIRST, SECOND, THIRD, SECOND, THIRD], vec![FIRST, SECOND, THIRD, SECOND, THIRD], vec![FIRST, SECOND, THIRD, SECOND, THIRD]),
        ("same_cursor", vec![FIRST, SECOND, SECOND, SECOND, SECOND], vec![FIRST, SECOND, SECOND, SECOND, SECOND], vec![FIRST, SECOND, SECOND, SECOND, SECOND]),
        ("empty_forever", vec![FIRST, SECOND, THIRD, EMPTY, EMPTY], vec![FIRST, SECOND, THIRD, EMPTY, EMPTY], vec![FIRST, SECOND, THIRD, EMPTY, EMPTY]),
        ("duplicate", vec![FIRST, (100, 199, 100), (200, 250, 51)], vec![FIRST, (100, 199, 100), (200, 250, 51), EMPTY, EMPTY], vec![FIRST, SECOND, THIRD, EMPTY, EMPTY]),
    ];
    for (word, cursor, number, last) in cases {
        assert_eq!(by_cursor(&api, word, 5).await, cursor, "{word} by cursor");
        assert_eq!(by_number(&api, word, 5).await, number, "{word} by number");
        assert_eq!(by_last(&api, word, 5).await, last, "{word} by the last record");
    }
}

#[tokio::test]
async fn a_cursor_repeats_or_changes_as_its_word_says() {
    let api = api().await;
    for (word, pages, different) in [("repeat_last", 6, 3), ("loop", 6, 3), ("same_cursor", 6, 2), ("empty_forever", 6, 6)] {
        let (mut cursors, mut after) = (BTreeSet::new(), String::new());
        for _ in 0..pages {
            cursors.insert(after.clone());
            after = at(&get(&api, &format!("/cursor?limit=100&misbehave={word}&after={after}")).await.json(), "paging.next").plain().unwrap();
        }
        assert_eq!(cursors.len(), different, "{word}");
    }
}

#[tokio::test]
async fn a_short_list_misbehaves_too_and_an_empty_one_ends() {
    let api = Api::start(ApiOptions { records: 3, ..ApiOptions::default() }).await.unwrap();
    let whole = (1, 3, 3);
    for (word, pages) in [("loop", vec![whole, whole]), ("repeat_last", vec![whole, whole]), ("same_cursor", vec![whole]), ("duplicate", vec![whole]), ("short_last", vec![(1, 2, 2)])] {
        assert_eq!(by_cursor(&api, word, 2).await, pages, "{word}");
    }
    let none = Api::start(ApiOptions { records: 0, ..ApiOptions::default() }).await.unwrap();
    for word in ["", "loop", "repeat_last", "same_cursor", "short_last", "short_middle", "duplicate"] {
        assert_eq!(by_number(&none, word, 2).await, [EMPTY, EMPTY], "{word}");
    }
}

#[tokio::test]
async fn links_keep_the_word_and_the_whole_system_can_have_it() {
    let api = api().await;
    let first = get(&api, "/next-url?misbehave=duplicate").await.json();
    assert!(at(&first, "next").as_str().unwrap().contains("misbehave=duplicate&at="));
    let odd = Api::start(ApiOptions { misbehave: BTreeSet::from([Misbehaviour::ShortLast]), ..ApiOptions::default() }).await.unwrap();
    let last = get(&odd, "/offset?offset=200&limit=100").await.json();
    assert_eq!((ids(&last, "data").len(), at(&last, "total")), (49, Value::from(250)));
}

#[tokio::test]
async fn a_list_without_an_end_says_it_is_long() {
    let api = api().await;
    assert_eq!(at(&get(&api, "/page?misbehave=empty_forever").await.json(), "total"), 1_000_000.into());
}
