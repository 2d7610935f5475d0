//! The characters of a path: a place in its text, what is expected there, and the literals of RFC 9535.
//!
//! Used by the readers only. Never slices off a character's edge and never goes deeper than [`DEEPEST`].

use std::borrow::Cow;

use super::error::{Complaint, PathError};

/// How deep parentheses, filters and functions may stand in each other.
pub(super) const DEEPEST: usize = 32;

/// The largest integer that every JSON system keeps exactly (RFC 7493).
const LARGEST: i64 = (1 << 53) - 1;

pub(super) type Read<T> = Result<T, PathError>;

/// A text being read, and what it has used of its allowance.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    text: &'t str,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) filters: usize,
    pub(super) descents: usize,
    pub(super) patterns: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, filters: 0, descents: 0, patterns: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn take(&mut self, token: &str) -> bool {
        let there = self.rest().starts_with(token);
        self.at += if there { token.len() } else { 0 };
        there
    }

    /// The longest run of such characters.
    pub(super) fn run(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let run = &rest[..rest.find(|char| !fits(char)).unwrap_or(rest.len())];
        self.at += run.len();
        run
    }

    pub(super) fn blanks(&mut self) {
        self.run(|char| matches!(char, ' ' | '\t' | '\n' | '\r'));
    }

    pub(super) fn wrong<T>(&self, at: usize, reason: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Read<T> {
        Err(PathError { complaint: Complaint::Invalid, reason: reason.into(), column: at + 1, hint: hint.into() })
    }

    pub(super) fn costly<T>(&self, at: usize, reason: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Read<T> {
        Err(PathError { complaint: Complaint::Costly, reason: reason.into(), column: at + 1, hint: hint.into() })
    }

    /// One level deeper while this is read.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == DEEPEST {
            return self.costly(self.at, format!("parentheses stand in each other more than {DEEPEST} deep"), "write it flatter");
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// An integer of an index or a slice, if one starts here.
    pub(super) fn integer(&mut self) -> Read<Option<i64>> {
        let start = self.at;
        let negative = self.take("-");
        let digits = self.run(|char| char.is_ascii_digit());
        if digits.is_empty() {
            return if negative { self.wrong(start, "digits follow the minus", "write it as `-1`") } else { Ok(None) };
        }
        if digits.starts_with('0') && (negative || digits.len() > 1) {
            return self.wrong(start, "a whole number has no leading zero and no minus zero", "write it as `0`, `1` or `-1`");
        }
        match digits.parse::<i64>().ok().filter(|number| *number <= LARGEST) {
            Some(number) => Ok(Some(if negative { -number } else { number })),
            None => self.wrong(start, "a whole number lies within 2^53 - 1 of zero", "write a smaller number"),
        }
    }

    /// A number literal, as it is written.
    pub(super) fn number(&mut self) -> Read<&'t str> {
        const HINT: &str = "write it as `1`, `-1.5` or `1e3`";
        let start = self.at;
        self.take("-");
        let digits = self.run(|char| char.is_ascii_digit());
        if digits.is_empty() {
            return self.wrong(start, "digits follow the minus", HINT);
        }
        if digits.starts_with('0') && digits.len() > 1 {
            return self.wrong(start, "a number has no leading zero", HINT);
        }
        if self.take(".") && self.run(|char| char.is_ascii_digit()).is_empty() {
            return self.wrong(self.at, "digits follow the point", HINT);
        }
        if self.take("e") || self.take("E") {
            _ = self.take("-") || self.take("+");
            if self.run(|char| char.is_ascii_digit()).is_empty() {
                return self.wrong(self.at, "digits follow the exponent's `e`", HINT);
            }
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// A string literal in either quote; the place is at the quote.
    pub(super) fn string(&mut self) -> Read<String> {
        let start = self.at;
        let quote = self.next();
        let mut out = String::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return self.wrong(start, "a quote is not closed", "end the text with the quote it starts with"),
                same if same == quote => return Ok(out),
                Some('\\') => out.push(self.escape(at, quote)?),
                Some(char) if char < ' ' => return self.wrong(at, "a control character stands in a text", "write it as an escape such as `\\n` or `\\u0009`"),
                Some(char) => out.push(char),
            }
        }
    }

    fn escape(&mut self, at: usize, quote: Option<char>) -> Read<char> {
        match self.next() {
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some(same @ ('/' | '\\')) => Ok(same),
            Some('u') => self.unicode(at),
            Some(char) if Some(char) == quote => Ok(char),
            Some(_) | None => self.wrong(at, "no such escape", "known are `\\b \\f \\n \\r \\t \\/ \\\\ \\u0000` and the backslash before the quote around the text"),
        }
    }

    fn unicode(&mut self, at: usize) -> Read<char> {
        let first = self.hex();
        let code = match first {
            Some(high @ 0xD800..=0xDBFF) if self.take("\\u") => self.hex().filter(|low| (0xDC00..=0xDFFF).contains(low)).map(|low| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
            other => other,
        };
        match code.and_then(char::from_u32) {
            Some(char) => Ok(char),
            None => self.wrong(at, "no character has this code", "four hex digits follow `\\u`; beyond U+FFFF a high surrogate and a low one"),
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}
