//! One table of datasette read in every way it is published: each row once, from the middle on, and only what changed.

use serde_json::{Value, json};

use crate::shelf::Shelf;

/// Ways to read it that have pages.
const PAGED: &[&str] = &["by_address", "by_cursor", "by_header", "by_key", "columns", "lines"];

/// Pages of this size, of the rows from here on.
fn pages(entity: &str, size: u64, from: u64) -> [(String, Value); 2] {
    let read = format!("/entities/{entity}/read");
    [(format!("{read}/pagination/size"), json!(size)), (format!("{read}/request/params/id__gte"), json!(from))]
}

#[test]
fn every_row_comes_once_in_pages_of_any_size() {
    let Some(shelf) = Shelf::open() else { return };
    for entity in PAGED {
        // A page for each row takes its time: the last forty are enough.
        for (size, from) in [(1000, 1), (100, 1), (1, 1161)] {
            shelf.define(&pages(entity, size, from));
            shelf.pull(entity, &[]).once(from..=1200);
        }
    }
    shelf.pull("sheet", &[]).once(1..=1200);
}

#[test]
fn a_row_is_the_same_however_it_is_published() {
    let Some(shelf) = Shelf::open() else { return };
    let row = |id: u64, note: Option<&str>| json!({ "id": id, "number": format!("A{id}"), "total": format!("{}.{:02}", id * 37 / 100, id * 37 % 100), "note": note, "updated": format!("2026-01-01T{:02}:00:00Z", id / 10) });
    let expected = [row(2, None), row(3, Some("näste, \"3\"\n"))];
    for entity in PAGED {
        let pulled = shelf.pull(entity, &[]);
        let found: Vec<&Value> = pulled.records.iter().filter(|row| row["id"] == 2 || row["id"] == 3).collect();
        assert!(expected.iter().all(|row| found.contains(&row)) && found.len() == 2, "{entity}: {found:?}");
    }
    let sheet = shelf.pull("sheet", &[]);
    assert_eq!(sheet.records[2], json!({ "id": "3", "number": "A3", "total": "1.11", "note": "näste, \"3\"\n", "updated": "2026-01-01T00:00:00Z" }));
}

#[test]
fn a_run_that_was_ended_goes_on_behind_the_last_whole_page() {
    let Some(shelf) = Shelf::open() else { return };
    for entity in PAGED {
        let words = &["--cursor-file", entity];
        let mut pulled = shelf.pull(entity, &[words.as_slice(), &["--limit", "200"]].concat());
        assert!(pulled.good && pulled.records.len() == 200, "{entity}: {}", pulled.told);
        // The third page is cut, and read again.
        let cut = shelf.pull(entity, &[words.as_slice(), &["--limit", "50"]].concat());
        let rest = shelf.pull(entity, words);
        assert_eq!(cut.records, rest.records[..50], "{entity}");
        pulled.records.extend(rest.records);
        pulled.once(1..=1200);
    }
}

#[test]
fn a_second_run_gives_what_changed_and_nothing_else() {
    let Some(shelf) = Shelf::open() else { return };
    let changed = || {
        let pulled = shelf.pull("by_address", &["--cursor-file", "at"]);
        assert!(pulled.good, "{}", pulled.told);
        pulled.records.iter().map(|row| (row["id"].as_u64().unwrap(), row["note"].as_str().unwrap_or_default().to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(changed().len(), 1200);
    assert_eq!(changed(), [], "nothing changed");
    // Another row of the same instant as the last one read, another value at that instant, and one that commits late.
    for (sql, expected) in [
        ("update orders set note = 'new', updated = '2026-02-01T00:00:00Z' where id = 7", vec![(7, "new")]),
        ("update orders set note = 'tie', updated = '2026-02-01T00:00:00Z' where id = 9", vec![(9, "tie")]),
        ("update orders set note = 'again' where id = 7", vec![(7, "again")]),
        ("update orders set note = 'late', updated = '2026-01-31T23:57:00Z' where id = 3", vec![(3, "late")]),
        ("insert into orders values (1201, 'A1201', '1', 'first', '2026-02-01T00:00:01Z'); update orders set note = 'unseen' where id = 1", vec![(1201, "first")]),
        ("delete from orders where id = 7", vec![]),
    ] {
        shelf.run(sql);
        assert_eq!(changed(), expected.into_iter().map(|(id, note)| (id, note.to_owned())).collect::<Vec<_>>(), "{sql}");
        assert_eq!(changed(), [], "{sql}: told once");
    }
}

#[test]
fn a_row_that_changes_while_its_table_is_read_comes_again_and_none_is_passed_over() {
    let Some(shelf) = Shelf::open() else { return };
    let first = shelf.pull("by_address", &["--cursor-file", "at", "--limit", "600"]);
    shelf.run("update orders set note = 'moved', updated = '2026-02-01T00:00:00Z' where id in (5, 900)");
    let rest = shelf.pull("by_address", &["--cursor-file", "at"]);
    let mut ids = first.ids();
    for (id, count) in rest.ids() {
        *ids.entry(id).or_default() += count;
    }
    assert_eq!(ids.into_iter().filter(|(_, count)| *count != 1).collect::<Vec<_>>(), [(5, 2)], "{}", rest.told);
    assert!(rest.records.iter().any(|row| row["id"] == 900 && row["note"] == "moved"));
}
