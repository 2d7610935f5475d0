//! The back office.

use document::Value;
use testkit::{BackOffice, BackOfficeOptions, Running};

use crate::client::{Reply, ask};

pub(crate) async fn call(office: &Running<BackOffice>, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers: Vec<_> = headers.iter().copied().chain([("Authorization", "Bearer office-token")]).collect();
    ask(office.address(), method, &format!("{}/{target}", BackOffice::BASE), &headers, body).await.unwrap()
}

pub(crate) fn stock(sku: &str, quantity: i64) -> String {
    format!(r#"{{"sourceItems":[{{"sku":"{sku}","source_code":"default","quantity":{quantity},"status":1}}]}}"#)
}

fn items(reply: &Reply, field: &str) -> Vec<String> {
    reply.json().get("items").unwrap().items().unwrap().iter().map(|row| row.get(field).unwrap().plain().unwrap()).collect()
}

#[tokio::test]
async fn a_call_without_the_token_names_what_is_missing() {
    let office = BackOffice::start(BackOfficeOptions::default()).await.unwrap();
    let reply = ask(office.address(), "GET", "/rest/V1/store/storeConfigs", &[], "").await.unwrap();
    assert_eq!(reply.status, 401);
    assert!(reply.json().get("parameters").unwrap().get("resources").is_some());
    assert_eq!(call(&office, "GET", "store/storeConfigs", &[], "").await.status, 200);
    assert_eq!(call(&office, "GET", "nowhere", &[], "").await.status, 404);
}

#[tokio::test]
async fn stock_is_written_absolutely_and_its_history_kept() {
    let office = BackOffice::start(BackOfficeOptions::default()).await.unwrap();
    for quantity in [5, 3, 3] {
        let reply = call(&office, "POST", "inventory/source-items", &[("Idempotency-Key", "k")], &stock("A", quantity)).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, "[]"));
    }
    let held = office.backoffice();
    assert_eq!(held.stock("A", "default"), Some(3));
    assert_eq!(held.stock_writes("A", "default").iter().map(|write| (write.write, write.quantity)).collect::<Vec<_>>(), [(1, 5), (2, 3), (3, 3)]);
    drop(held);
    assert_eq!(office.calls()["POST /rest/V1/inventory/source-items"], 3);
}

#[tokio::test]
async fn one_bad_row_refuses_the_whole_request() {
    let office = BackOffice::start(BackOfficeOptions::default()).await.unwrap();
    for (row, field) in [
        (r#"{"sku":"","source_code":"default","quantity":1,"status":1}"#, Some("sku")),
        (r#"{"sku":"B","quantity":1,"status":1}"#, Some("source_code")),
        (r#"{"sku":"B","source_code":"default","quantity":"many","status":1}"#, Some("quantity")),
        (r#"{"sku":"B","source_code":"default","quantity":1,"status":7}"#, Some("status")),
        (r#"{"sku":"B","source_code":"elsewhere","quantity":1,"status":1}"#, None),
    ] {
        let body = format!(r#"{{"sourceItems":[{{"sku":"A","source_code":"default","quantity":9,"status":1}},{row}]}}"#);
        let reply = call(&office, "POST", "inventory/source-items", &[], &body).await;
        let named = reply.json().get("errors").and_then(|errors| errors.items()?[0].get("parameters")?.get("field")?.plain());
        assert_eq!((reply.status, named.as_deref()), (400, field), "{row}");
    }
    for body in ["", "{", "{}", r#"{"sourceItems":[]}"#] {
        assert_eq!(call(&office, "POST", "inventory/source-items", &[], body).await.status, 400, "{body}");
    }
    assert_eq!(office.backoffice().stock("A", "default"), None);
    assert!(office.backoffice().all_stock_writes().is_empty());
}

#[tokio::test]
async fn criteria_filter_sort_and_page() {
    let office = BackOffice::start(BackOfficeOptions::default()).await.unwrap();
    for (sku, quantity) in [("A", 1), ("B", 10), ("C", 9), ("D", 0)] {
        office.backoffice().set_stock(sku, "default", quantity);
    }
    let filter = |field: &str, value: &str, condition: &str| format!("searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfield%5D={field}&searchCriteria[filter_groups][0][filters][0][value]={value}&searchCriteria[filter_groups][0][filters][0][conditionType]={condition}");
    for (query, skus) in [
        (filter("sku", "A,C", "in"), vec!["A", "C"]),
        (filter("quantity", "9", "gteq"), vec!["B", "C"]),
        (filter("sku", "B", "eq"), vec!["B"]),
        ("searchCriteria[sortOrders][0][field]=quantity&searchCriteria[pageSize]=3".to_owned(), vec!["B", "C", "A"]),
        ("searchCriteria[pageSize]=3&searchCriteria[currentPage]=2".to_owned(), vec!["D"]),
        ("searchCriteria[pageSize]=3&searchCriteria[currentPage]=3".to_owned(), vec![]),
        ("searchCriteria=".to_owned(), vec!["A", "B", "C", "D"]),
    ] {
        assert_eq!(items(&call(&office, "GET", &format!("inventory/source-items?{query}"), &[], "").await, "sku"), skus, "{query}");
    }
    assert_eq!(call(&office, "GET", "inventory/source-items", &[], "").await.json().get("parameters").unwrap().get("fieldName").unwrap().as_str(), Some("searchCriteria"));
    assert_eq!(call(&office, "GET", &format!("inventory/source-items?{}", filter("sku", "A", "resembles")), &[], "").await.status, 400);
}

#[tokio::test]
async fn a_page_past_the_end_can_repeat_the_last() {
    let office = BackOffice::start(BackOfficeOptions { repeats_last_page: true, ..BackOfficeOptions::default() }).await.unwrap();
    for sku in ["A", "B", "C"] {
        office.backoffice().set_stock(sku, "default", 1);
    }
    let reply = call(&office, "GET", "inventory/source-items?searchCriteria[pageSize]=2&searchCriteria[currentPage]=9", &[], "").await;
    assert_eq!((items(&reply, "sku"), reply.json().get("total_count").and_then(Value::as_i64)), (vec!["C".to_owned()], Some(3)));
}

#[tokio::test]
async fn an_order_is_kept_by_its_number_to_the_last_digit() {
    let office = BackOffice::start(BackOfficeOptions::default()).await.unwrap();
    let first = call(&office, "POST", "orders", &[], r#"{"entity":{"increment_id":"1001","grand_total":1132.50,"status":"new"}}"#).await;
    let second = call(&office, "PUT", "orders/create", &[], r#"{"entity":{"increment_id":"1001","status":"complete"}}"#).await;
    assert_eq!((first.status, second.status), (200, 200));
    assert!(second.body.contains(r#""grand_total":1132.50"#), "{}", second.body);
    let listed = call(&office, "GET", "orders?searchCriteria[filter_groups][0][filters][0][field]=increment_id&searchCriteria[filter_groups][0][filters][0][value]=1001", &[], "").await;
    assert_eq!(items(&listed, "status"), ["complete"]);
    assert_eq!(call(&office, "GET", "orders/1", &[], "").await.status, 200);
    assert_eq!(call(&office, "GET", "orders/2", &[], "").await.status, 404);
    let writes = office.backoffice().order_writes("1001");
    assert_eq!(writes.iter().map(|write| write.call.as_str()).collect::<Vec<_>>(), ["POST /rest/V1/orders", "PUT /rest/V1/orders/create"]);
}

#[tokio::test]
async fn a_repeated_key_replays_the_answer_and_executes_nothing() {
    let office = BackOffice::start(BackOfficeOptions { honours_idempotency_key: true, ..BackOfficeOptions::default() }).await.unwrap();
    let key = [("Idempotency-Key", "k1")];
    let first = call(&office, "POST", "orders", &key, r#"{"entity":{"grand_total":1}}"#).await;
    let again = call(&office, "POST", "orders", &key, r#"{"entity":{"grand_total":2}}"#).await;
    assert_eq!((again.status, &again.body, again.header("idempotency-replayed")), (200, &first.body, Some("true")));
    assert_eq!(office.backoffice().order_numbers(), ["000000001"]);
    let held = office.backoffice();
    assert_eq!((held.all_order_writes().len(), held.replays()), (1, 1));
}
