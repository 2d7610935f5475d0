//! The same records in every shape a list comes in.

use document::Value;

use super::{api, at, get, ids};

#[tokio::test]
async fn each_shape_holds_the_first_records() {
    let api = api().await;
    for (shape, text) in [
        ("array", r#"[{"id":1,"name":"Bolt 1","updated_at":"2026-01-01T07:13:07Z","price":13.070,"group":1,"tags":["new"]},{"id":2,"#),
        ("object-keyed", r#"{"things":{"1":{"name":"Bolt 1","updated_at":"2026-01-01T07:13:07Z","price":13.070,"group":1,"tags":["new"]},"2":{"#),
        ("header-rows", r#"{"rows":[["id","name","updated_at","price","qty","group"],[1,"Bolt 1","2026-01-01T07:13:07Z",13.070,null,1],[2,"#),
        ("parallel", r#"{"id":[1,2],"name":["Bolt 1","Skruv på hjul 2"],"updated_at":["2026-01-01T07:13:07Z","2026-01-01T07:13:07Z"],"price":[13.070,26.140],"#),
        ("nested", r#"{"result":{"groups":[{"id":1,"name":"Group 1","since":"2026-01-01 00:00:00","things":[{"id":1,"name":"Bolt 1","#),
        ("jsonapi", r#"{"data":[{"type":"thing","id":"1","attributes":{"name":"Bolt 1","updated_at":"2026-01-01T07:13:07Z","price":13.070,"tags":["new"]},"relationships":{"group":{"data":{"type":"group","id":"1"}}}},"#),
        ("strings", r#"{"names":["Bolt 1","Skruv på hjul 2"]}"#),
        ("single", r#"{"thing":{"id":1,"name":"Bolt 1","#),
        ("encoded", r#"{"d":"[{\"id\":1,\"name\":\"Bolt 1\","#),
    ] {
        let body = get(&api, &format!("/shapes/{shape}?limit=2")).await.body;
        assert!(body.starts_with(text), "{shape}: {body}");
    }
    assert_eq!(get(&api, "/shapes/cube").await.status, 404);
}

#[tokio::test]
async fn every_record_of_a_page_is_in_every_shape() {
    let api = api().await;
    let page: Vec<i64> = (1..=100).collect();
    let shape = async |name: &str| get(&api, &format!("/shapes/{name}?limit=100")).await.json();
    let numbers = |value: Value| value.items().unwrap().iter().map(|id| id.plain().unwrap().parse::<i64>().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids(&shape("array").await, ""), page);
    assert_eq!(at(&shape("object-keyed").await, "things").entries().unwrap().len(), 100);
    assert_eq!(at(&shape("header-rows").await, "rows").items().unwrap().len(), 101);
    assert_eq!(numbers(at(&shape("parallel").await, "id")), page);
    let resources = at(&shape("jsonapi").await, "data");
    assert_eq!(numbers(Value::Array(resources.items().unwrap().iter().map(|row| at(row, "id")).collect())), page);
    let groups = at(&shape("nested").await, "result.groups");
    assert_eq!(groups.items().unwrap().iter().map(|group| ids(group, "things").len()).collect::<Vec<_>>(), [25, 25, 25, 25, 0]);
}
