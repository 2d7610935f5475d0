//! The character set of an answer: its byte order mark, else what the definition says, else what the answer says of itself.

use std::borrow::Cow;

use connector::{Decode, Format};
use encoding_rs::{Encoding, UTF_8};
use fault::Simple;

/// How far into a document its XML declaration may reach.
const DECLARATION_BYTES: usize = 256;

/// JSON in UTF-8. What is that already is neither copied nor looked at: the parser of documents judges it.
pub(crate) fn json(mut body: Vec<u8>, content_type: Option<&str>, decode: &Decode) -> Result<Vec<u8>, Simple> {
    let (encoding, mark) = of(&body, content_type, decode);
    if encoding != UTF_8 {
        return Ok(read(&body[mark..], encoding)?.into_owned().into_bytes());
    }
    body.drain(..mark);
    Ok(body)
}

/// The text of an answer.
pub(crate) fn text<'b>(body: &'b [u8], content_type: Option<&str>, decode: &Decode) -> Result<Cow<'b, str>, Simple> {
    let (encoding, mark) = of(body, content_type, decode);
    read(&body[mark..], encoding)
}

/// The character set, and the length of the mark that tells it.
fn of(body: &[u8], content_type: Option<&str>, decode: &Decode) -> (&'static Encoding, usize) {
    if let Some(marked) = Encoding::for_bom(body) {
        return marked;
    }
    let told = || content_type.and_then(charset);
    let declared = || if matches!(decode.format, Format::Xml(_)) { declaration(body) } else { None };
    (decode.encoding.or_else(told).or_else(declared).unwrap_or(UTF_8), 0)
}

fn read<'b>(body: &'b [u8], encoding: &'static Encoding) -> Result<Cow<'b, str>, Simple> {
    encoding.decode_without_bom_handling_and_without_replacement(body).ok_or_else(|| {
        let at = if encoding == UTF_8 { std::str::from_utf8(body).err().map(|error| format!(", from byte {} on", error.valid_up_to())) } else { None };
        Simple::reject("answer_charset", format!("the answer has bytes that are no text in {}{}", encoding.name(), at.unwrap_or_default()))
    })
}

/// The character set a `Content-Type` names, if it is one.
pub(crate) fn charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("charset");
        named.then(|| Encoding::for_label_no_replacement(value.trim().trim_matches(['"', '\'']).as_bytes())).flatten()
    })
}

/// The character set an XML declaration names. It is in ASCII, whatever follows; one that claims UTF-16 there is wrong of it.
pub(crate) fn declaration(body: &[u8]) -> Option<&'static Encoding> {
    let head = body.strip_prefix(b"<?xml")?;
    let head = head.get(..DECLARATION_BYTES).unwrap_or(head);
    let head = std::str::from_utf8(&head[..head.windows(2).position(|two| two == b"?>")?]).ok()?;
    let value = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Encoding::for_label_no_replacement(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

#[cfg(test)]
mod tests {
    use connector::Xml;

    use super::*;

    fn of_label(label: &str) -> Decode {
        Decode { encoding: Encoding::for_label(label.as_bytes()), format: Format::JsonLines, ..Decode::default() }
    }

    #[test]
    fn the_character_set_is_the_first_that_is_told() {
        let none = Decode { format: Format::JsonLines, ..Decode::default() };
        let xml = Decode { format: Format::Xml(Xml::default()), ..Decode::default() };
        let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe5</a>".as_slice();
        for (body, content_type, decode, text) in [
            (b"\xc3\xa5".as_slice(), None, &none, "å"),
            (b"\xe5", Some("text/csv; charset=iso-8859-1"), &none, "å"),
            (b"\xe5", Some("text/csv;header=present; Charset = \"windows-1252\""), &none, "å"),
            (b"\xc3\xa5", Some("text/csv; charset=nonsense"), &none, "å"),
            (b"\xc3\xa5", Some("charset"), &none, "å"),
            (b"\xe5", Some("text/csv; charset=utf-8"), &of_label("windows-1252"), "å"),
            (b"\x80", None, &of_label("windows-1252"), "€"),
            (b"\xef\xbb\xbf\xc3\xa5", Some("text/csv; charset=iso-8859-1"), &of_label("windows-1252"), "å"),
            (b"\xff\xfe\xe5\x00", None, &none, "å"),
            (b"\xfe\xff\x00\xe5", None, &of_label("utf-16"), "å"),
            (b"\xe5\x00", None, &of_label("utf-16le"), "å"),
            (b"\x83\x65", None, &of_label("shift_jis"), "テ"),
            (declared, None, &xml, "<?xml version='1.0' encoding='ISO-8859-1'?><a>å</a>"),
            (b"<?xml encoding=\"utf-16\"?>", None, &xml, "<?xml encoding=\"utf-16\"?>"),
            (b"<?xml version=\"1.0\"?><a encoding='x'/>", None, &xml, "<?xml version=\"1.0\"?><a encoding='x'/>"),
        ] {
            assert_eq!(super::text(body, content_type, decode).unwrap(), text, "{body:?} {content_type:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for (body, decode, message) in [
            (b"sku\xe5".as_slice(), of_label("utf-8"), "the answer has bytes that are no text in UTF-8, from byte 3 on"),
            (b"\x00\xd8", of_label("utf-16le"), "the answer has bytes that are no text in UTF-16LE"),
            (b"a", of_label("utf-16be"), "the answer has bytes that are no text in UTF-16BE"),
            (b"\x81", of_label("shift_jis"), "the answer has bytes that are no text in Shift_JIS"),
        ] {
            assert_eq!(super::text(body, None, &decode).unwrap_err(), Simple::reject("answer_charset", message), "{body:?}");
        }
    }
}
