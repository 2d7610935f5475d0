//! Query strings: percent-decoding what arrives, percent-encoding what a `Link` header carries.

/// The pairs of a query string, decoded, in order.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    query.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(key), decode(value))
    }).collect()
}

/// One component decoded; `+` is a space, a malformed escape stands for itself.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| text.get(at + 1..at + 3)).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// One component encoded.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_spaces_and_letters_beyond_ascii_survive() {
        let text = "searchCriteria[a] å+%/&=";
        assert_eq!(decode(&encode(text)), text);
        assert_eq!(pairs("a=1+2&b%5B0%5D=%C3%A5&c&=%zz"), [("a", "1 2"), ("b[0]", "å"), ("c", ""), ("", "%zz")].map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
