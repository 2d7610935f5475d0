//! XML: tables of what is read and refused, and bombs.

use connector::Xml;
use document::parse_str;
use proptest::prelude::*;

use crate::decode::xml;

fn read(text: &str, xml: &Xml) -> Result<String, String> {
    xml::json(text, xml, 1 << 20).map(|json| String::from_utf8(json).unwrap()).map_err(|fault| format!("{}: {}", fault.code, fault.message))
}

#[test]
fn elements_become_objects_texts_and_arrays() {
    let plain = Xml::default();
    let named = Xml { attributes: "_".into(), text: "value".into(), always_list: vec!["line".into(), "n:x".into()] };
    for (text, xml, json) in [
        ("<a/>", &plain, r#"{"a":""}"#), ("<a></a>", &plain, r#"{"a":""}"#), ("<a> \n </a>", &plain, r#"{"a":""}"#), ("<a>007</a>", &plain, r#"{"a":"007"}"#),
        ("<?xml version=\"1.0\"?>\n<!-- c --><a>\n  <b> x\ty </b>\n  <?p?><c/>\n</a>\n", &plain, r#"{"a":{"b":"x\ty","c":""}}"#),
        ("<a><b>1</b><c>2</c><b>3</b></a>", &plain, r#"{"a":{"b":["1","3"],"c":"2"}}"#),
        ("<a x='1' n:y=\"&lt;&#65;&quot;\n\"/>", &plain, r#"{"a":{"@x":"1","@n:y":"<A\" "}}"#),
        ("<p currency='SEK'> 9.50 </p>", &plain, r##"{"p":{"@currency":"SEK","#text":"9.50"}}"##), ("<a>x<b/>y</a>", &plain, r##"{"a":{"b":"","#text":"xy"}}"##),
        ("<a>&lt;b&gt; &amp;amp; &#x1F600;&apos;</a>", &plain, "{\"a\":\"<b> &amp; 😀'\"}"), ("<a><![CDATA[<b>&amp;]]>]]&gt;</a>", &plain, r#"{"a":"<b>&amp;]]>"}"#),
        ("<a>1\r\n2\\\"</a>", &plain, r#"{"a":"1\n2\\\""}"#), ("<n:a xmlns:n='u'><n:b/></n:a>", &plain, r#"{"n:a":{"@xmlns:n":"u","n:b":""}}"#),
        ("<o><line q='1'>x</line><n:x/><b/></o>", &named, r#"{"o":{"line":[{"_q":"1","value":"x"}],"n:x":[""],"b":""}}"#), ("<line line='1'/>", &named, r#"{"line":[{"_line":"1"}]}"#),
        // What a document type names is never fetched.
        ("<!DOCTYPE a SYSTEM \"http://x.test/a[1].dtd\"><a>1</a>", &plain, r#"{"a":"1"}"#), ("<!DOCTYPE a PUBLIC '-//[X]//' 'u'>\n<a>1</a>", &plain, r#"{"a":"1"}"#), ("<!DOCTYPE a>\n<a>1</a>", &plain, r#"{"a":"1"}"#), ("<!doctype a><a/>", &plain, r#"{"a":""}"#),
        ("<a><a><a/><a/></a></a>", &plain, r#"{"a":{"a":{"a":["",""]}}}"#),
    ] {
        assert_eq!(read(text, xml).as_deref(), Ok(json), "{text}");
    }
}

#[test]
fn what_is_no_xml_says_where() {
    let plain = Xml::default();
    let bare = Xml { attributes: String::new(), text: "text".into(), ..Xml::default() };
    for (text, xml, message) in [
        ("", &plain, "answer_format: the answer has no element"),
        ("{\"a\":1}", &plain, "answer_format: a text stands outside of the root element, before byte 7"),
        ("<a/><b/>", &plain, "answer_format: a second root element stands, before byte 8"),
        ("<a/>x", &plain, "answer_format: a text stands outside of the root element, before byte 5"),
        ("<a><b></a></b>", &plain, "answer_format: an end tag is not that of the open element, at byte 6"),
        ("</a>", &plain, "answer_format: an end tag is not that of the open element, at byte 0"),
        ("<a>&nbsp;</a>", &plain, "answer_format: a text refers to something unknown, before byte 9"),
        ("<a>&#0;</a>", &plain, "answer_format: a text refers to something unknown, before byte 7"),
        ("<a>&#1;</a>", &plain, "answer_format: a control character stands that XML does not have, before byte 7"),
        ("<a>R&D</a>", &plain, "answer_format: the XML is malformed at byte 4"),
        ("<a b='&x;'/>", &plain, "answer_format: an attribute refers to something unknown, before byte 12"),
        ("<a b=1/>", &plain, "answer_format: an attribute is malformed, before byte 8"),
        ("<a b='1' b='2'/>", &plain, "answer_format: an attribute stands twice, before byte 16"),
        ("<>", &plain, "answer_format: an element has no name, or none that can be one, before byte 2"),
        ("<a<b>", &plain, "answer_format: an element has no name, or none that can be one, before byte 5"),
        ("<a b='1'><b/></a>", &bare, "answer_format: an element has the key of an attribute, before byte 13"),
        ("<a><text/>x</a>", &bare, "answer_format: the text has the key of an attribute or of another element, before byte 15"),
        ("<!DOCTYPE a []><a/>", &plain, "answer_format: a document type declares something of its own, before byte 15"),
        ("<!DOCTYPE a SYSTEM 'u' [<!ENTITY b 'c'>]><a>&b;</a>", &plain, "answer_format: a document type declares something of its own, before byte 41"),
        ("<!DOCTYPE a SYSTEM 'u'><a>&b;</a>", &plain, "answer_format: a text refers to something unknown, before byte 29"),
        ("<!DOCTYPE a><!DOCTYPE a><a/>", &plain, "answer_format: a document type stands where none can, before byte 24"),
        ("<a><!DOCTYPE a></a>", &plain, "answer_format: a document type stands where none can, before byte 15"),
        ("<a><!x></a>", &plain, "answer_format: a markup is none of XML, at byte 3"),
    ] {
        assert_eq!(read(text, xml), Err(message.to_owned()), "{text}");
    }
    let whole = "<a x='1'><b>text</b><!-- c --><![CDATA[d]]></a>";
    for end in 1..whole.len() {
        let message = read(&whole[..end], &plain).unwrap_err();
        assert!(message == "answer_truncated: the XML ends too early" || message.starts_with("answer_format: a markup is none"), "{} {message}", &whole[..end]);
    }
}

#[test]
fn bombs_end_at_their_limit() {
    let plain = Xml::default();
    let deep = "<a>".repeat(100_000);
    let laughs = "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>";
    let attributes: String = (0..100_000).map(|index| format!(" a{index}='1'")).collect();
    let (many, twice) = (format!("<a{attributes}/>"), format!("<a{attributes} a7=''/>"));
    let level = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    let nodes = format!("<a>{}</a>", "<b/>".repeat(1_000_001));
    for (text, code) in [(deep.as_str(), "answer_format"), (laughs, "answer_format"), (&twice, "answer_format"), (&nodes, "response_too_large"), (&level(65), "answer_format")] {
        assert_eq!(xml::json(text, &plain, 64 << 20).map(|json| json.len()).unwrap_err().code, code, "{}", &text[..60.min(text.len())]);
    }
    let wide = Xml { attributes: "x".repeat(64), text: "y".repeat(64), ..Xml::default() };
    for (text, most) in [(&many, 1 << 20), (&format!("<a b='1'>{}</a>", "<c d=''>e</c>".repeat(10_000)), 1 << 20), (&format!("<a>{}</a>", "x".repeat(1 << 20)), 1 << 20)] {
        assert_eq!(xml::json(text, &wide, most).map(|json| json.len()).unwrap_err().code, "response_too_large");
    }
    assert!(xml::json(&many, &plain, 64 << 20).is_ok() && read(&level(64), &plain).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_read_is_json(text in r#"(<a>|</a>|<b x='1'>|</b>|<c/>|<!\[CDATA\[|\]\]>|<!--|-->|&amp;|&#1|[<>&;"'= xé\n]){0,16}"#) {
        let text = format!("<r>{text}</r>");
        if let Ok(json) = read(&text, &Xml::default()) {
            prop_assert!(parse_str(&json).is_ok(), "{}", json);
        }
    }
}
