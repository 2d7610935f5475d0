//! Text to value, within limits, without recursion deeper than the limit allows.

use crate::{Error, Kind, Limits, Number, Value};

/// Parses one JSON document (RFC 8259) within limits. Duplicate keys are refused: which one counts is anybody's guess.
///
/// # Errors
/// What is wrong and where; see [`Kind`].
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    if bytes.len() > limits.bytes {
        return Err(Error::at(Kind::TooLarge, "more bytes than allowed", bytes, limits.bytes));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(Error::at(Kind::Utf8, "a byte that is not UTF-8", bytes, error.valid_up_to())),
    };
    let mut parser = Parser { text, bytes, at: 0, limits, nodes: 0 };
    let value = parser.value(0)?;
    parser.space();
    if parser.at < bytes.len() { Err(parser.wrong("more text after the value")) } else { Ok(value) }
}

/// Parses with the default limits.
///
/// # Errors
/// As [`parse`].
pub fn parse_str(text: &str) -> Result<Value, Error> {
    parse(text.as_bytes(), &Limits::default())
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    nodes: usize,
}

impl Parser<'_> {
    fn fail(&self, kind: Kind, message: &'static str) -> Error {
        Error::at(kind, message, self.bytes, self.at)
    }

    fn wrong(&self, message: &'static str) -> Error {
        self.fail(Kind::Syntax, message)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        self.space();
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(self.fail(Kind::TooLarge, "more values than allowed"));
        }
        match self.peek() {
            Some(b'{' | b'[') if depth >= self.limits.depth => Err(self.fail(Kind::TooDeep, "deeper than allowed")),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.wrong("a value is expected")),
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, Error> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("a value is expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        match Number::from_text(&self.text[start..self.at]) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(Error::at(Kind::Syntax, "a number is malformed", self.bytes, start)),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Error> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break self.at += 1,
                _ => return Err(self.wrong("a comma or a closing bracket is expected")),
            }
        }
        Ok(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a key in quotes is expected"));
            }
            let place = self.at;
            let key = self.string()?;
            if !seen.insert(key.clone()) {
                return Err(Error::at(Kind::DuplicateKey, "a key stands twice", self.bytes, place));
            }
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("a colon is expected"));
            }
            self.at += 1;
            entries.push((key, self.value(depth)?));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break self.at += 1,
                _ => return Err(self.wrong("a comma or a closing brace is expected")),
            }
        }
        Ok(Value::Object(entries))
    }

    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut out = String::new();
        let mut plain = self.at;
        loop {
            match self.peek() {
                None => return Err(self.wrong("a string is not closed")),
                Some(b'"') => break,
                Some(b'\\') => {
                    out.push_str(&self.text[plain..self.at]);
                    out.push(self.escape()?);
                    plain = self.at;
                }
                Some(0..=0x1f) => return Err(self.wrong("a control character stands in a string")),
                Some(_) => self.at += 1,
            }
        }
        out.push_str(&self.text[plain..self.at]);
        self.at += 1;
        Ok(out)
    }

    fn escape(&mut self) -> Result<char, Error> {
        let escaped = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        Ok(match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.wrong("an escape is malformed")),
        })
    }

    fn unicode(&mut self) -> Result<char, Error> {
        let first = self.hex4()?;
        let code = if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex4()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.wrong("a surrogate stands alone"));
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.wrong("a surrogate stands alone"))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let digits = self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|text| u32::from_str_radix(text, 16).ok());
        self.at += 4;
        code.ok_or_else(|| self.wrong("an escape is malformed"))
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
