//! Lists read by what the last page said.

use document::Value;
use testkit::{Api, Running};

use super::{all, api, at, get, ids, post};

async fn by_cursor(api: &Running<Api>, limit: usize) -> Vec<i64> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(api, &format!("/cursor?limit={limit}&after={after}")).await.json();
        found.extend(ids(&page, "items"));
        assert_eq!(at(&page, "paging.has_more"), (at(&page, "paging.next") != Value::Null).into());
        let Some(next) = at(&page, "paging.next").plain() else { return found };
        after = next;
    }
}

#[tokio::test]
async fn a_cursor_leads_to_the_end() {
    let api = api().await;
    for limit in [20, 100, 50, 1] {
        assert_eq!(by_cursor(&api, limit).await, all());
    }
    assert_eq!(get(&api, "/cursor?after=nonsense").await.status, 400);
}

#[tokio::test]
async fn a_cursor_goes_in_a_body() {
    let api = api().await;
    let (mut found, mut body) = (Vec::new(), r#"{"page":{"limit":40}}"#.to_owned());
    loop {
        let page = post(&api, "/cursor", &body).await.json();
        found.extend(ids(&page, "items"));
        let Some(next) = at(&page, "paging.next").plain() else { break };
        body = format!(r#"{{"page":{{"limit":40,"after":"{next}"}}}}"#);
    }
    assert_eq!(found, all());
    assert_eq!(post(&api, "/cursor", r#"{"page":{"limit":400}}"#).await.status, 400);
}

#[tokio::test]
async fn the_address_of_the_next_page_is_whole_or_relative_and_keeps_the_rest_of_the_query() {
    let api = api().await;
    for (first, begins) in [("/next-url?limit=60&x=%C3%A5+b", api.url()), ("/next-url?limit=60&x=1&relative=1", "/next-url?")] {
        let (mut found, mut target) = (Vec::new(), first.to_owned());
        loop {
            let page = get(&api, &target).await.json();
            found.extend(ids(&page, "data"));
            let Some(next) = at(&page, "next").plain() else { break };
            assert!(next.starts_with(begins) && next.contains("limit=60&x="), "{next}");
            target = next.trim_start_matches(api.url()).to_owned();
        }
        assert_eq!(found, all());
    }
}

#[tokio::test]
async fn the_link_header_names_the_next_page_until_the_last() {
    let api = api().await;
    let mut reply = get(&api, "/link?limit=100").await;
    let mut found = ids(&reply.json(), "");
    while let Some(next) = reply.link("next") {
        assert!(next.contains("page_info="));
        reply = get(&api, &next).await;
        found.extend(ids(&reply.json(), ""));
    }
    assert_eq!((found, reply.link("first").is_some()), (all(), true));
}

#[tokio::test]
async fn a_connection_is_read_by_its_variables() {
    let api = api().await;
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = post(&api, "/graphql", &format!(r#"{{"query":"query($first:Int,$after:String){{…}}","variables":{{"first":80,"after":{after}}}}}"#)).await.json();
        found.extend(ids(&page, "data.things.nodes"));
        if at(&page, "data.things.pageInfo.hasNextPage") == Value::Bool(false) {
            break;
        }
        after = at(&page, "data.things.pageInfo.endCursor");
    }
    assert_eq!(found, all());
    let wrong = post(&api, "/graphql", r#"{"variables":{"after":"?"}}"#).await;
    assert_eq!((wrong.status, at(&wrong.json(), "data"), at(&wrong.json(), "errors.0.path.0")), (200, Value::Null, "things".into()));
}

#[tokio::test]
async fn a_session_is_begun_by_the_first_page_and_needed_for_the_others() {
    let api = api().await;
    assert_eq!(get(&api, "/session?page=2").await.status, 400);
    assert_eq!(get(&api, "/session?page=2&session=session-1").await.status, 400);
    let first = get(&api, "/session?limit=50").await.json();
    let (session, pages) = (at(&first, "session").plain().unwrap(), at(&first, "pages").as_i64().unwrap());
    let mut found = ids(&first, "data");
    for page in 2..=pages {
        found.extend(ids(&get(&api, &format!("/session?limit=50&page={page}&session={session}")).await.json(), "data"));
    }
    assert_eq!((found, session.as_str()), (all(), "session-1"));
    assert_eq!(at(&get(&api, "/session").await.json(), "session"), "session-2".into());
}
