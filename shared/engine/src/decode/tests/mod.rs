//! What holds for an answer as a whole, whatever it is.

mod csv;
mod xml;
mod zip;

use connector::{Csv, Decode, Format, Unpack, Xml};
use proptest::prelude::*;

use super::{decode, gzip::tests::gzip};

fn of(unpack: Vec<Unpack>, format: Format) -> Decode {
    Decode { unpack, format, max_bytes: 1 << 20, ..Decode::default() }
}

fn table() -> Format {
    Format::Csv(Csv::default())
}

#[test]
fn json_is_given_back_as_it_came() {
    for (body, content_type) in [("{\"a\":1}", None), ("", Some("application/json; charset=utf-8")), ("no json", Some("text/html"))] {
        let body = body.as_bytes().to_vec();
        let (at, copy) = (body.as_ptr(), body.clone());
        let json = decode(body, content_type, Some("identity"), &Decode::default()).unwrap();
        assert_eq!((json.as_ptr(), json), (at, copy));
    }
}

#[test]
fn an_answer_is_unpacked_and_becomes_json() {
    let (maybe, gzipped) = (vec![Unpack::MaybeGzip], vec![Unpack::Gzip]);
    let rows = b"sku,qty\nA,1\n".as_slice();
    let array = r#"[{"sku":"A","qty":"1"}]"#;
    let cp1252 = Decode { encoding: encoding_rs::Encoding::for_label(b"windows-1252"), ..of(vec![Unpack::Gzip], table()) };
    for (body, content_type, content_encoding, decoding, json) in [
        (gzip(b"[1]"), None, None, &Decode::default(), "[1]"),
        (gzip(&gzip(b"[1]")), None, Some("gzip"), &Decode::default(), "[1]"),
        (b"\xef\xbb\xbf[1]".to_vec(), None, None, &Decode::default(), "[1]"),
        (b"\xff\xfe[\x001\x00]\x00".to_vec(), None, None, &Decode::default(), "[1]"),
        (b"[\"\xe5\"]".to_vec(), Some("application/json;charset=iso-8859-1"), None, &Decode::default(), "[\"å\"]"),
        (rows.to_vec(), None, None, &of(maybe.clone(), table()), array),
        (gzip(rows), None, None, &of(maybe.clone(), table()), array),
        (gzip(rows), None, Some("gzip"), &of(gzipped.clone(), table()), array),
        (gzip(&gzip(rows)), None, None, &of(vec![Unpack::Gzip, Unpack::Gzip], table()), array),
        (gzip(b"sku\n\x80"), Some("text/csv; charset=utf-8"), None, &cp1252, "[{\"sku\":\"€\"}]"),
        (gzip(b"{\"a\":1}\n{\"a\":2}\n"), None, None, &of(gzipped.clone(), Format::JsonLines), "[{\"a\":1},{\"a\":2}]"),
        (b"<a>1</a>".to_vec(), Some("text/xml"), Some("identity"), &of(maybe, Format::Xml(Xml::default())), "{\"a\":\"1\"}"),
    ] {
        assert_eq!(decode(body, content_type, content_encoding, decoding).as_deref(), Ok(json.as_bytes()), "{json}");
    }
    for (packing, said) in [("br", "`br`"), ("gzip, zstd", "`zstd`"), ("b\"r\u{1b}<i>", "`bri`")] {
        let fault = decode(rows.to_vec(), None, Some(packing), &Decode::default()).unwrap_err();
        assert!(fault.code == "answer_format" && fault.message.contains(said) && fault.message.contains("gzip and deflate"), "{}", fault.message);
    }
    for (body, decoding, code) in [
        (rows.to_vec(), of(gzipped, table()), "answer_format"),
        (gzip(rows)[..20].to_vec(), Decode::default(), "answer_truncated"),
        (vec![b' '; (1 << 20) + 1], of(Vec::new(), Format::Json), "response_too_large"),
        (gzip(&vec![0; 1_000_000]).repeat(1000), Decode::default(), "response_too_large"),
        (gzip(&gzip(&vec![0; 100 << 20])), of(vec![Unpack::Gzip, Unpack::Gzip], table()), "response_too_large"),
    ] {
        assert_eq!(decode(body, None, None, &decoding).unwrap_err().code, code);
    }
}

fn any_decode() -> impl Strategy<Value = Decode> {
    let unpack = prop_oneof![Just(Unpack::Gzip), Just(Unpack::MaybeGzip), Just(Unpack::Zip { member: None }), Just(Unpack::Zip { member: Some("*.csv".into()) })];
    let format = prop_oneof![
        Just(Format::Json), Just(Format::JsonLines), Just(table()), Just(Format::Csv(Csv { quote: None, skip: 1, comment: Some(b'#'), ..Csv::default() })),
        Just(Format::Xml(Xml::default())), Just(Format::Xml(Xml { attributes: String::new(), text: "a".into(), always_list: vec!["a".into()] })),
    ];
    let encoding = prop_oneof![Just(None), prop::sample::select(vec!["utf-8", "utf-16le", "windows-1252", "gb18030", "iso-2022-jp"]).prop_map(|label| encoding_rs::Encoding::for_label(label.as_bytes()))];
    (proptest::collection::vec(unpack, 0..3), format, encoding).prop_map(|(unpack, format, encoding)| Decode { encoding, ..of(unpack, format) })
}

/// Bytes that begin like something.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let head = prop::sample::select(vec![
        b"".as_slice(), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"\x1f\x8b", b"PK\x05\x06", b"PK\x03\x04", b"PK\x01\x02", b"\xff\xfe", b"\xef\xbb\xbf", b"<?xml encoding='", b"<a>", b"a,b\n\"", b"{\"a\":",
    ]);
    (head, proptest::collection::vec(any::<u8>(), 0..200), any::<bool>()).prop_map(|(head, tail, packed)| if packed { gzip(&[head, &tail].concat()) } else { [head, &tail].concat() })
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall(body in any_bytes(), decoding in any_decode(), content_type in prop::option::of("[a-z/]{0,6}; *charset=.{0,10}"), content_encoding in prop::option::of("(gzip|deflate|br|identity|,| ){0,4}")) {
        match decode(body, content_type.as_deref(), content_encoding.as_deref(), &decoding) {
            Ok(json) => prop_assert!(matches!(decoding.format, Format::Json) || std::str::from_utf8(&json).is_ok()),
            Err(fault) => prop_assert!(["answer_format", "answer_truncated", "answer_charset", "response_too_large"].contains(&fault.code)),
        }
    }

    #[test]
    fn what_is_packed_is_the_same_as_what_is_not(plain in proptest::collection::vec(any::<u8>(), 0..300), decoding in any_decode(), announced: bool) {
        prop_assume!(!super::gzip::is_gzip(&plain));
        let bare = Decode { unpack: Vec::new(), ..decoding };
        let packed = Decode { unpack: if announced { Vec::new() } else { vec![Unpack::Gzip] }, ..bare.clone() };
        prop_assert_eq!(decode(gzip(&plain), None, announced.then_some("gzip"), &packed), decode(plain, None, None, &bare));
    }

    #[test]
    fn an_archive_that_was_changed_anywhere_never_makes_it_fall(at in 0_usize..136, byte: u8, cut in 0_usize..137) {
        let mut archive = hex::decode(zip::DEFLATED).unwrap();
        archive[at] = byte;
        archive.truncate(cut);
        _ = decode(archive, None, None, &of(vec![Unpack::Zip { member: None }], table()));
    }
}
