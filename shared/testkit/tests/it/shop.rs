//! The shop.

use std::sync::Arc;
use std::time::Duration;

use document::Value;
use testkit::shop::Bucket;
use testkit::{OrderLine, Running, Shop, ShopOptions, WoundClock};

use crate::client::{Reply, ask};

const NOON: i64 = 1_769_850_000_000;

async fn get(shop: &Running<Shop>, target: &str) -> Reply {
    let target = if target.starts_with('/') { target.to_owned() } else { format!("{}/{target}", Shop::BASE) };
    ask(shop.address(), "GET", &target, &[("X-Shopify-Access-Token", "shop-token")], "").await.unwrap()
}

fn texts(reply: &Reply, member: &str, field: &str) -> Vec<String> {
    reply.json().get(member).unwrap().items().unwrap().iter().map(|row| row.get(field).unwrap().plain().unwrap()).collect()
}

#[tokio::test]
async fn a_call_without_the_token_is_refused() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    let reply = ask(shop.address(), "GET", "/admin/api/2026-01/shop.json", &[], "").await.unwrap();
    assert_eq!(reply.status, 401);
    assert!(reply.json().get("errors").unwrap().as_str().is_some());
    let reply = get(&shop, "shop.json").await;
    assert_eq!((reply.status, reply.header("x-shopify-shop-api-call-limit")), (200, Some("1/40")));
    assert_eq!(shop.calls_to("GET", "/admin/api/2026-01/shop"), 2);
}

#[tokio::test]
async fn orders_come_in_pages_by_update_time_and_the_cursor_remembers_the_filters() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    for number in 0..5 {
        shop.shop().put_order(&format!("#{}", 1000 + number), "19.90", NOON - number * 1000, &[OrderLine::of("A", 1, "19.90")]);
    }
    shop.shop().cancel_order("1001", NOON + 9_000);
    let mut reply = get(&shop, "orders.json?status=any&limit=2&updated_at_min=2026-01-31T09:59:57%2B01:00").await;
    let mut pages = vec![texts(&reply, "orders", "name")];
    assert_eq!(reply.link("previous"), None);
    while let Some(next) = reply.link("next") {
        reply = get(&shop, &next).await;
        pages.push(texts(&reply, "orders", "name"));
    }
    assert_eq!(pages, [vec!["#1003", "#1002"], vec!["#1000", "#1001"]]);
    let back = get(&shop, &reply.link("previous").unwrap()).await;
    assert_eq!(texts(&back, "orders", "name"), ["#1003", "#1002"]);
    assert_eq!(texts(&get(&shop, "orders.json").await, "orders", "name"), ["#1004", "#1003", "#1002", "#1000"]);
    let cursor = back.link("next").unwrap();
    assert_eq!(get(&shop, &format!("{cursor}&status=any")).await.status, 400);
    assert_eq!(get(&shop, "orders.json?limit=251").await.status, 400);
    assert_eq!(get(&shop, "orders.json?page_info=nonsense").await.status, 400);
}

#[tokio::test]
async fn a_removed_stock_record_leaves_no_level_and_no_management() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    shop.shop().set_stock("TEE", 0, NOON);
    shop.shop().set_stock("CAP", 7, NOON);
    shop.shop().remove_stock_record("CAP");
    let stock = ["TEE", "CAP"].map(|sku| shop.shop().stock(sku));
    assert_eq!(stock, [Some(0), None]);
    let levels = get(&shop, "inventory_levels.json?location_ids=655441491").await;
    assert_eq!(texts(&levels, "inventory_levels", "available"), ["0"]);
    assert_eq!(get(&shop, "inventory_levels.json").await.status, 422);
    let products = get(&shop, "products.json").await.json();
    let managed: Vec<_> = products.get("products").unwrap().items().unwrap().iter().map(|product| {
        let variant = product.get("variants").unwrap().items().unwrap()[0].clone();
        (variant.get("sku").unwrap().clone(), variant.get("inventory_management").unwrap().clone(), variant.get("inventory_quantity").unwrap().as_i64())
    }).collect();
    assert_eq!(managed, [("TEE".into(), "shopify".into(), Some(0)), ("CAP".into(), Value::Null, Some(0))]);
    assert!(shop.state().contains(r#""stock":{"TEE":0}"#));
}

#[tokio::test]
async fn ids_beyond_a_float_survive_and_items_are_found_by_id() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    shop.shop().set_stock("TEE", 3, NOON);
    let products = get(&shop, "products.json?fields=id,variants").await.json();
    let product = &products.get("products").unwrap().items().unwrap()[0];
    assert_eq!(product.get("id").unwrap().as_i64(), Some(9_007_199_254_740_993));
    assert_eq!(product.get("title"), None);
    let item = product.get("variants").unwrap().items().unwrap()[0].get("inventory_item_id").unwrap().plain().unwrap();
    assert_eq!(texts(&get(&shop, &format!("inventory_items.json?ids={item}")).await, "inventory_items", "sku"), ["TEE"]);
    assert_eq!(get(&shop, "products/9007199254740993.json").await.status, 200);
    assert_eq!(get(&shop, "products/1.json").await.status, 404);
}

#[tokio::test]
async fn a_full_bucket_answers_429_until_it_leaks() {
    let clock = WoundClock::at(NOON);
    let bucket = Some(Bucket { size: 2, leak_per_second: 1 });
    let shop = Shop::start(ShopOptions { bucket, clock: Arc::new(clock.clone()), ..ShopOptions::default() }).await.unwrap();
    let statuses = [get(&shop, "shop.json").await.status, get(&shop, "shop.json").await.status];
    let refused = get(&shop, "shop.json").await;
    assert_eq!((statuses, refused.status), ([200, 200], 429));
    assert_eq!((refused.header("retry-after"), refused.header("x-shopify-shop-api-call-limit")), (Some("2.0"), Some("2/2")));
    clock.wind(Duration::from_secs(1));
    assert_eq!(get(&shop, "shop.json").await.status, 200);
}

#[tokio::test]
async fn a_webhook_is_the_same_when_sent_again_and_another_after_a_change() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    shop.shop().set_stock("TEE", 3, NOON);
    let first = shop.shop().webhook_for_product("TEE").unwrap();
    assert_eq!(shop.shop().webhook_for_product("TEE"), Some(first.clone()));
    assert_eq!(first.header("x-shopify-topic"), Some("products/update"));
    assert_eq!(first.header("X-Shopify-Triggered-At"), Some("2026-01-31T09:00:00Z"));
    assert!(String::from_utf8_lossy(&first.body).contains(r#""inventory_quantity":3"#));
    shop.shop().set_stock("TEE", 4, NOON + 1000);
    let second = shop.shop().webhook_for_product("TEE").unwrap();
    assert_ne!(first.header("X-Shopify-Webhook-Id"), second.header("X-Shopify-Webhook-Id"));
    assert_ne!(first.clone().signed_with("other").header("X-Shopify-Hmac-Sha256"), first.header("X-Shopify-Hmac-Sha256"));
    shop.shop().put_order("1001", "5.00", NOON, &[]);
    assert_eq!(shop.shop().webhook_for_order("#1001").unwrap().topic, "orders/create");
    shop.shop().put_order("1001", "6.00", NOON + 1, &[]);
    assert_eq!(shop.shop().webhook_for_order("#1001").unwrap().topic, "orders/updated");
    assert_eq!(shop.shop().webhook_for_order("9").map(|webhook| webhook.topic), None);
}

#[tokio::test]
#[should_panic(expected = "holds the sample system already")]
async fn a_second_hold_in_one_statement_says_so_instead_of_waiting_for_ever() {
    let shop = Shop::start(ShopOptions::default()).await.unwrap();
    let first = shop.shop();
    assert_eq!(shop.shop().stock("TEE"), first.stock("TEE"));
}
