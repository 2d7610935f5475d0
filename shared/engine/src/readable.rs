//! What a reader would see in the bytes of an answer, where no definition says how they are to be read.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::decode::charset;

/// Bytes as text, and how they are text.
pub(crate) struct Readable {
    pub(crate) text: String,
    encoding: &'static Encoding,
    mark: Vec<u8>,
}

/// Text holds fewer zeros than one in so many bytes.
const ZEROS: usize = 8;

/// Bytes as text; `None` where they are none that can be told. `ascii` says that nothing but ASCII is looked for, which is the same in
/// every character set without zeros.
pub(crate) fn readable(body: &[u8], content_type: Option<&str>, ascii: bool) -> Option<Readable> {
    let read = |encoding: &'static Encoding, mark: usize| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&body[mark..])?.into_owned();
        let zeros = text.bytes().filter(|byte| *byte == 0).count();
        (zeros * ZEROS <= text.len()).then(|| Readable { text, encoding, mark: body[..mark].to_vec() })
    };
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        return read(encoding, mark);
    }
    let told = content_type.and_then(charset);
    let zeros = |odd: usize| body.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if (even + odd) * ZEROS > body.len() {
        // What is no text has zeros anywhere.
        let looks = || if odd == 0 { Some(UTF_16BE) } else { Some(UTF_16LE).filter(|_| even == 0) };
        return read(told.filter(|told| !told.is_ascii_compatible()).or_else(looks)?, 0);
    }
    let read_as = |encoding: Option<&'static Encoding>| encoding.and_then(|encoding| read(encoding, 0));
    read_as(Some(UTF_8)).or_else(|| read_as(told)).or_else(|| read_as(Some(WINDOWS_1252).filter(|_| ascii && even + odd == 0)))
}

/// Bytes in a character set that holds ASCII; `None` where they are no text in it.
pub(crate) fn read_in(body: &[u8], encoding: &'static Encoding) -> Option<Readable> {
    let text = Some(encoding).filter(|encoding| encoding.is_ascii_compatible() && !body.contains(&0))?.decode_without_bom_handling_and_without_replacement(body)?.into_owned();
    Some(Readable { text, encoding, mark: Vec::new() })
}

impl Readable {
    /// Whether the bytes tell by themselves what they are.
    pub(crate) fn is_unicode(&self) -> bool {
        self.is_utf8() || self.encoding == UTF_16LE || self.encoding == UTF_16BE
    }

    /// Whether the bytes are UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        self.encoding == UTF_8
    }

    /// Another text, written as this one was.
    pub(crate) fn written(&self, text: &str) -> Vec<u8> {
        let mut out = self.mark.clone();
        if self.encoding == UTF_16LE {
            out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            out.extend_from_slice(&self.encoding.encode(text).0);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn bytes_are_read_as_they_say_and_else_as_they_look() {
        let utf16 = |big: bool, text: &str| text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>();
        let utf32 = |text: &str| text.chars().flat_map(|char| u32::from(char).to_le_bytes()).collect::<Vec<u8>>();
        for (body, content_type, ascii, expected) in [
            ("clé".as_bytes().to_vec(), None, false, Some("clé")), (utf16(false, "a key"), None, false, Some("a key")), (utf16(true, "a key"), None, false, Some("a key")), (utf16(true, "\u{feff}clé"), None, false, Some("clé")),
            (utf16(false, "鍵鍵鍵"), Some("text/plain; charset=utf-16le"), false, Some("鍵鍵鍵")), (b"cl\xe9".to_vec(), Some("text/plain; charset=iso-8859-1"), false, Some("clé")), (b"cl\xe9".to_vec(), None, false, None),
            (b"cl\xe9".to_vec(), None, true, Some("clé")), (utf32("a key"), None, true, None), (utf32("\u{feff}a key"), None, true, None), (b"\xff\0\x01".to_vec(), None, true, None), (Vec::new(), None, false, Some("")),
        ] {
            let read = readable(&body, content_type, ascii);
            assert_eq!(read.as_ref().map(|read| read.text.as_str()), expected, "{body:?}");
            assert!(read.is_none_or(|read| read.written(&read.text) == body), "{body:?}");
        }
    }
}
