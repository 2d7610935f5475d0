//! Escapes of JSON strings: read, judged, and written.

/// Why an escape is none.
pub(crate) type Wrong = &'static str;

const MALFORMED: Wrong = "an escape is malformed";
const ALONE: Wrong = "a surrogate stands alone";

/// The character of the escape that stands at the start of a text, and how many bytes it takes; on failure, how many were read.
pub(crate) fn escape(bytes: &[u8]) -> Result<(char, usize), (Wrong, usize)> {
    let char = match bytes.get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(bytes),
        _ => return Err((MALFORMED, 2)),
    };
    Ok((char, 2))
}

fn unicode(bytes: &[u8]) -> Result<(char, usize), (Wrong, usize)> {
    let first = hex4(bytes, 2).ok_or((MALFORMED, 6))?;
    if !(0xd800..0xdc00).contains(&first) || bytes.get(6..8) != Some(b"\\u") {
        return char::from_u32(first).map(|char| (char, 6)).ok_or((ALONE, 6));
    }
    let second = hex4(bytes, 8).ok_or((MALFORMED, 12))?;
    if !(0xdc00..0xe000).contains(&second) {
        return Err((ALONE, 12));
    }
    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(code).map(|char| (char, 12)).ok_or((ALONE, 12))
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |code, byte| Some(code << 4 | char::from(*byte).to_digit(16)?))
}

/// The text of a string whose escapes have been judged.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        match escape(&rest.as_bytes()[at..]) {
            Ok((char, length)) => {
                out.push(char);
                rest = rest.get(at + length..).unwrap_or_default();
            }
            Err(_) => return out,
        }
    }
    out.push_str(rest);
    out
}

/// The first byte from a place on that ends a run of plain text in a string: a quote, a backslash or a control character.
pub(crate) fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // With one bit turned over, the quote stands right above the control characters, and space behind it: one comparison
        // finds them all. False alarms only stand above a true one, and the lowest is what counts.
        let (low, backslash) = (word ^ (ONES * 0x02), word ^ (ONES * 0x5c));
        let found = ((low.wrapping_sub(ONES * 0x21) & !low) | (backslash.wrapping_sub(ONES) & !backslash)) & HIGHS;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        at += 1;
    }
    at
}

/// Writes a string with its quotes and escapes.
pub fn write_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut from = 0;
    loop {
        let at = special(bytes, from);
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        let Some(byte) = bytes.get(at) else { break };
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
        from = at + 1;
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for length in 0..40 {
            for stop in ["\"", "\\", "\n", "\u{1f}", "\u{0}"] {
                let text = format!("{}{stop}\"\\", "é ".repeat(length));
                assert_eq!(special(text.as_bytes(), 0), length * 3, "{length} {stop:?}");
            }
        }
        assert_eq!(special("plain \u{7f} ! #[ ]".as_bytes(), 0), 14);
    }
}
