//! The example definitions: a shop that is read and a back office that is written.

use canonical::Key;
use engine::{Secret, SnapshotPage, Told};

use crate::script::{NOW, Script, answer, call, config, event, running, with};

const SHOP: &str = include_str!("../../../../examples/shop.json");
const BACKOFFICE: &str = include_str!("../../../../examples/backoffice.json");
const LINNWORKS: &str = include_str!("../../../../examples/definitions/linnworks.json");
const PRODUCTS: &str = r#"{"products":[{"id":1,"variants":[{"id":11,"sku":"A","inventory_quantity":7,"updated_at":"2026-01-31T10:01:40+01:00"},{"id":12,"sku":"B","inventory_quantity":null}]},{"id":2,"variants":[{"id":21,"sku":"","inventory_quantity":3},{"id":22,"sku":"C","inventory_quantity":0}]}]}"#;

fn items(page: &SnapshotPage) -> String {
    page.items.iter().map(|engine::Scanned { item, occurred_ms, .. }| format!("{}={}@{:?}", item.key.as_str(), item.fields.get("quantity").unwrap(), occurred_ms)).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_shop_is_scanned_and_only_known_quantities_are_told() {
    let config = config(&[("base_url", "http://127.0.0.1:4000"), ("access_token", "shpat")]);
    let script = Script::new(vec![
        ("GET http://127.0.0.1:4000/admin/api/2026-01/products.json?limit=250", with(200, &[("Link", "<http://127.0.0.1:4000/admin/api/2026-01/products.json?page_info=x&limit=250>; rel=\"next\"")], PRODUCTS)),
        ("GET http://127.0.0.1:4000/admin/api/2026-01/products.json?page_info=x&limit=250", answer(200, r#"{"products":[]}"#)),
        ("GET http://127.0.0.1:4000/admin/api/2026-01/products.json?limit=250", answer(200, PRODUCTS)),
    ]);
    let snapshot = running(SHOP).snapshot.unwrap();
    let page = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, None).await.unwrap();
    assert_eq!(items(&page), format!("A=7@Some({NOW}) C=0@None"));
    let page = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, page.next.as_deref()).await.unwrap();
    assert_eq!((items(&page).as_str(), page.next), ("", None));
    let only = [Key::new("C").unwrap()];
    let page = snapshot.snapshot(call(&config, &script), "stocklevel", Some(&only), None, None).await.unwrap();
    assert_eq!(items(&page), "C=0@None");
    assert_eq!(script.header(0, "x-shopify-access-token").as_deref(), Some("shpat"));
    script.over();
}

#[tokio::test]
async fn a_scan_is_of_the_location_that_is_asked_for() {
    let config = config(&[("application_id", "a"), ("application_secret", "s"), ("install_token", "t"), ("currency", "GBP")]);
    let level = |place: &str, available: &str| format!(r#"{{"Location":{{"StockLocationId":"{place}"}},"SKU":"TEE","Available":{available}}}"#);
    let (default, other) = ("00000000-0000-0000-0000-000000000000", "11111111-0000-4000-8000-000000000001");
    let levels = format!(r#"[{{"StockItemId":"1","StockLevels":[{},{}]}}]"#, level(default, "7"), level(other, "null"));
    let login = ("POST https://api.linnworks.net/api/Auth/AuthorizeByApplication", answer(200, r#"{"Token":"x","Server":"https://eu-ext.linnworks.net"}"#));
    for (hint, told) in [(None, "TEE=7@None"), (Some(default), "TEE=7@None"), (Some(other), ""), (Some("elsewhere"), "")] {
        let script = Script::new(vec![login.clone(), ("POST https://eu-ext.linnworks.net/api/Stock/GetStockItemsFull", answer(200, &levels))]);
        let page = running(LINNWORKS).snapshot.unwrap().snapshot(call(&config, &script), "stocklevel", None, hint, None).await.unwrap();
        assert_eq!(items(&page), told, "{hint:?}");
        script.over();
    }
}

#[test]
fn a_webhook_of_a_shop_tells_one_change_per_variant() {
    let source = running(SHOP).source.unwrap();
    let webhook = source.webhook().unwrap();
    let body = br#"{"id":1,"variants":[{"id":11,"sku":"A","inventory_quantity":7,"updated_at":"2026-01-31T10:01:40+01:00"},{"id":12,"sku":"B"}]}"#;
    let headers = |topic: &str| [("X-Shopify-Topic", topic), ("x-shopify-webhook-id", "w1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let changes = webhook.changes(body, &headers("products/update")).unwrap();
    let told: Vec<_> = changes.iter().map(|change| (change.entity.as_str(), change.kind.as_str(), change.external_id.as_str(), change.delivery_id.as_deref().unwrap())).collect();
    assert_eq!(told, [("product", "product.updated", "11", "w1#0"), ("product", "product.updated", "12", "w1#1")]);
    let canonical = source.canonical(&Told::from(&changes[0]), 1_769_850_100_000).unwrap().unwrap();
    assert_eq!(canonical.fields.to_string(), r#"{"sku":"A","quantity":7,"locationId":"default","updatedAt":"2026-01-31T09:01:40Z"}"#);
    assert_eq!((canonical.canonical_type.as_str(), canonical.key.as_str(), canonical.occurred_ms), ("stocklevel", "A", Some(NOW)));
    assert_eq!(source.canonical(&Told::from(&changes[1]), 1_769_850_100_000).unwrap_err().code, "canonical_invalid");
    assert_eq!(webhook.changes(body, &headers("app/uninstalled")).unwrap(), []);
    assert_eq!(webhook.changes(b"{", &headers("orders/create")).unwrap_err().code, "json_invalid");
    assert_eq!(webhook.verify(body, &headers("x"), &[Secret::new("s".into())], NOW).unwrap_err().code, "signature_missing");
}

#[test]
fn an_order_of_a_shop_becomes_canonical_with_exact_money() {
    let source = running(SHOP).source.unwrap();
    let body = br##"{"id":450789469,"name":"#1001","financial_status":"paid","currency":"EUR","total_price":"598.90","created_at":"2026-01-31T09:59:12+01:00","updated_at":"2026-01-31T10:01:40+01:00",
        "line_items":[{"sku":"A","title":"Tee","quantity":1,"price":"199.00"}],"customer":{"email":"a@example.test"}}"##;
    let headers = [("X-Shopify-Topic".to_owned(), "orders/create".to_owned())];
    let changes = source.webhook().unwrap().changes(body, &headers).unwrap();
    assert_eq!((changes[0].kind.as_str(), changes[0].delivery_id.as_deref()), ("order.created", None));
    let canonical = source.canonical(&Told::from(&changes[0]), 1_769_850_100_000).unwrap().unwrap();
    assert_eq!(
        canonical.fields.to_string(),
        r##"{"orderId":"#1001","status":"paid","currency":"EUR","totalAmount":598.90,"lineItems":[{"sku":"A","title":"Tee","quantity":1,"price":199.00}],"customer":{"email":"a@example.test"},"createdAt":"2026-01-31T08:59:12Z"}"##
    );
}

#[tokio::test]
async fn a_back_office_is_written_and_scanned() {
    let config = config(&[("base_url", "http://127.0.0.1:4001/"), ("token", "t0ken")]);
    let script = Script::new(vec![
        ("POST http://127.0.0.1:4001/rest/V1/inventory/source-items", answer(200, "[]")),
        ("POST http://127.0.0.1:4001/rest/V1/orders", answer(200, "not even JSON")),
        ("GET http://127.0.0.1:4001/rest/V1/inventory/source-items?searchCriteria%5BcurrentPage%5D=1&searchCriteria%5BpageSize%5D=100", answer(200, r#"{"items":[{"sku":"A","source_code":"default","quantity":7}],"total_count":2}"#)),
        ("GET http://127.0.0.1:4001/rest/V1/inventory/source-items?searchCriteria%5BcurrentPage%5D=2&searchCriteria%5BpageSize%5D=100", answer(200, r#"{"items":[{"sku":"B","source_code":"default","quantity":0}],"total_count":2}"#)),
        ("GET http://127.0.0.1:4001/rest/V1/store/storeConfigs", answer(200, "[]")),
    ]);
    let connector = running(BACKOFFICE);
    let destination = connector.destination.unwrap();
    destination.deliver(call(&config, &script), &event("stocklevel", "A/1", r#"{"sku":"A/1","quantity":0}"#), "k").await.unwrap();
    destination.deliver(call(&config, &script), &event("order", "#1", r##"{"orderId":"#1","totalAmount":598.90}"##), "k").await.unwrap();
    assert_eq!(script.body(0), r#"{"sourceItems":[{"sku":"A/1","source_code":"default","quantity":0,"status":1}]}"#);
    assert_eq!(script.body(1), r##"{"entity":{"increment_id":"#1","grand_total":598.90,"base_grand_total":598.90}}"##);
    let snapshot = connector.snapshot.unwrap();
    let first = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, None).await.unwrap();
    let second = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, first.next.as_deref()).await.unwrap();
    assert_eq!((items(&first).as_str(), items(&second).as_str(), second.next), ("A=7@None", "B=0@None", None));
    connector.probe.unwrap().test(call(&config, &script)).await.unwrap();
    script.over();
}

#[test]
fn a_definition_of_protocol_mcp_is_checked_and_does_not_run() {
    let report = connector::Draft::parse(include_str!("../../../connector/corpus/accept/guide-mcp.json")).unwrap().check();
    let connector = report.into_checked().unwrap();
    assert_eq!(engine::dynamic(std::sync::Arc::new(connector)).err().unwrap().code, "protocol_mcp_unsupported");
}

#[tokio::test]
async fn a_scan_looks_up_what_its_entity_looks_up() {
    let definition = r#"{"metadata":{"slug":"a","type":"source"},"base_url":"https://api.example.com",
        "entities":{"article":{"read":{"request":{"url":"/articles"}}},
            "level":{"read":{"request":{"url":"/levels"},"lookup":{"table":"sku","key":"$.article","to":"sku","on_miss":"skip"}}}},
        "lookup":{"sku":{"entity":"article","match":"$.id","value":"$.sku"}},
        "canonical_map":{"level":{"type":"stocklevel","key":"$.sku","fields":{"sku":"$.sku","quantity":"$.left"}}},
        "snapshot":{"stocklevel":{"entity":"level"}}}"#;
    let script = Script::new(vec![
        ("GET https://api.example.com/levels", answer(200, r#"[{"id":1,"article":7,"left":3},{"id":2,"article":8,"left":4}]"#)),
        ("GET https://api.example.com/articles", answer(200, r#"[{"id":7,"sku":"TEE"}]"#)),
    ]);
    let snapshot = running(definition).snapshot.unwrap();
    let page = snapshot.snapshot(call(&config(&[]), &script), "stocklevel", None, None, None).await.unwrap();
    assert_eq!((items(&page).as_str(), page.next), ("TEE=3@None", None));
    script.over();
}

#[tokio::test]
async fn a_scan_of_given_keys_asks_for_them_in_batches() {
    let config = config(&[("subdomain", "my-shop"), ("api_key", "k3y&")]);
    let row = |sku: &str| answer(200, &format!(r#"[{{"sku":"{sku}","available":1}},{{"sku":"Z","available":1}}]"#));
    let script = Script::new(vec![
        ("GET https://my-shop.acme.example/api/v2/stock?page=0&skus=A%2CB&key=k3y%26", row("A")),
        ("GET https://my-shop.acme.example/api/v2/stock?page=1&skus=A%2CB&key=k3y%26", answer(200, "[]")),
        ("GET https://my-shop.acme.example/api/v2/stock?page=0&skus=C&key=k3y%26", row("C")),
        ("GET https://my-shop.acme.example/api/v2/stock?page=1&skus=C&key=k3y%26", answer(200, "[]")),
    ]);
    let snapshot = running(include_str!("../../../connector/corpus/accept/every-element.json")).snapshot.unwrap();
    let only = ["A", "B", "C"].map(|key| Key::new(key).unwrap());
    let (mut told, mut cursor) = (Vec::new(), None);
    loop {
        let page = snapshot.snapshot(call(&config, &script), "stocklevel", Some(&only), None, cursor.as_deref()).await.unwrap();
        told.extend(page.items.iter().map(|scanned| scanned.item.key.as_str().to_owned()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(told, ["A", "C"]);
    script.over();
}

#[tokio::test]
async fn a_host_takes_only_what_its_pattern_allows() {
    let script = Script::new(Vec::new());
    let probe = running(include_str!("../../../connector/corpus/accept/every-element.json")).probe.unwrap();
    for subdomain in ["evil.example/", "a@evil", "UPPER", "a.b"] {
        let config = config(&[("subdomain", subdomain), ("api_key", "k")]);
        assert_eq!(probe.test(call(&config, &script)).await.unwrap_err().code, "config_invalid", "{subdomain}");
    }
}

const WOOCOMMERCE: &str = include_str!("../../../../examples/definitions/woocommerce.json");
const SHOPIFY: &str = include_str!("../../../../examples/definitions/shopify.json");

#[tokio::test]
async fn several_scans_of_a_type_are_read_one_after_the_other() {
    let config = config(&[("shop_url", "https://shop.example"), ("consumer_key", "ck"), ("consumer_secret", "cs"), ("currency", "SEK")]);
    let only = |body| with(200, &[("X-WP-TotalPages", "1")], body);
    let script = Script::new(vec![
        ("GET https://shop.example/wp-json/wc/v3/products?orderby=id&order=asc&dates_are_gmt=true&page=1&per_page=100", only(r#"[{"id":96,"sku":"MUG-1","manage_stock":true,"stock_quantity":0}]"#)),
        ("GET https://shop.example/wp-json/wc/v3/products?type=variable&orderby=id&order=asc&page=1&per_page=100", only(r#"[{"id":93,"sku":"TEE","name":"Tee"}]"#)),
        ("GET https://shop.example/wp-json/wc/v3/products/93/variations?orderby=id&order=asc&page=1&per_page=100", only(r#"[{"id":94,"sku":"TEE-M","manage_stock":true,"stock_quantity":7},{"id":95,"sku":"TEE-L","manage_stock":"parent","stock_quantity":33}]"#)),
    ]);
    let snapshot = running(WOOCOMMERCE).snapshot.unwrap();
    assert_eq!((snapshot.scans(), snapshot.complete("stocklevel")), (vec!["stocklevel".to_owned()], false));
    let (mut told, mut cursor) = (Vec::new(), None);
    loop {
        let page = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, cursor.as_deref()).await.unwrap();
        told.push(items(&page));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    told.retain(|items| !items.is_empty());
    assert_eq!(told, ["MUG-1=0@None", "TEE-M=7@None"]);
    script.over();
}

#[tokio::test]
async fn a_scan_asks_for_the_location_it_is_given() {
    let config = config(&[("shop", "my-shop"), ("auth_type", "access_token"), ("access_token", "shpat"), ("location_id", "gid://shopify/Location/1")]);
    let page = |end: &str, more: bool, sku: &str, tracked: bool| {
        let level = format!(r#"{{"id":"l","updatedAt":"2026-01-31T09:01:40Z","location":{{"id":"gid://shopify/Location/2"}},"item":{{"sku":"{sku}","tracked":{tracked}}},"quantities":[{{"name":"available","quantity":7}}]}}"#);
        answer(200, &format!(r#"{{"data":{{"location":{{"inventoryLevels":{{"pageInfo":{{"hasNextPage":{more},"endCursor":"{end}"}},"nodes":[{level}]}}}}}}}}"#))
    };
    let address = "POST https://my-shop.myshopify.com/admin/api/2026-10/graphql.json";
    let script = Script::new(vec![(address, page("e1", true, "A", true)), (address, page("e2", false, "B", false)), (address, page("e1", false, "", true))]);
    let snapshot = running(SHOPIFY).snapshot.unwrap();
    let first = snapshot.snapshot(call(&config, &script), "stocklevel", None, Some("gid://shopify/Location/2"), None).await.unwrap();
    let second = snapshot.snapshot(call(&config, &script), "stocklevel", None, Some("gid://shopify/Location/2"), first.next.as_deref()).await.unwrap();
    assert_eq!((items(&first), items(&second), second.next), (format!("A@gid://shopify/Location/2=7@Some({NOW})"), String::new(), None));
    assert!(script.body(0).ends_with(r#""variables":{"location":"gid://shopify/Location/2","first":50}}"#), "{}", script.body(0));
    assert!(script.body(1).ends_with(r#""variables":{"location":"gid://shopify/Location/2","after":"e1","first":50}}"#), "{}", script.body(1));
    let other = snapshot.snapshot(call(&config, &script), "stocklevel", None, None, None).await.unwrap();
    assert_eq!((items(&other).as_str(), other.next), ("", None));
    assert!(script.body(2).contains("gid://shopify/Location/1"), "{}", script.body(2));
    script.over();
}
