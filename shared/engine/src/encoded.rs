//! Secrets inside what is encoded whole: a name and a password as base64, say, in which neither stands by itself.

use base64::{Engine as _, alphabet::{STANDARD, URL_SAFE}, engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig}};

/// What is shorter holds no secret that is masked elsewhere.
const SHORTEST: usize = 8;

/// Text in which `change` was applied to what stands in base64: it gives the new text, where it changed it.
pub(crate) fn within(text: &str, change: &dyn Fn(&str) -> Option<String>) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(begin) = rest.find(is_sign) {
        out.push_str(&rest[..begin]);
        rest = &rest[begin..];
        let run = rest.find(|sign| !is_sign(sign)).unwrap_or(rest.len());
        let padded = run + rest[run..].len() - rest[run..].trim_start_matches('=').len();
        let (whole, behind) = rest.split_at(padded);
        match changed(whole, change) {
            Some(new) => out.push_str(&new),
            // A piece of a path is a run of its own.
            None => out.push_str(&whole.split('/').map(|piece| changed(piece, change).unwrap_or_else(|| piece.to_owned())).collect::<Vec<_>>().join("/")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn is_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/' | '-' | '_')
}

fn changed(run: &str, change: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if run.len() < SHORTEST {
        return None;
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(if run.contains(['-', '_']) { &URL_SAFE } else { &STANDARD }, config.with_encode_padding(run.ends_with('=')));
    let new = change(&String::from_utf8(engine.decode(run).ok()?).ok()?)?;
    Some(engine.encode(new))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn what_stands_in_base64_is_changed_inside_and_the_rest_is_as_it_was() {
        let change = |text: &str| text.contains("s3cret").then(|| text.replace("s3cret", "made-up"));
        for (text, expected) in [
            (r#"{"auth":"Basic am9lOnMzY3JldA=="}"#, r#"{"auth":"Basic am9lOm1hZGUtdXA="}"#), ("/v1/am9lOnMzY3JldA/x", "/v1/am9lOm1hZGUtdXA/x"), ("am9lOmphbmU=", "am9lOmphbmU="), ("eyJhIjoiPj4-czNjcmV0In0", "eyJhIjoiPj4-bWFkZS11cCJ9"),
            ("nothing/here==", "nothing/here=="), ("", ""), ("\u{e9}t\u{e9} am9lOnMzY3JldA==.", "\u{e9}t\u{e9} am9lOm1hZGUtdXA=."),
        ] {
            assert_eq!(within(text, &change), expected, "{text}");
        }
    }
}
