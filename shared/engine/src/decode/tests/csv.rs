//! CSV: tables of what is read and refused, and a second opinion.

use connector::Csv;
use document::{Value, parse_str};
use proptest::prelude::*;

use crate::decode::csv;

fn read(text: &str, csv: &Csv) -> Result<String, String> {
    csv::json(text, csv, 1 << 20, &|_, _| Ok(())).map(|json| String::from_utf8(json).unwrap()).map_err(|fault| format!("{}: {}", fault.code, fault.message))
}

fn plain() -> Csv {
    Csv::default()
}

#[test]
fn rows_become_objects_of_texts() {
    let tabs = Csv { delimiter: b'\t', quote: None, ..plain() };
    let named = Csv { columns: Some(vec!["a".into(), "b".into()]), ..plain() };
    let nulls = Csv { nulls: vec![String::new(), "-".into()], ..plain() };
    let headed = Csv { skip: 2, comment: Some(b'#'), delimiter: b';', ..plain() };
    for (text, csv, array) in [
        ("", &plain(), "[]"), ("\n\r\n", &plain(), "[]"), ("a,b", &plain(), "[]"), ("a,b\n", &named, r#"[{"a":"a","b":"b"}]"#),
        ("a,b\n1,2\n", &plain(), r#"[{"a":"1","b":"2"}]"#), ("a,b\r\n1,2\r\n\r\n3,4", &plain(), r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#),
        ("a,b\r1,2\r", &plain(), r#"[{"a":"1","b":"2"}]"#), ("a,b\n007,1e5\n true ,null", &plain(), r#"[{"a":"007","b":"1e5"},{"a":" true ","b":"null"}]"#),
        ("a,b\n,\n\"\",\"x\"", &plain(), r#"[{"a":"","b":""},{"a":"","b":"x"}]"#), ("a,b,c\n1\n1,2\n", &plain(), r#"[{"a":"1"},{"a":"1","b":"2"}]"#),
        ("a\n\"x, \"\"y\"\"\r\nz\"\n", &plain(), r#"[{"a":"x, \"y\"\r\nz"}]"#), ("a,å\n\\,\u{1}\n", &plain(), r#"[{"a":"\\","å":"\u0001"}]"#),
        ("a\tb\n5\"\t\"x\n", &tabs, r#"[{"a":"5\"","b":"\"x"}]"#), ("a,b\n,-\n0,--\n", &nulls, r#"[{"a":null,"b":null},{"a":"0","b":"--"}]"#),
        ("Report\r\n\"2026\r\n# made\na;b\n#x\n1;#2\n", &headed, r##"[{"a":"1","b":"#2"}]"##), ("one line", &headed, "[]"), ("a,\n1,2\n", &plain(), r#"[{"a":"1","":"2"}]"#),
    ] {
        assert_eq!(read(text, csv).as_deref(), Ok(array), "{text:?}");
    }
}

#[test]
fn what_is_no_table_says_where() {
    let headed = Csv { skip: 1, comment: Some(b'#'), ..plain() };
    for (text, csv, message) in [
        ("a,b,a\n", &plain(), "column 3 has the name of another"),
        ("a,,\n", &plain(), "column 3 has the name of another"),
        ("a,b\n1,2\n\n1,2,3\n", &plain(), "row 2, of line 4, has more cells than the 2 columns"),
        ("x\na\n\"1\n1\"\n# c\n\n1,2\n", &headed, "row 2, of line 7, has more cells than the 1 columns"),
        ("a,b\r\n1,2\r\n1,\"2\r\n3,4\r\n", &plain(), "the quote of a cell does not end, in the row of line 3"),
        ("a\n\"", &plain(), "the quote of a cell does not end, in the row of line 2"),
        ("\"a", &plain(), "the quote of a cell does not end, in the row of line 1"),
    ] {
        assert_eq!(read(text, csv), Err(format!("answer_format: {message}")), "{text:?}");
    }
}

#[test]
fn long_names_for_many_rows_end_at_the_limit() {
    let text = format!("{}\n{}", "n".repeat(100_000), "1\n".repeat(100_000));
    assert!(read(&text, &plain()).unwrap_err().starts_with("response_too_large"));
    let wide = |columns: usize| (0..columns).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
    let (most, more) = (wide(16_384), wide(16_385));
    assert_eq!(read(&format!("{most}\n{most}\n"), &plain()).unwrap().matches(':').count(), 16_384);
    assert_eq!(read(&more, &plain()), Err("answer_format: the row of line 1 has more than 16384 cells".to_owned()));
}

/// Anything but a byte order mark, which no text has any more that was read.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), r#"[a-c0-9,;"\\' \n\r\tå€-]{0,6}"#, "[^\u{feff}]{0,8}"]
}

proptest! {
    #[test]
    fn what_another_writes_is_read_back(columns in proptest::collection::hash_set(cell(), 1..5), cells in proptest::collection::vec(cell(), 0..24), delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t')]) {
        let columns: Vec<String> = columns.into_iter().collect();
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(&columns).unwrap();
        let rows: Vec<&[String]> = cells.chunks_exact(columns.len()).collect();
        for row in &rows {
            writer.write_record(*row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let csv = Csv { delimiter, ..plain() };
        let read = parse_str(&read(&text, &csv).unwrap()).unwrap();
        let expected: Vec<Value> = rows.iter().map(|row| Value::Object(columns.iter().cloned().zip(row.iter().cloned().map(Value::String)).collect())).collect();
        prop_assert_eq!(read, Value::Array(expected));
    }

    #[test]
    fn no_text_makes_it_fall(text in r#"[a,"\n\r#é;]{0,40}"#, skip in 0_usize..4, quoted: bool) {
        let csv = Csv { skip, quote: quoted.then_some(b'"'), comment: Some(b'#'), ..plain() };
        if let Ok(json) = read(&text, &csv) {
            let Value::Array(rows) = parse_str(&json).unwrap() else { panic!("no array") };
            prop_assert!(rows.len() <= text.split(['\n', '\r']).count());
        }
    }
}
