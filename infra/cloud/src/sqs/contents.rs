//! What a body may hold: any character XML allows, and at most 1 MiB together with its attributes.

use md5::{Digest, Md5};

/// Whether every character may be sent.
pub(crate) fn allowed(text: &str) -> bool {
    text.chars().all(|character| match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    })
}

/// The digest of a body.
pub(crate) fn digest(body: &str) -> String {
    hex::encode(Md5::digest(body))
}

#[cfg(test)]
mod tests {
    use super::{allowed, digest};

    #[test]
    fn only_characters_of_xml_are_allowed() {
        for (text, expected) in [
            ("plain", true),
            ("tab\tline\nreturn\r", true),
            ("\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}", true),
            ("nul\0", false),
            ("escape\u{1b}", false),
            ("\u{FFFE}", false),
            ("\u{FFFF}", false),
        ] {
            assert_eq!(allowed(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_body_has_the_usual_md5() {
        assert_eq!(digest("This is a test message"), "fafb00f5732ab283681e124bf8747ed1");
    }
}
