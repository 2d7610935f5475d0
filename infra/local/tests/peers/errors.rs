//! What datasette answers when something is wrong, and what is made of it.

use serde_json::{Value, json};

use crate::shelf::Shelf;

#[test]
fn an_error_of_datasette_is_told_with_its_own_words_and_nothing_is_read() {
    let Some(shelf) = Shelf::open() else { return };
    let orders = |name: &str, value: Value| (format!("/entities/by_header/read/request/{name}"), value);
    let sql = |sql: &str| ("/entities/query/read/request/params/sql".to_owned(), json!(sql));
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    for (entity, change, told) in [
        ("query", sql("select nope"), "the other system answered 400: no such column: nope (destination_rejected)"),
        ("query", sql("delete from orders"), "the other system answered 400: Statement must be a SELECT (destination_rejected)"),
        ("by_header", orders("url", json!("/nope.json")), "the other system answered 404: Table not found (destination_rejected)"),
        ("by_header", ("/entities/by_header/read/pagination/size".to_owned(), json!(2000)), "the other system answered 400: _size must be <= 1000 (destination_rejected)"),
        // A mistake of ours, told as one of its own: the definition knows better than to try again.
        ("by_header", orders("params", json!({ "_sort": "nope" })), "the other system answered 500: Cannot sort table by nope (destination_rejected)"),
        // And what passes by itself, told as a mistake of ours.
        ("query", sql(endless), "the other system answered 400 (destination_unavailable)"),
        // Without `_shape` rows are arrays: no place of objects.
        ("query", ("/entities/query/read/records/path".to_owned(), json!("$.items")), "destination_rejected"),
    ] {
        shelf.define(&[change]);
        let pulled = shelf.pull(entity, &[]);
        assert!(!pulled.good && pulled.records.is_empty(), "{}", pulled.told);
        assert!(pulled.told.contains(told), "{told:?} is expected, and told is {}", pulled.told);
    }
}

#[test]
fn an_error_in_the_middle_keeps_what_was_read_and_where_to_go_on() {
    let Some(shelf) = Shelf::open() else { return };
    let first = shelf.pull("by_address", &["--cursor-file", "at", "--limit", "300"]);
    assert!(first.good && first.records.len() == 300);
    shelf.run("alter table orders rename to away");
    let failed = shelf.pull("by_address", &["--cursor-file", "at"]);
    assert!(!failed.good && failed.records.is_empty() && failed.told.contains("404: Table not found"), "{}", failed.told);
    shelf.run("alter table away rename to orders");
    shelf.pull("by_address", &["--cursor-file", "at"]).once(301..=1200);
}
