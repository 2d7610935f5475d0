//! The files of `schemas/`: each is read, explains itself, shows what is right, and gives nothing a default.

use std::{collections::BTreeSet, fs, path::Path};

use canonical::{KINDS, Kind, Order, Schema, STATUSES};
use document::{Item, Value, parse_str};

fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    folders.flat_map(|folder| super::files(&format!("schemas/{folder}")).into_iter().map(move |(version, text)| (format!("{folder}/{version}"), text))).collect()
}

/// Every object in a value, however deep.
fn objects<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    found.extend(value.entries().map(|_| value));
    for inner in value.items().unwrap_or_default().iter().chain(value.entries().unwrap_or_default().iter().map(|(_, inner)| inner)) {
        objects(inner, found);
    }
}

#[test]
fn every_file_is_read_under_its_own_name() {
    let files: BTreeSet<String> = texts().into_iter().map(|(name, _)| name).collect();
    let known = KINDS.iter().flat_map(|kind| (1..=kind.version).map(|version| Kind::at(kind.name, version).unwrap()));
    assert_eq!(files, known.map(|kind| format!("{}/{}", kind.name, kind.version)).collect());
    for (name, text) in texts() {
        let id = parse_str(&text).unwrap().get("$id").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(id, Some(format!("urn:pullpush:canonical:{}", name.replace('/', ":"))));
    }
}

#[test]
fn keys_and_order_are_what_flows_rely_on() {
    let rules: Vec<_> = KINDS.iter().map(|kind| (kind.name, kind.key, kind.order, kind.required.join(" "))).collect();
    let rule = |name, key, order, required: &str| (name, key, order, required.to_owned());
    assert_eq!(rules, [
        rule("stocklevel", "sku", Order::Latest, "sku quantity"), rule("order", "orderId", Order::Strict, "orderId"), rule("product", "sku", Order::Latest, "sku"), rule("contact", "email", Order::Latest, "email"),
        rule("call", "callId", Order::Strict, "callId"), rule("invoice", "invoiceId", Order::Strict, "invoiceId"), rule("price", "sku", Order::Latest, "sku amount currency"), rule("customer", "customerId", Order::Latest, "customerId"),
        rule("shipment", "shipmentId", Order::Strict, "shipmentId"), rule("return", "returnId", Order::Strict, "returnId"), rule("payment", "paymentId", Order::Strict, "paymentId"), rule("location", "locationId", Order::Latest, "locationId"),
    ]);
}

#[test]
fn every_field_explains_itself_and_every_type_has_its_extensions() {
    for kind in KINDS.iter() {
        let outline = kind.schema.outline();
        for entry in &outline {
            assert!(!entry.title.is_empty() && entry.description.ends_with('.') && !entry.form.is_empty(), "{} {entry:?}", kind.name);
        }
        let extensions = outline.iter().find(|entry| entry.path == "extensions").unwrap_or_else(|| panic!("{} has no extensions", kind.name));
        assert_eq!(extensions.form, "an object");
        let paths: BTreeSet<&str> = outline.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths.len(), outline.len(), "{}", kind.name);
    }
    let quantity = Kind::of("order").unwrap().schema.outline().into_iter().find(|entry| entry.path == "lineItems[].taxes[].amount");
    assert_eq!(quantity.unwrap().form, "a decimal number with at most 15 digits before and 9 after the point");
}

#[test]
fn every_type_shows_at_least_two_documents_that_are_right_in_every_word() {
    for kind in KINDS.iter() {
        assert!(kind.schema.examples.len() >= 2, "{}", kind.name);
        for example in &kind.schema.examples {
            assert_eq!(super::told(&kind.check(example)) + &super::told(&kind.lint(Item::Tree(example))), "", "{}", kind.name);
        }
    }
}

#[test]
fn no_schema_knows_a_default_and_none_can_be_written() {
    for (name, text) in texts() {
        let document = parse_str(&text).unwrap();
        let mut found = Vec::new();
        objects(&document, &mut found);
        assert!(!found.iter().any(|object| object.get("default").is_some() || object.get("const").is_some()), "{name}");
        let given = text.replacen(r#""type": "string", "minLength": 1"#, r#""type": "string", "default": "A", "minLength": 1"#, 1);
        let refused = Schema::parse(&given).unwrap_err();
        assert!(refused.code == "canonical_schema_invalid" && refused.pointer.ends_with("/default"), "{name}: {refused:?}");
    }
}

#[test]
fn an_amount_of_its_own_needs_its_currency() {
    let mut seen = 0;
    for kind in KINDS.iter() {
        let outline = kind.schema.outline();
        for entry in outline.iter().filter(|entry| !entry.path.contains('.') && entry.description.contains("in the currency").eq(&false)) {
            let money = entry.path.ends_with("Amount") || ["amount", "price", "compareAtPrice", "costPrice", "creditLimit", "balance", "totalSpent"].contains(&entry.path.as_str());
            assert!(!money || entry.needs == ["currency"] || entry.required || kind.required.contains(&"currency"), "{} {}", kind.name, entry.path);
            seen += usize::from(money);
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn every_type_that_stands_somewhere_counts_its_words() {
    for (kind, field) in [
        ("order", "status"), ("order", "paymentStatus"), ("order", "fulfillmentStatus"), ("invoice", "status"), ("return", "status"), ("shipment", "status"), ("payment", "status"), ("payment", "kind"),
        ("call", "direction"), ("call", "outcome"), ("location", "kind"), ("product", "status"),
    ] {
        assert!(Kind::of(kind).unwrap().schema.words(field).is_some_and(|words| words.len() >= 2), "{kind} {field}");
    }
    assert!(STATUSES.iter().any(|table| table.kind == "order"));
}

/// A schema around some rules.
fn around(rules: &str) -> String {
    format!(
        r##"{{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"T","description":"D","x-pullpush":{{"type":"t","version":1,"key":{{"field":"id","parts":["id"]}},"order":"latest"}},
        "type":"object","required":["id"],"properties":{{"id":{{"title":"T","description":"D","type":"string"}},"x":{{"title":"T","description":"D",{rules}}}}},
        "$defs":{{"a":{{"type":"array","items":{{"$ref":"#/$defs/b"}}}},"b":{{"type":"array","items":{{"$ref":"#/$defs/a"}}}},"c":{{"type":"string"}}}}}}"##
    )
}

#[test]
fn a_file_that_says_what_is_not_kept_is_refused_with_its_place() {
    for rules in [r#""type":["string","null"],"enum":["a",null]"#, r##""$ref":"#/$defs/c""##, r#""type":"number","minimum":-1.5,"format":"decimal""#] {
        assert!(Schema::parse(&around(rules)).is_ok(), "{rules}");
    }
    for (rules, pointer) in [
        (r#""type":"integer""#, "/properties/x/type"), (r#""type":"strin""#, "/properties/x/type"), (r#""minLenght":1"#, "/properties/x/minLenght"), (r#""format":"email""#, "/properties/x/format"), (r#""pattern":"^a+$""#, "/properties/x/pattern"),
        (r#""enum":["a"]"#, "/properties/x/enum"), (r#""type":["string","null"],"enum":["a"]"#, "/properties/x/enum"), (r#""type":"string","enum":["a",null]"#, "/properties/x/enum"), (r#""type":"string","enum":[]"#, "/properties/x/enum"),
        (r##""$ref":"#/$defs/none""##, "/properties/x/$ref"), (r##""$ref":"#/$defs/c","minLength":1"##, "/properties/x"), (r##""$ref":"#/$defs/a""##, "/$defs/b/items/$ref"), (r#""minimum":"1""#, "/properties/x/minimum"),
        (r#""minLength":-1"#, "/properties/x/minLength"), (r#""required":["y"]"#, "/properties/x"), (r#""properties":{"y":{"type":"string"}}"#, "/properties/x/properties/y/title"), (r#""properties":[]"#, "/properties/x/properties"),
        (r#""properties":{"y":{"title":"T","description":"D","type":["string","null"]}},"required":["y"]"#, "/properties/x/properties/y"), (r#""properties":{},"dependentRequired":{"y":["z"]}"#, "/properties/x/dependentRequired/y"), (r#""default":0"#, "/properties/x/default"),
    ] {
        assert_eq!(Schema::parse(&around(rules)).unwrap_err().pointer, pointer, "{rules}");
    }
    let chain: Vec<String> = (0..10_000).map(|at| format!(r##""d{at}":{{"type":"array","items":{{"$ref":"#/$defs/d{}"}}}}"##, at + 1)).collect();
    let deep = around(r##""$ref":"#/$defs/d0""##).replace(r##""$defs":{"##, &format!(r##""$defs":{{{},"##, chain.join(",")));
    assert_eq!(Schema::parse(&deep).unwrap_err().pointer, "/$defs/d15/items/$ref");
    for text in ["", "[]", "{}", r#"{"$schema":"https://json-schema.org/draft-07/schema"}"#] {
        assert!(Schema::parse(text).is_err(), "{text}");
    }
}
