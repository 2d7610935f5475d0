//! What is told of a connector without running it, for people and as JSON.

#![expect(clippy::unwrap_used, reason = "what a test cannot read fails it where it stands")]

#[path = "reference/json.rs"]
mod json;

use std::{fs, path::Path};

use connector::{Connector, Draft, explain};

fn checked(text: &str) -> Connector {
    Draft::parse(text).unwrap().check().into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()))
}

fn file(path: &str) -> Connector {
    checked(&fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap())
}

#[test]
fn a_shop_is_explained() {
    let told = explain(&file("../../examples/shop.json"));
    insta::assert_snapshot!("shop", told.to_string());
    insta::assert_snapshot!("shop-json", json::pretty(&told.to_value()));
}

#[test]
fn every_element_is_explained() {
    insta::assert_snapshot!("every-element", explain(&file("corpus/accept/every-element.json")).to_string());
}

#[test]
fn every_accepted_definition_can_be_explained() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/accept")).unwrap() {
        let told = explain(&checked(&fs::read_to_string(entry.unwrap().path()).unwrap()));
        assert!(document::parse_str(&told.to_value().to_string()).is_ok() && !told.to_string().is_empty(), "{}", told.slug);
    }
}

#[test]
fn secrets_are_told_with_the_hosts_they_are_sent_to_and_what_nothing_uses_is_told() {
    let told = explain(&checked(r#"{
        "metadata": { "slug": "a", "type": "both" },
        "config": { "id": { "type": "string", "secret": true }, "key": { "type": "string", "secret": true }, "spare": { "type": "string", "optional": true }, "shown": { "type": "string" } },
        "auth": { "type": "token_exchange", "request": { "method": "POST", "url": "https://login.example.com/token", "form": { "id": "{{ config.id }}" } }, "token": "$.token",
          "capture": { "server": { "path": "$.server", "hosts": ["*.example.net"] } }, "apply": { "in": "header", "name": "Authorization", "value": "{{ token }}" } },
        "entities": { "order": { "read": { "request": { "url": "{{ token.server }}/orders", "headers": { "X-Key": "{{ config.key }}" } }, "records": { "filter": "{{ record.state == config.shown }}" } } } },
        "deliver": { "order": { "request": { "method": "PUT", "url": "https://write.example.com/{{ key }}", "body": { "all": "{{ fields }}", "key": "{{ config.key }}" } }, "idempotency": "natural_key" } }
    }"#));
    let secrets: Vec<_> = told.secrets().map(|secret| format!("{} {}", secret.name, secret.sent_to.join(" "))).collect();
    assert_eq!(secrets, ["id login.example.com", "key *.example.net write.example.com"]);
    assert_eq!(told.unused().map(|setting| setting.name.as_str()).collect::<Vec<_>>(), ["spare"]);
    assert_eq!(told.token_sent_to, ["*.example.net", "write.example.com"]);
    let contacts: Vec<_> = told.contacts.iter().map(|contact| format!("{} {}", contact.host, contact.errands[0])).collect();
    assert_eq!(contacts, ["login.example.com auth", "*.example.net read order", "write.example.com deliver order"]);
    assert!(told.contacts.iter().all(|contact| !contact.foreign), "there is no base address that they could differ from");
    assert_eq!(told.deliveries[0].sends, ["key", "fields"]);
    assert!(told.config.iter().any(|setting| setting.name == "shown" && setting.sent_to.is_empty()));
}

#[test]
fn hosts_that_are_not_that_of_the_base_address_stand_out_with_the_places_that_lead_to_them() {
    let told = explain(&checked(r#"{
        "metadata": { "slug": "a", "type": "source" }, "config": { "shop": { "type": "string", "pattern": "^[a-z]+$" } }, "base_url": "https://{{ config.shop }}.example.com/v1",
        "auth": { "one_of": { "select": "{{ config.shop }}", "cases": { "a": { "type": "oauth2", "grant": "client_credentials", "token_url": "https://login.example.com/token" }, "b": { "type": "none" } } } },
        "endpoints": { "test": { "url": "/me" } },
        "entities": {
          "order": { "read": { "request": { "url": "/orders" } } }, "rate": { "read": { "request": { "url": "https://rates.example.net/rates" } } },
          "own": { "read": { "request": { "url": "https://{{ config.shop }}.example.com/v2/own" } } }
        }
    }"#));
    let contacts: Vec<_> = told.contacts.iter().map(|contact| format!("{} {} {}", contact.host, contact.foreign, contact.at.join(" "))).collect();
    assert_eq!(contacts, [
        "login.example.com true /auth/one_of/cases/a/token_url", "*.example.com false /endpoints/test/url /entities/order/read/request/url /entities/own/read/request/url", "rates.example.net true /entities/rate/read/request/url",
    ]);
    let text = told.to_string();
    assert!(text.contains("\nspeaks with\n  *.example.com  test, read order, read own\n\nspeaks also with hosts that are not that of base_url\n  login.example.com  auth       at /auth/one_of/cases/a/token_url\n  rates.example.net  read rate  at /entities/rate/read/request/url\n"), "{text}");
}

#[test]
fn parents_of_parents_are_read_first() {
    let told = explain(&checked(r#"{
        "metadata": { "slug": "a", "type": "source" }, "base_url": "https://api.example.com",
        "entities": {
          "site": { "read": { "request": { "url": "/sites" } } },
          "shelf": { "read": { "fan_out": { "as": "site", "from": { "entity": "site", "value": "$.id" } }, "request": { "url": "/sites/{{ parent.site.value }}/shelves" } } },
          "box": { "read": { "fan_out": [{ "as": "shelf", "from": { "entity": "shelf", "each": "$.rows[*]", "value": "$.id", "keep": ["$.code"], "filter": "{{ record.open == true }}" } }, { "as": "color", "values": ["red"] }], "request": { "url": "/shelves/{{ parent.shelf.value }}/{{ parent.color.value }}" } } }
        }
    }"#));
    let reading = told.entities[2].reading.as_ref().unwrap();
    assert_eq!(reading.parents, ["site", "shelf"]);
    let fields: Vec<_> = told.entities[1].fields.iter().filter(|field| field.by == ["parent of box"]).map(|field| field.path.as_str()).collect();
    assert_eq!(fields, ["$.rows[*]", "$.rows[*].id", "$.rows[*].code", "$.rows[*].open"]);
}

/// Values of which each is made of all before it: whoever walks them again for every way that leads to one does not end.
#[test]
fn values_made_of_values_are_explained_once_each() {
    let config: Vec<String> = (1..=32).map(|at| format!(r#""v{at}":{{"type":"string","derive":"{}"}}"#, (0..at).map(|before| format!("{{{{ config.v{before} }}}}")).collect::<String>())).collect();
    let definition = format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"config":{{"v0":{{"type":"string","secret":true}},{}}},
        "entities":{{"one":{{"read":{{"request":{{"url":"https://one.example.com/a","params":{{"a":"{{{{ config.v32 }}}}"}}}}}}}},"two":{{"read":{{"request":{{"url":"https://two.example.com/a","params":{{"a":"{{{{ config.v9 }}}}"}}}}}}}}}}}}"#, config.join(",").replace(r#","derive""#, r#","secret":true,"derive""#));
    let told = explain(&checked(&definition));
    let sent: Vec<_> = told.config.iter().map(|setting| setting.sent_to.join(" ")).collect();
    assert!(sent[..10].iter().all(|hosts| hosts == "one.example.com two.example.com") && sent[10..].iter().all(|hosts| hosts == "one.example.com"), "{sent:?}");
    assert!(told.config.iter().all(|setting| setting.used_for.len() == if setting.sent_to.len() == 2 { 2 } else { 1 }));
}
