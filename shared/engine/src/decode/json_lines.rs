//! JSON Lines: a JSON value a line, joined to an array. Nothing is parsed here.

use fault::Simple;

use super::{damaged, wrong};

/// The array of the lines; blank ones are none.
///
/// Invariant: each line gives one element of the array, or the parser of documents refuses the whole. Brackets close, and
/// strings end, within their line, and no comma stands outside of them: so every comma between elements is one written here.
pub(crate) fn json(text: &str) -> Result<Vec<u8>, Simple> {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'[');
    let last = text.bytes().filter(|byte| *byte == b'\n').count();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim_matches([' ', '\t', '\r']);
        if line.is_empty() {
            continue;
        }
        whole(line).map_err(|wrong_by| match wrong_by {
            // Behind the last line nothing stands that could show where it ends.
            Lack::End(_) if index == last => damaged(CUT),
            Lack::End(message) | Lack::Form(message) => wrong(format!("{message} in line {}", index + 1)),
        })?;
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(line.as_bytes());
    }
    out.push(b']');
    Ok(out)
}

/// What lines that end too early are told as.
pub(crate) const CUT: &str = "the JSON Lines end too early";

/// Whether lines end within the last one, and within a letter of several bytes.
pub(crate) fn is_cut(body: &[u8]) -> bool {
    let line = body.split(|byte| *byte == b'\n').next_back().unwrap_or_default();
    let Err(error) = std::str::from_utf8(body) else { return false };
    let sound = body.get(body.len() - line.len()..error.valid_up_to()).and_then(|line| std::str::from_utf8(line).ok());
    error.error_len().is_none() && sound.is_some_and(|line| matches!(whole(line), Err(Lack::End(_))))
}

/// Why a line is none.
enum Lack {
    /// Its end is not there.
    End(&'static str),
    /// It has another form.
    Form(&'static str),
}

/// Whether a line is closed in itself, and not several values.
fn whole(line: &str) -> Result<(), Lack> {
    let (mut depth, mut bytes) = (0_usize, line.bytes());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => string(&mut bytes).ok_or(Lack::End("a string does not end"))?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1).ok_or(Lack::Form("a bracket closes that did not open"))?,
            b',' if depth == 0 => return Err(Lack::Form("two values stand")),
            _ => {}
        }
    }
    if depth == 0 { Ok(()) } else { Err(Lack::End("a bracket does not close")) }
}

/// Moves behind the end of a string.
fn string(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    loop {
        match bytes.next()? {
            b'"' => return Some(()),
            b'\\' => _ = bytes.next()?,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use document::{Value, parse_str};
    use proptest::prelude::*;

    use super::*;

    fn joined(text: &str) -> Result<String, String> {
        json(text).map(|json| String::from_utf8(json).unwrap()).map_err(|fault| fault.message)
    }

    #[test]
    fn lines_become_the_elements_of_an_array() {
        for (text, array) in [
            ("", "[]"), ("\n \r\n\t\n", "[]"), ("{\"a\":1}", "[{\"a\":1}]"), ("{\"a\":1}\r\n\n  {\"a\":2}\r\n", "[{\"a\":1},{\"a\":2}]"),
            ("1\n\"x,]}\"\n[1,2]\nnull", "[1,\"x,]}\",[1,2],null]"), ("\"\\\"\"\n\"\\\\\"", "[\"\\\"\",\"\\\\\"]"), ("{\"u\":\"\u{2028}\"}", "[{\"u\":\"\u{2028}\"}]"),
        ] {
            assert_eq!(joined(text).as_deref(), Ok(array), "{text:?}");
        }
    }

    #[test]
    fn a_line_is_one_value_however_it_is_broken() {
        for (text, message) in [
            ("{\"a\":1\n\"b\":2}", "a bracket does not close in line 1"),
            ("{\"a\":1}\n{\"a\":2},{\"a\":3}", "two values stand in line 2"),
            ("1\n]\n[2", "a bracket closes that did not open in line 2"),
            ("{\"a\":\"x\n\"}", "a string does not end in line 1"),
            ("\"x\\\"\n", "a string does not end in line 1"),
            ("\"x\\\n", "a string does not end in line 1"),
        ] {
            assert_eq!(joined(text), Err(message.to_owned()), "{text:?}");
        }
        // The rest is for the parser of documents.
        for text in ["{\"a\":1} {\"a\":2}", "{\"a\":1}\r{\"a\":2}", "{]", "\u{2028}", "a"] {
            assert!(parse_str(&joined(text).unwrap()).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_has_as_many_elements_as_there_are_lines(text in r#"([\[\]{},:"\\ 1a\n]|\{"a":1\}|\[\]|"a"){0,12}"#) {
            let lines: Vec<&str> = text.split('\n').filter(|line| !line.trim().is_empty()).collect();
            if let Some(Value::Array(items)) = json(&text).ok().and_then(|json| document::parse(&json, &document::Limits::default()).ok()) {
                let each: Vec<Value> = lines.iter().map(|line| parse_str(line).unwrap()).collect();
                prop_assert_eq!(items, each);
            } else {
                prop_assert!(lines.iter().any(|line| parse_str(line).is_err()));
            }
        }
    }
}
