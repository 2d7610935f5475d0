//! What paths find, what is no path, and laws that hold for every path and document.

use std::{fmt::Write as _, fs, path::PathBuf};

use document::{Fuel, Item, Limits, Parser, Path, Value, parse_str};
use fault::Fault;
use proptest::prelude::*;

/// The values a path finds, in a tree and on a tape, with their places.
#[track_caller]
fn found(path: &str, document: &str) -> String {
    let path = Path::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let tree = parse_str(document).expect("the document is JSON");
    let mut parser = Parser::new(Limits::default());
    let tape = parser.parse(document.as_bytes()).expect("the document is JSON");
    let told = |item| {
        let mut out = String::new();
        for (location, item) in path.locate(item, &Fuel::default()).expect("the fuel is enough") {
            _ = write!(out, "{location}={} ", item.to_value());
        }
        out.trim_end().to_owned()
    };
    let (of_tree, of_tape) = (told(Item::Tree(&tree)), told(tape.root()));
    assert_eq!(of_tree, of_tape, "{}", path.text());
    of_tape
}

const ORDER: &str = r#"{"id":9007199254740993,"lines":[{"sku":"A","qty":1,"tags":["x"]},{"sku":"B","qty":2.0},{"sku":"Ö1","qty":null}],"a b":{"ship-to":{"id":7}},"e\u0301":[[1],[2,[3]]]}"#;

#[test]
fn paths_find_what_is_there_in_order_with_its_place() {
    for (path, expected) in [
        ("$.id", "$['id']=9007199254740993"),
        ("$['a b']['ship-to'].id", "$['a b']['ship-to']['id']=7"),
        ("$.lines[-1].sku", "$['lines'][2]['sku']=\"Ö1\""),
        ("$.lines[3]", ""), ("$.lines[-4]", ""), ("$.id[0]", ""), ("$.id.x", ""), ("$.lines.sku", ""), ("$.lines['0']", ""),
        ("$.lines[*].qty", "$['lines'][0]['qty']=1 $['lines'][1]['qty']=2.0 $['lines'][2]['qty']=null"),
        ("$['a b'].*.*", "$['a b']['ship-to']['id']=7"),
        ("$.lines[0,-1,0].sku", "$['lines'][0]['sku']=\"A\" $['lines'][2]['sku']=\"Ö1\" $['lines'][0]['sku']=\"A\""),
        ("$.lines[::-2].sku", "$['lines'][2]['sku']=\"Ö1\" $['lines'][0]['sku']=\"A\""),
        ("$.lines[ 1 : ].sku", "$['lines'][1]['sku']=\"B\" $['lines'][2]['sku']=\"Ö1\""),
        ("$.lines[1::-2].sku", "$['lines'][1]['sku']=\"B\""), ("$.lines[::0]", ""), ("$.id[:]", ""), ("$.lines[5:9]", ""), ("$.lines[2:-9007199254740991:-2].qty", "$['lines'][2]['qty']=null $['lines'][0]['qty']=1"),
        ("$..id", "$['id']=9007199254740993 $['a b']['ship-to']['id']=7"),
        ("$['e\u{301}']..[0]", "$['e\u{301}'][0]=[1] $['e\u{301}'][0][0]=1 $['e\u{301}'][1][0]=2 $['e\u{301}'][1][1][0]=3"),
        ("$[\"e\\u0301\"][0] [0]", "$['e\u{301}'][0][0]=1"),
    ] {
        assert_eq!(found(path, ORDER), expected, "{path}");
    }
}

#[test]
fn filters_keep_what_holds() {
    for (filter, expected) in [
        ("@.qty == 1.0", "A"), ("@.qty == 2", "B"), ("@.qty != 1", "B Ö1"), ("@.qty == null", "Ö1"), ("@.missing == null", ""), ("@.missing == @.other", "A B Ö1"), ("@.missing != @.other", ""),
        ("@.qty", "A B Ö1"), ("!@.tags", "B Ö1"), ("@.qty < 2", "A"), ("@.qty <= 2e0", "A B"), ("@.qty >= null", "Ö1"), ("@.qty > 'a'", ""), ("@.sku > 'A'", "B Ö1"), ("'B' >= @.sku", "A B"),
        ("@.qty == 1 || @.sku == 'B' && @.qty == 5", "A"), ("(@.qty == 1 || @.sku == 'B') && @.qty != 1", "B"), ("!(@.qty == 1)", "B Ö1"), ("@.tags == $.lines[0].tags", "A"), ("@ == $.lines[1]", "B"),
        ("length(@.sku) == 2", "Ö1"), ("length(@) > 2", "A"), ("length(@.qty) == 0", ""), ("length(@.tags) == count(@.tags[*])", "A"), ("count(@.*) == 2", "B Ö1"), ("value(@..tags[0]) == 'x'", "A"),
        ("match(@.sku, '[A-B]')", "A B"), ("match(@.sku, '[A-B]1')", ""), ("search(@.sku, '1$')", "Ö1"), ("search(@.sku, '\\\\p{Lu}.')", "Ö1"), ("match(@.qty, '1')", ""), ("match(@.sku, 1)", ""),
        ("$.id == 9007199254740993", "A B Ö1"), ("$.id == 9007199254740992", ""), ("@[?@ == 'B']", "B"), ("@.tags[?@ == 'x']", "A"), ("1 < 2", "A B Ö1"),
    ] {
        let skus = found(&format!("$.lines[?{filter}].sku"), ORDER);
        let skus: Vec<_> = skus.split(' ').filter_map(|found| found.split('"').nth(1)).collect();
        assert_eq!(skus.join(" "), expected, "{filter}");
    }
}

#[test]
fn numbers_compare_exactly_and_texts_by_their_characters() {
    let document = r#"[{"a":10000000000000000000001,"b":10000000000000000000000},{"a":1e400,"b":1E+399},{"a":-0.0,"b":0},{"a":0.1,"b":0.10000000000000000001},{"a":"\ud800\udc00","b":"\uffff"}]"#;
    for (filter, expected) in [("@.a == @.b", "2"), ("@.a > @.b", "0 1 4"), ("@.a < @.b", "3"), ("@.a == 1.0e+400", "1"), ("@.a >= @.b", "0 1 2 4")] {
        let places = found(&format!("$[?{filter}]"), document);
        let places: Vec<_> = places.split("$[").filter_map(|place| place.split_once("]={").map(|(at, _)| at)).collect();
        assert_eq!(places.join(" "), expected, "{filter}");
    }
}

#[test]
fn arrays_and_objects_are_equal_by_value_whatever_the_order_of_their_names() {
    for (left, right, same) in [
        (r#"{"x":1,"y":[2]}"#, r#"{"y":[2.0],"x":1e0}"#, true), (r#"{"x":1,"y":2}"#, r#"{"x":1,"z":2}"#, false), (r#"{"x":1,"y":2}"#, r#"{"y":1,"x":2}"#, false), (r#"{"x":1}"#, r#"{"x":1,"y":2}"#, false), (r#"{"\u0061":1}"#, r#"{"a":1}"#, true),
        ("[1,[2]]", "[1,[2]]", true), ("[1,[2]]", "[1,[3]]", false), ("[1,2]", "[2,1]", false), ("[]", "{}", false), (r#""\u00f6""#, r#""ö""#, true), (r#""1""#, "1", false), ("null", "false", false),
    ] {
        let document = format!(r#"[{{"left":{left},"right":{right}}}]"#);
        assert_eq!((found("$[?@.left == @.right]", &document).is_empty(), found("$[?@.right != @.left]", &document).is_empty()), (!same, same), "{left} {right}");
    }
}

#[test]
fn only_names_and_indices_are_singular_and_the_stem_ends_before_the_first_of_many() {
    let record = parse_str(r#"{"a":{"b":[]},"n":null}"#).unwrap();
    for (path, singular, stem) in [
        ("$", true, Some("object")), ("$.a['b']", true, Some("array")), ("$.a.b[-1]", true, None), ("$.a.b[*].c", false, Some("array")), ("$.a.b[0,1]", false, Some("array")), ("$.a.b[0:1]", false, Some("array")),
        ("$..b", false, Some("object")), ("$.n[?@.x]", false, Some("null")), ("$.x[*]", false, None), ("$.a.*[*].z", false, Some("object")),
    ] {
        let path = Path::parse(path).unwrap();
        assert_eq!((path.is_singular(), path.stem(Item::Tree(&record)).map(|item| item.sort().word())), (singular, stem), "{}", path.text());
        assert!(path.is_singular() || path.one(&record).is_none(), "{}", path.text());
    }
}

#[test]
fn what_is_no_path_is_refused_with_code_place_and_hint() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/reject");
    let mut told: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "txt")).map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.strip_suffix('\n').unwrap();
        let error = Path::parse(text).expect_err(text);
        let shown = if text.len() > 120 { format!("{}…", &text[..60]) } else { text.to_owned() };
        format!("{}: {shown}\n  {}:{} {} ({})\n", path.file_stem().unwrap().to_string_lossy(), error.code(), error.column, error.reason, error.hint)
    }).collect();
    told.sort();
    insta::assert_snapshot!(told.concat());
}

/// Small documents with names that have to be escaped.
fn documents() -> impl Strategy<Value = Value> {
    let name = || prop::sample::select(vec!["a", "b", "it's", "\\", "\u{1}", "\n", "~/", "ö", "", "0"]).prop_map(str::to_owned);
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), (-3_i64..3).prop_map(Value::from), name().prop_map(Value::String)];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(name(), inner, 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Texts made of what paths are made of: most are no path, many are.
fn texts() -> impl Strategy<Value = String> {
    let pieces = vec![
        "$", "@", ".", "..", "*", "a", "b", "[", "]", "[0]", "['a']", "[*]", "[?", "?", "@.a", "$..a", "==", "!=", "<", ">=", "&&", "||", "!", "(", ")", ",", ":", "-1", "0", "1e3", "'", "\"", "\\u", "length(", "count(", "value(", "match(",
        "search(", "'[a-z]+'", "'a{2}'", " ", "true", "null", "ö", "\u{0}",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn paths() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec![
        ".a", "['b']", "[0]", "[-1]", "[*]", ".*", "..a", "..*", "..[0]", "[0:2]", "[::-1]", "[1::2]", "[0,'a']", "[?@.a]", "[?@ == 1]", "[?@.a <= @.b]", "[?length(@) > 1]", "[?count(@..*) > 2]", "[?@[?@.a]]", "[?search(@, 'a|ö')]", "[?!(@ == $)]",
    ]);
    prop::collection::vec(segment, 0..5).prop_map(|segments| format!("${}", segments.concat()))
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in prop_oneof![texts(), any::<String>(), any::<String>().prop_map(|text| format!("$[?match(@, '{text}')]"))]) {
        if let Err(error) = Path::parse(&text) {
            prop_assert!(error.column >= 1 && error.column <= text.len() + 1, "{error}");
        }
    }

    #[test]
    fn trees_and_tapes_answer_alike_and_a_place_finds_its_value_again(path in prop_oneof![paths(), texts()], document in documents()) {
        let Ok(path) = Path::parse(&path) else { return Ok(()) };
        let text = document.to_string();
        let mut parser = Parser::new(Limits::default());
        let tape = parser.parse(text.as_bytes()).unwrap();
        let fuel = Fuel::new(20_000);
        let Ok(located) = path.locate(Item::Tree(&document), &fuel) else { return Ok(()) };
        let found = path.query(tape.root(), &Fuel::new(20_000)).unwrap();
        prop_assert_eq!(found.len(), located.len());
        prop_assert!(!path.is_singular() || found.len() <= 1);
        prop_assert!(!path.is_singular() || path.at(tape.root()) == found.first().copied());
        for ((location, item), beside) in located.into_iter().zip(found) {
            let (Item::Tree(value), again) = (item, Path::parse(&location.to_string()).unwrap()) else { panic!("a tree has only trees below it") };
            prop_assert!(std::ptr::eq(again.one(&document).unwrap(), value));
            let Some(Item::Tree(pointed)) = location.pointer().get(Item::Tree(&document)) else { panic!("the pointer names nothing") };
            prop_assert!(std::ptr::eq(pointed, value) && beside == item);
        }
    }

    #[test]
    fn little_fuel_ends_in_spent_and_never_in_a_part(path in paths(), document in documents(), steps in 0_u32..60) {
        let path = Path::parse(&path);
        let Ok(path) = path else { return Ok(()) };
        let Ok(whole) = path.query(Item::Tree(&document), &Fuel::new(1_000_000)) else { return Ok(()) };
        if let Ok(found) = path.query(Item::Tree(&document), &Fuel::new(steps)) {
            prop_assert_eq!(found.len(), whole.len());
        }
    }
}
