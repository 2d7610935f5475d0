//! The text of one expression, cut into tokens.
//!
//! Called by the parser only. It finds the `}}` that ends an expression itself, because a `}}` inside a text or closing two
//! objects does not end it. It never fails on any text other than with a [`Problem`].

use crate::problem::Problem;

/// One token and the byte it begins at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) at: usize,
    pub(crate) word: Word,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    Name(Box<str>),
    Number(Box<str>),
    Text(Box<str>),
    Sign(&'static str),
    End,
}

/// Signs, the longer before their beginnings.
const SIGNS: [&str; 23] = ["==", "!=", "<=", ">=", "??", "<", ">", "+", "-", "*", "/", "%", "~", ".", ",", ":", "(", ")", "[", "]", "{", "}", "|"];

const CODE: &str = "expression_syntax";

/// The tokens from a byte on, to the end of the text, or to the `}}` that closes `{{`; and the byte behind them.
pub(crate) fn tokens(source: &str, from: usize, closed: bool) -> Result<(Vec<Token>, usize), Problem> {
    let (mut tokens, mut at, mut open) = (Vec::new(), from, 0_usize);
    loop {
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else {
            if closed {
                return Err(Problem::at(CODE, from.saturating_sub(2), "`{{` is not closed", "end the expression with `}}`"));
            }
            tokens.push(Token { at, word: Word::End });
            return Ok((tokens, at));
        };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if closed && open == 0 && rest.starts_with("}}") {
            tokens.push(Token { at, word: Word::End });
            return Ok((tokens, at + 2));
        }
        let (word, length) = word(source, at, first, rest)?;
        match word {
            Word::Sign("{") => open += 1,
            Word::Sign("}") => open = open.saturating_sub(1),
            _ => {}
        }
        tokens.push(Token { at, word });
        at += length;
    }
}

fn word(source: &str, at: usize, first: char, rest: &str) -> Result<(Word, usize), Problem> {
    if first == '\'' || first == '"' {
        return text(rest, first, at);
    }
    if first.is_ascii_digit() {
        return number(rest, at);
    }
    if first.is_alphabetic() || first == '_' {
        let length = rest.find(|char: char| !(char.is_alphanumeric() || char == '_')).unwrap_or(rest.len());
        return Ok((Word::Name(rest[..length].into()), length));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Word::Sign(sign), sign.len()));
    }
    let hint = match &source[at..] {
        rest if rest.starts_with("&&") => "write `and`",
        rest if rest.starts_with('!') => "write `not`",
        rest if rest.starts_with('=') => "write `==` to compare",
        rest if rest.starts_with('$') => "write `record.name`: paths with `$` stand outside of `{{ }}`",
        _ => "texts stand in quotes",
    };
    Err(Problem::at(CODE, at, format!("`{}` is no sign of the language", first.escape_debug()), hint))
}

/// A number in the form of JSON.
fn number(rest: &str, at: usize) -> Result<(Word, usize), Problem> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    let whole = length;
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let power = digits(length + 1 + sign);
        length += if power > 0 { 1 + sign + power } else { 0 };
    }
    let behind = rest[length..].chars().next();
    if whole > 1 && bytes[0] == b'0' || behind.is_some_and(|char| char.is_alphanumeric() || char == '_') {
        return Err(Problem::at(CODE, at, "this is no number", "write numbers as in JSON; what is to stay text stands in quotes"));
    }
    Ok((Word::Number(rest[..length].into()), length))
}

/// A text in quotes. `\n \t \r \\ \' \" \uXXXX` are read; before any other character a backslash stays, as patterns want it.
fn text(rest: &str, quote: char, at: usize) -> Result<(Word, usize), Problem> {
    let mut made = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((here, char)) = chars.next() {
        match char {
            _ if char == quote => return Ok((Word::Text(made.into()), here + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => made.push('\n'),
                Some((_, 't')) => made.push('\t'),
                Some((_, 'r')) => made.push('\r'),
                Some((_, same @ ('\\' | '\'' | '"'))) => made.push(same),
                Some((after, 'u')) => match rest.get(after + 1..after + 5).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
                    Some(named) => {
                        made.push(named);
                        chars.nth(3);
                    }
                    None => made.push_str("\\u"),
                },
                Some((_, other)) => made.extend(['\\', other]),
                None => break,
            },
            _ => made.push(char),
        }
    }
    Err(Problem::at(CODE, at, "the text is not closed", format!("end it with {quote}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str, closed: bool) -> String {
        match tokens(source, 0, closed) {
            Ok((tokens, _)) => tokens.iter().map(|token| match &token.word {
                Word::Name(text) | Word::Number(text) => text.to_string(),
                Word::Text(text) => format!("{text:?}"),
                Word::Sign(sign) => (*sign).to_owned(),
                Word::End => "end".into(),
            }).collect::<Vec<_>>().join(" "),
            Err(problem) => format!("{} at {}", problem.message, problem.offset),
        }
    }

    #[test]
    fn a_text_is_cut_where_its_words_are() {
        for (source, expected) in [
            ("a.b ?? -1.5", "a . b ?? - 1.5 end"), ("'it\\'s' ~ \"x\"", "\"it's\" ~ \"x\" end"), (r"'\d+\.\u0041\n'", "\"\\\\d+\\\\.A\\n\" end"),
            ("1e3", "1e3 end"), ("1.b", "1 . b end"), ("x|f(1,2)", "x | f ( 1 , 2 ) end"), ("01", "this is no number at 0"), ("1a", "this is no number at 0"),
            ("a && b", "`&` is no sign of the language at 2"), ("'open", "the text is not closed at 0"), ("'open\\", "the text is not closed at 0"), ("ö <= 2", "ö <= 2 end"),
        ] {
            assert_eq!(shown(source, false), expected, "{source}");
        }
    }

    #[test]
    fn closing_braces_end_an_expression_only_outside_of_objects_and_texts() {
        for (source, end) in [("{'a': {'b': 1}}}} tail", 17), ("'}}' }} x", 7), ("a}}", 3)] {
            assert_eq!(tokens(source, 0, true).unwrap().1, end, "{source}");
        }
        assert!(tokens("a }", 0, true).is_err());
    }
}
