//! Lists the system keeps open.

use super::{all, api, at, ids, post};
use crate::client::ask;

#[tokio::test]
async fn a_scroll_is_open_until_it_is_closed() {
    let api = api().await;
    let mut page = post(&api, "/scroll/open", r#"{"limit":60}"#).await.json();
    let id = at(&page, "id").plain().unwrap();
    let (mut found, mut pages) = (Vec::new(), 0);
    while !ids(&page, "hits").is_empty() {
        found.extend(ids(&page, "hits"));
        pages += 1;
        page = post(&api, "/scroll/next", &format!(r#"{{"id":"{id}"}}"#)).await.json();
    }
    assert_eq!((found, pages), (all(), 5));
    assert!(api.state().contains(r#""scrolls":{"open":["scroll-1"],"opened":1}"#));
    let mut statuses = Vec::new();
    for _ in 0..2 {
        statuses.push(ask(api.address(), "DELETE", "/scroll/scroll-1", &[], "").await.unwrap().status);
    }
    statuses.push(post(&api, "/scroll/next", r#"{"id":"scroll-1"}"#).await.status);
    assert_eq!(statuses, [204, 404, 404]);
    assert!(api.state().contains(r#""scrolls":{"open":[],"opened":1}"#));
}
