//! Text to tape: one pass, within limits, without recursion.

use crate::{
    Doc, Error, Kind, Limits, Value,
    doc::{Entry, MOST, Mark},
    duplicate::Keys,
    escape::{escape, exotic, special},
    number,
};

/// Parses documents, one after the other, with one tape.
#[derive(Debug, Default)]
pub struct Parser {
    limits: Limits,
    tape: Vec<Entry>,
    open: Vec<Open>,
}

/// An array or object that is not closed yet.
#[derive(Debug)]
struct Open {
    /// Its place on the tape.
    at: usize,
    count: usize,
    /// The keys so far, of an object.
    keys: Option<Keys>,
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
        Self { limits, tape: Vec::new(), open: Vec::new() }
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
        self.open.clear();
        // Seldom are more than one in six bytes a value or a key: most records never make the tape grow.
        self.tape.reserve((bytes.len() / 6).min(4096));
        let mut scan = Scan { text, bytes, at: 0, nodes: 0, spaced: false, limits: &self.limits, tape: &mut self.tape, open: &mut self.open };
        scan.document().map_err(|error| *error)?;
        let plain = !scan.spaced && exotic(text).is_none();
        Ok(Doc { text, tape: &self.tape, plain })
    }
}

struct Scan<'p> {
    text: &'p str,
    bytes: &'p [u8],
    at: usize,
    nodes: usize,
    spaced: bool,
    limits: &'p Limits,
    tape: &'p mut Vec<Entry>,
    open: &'p mut Vec<Open>,
}

impl Scan<'_> {
    #[cold]
    fn fail(&self, kind: Kind, message: &'static str) -> Box<Error> {
        Box::new(Error::at(kind, message, self.bytes, self.at))
    }

    #[cold]
    fn wrong(&self, message: &'static str) -> Box<Error> {
        self.fail(Kind::Syntax, message)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        if self.peek().is_some_and(|byte| byte > b' ') {
            return;
        }
        let before = self.at;
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.spaced |= before < self.at && !self.open.is_empty();
    }

    fn document(&mut self) -> Result<(), Box<Error>> {
        self.space();
        self.value()?;
        while let Some(open) = self.open.last_mut() {
            open.count += 1;
            let object = open.keys.is_some();
            self.space();
            match (self.peek(), object) {
                (Some(b','), true) => {
                    self.at += 1;
                    self.member()?;
                }
                (Some(b','), false) => {
                    self.at += 1;
                    self.space();
                    self.value()?;
                }
                (Some(b'}'), true) | (Some(b']'), false) => self.close()?,
                (_, true) => return Err(self.wrong("a comma or a closing brace is expected")),
                (_, false) => return Err(self.wrong("a comma or a closing bracket is expected")),
            }
        }
        self.space();
        if self.at < self.bytes.len() { Err(self.wrong("more text after the value")) } else { Ok(()) }
    }

    /// Reads a scalar, or opens an array or object and reads its first child; opened ones go on in [`Scan::document`].
    fn value(&mut self) -> Result<(), Box<Error>> {
        loop {
            self.nodes += 1;
            if self.nodes > self.limits.nodes {
                return Err(self.fail(Kind::TooLarge, "more values than allowed"));
            }
            match self.peek() {
                Some(b'"') => return self.string(Mark::Text),
                Some(b'-' | b'0'..=b'9') => return self.number(),
                Some(byte @ (b'{' | b'[')) => {
                    let object = byte == b'{';
                    self.begin(object)?;
                    self.space();
                    if self.peek() == Some(if object { b'}' } else { b']' }) {
                        return self.close();
                    }
                    if object {
                        self.key()?;
                    }
                }
                Some(b't') => return self.word("true", Mark::True),
                Some(b'f') => return self.word("false", Mark::False),
                Some(b'n') => return self.word("null", Mark::Null),
                _ => return Err(self.wrong("a value is expected")),
            }
        }
    }

    fn begin(&mut self, object: bool) -> Result<(), Box<Error>> {
        if self.open.len() >= self.limits.depth {
            return Err(self.fail(Kind::TooDeep, "deeper than allowed"));
        }
        self.open.push(Open { at: self.tape.len(), count: 0, keys: object.then(Keys::default) });
        let mark = if object { Mark::Object } else { Mark::Array };
        self.tape.extend([Entry::new(mark, self.at, 0, false), Entry::end(self.at, 0)]);
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Box<Error>> {
        self.at += 1;
        let Some(open) = self.open.pop() else { return Ok(()) };
        let entries = self.tape.len() - open.at;
        if let Some(place) = open.keys.and_then(|keys| keys.twice(self.tape, open.at, open.count, self.text)) {
            return Err(twice(self.bytes, place));
        }
        let head = &mut self.tape[open.at];
        *head = Entry::new(head.mark(), head.start(), open.count, false);
        self.tape[open.at + 1] = Entry::end(self.at, entries);
        Ok(())
    }

    fn member(&mut self) -> Result<(), Box<Error>> {
        self.space();
        self.key()?;
        self.value()
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(), Box<Error>> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong("a key in quotes is expected"));
        }
        let place = self.at;
        self.string(Mark::Key)?;
        if let (Some(open), Some(key)) = (self.open.last_mut(), self.tape.last())
            && let Some(keys) = &mut open.keys
            && keys.met(*key, self.tape, open.at, open.count, self.text)
        {
            return Err(twice(self.bytes, place));
        }
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.wrong("a colon is expected"));
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn word(&mut self, word: &'static str, mark: Mark) -> Result<(), Box<Error>> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("a value is expected"));
        }
        self.tape.push(Entry::new(mark, self.at, word.len(), false));
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Box<Error>> {
        let length = number::length(&self.bytes[self.at..]);
        let Some(length) = length.filter(|length| !matches!(self.bytes.get(self.at + length), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))) else {
            return Err(self.wrong("a number is malformed"));
        };
        self.tape.push(Entry::new(Mark::Number, self.at, length, false));
        self.at += length;
        Ok(())
    }

    fn string(&mut self, mark: Mark) -> Result<(), Box<Error>> {
        let start = self.at + 1;
        self.at = special(self.bytes, start);
        if self.peek() != Some(b'"') {
            return self.escaped(mark, start);
        }
        self.tape.push(Entry::new(mark, start, self.at - start, false));
        self.at += 1;
        Ok(())
    }

    /// The rest of a string from where it is not plain.
    #[cold]
    fn escaped(&mut self, mark: Mark, start: usize) -> Result<(), Box<Error>> {
        loop {
            match self.peek() {
                None => return Err(self.wrong("a string is not closed")),
                Some(b'"') => break,
                Some(b'\\') => match escape(&self.bytes[self.at..]) {
                    Ok((_, length)) => self.at += length,
                    Err((message, read)) => {
                        self.at += read;
                        return Err(self.wrong(message));
                    }
                },
                Some(_) => return Err(self.wrong("a control character stands in a string")),
            }
            self.at = special(self.bytes, self.at);
        }
        self.tape.push(Entry::new(mark, start, self.at - start, true));
        self.at += 1;
        Ok(())
    }
}

#[cold]
fn twice(bytes: &[u8], place: usize) -> Box<Error> {
    Box::new(Error::at(Kind::DuplicateKey, "a key stands twice", bytes, place))
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
