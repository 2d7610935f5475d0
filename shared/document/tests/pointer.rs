//! What JSON Pointers name and change, by the examples of RFC 6901 and by law.

use document::{Item, Pointer, Value, parse_str};
use fault::Fault;
use proptest::prelude::*;

#[test]
fn pointers_name_what_the_examples_of_the_rfc_say() {
    let document = parse_str(r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#).unwrap();
    for (text, expected) in [
        ("/foo", Some(r#"["bar","baz"]"#)), ("/foo/0", Some(r#""bar""#)), ("/", Some("0")), ("/a~1b", Some("1")), ("/c%d", Some("2")), ("/e^f", Some("3")), ("/g|h", Some("4")), ("/i\\j", Some("5")), ("/k\"l", Some("6")), ("/ ", Some("7")),
        ("/m~0n", Some("8")), ("/m~01", None), ("/foo/2", None), ("/foo/-", None), ("/foo/00", None), ("/foo/+1", None), ("/foo/0/0", None), ("/bar", None), ("/foo/18446744073709551616", None),
    ] {
        let pointer = Pointer::parse(text).unwrap();
        assert_eq!(pointer.get(Item::Tree(&document)).map(|item| item.to_value().to_string()).as_deref(), expected, "{text}");
        assert_eq!(pointer.to_string(), text);
    }
    assert_eq!(Pointer::parse("").unwrap().get(Item::Tree(&document)), Some(Item::Tree(&document)));
}

#[test]
fn what_is_no_pointer_is_refused_with_its_column() {
    for (text, column) in [("a", 1), ("a/b", 1), ("/~", 2), ("/a~2", 3), ("/a/b~", 5), ("/ö/~x", 5)] {
        let error = Pointer::parse(text).unwrap_err();
        assert!(error.code() == "pointer_invalid" && error.to_string().ends_with(&format!("at column {column}")), "{text}: {error}");
    }
    assert!(Pointer::parse(&"/a".repeat(64)).is_ok() && Pointer::parse(&"/a".repeat(65)).is_err());
}

#[test]
fn setting_makes_missing_objects_and_changes_nothing_where_it_cannot() {
    const RECORD: &str = r#"{"a":{"b":1},"n":null,"list":[{"x":1},2]}"#;
    for (pointer, expected) in [
        ("", "9"), ("/a/b", r#"{"a":{"b":9},"n":null,"list":[{"x":1},2]}"#), ("/a/c/d", r#"{"a":{"b":1,"c":{"d":9}},"n":null,"list":[{"x":1},2]}"#), ("/list/0/x", r#"{"a":{"b":1},"n":null,"list":[{"x":9},2]}"#),
        ("/list/-", r#"{"a":{"b":1},"n":null,"list":[{"x":1},2,9]}"#), ("/list/-/y", r#"{"a":{"b":1},"n":null,"list":[{"x":1},2,{"y":9}]}"#), ("/n", r#"{"a":{"b":1},"n":9,"list":[{"x":1},2]}"#),
        ("/a/b/c", "nothing can be set at `/a/b/c`: a value that is no object or array stands in the way"), ("/n/x", "nothing can be set at `/n/x`: a value that is no object or array stands in the way"),
        ("/list/2", "nothing can be set at `/list/2`: the array has no such element"), ("/list/7/x", "nothing can be set at `/list/7`: the array has no such element"),
        ("/list/x", "nothing can be set at `/list/x`: an element is named by its index, or by `-` to append one"),
    ] {
        let mut record = parse_str(RECORD).unwrap();
        let told = match Pointer::parse(pointer).unwrap().set(&mut record, Value::from(9)) {
            Ok(()) => record.to_string(),
            Err(error) => {
                assert_eq!((record.to_string().as_str(), error.code()), (RECORD, "pointer_blocked"), "{pointer}");
                error.to_string()
            }
        };
        assert_eq!(told, expected, "{pointer}");
    }
}

proptest! {
    #[test]
    fn what_is_set_is_there_and_a_pointer_reads_as_it_is_written(tokens in prop::collection::vec("[a~/ö0]{0,3}", 0..6)) {
        let pointer = Pointer::of(tokens);
        prop_assert_eq!(&Pointer::parse(&pointer.to_string()).unwrap(), &pointer);
        let mut record = Value::Object(Vec::new());
        pointer.set(&mut record, Value::from(7)).unwrap();
        prop_assert_eq!(pointer.get(Item::Tree(&record)).map(Item::to_value), Some(Value::from(7)));
    }

    #[test]
    fn no_text_makes_the_reader_of_pointers_panic(text in any::<String>()) {
        if let Ok(pointer) = Pointer::parse(&text) {
            prop_assert_eq!(pointer.to_string(), text);
        }
    }
}
