//! A text as a reader sees it: what is escaped as in JSON, as an entity of HTML or by percent signs is resolved, one way after
//! another, and every byte knows where it stood.

use std::ops::Range;

/// How often each way is tried: what is written twice is as readable.
const ROUNDS: usize = 3;

/// A text with some of its writings resolved.
pub(crate) struct Resolved {
    pub(crate) bytes: Vec<u8>,
    /// Where each byte begins in the text it came of, and the end of that.
    from: Vec<usize>,
}

/// Reads one sign that is written otherwise, and its length as it is written.
type Read = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

const STEPS: [(u8, Read); 3] = [(b'\\', escape), (b'&', entity), (b'%', percent)];

/// Shows the text as it is, and every time a way of writing was resolved in it.
pub(crate) fn each(text: &str, mut seen: impl FnMut(&Resolved)) {
    let mut now = Resolved { bytes: text.as_bytes().to_vec(), from: (0..=text.len()).collect() };
    seen(&now);
    for _ in 0..ROUNDS {
        let before = now.bytes.len();
        for (sign, read) in STEPS {
            if let Some(next) = now.step(sign, read) {
                seen(&next);
                now = next;
            }
        }
        // Whatever is resolved becomes shorter.
        if now.bytes.len() == before {
            return;
        }
    }
}

impl Resolved {
    /// Where bytes of this stood in the text.
    pub(crate) fn place(&self, range: Range<usize>) -> Range<usize> {
        self.from[range.start]..self.from[range.end]
    }

    fn step(&self, sign: u8, read: Read) -> Option<Self> {
        let mut at = self.bytes.iter().position(|byte| *byte == sign)?;
        let mut next = Self { bytes: self.bytes[..at].to_vec(), from: self.from[..at].to_vec() };
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let (bytes, length) = (if rest[0] == sign { read(rest) } else { None }).unwrap_or_else(|| (Vec::new(), 0));
            if length == 0 {
                next.bytes.push(rest[0]);
                next.from.push(self.from[at]);
            } else {
                next.from.extend(bytes.iter().map(|_| self.from[at]));
                next.bytes.extend(bytes);
            }
            at += length.max(1);
        }
        next.from.push(self.from[self.bytes.len()]);
        (next.bytes.len() != self.bytes.len()).then_some(next)
    }
}

/// An escape of JSON, and those of other languages that look like them.
fn escape(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let plain = |byte: u8| Some((vec![byte], 2));
    match *rest.get(1)? {
        b'n' => plain(b'\n'),
        b'r' => plain(b'\r'),
        b't' => plain(b'\t'),
        b'b' => plain(8),
        b'f' => plain(12),
        b'x' => Some((vec![u8::try_from(digits(rest.get(2..4)?, 16)?).ok()?], 4)),
        b'U' => Some((utf8(digits(rest.get(2..10)?, 16)?)?, 10)),
        b'u' if rest.get(2) == Some(&b'{') => {
            let end = rest.iter().take(12).position(|byte| *byte == b'}')?;
            Some((utf8(digits(&rest[3..end], 16)?)?, end + 1))
        }
        b'u' => unit(rest, 2),
        byte if byte.is_ascii_punctuation() => plain(byte),
        _ => None,
    }
}

/// A unit of UTF-16 behind a mark of some bytes, with the one that completes it.
fn unit(rest: &[u8], mark: usize) -> Option<(Vec<u8>, usize)> {
    let first = digits(rest.get(mark..mark + 4)?, 16)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((utf8(first)?, mark + 4));
    }
    let rest = rest.get(mark + 4..).filter(|behind| behind.starts_with(&rest[..mark]))?;
    let second = digits(rest.get(mark..mark + 4)?, 16)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((utf8(0x1_0000 + ((first - 0xd800) << 10) + second)?, 2 * (mark + 4)))
}

fn percent(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    if matches!(rest.get(1), Some(b'u' | b'U')) {
        return unit(rest, 2);
    }
    Some((vec![u8::try_from(digits(rest.get(1..3)?, 16)?).ok()?], 3))
}

/// The longest name or number of an entity.
const LONGEST: usize = 12;

fn entity(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let body = &rest[1..rest.len().min(LONGEST)];
    if let Some(number) = body.strip_prefix(b"#") {
        let (radix, skip) = if matches!(number.first(), Some(b'x' | b'X')) { (16, 1) } else { (10, 0) };
        let number = &number[skip..];
        let length = number.iter().position(|byte| !char::from(*byte).is_digit(radix)).unwrap_or(number.len());
        let end = 2 + skip + length;
        // The semicolon may lack.
        return Some((utf8(digits(&number[..length], radix)?)?, end + usize::from(rest.get(end) == Some(&b';'))));
    }
    let length = body.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(body.len());
    let name = std::str::from_utf8(&body[..length]).ok()?;
    let char = NAMED.iter().find_map(|(known, char)| (*known == name).then_some(*char)).or_else(|| {
        let at = LATIN.split(' ').position(|known| known == name)?;
        char::from_u32(0xa0 + u32::try_from(at).ok()?)
    })?;
    Some((char.to_string().into_bytes(), 1 + length + usize::from(rest.get(1 + length) == Some(&b';'))))
}

fn digits(text: &[u8], radix: u32) -> Option<u32> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.chars().all(|char| char.is_digit(radix)))?;
    u32::from_str_radix(text, radix).ok()
}

fn utf8(code: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(code)?.to_string().into_bytes())
}

/// Entities of HTML that name signs of ASCII.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'), ("AMP", '&'), ("lt", '<'), ("LT", '<'), ("gt", '>'), ("GT", '>'), ("quot", '"'), ("QUOT", '"'), ("apos", '\''), ("sol", '/'), ("bsol", '\\'), ("plus", '+'), ("equals", '='), ("num", '#'), ("percnt", '%'), ("dollar", '$'),
    ("excl", '!'), ("quest", '?'), ("commat", '@'), ("ast", '*'), ("midast", '*'), ("lpar", '('), ("rpar", ')'), ("comma", ','), ("period", '.'), ("colon", ':'), ("semi", ';'), ("lsqb", '['), ("lbrack", '['), ("rsqb", ']'), ("rbrack", ']'),
    ("lcub", '{'), ("lbrace", '{'), ("rcub", '}'), ("rbrace", '}'), ("vert", '|'), ("verbar", '|'), ("lowbar", '_'), ("UnderBar", '_'), ("Hat", '^'), ("grave", '`'), ("Tab", '\t'), ("NewLine", '\n'), ("hyphen", '-'), ("dash", '-'),
];

/// Those that name the signs from U+00A0 on, in their order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn what_is_written_otherwise_is_resolved_and_knows_its_place() {
        for (text, expected) in [
            (r"a\/b", "a/b"), (r"\u00e4\ud83d\ude00", "ä😀"), (r"\\u00e4", "ä"), (r"\xe4\U0001F600\u{e4}\q\", "\u{fffd}😀ä\\q\\"), ("&#x2F;&#47&amp;&sol;&auml;&nosuch;&", "//&/ä&nosuch;&"), ("&amp;amp;#x2f;", "/"),
            ("a%2fb%u00e4%", "a/bä%"), ("%25%32%66", "/"), ("%", "%"), ("", ""), (r"\ud83d", r"\ud83d"), ("&#99999999999999;", "&#99999999999999;"),
        ] {
            let mut last = Vec::new();
            super::each(text, |now| last.clone_from(&now.bytes));
            assert_eq!(String::from_utf8_lossy(&last), expected, "{text}");
        }
        super::each(r"ab\/c", |now| if now.bytes == b"ab/c" { assert_eq!(now.place(2..3), 2..4) });
    }

    proptest! {
        #[test]
        fn no_text_ends_it(text in r"[\\&%#xuU{};a-f0-9ä]{0,24}") {
            super::each(&text, |now| assert_eq!(now.place(0..now.bytes.len()), 0..text.len()));
        }
    }
}
