//! Text to tape: one pass, within limits, without recursion.

use crate::{
    Doc, Error, Kind, Limits, Value,
    doc::{Entry, MOST, Mark},
    duplicate::Keys,
    escape::{escape, special},
    number,
};

/// Parses documents, one after the other, with one tape.
#[derive(Debug, Default)]
pub struct Parser {
    limits: Limits,
    tape: Vec<Entry>,
    around: Vec<Open>,
}

/// An array or object that is not closed yet.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    /// Its place on the tape.
    at: usize,
    count: usize,
    object: bool,
    /// The keys so far, of an object.
    keys: Keys,
}

/// Parses one JSON document (RFC 8259) within limits, as a tree of its own.
///
/// # Errors
/// What is wrong and where; see [`Kind`].
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    let mut parser = Parser::new(*limits);
    let doc = parser.parse(bytes)?;
    Ok(doc.root().to_value())
}

/// Parses with the default limits.
///
/// # Errors
/// As [`parse`].
pub fn parse_str(text: &str) -> Result<Value, Error> {
    parse(text.as_bytes(), &Limits::default())
}

impl Parser {
    /// A parser that holds documents to limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, tape: Vec::new(), around: Vec::new() }
    }

    /// Gives back the memory a large document needed.
    pub fn rest(&mut self) {
        self.tape = Vec::new();
    }

    /// Parses one JSON document (RFC 8259). Duplicate keys are refused: which one counts is anybody's guess.
    ///
    /// # Errors
    /// What is wrong and where; see [`Kind`].
    pub fn parse<'p>(&'p mut self, bytes: &'p [u8]) -> Result<Doc<'p>, Error> {
        let most = self.limits.bytes.min(MOST);
        if bytes.len() > most {
            return Err(Error::at(Kind::TooLarge, "more bytes than allowed", bytes, most));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return Err(Error::at(Kind::Utf8, "a byte that is not UTF-8", bytes, error.valid_up_to())),
        };
        self.tape.clear();
        self.around.clear();
        // Seldom are more than one in six bytes a value or a key: most records never make the tape grow.
        self.tape.reserve((bytes.len() / 6).min(4096));
        let mut scan = Scan { text, bytes, nodes: 0, spaced: false, deepest: 0, limits: &self.limits, tape: &mut self.tape, open: Open::default(), around: &mut self.around };
        scan.document().map_err(|error| *error)?;
        let (plain, deepest) = (!scan.spaced, scan.deepest);
        Ok(Doc { text, tape: &self.tape, plain, deepest })
    }
}

/// Where a scan goes on, or what is wrong.
type Place = Result<usize, Box<Error>>;

struct Scan<'p> {
    text: &'p str,
    bytes: &'p [u8],
    nodes: usize,
    spaced: bool,
    deepest: usize,
    limits: &'p Limits,
    tape: &'p mut Vec<Entry>,
    /// The innermost array or object.
    open: Open,
    /// Those around it. The first stands for the document itself.
    around: &'p mut Vec<Open>,
}

impl Scan<'_> {
    #[cold]
    fn fail(&self, kind: Kind, message: &'static str, at: usize) -> Box<Error> {
        Box::new(Error::at(kind, message, self.bytes, at))
    }

    #[cold]
    fn wrong(&self, message: &'static str, at: usize) -> Box<Error> {
        self.fail(Kind::Syntax, message, at)
    }

    /// The byte at a place; zero, which no document has outside of its strings, behind the end.
    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The place behind space.
    #[inline]
    fn space(&mut self, at: usize) -> usize {
        if self.byte(at) > b' ' { at } else { self.spaces(at) }
    }

    #[cold]
    fn spaces(&mut self, from: usize) -> usize {
        let mut at = from;
        while matches!(self.byte(at), b' ' | b'\t' | b'\n' | b'\r') {
            at += 1;
        }
        self.spaced |= from < at && !self.around.is_empty();
        at
    }

    fn document(&mut self) -> Result<(), Box<Error>> {
        let mut at = self.space(0);
        loop {
            at = self.value(at)?;
            // Behind a value stands another, or the end of what it stands in, and so on outwards.
            loop {
                if self.around.is_empty() {
                    return self.ended(at);
                }
                self.open.count += 1;
                at = self.space(at);
                match (self.byte(at), self.open.object) {
                    (b',', true) => {
                        at = self.space(at + 1);
                        at = self.key(at)?;
                        break;
                    }
                    (b',', false) => {
                        at = self.space(at + 1);
                        break;
                    }
                    (b'}', true) | (b']', false) => at = self.close(at)?,
                    (_, true) => return Err(self.wrong("a comma or a closing brace is expected", at)),
                    (_, false) => return Err(self.wrong("a comma or a closing bracket is expected", at)),
                }
            }
        }
    }

    fn ended(&mut self, at: usize) -> Result<(), Box<Error>> {
        let at = self.space(at);
        if at < self.bytes.len() { Err(self.wrong("more text after the value", at)) } else { Ok(()) }
    }

    /// Reads a scalar; of an array or object all that opens, up to its first scalar.
    fn value(&mut self, mut at: usize) -> Place {
        loop {
            self.nodes += 1;
            if self.nodes > self.limits.nodes {
                return Err(self.fail(Kind::TooLarge, "more values than allowed", at));
            }
            match self.byte(at) {
                b'"' => return self.string(Mark::Text, at),
                b'-' | b'0'..=b'9' => return self.number(at),
                b'{' => {
                    at = self.begin(true, at)?;
                    if self.byte(at) == b'}' {
                        return self.close(at);
                    }
                    at = self.key(at)?;
                }
                b'[' => {
                    at = self.begin(false, at)?;
                    if self.byte(at) == b']' {
                        return self.close(at);
                    }
                }
                b't' => return self.word("true", Mark::True, at),
                b'f' => return self.word("false", Mark::False, at),
                b'n' => return self.word("null", Mark::Null, at),
                _ => return Err(self.wrong("a value is expected", at)),
            }
        }
    }

    fn begin(&mut self, object: bool, at: usize) -> Place {
        if self.around.len() >= self.limits.depth {
            return Err(self.fail(Kind::TooDeep, "deeper than allowed", at));
        }
        self.around.push(self.open);
        self.deepest = self.deepest.max(self.around.len());
        self.open = Open { at: self.tape.len(), count: 0, object, keys: Keys::default() };
        let mark = if object { Mark::Object } else { Mark::Array };
        self.tape.extend([Entry::new(mark, at, 0, false), Entry::end(at, 0)]);
        Ok(self.space(at + 1))
    }

    fn close(&mut self, at: usize) -> Place {
        let open = self.open;
        self.open = self.around.pop().unwrap_or_default();
        if open.object && let Some(place) = open.keys.twice(self.tape, open.at, open.count, self.text) {
            return Err(self.fail(Kind::DuplicateKey, "a key stands twice", place));
        }
        let entries = self.tape.len() - open.at;
        let head = &mut self.tape[open.at];
        *head = Entry::new(head.mark(), head.start(), open.count, false);
        self.tape[open.at + 1] = Entry::end(at + 1, entries);
        Ok(at + 1)
    }

    /// Reads a key and its colon.
    fn key(&mut self, from: usize) -> Place {
        if self.byte(from) != b'"' {
            return Err(self.wrong("a key in quotes is expected", from));
        }
        let mut at = self.string(Mark::Key, from)?;
        if let Some(key) = self.tape.last()
            && self.open.keys.met(*key, self.tape, self.open.at, self.open.count, self.text)
        {
            return Err(self.fail(Kind::DuplicateKey, "a key stands twice", from));
        }
        if self.byte(at) != b':' {
            at = self.space(at);
            if self.byte(at) != b':' {
                return Err(self.wrong("a colon is expected", at));
            }
        }
        Ok(self.space(at + 1))
    }

    fn word(&mut self, word: &'static str, mark: Mark, at: usize) -> Place {
        if !self.bytes[at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("a value is expected", at));
        }
        self.tape.push(Entry::new(mark, at, word.len(), false));
        Ok(at + word.len())
    }

    fn number(&mut self, at: usize) -> Place {
        let length = number::length(&self.bytes[at..]);
        let Some(length) = length.filter(|length| !matches!(self.byte(at + length), b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) else {
            return Err(self.wrong("a number is malformed", at));
        };
        self.tape.push(Entry::new(Mark::Number, at, length, false));
        Ok(at + length)
    }

    #[inline]
    fn string(&mut self, mark: Mark, at: usize) -> Place {
        let start = at + 1;
        let end = special(self.bytes, start);
        if self.byte(end) != b'"' {
            return self.escaped(mark, start, end);
        }
        self.tape.push(Entry::new(mark, start, end - start, false));
        Ok(end + 1)
    }

    /// The rest of a string from where it is not plain.
    #[cold]
    fn escaped(&mut self, mark: Mark, start: usize, mut at: usize) -> Place {
        loop {
            match self.bytes.get(at) {
                None => return Err(self.wrong("a string is not closed", at)),
                Some(b'"') => break,
                Some(b'\\') => match escape(&self.bytes[at..]) {
                    Ok((_, length)) => at += length,
                    Err((message, read)) => return Err(self.wrong(message, at + read)),
                },
                Some(_) => return Err(self.wrong("a control character stands in a string", at)),
            }
            at = special(self.bytes, at);
        }
        self.tape.push(Entry::new(mark, start, at - start, true));
        Ok(at + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_and_order_survive_byte_for_byte() {
        let text = r#"{"z":19.990,"a":1E400,"id":9007199254740993123,"n":[null,true,-0.0],"s":"å\n\"\ud83d\ude00"}"#;
        let value = parse_str(text).unwrap();
        assert_eq!(value.to_string(), r#"{"z":19.990,"a":1E400,"id":9007199254740993123,"n":[null,true,-0.0],"s":"å\n\"😀"}"#);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, kind, line, column) in [
            ("", Kind::Syntax, 1, 1), ("{\n  \"a\": }", Kind::Syntax, 2, 8), ("[1,]", Kind::Syntax, 1, 4), ("{\"a\":1,\"a\":2}", Kind::DuplicateKey, 1, 8),
            ("\"\\ud800\"", Kind::Syntax, 1, 8), ("1 2", Kind::Syntax, 1, 3), ("nul", Kind::Syntax, 1, 1), ("\"a", Kind::Syntax, 1, 3),
        ] {
            let error = parse_str(text).unwrap_err();
            assert_eq!((error.kind, error.line, error.column), (kind, line, column), "{text}");
        }
        assert_eq!(parse(b"\"\xff\"", &Limits::default()).unwrap_err().kind, Kind::Utf8);
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = "[".repeat(100_000);
        assert_eq!(parse_str(&deep).unwrap_err().kind, Kind::TooDeep);
        let limits = Limits { nodes: 3, ..Limits::default() };
        assert_eq!(parse(b"[1,2,3]", &limits).unwrap_err().kind, Kind::TooLarge);
        let limits = Limits { bytes: 3, ..Limits::default() };
        assert_eq!(parse(b"[1,2,3]", &limits).unwrap_err().kind, Kind::TooLarge);
    }

    proptest! {
        #[test]
        fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(parse(&bytes, &Limits::default()));
        }

        #[test]
        fn text_of_a_value_parses_to_the_value(text in "[\\[\\]{}\":,0-9a-z\\\\ \u{fffe}é.-]{0,40}") {
            if let Ok(value) = parse_str(&text) {
                prop_assert_eq!(parse_str(&value.to_string()).unwrap(), value);
            }
            let string = Value::String(text);
            prop_assert_eq!(parse_str(&string.to_string()).unwrap(), string);
        }
    }
}
