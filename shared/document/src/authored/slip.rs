//! What an author may have meant by a text that is no JSON: the slips of hands, editors and other formats.

use crate::{Error, error::Kind};

/// What to do about a text that is no document; never an excerpt of it.
#[must_use]
pub fn remedy(text: &str, error: &Error) -> &'static str {
    match error.kind {
        Kind::DuplicateKey => return "keep one of the two: which of them would hold is not said",
        Kind::TooDeep | Kind::TooLarge => return "make it smaller: what is this large is not written by hand",
        Kind::Utf8 => return "save it in UTF-8",
        Kind::Syntax => {}
    }
    let (before, after) = (text.get(..error.offset).unwrap_or_default().trim_end(), text.get(error.offset..).unwrap_or_default());
    if text.trim().is_empty() {
        return "it is empty: write one JSON document";
    }
    if text.contains('\0') {
        return "it seems to be in UTF-16: save it in UTF-8";
    }
    if text.trim_start().starts_with("```") {
        return "remove the marks of code around the document";
    }
    if after.starts_with("//") || after.starts_with("/*") || after.starts_with('#') {
        return "JSON has no comments: remove them, or write them into a `description`";
    }
    if before.ends_with(',') && after.starts_with(['}', ']']) {
        return "remove the comma before it: none stands behind the last";
    }
    if after.starts_with('\'') {
        return "write texts and keys in double quotes";
    }
    if !text.trim_start().starts_with(['{', '[', '"']) && text.contains(':') {
        return "this looks like YAML or another format: write it as one JSON document, which begins with a brace";
    }
    if after.trim().is_empty() {
        return "the text ends before the document does: a part of it is lost, or a brace, bracket or quote is not closed";
    }
    if serves_whole(before) {
        return "one document stands in one text: remove what comes behind the first";
    }
    "it has to be one JSON document: correct the place named"
}

/// Whether what lies before the mistake is a document by itself.
fn serves_whole(before: &str) -> bool {
    crate::parse_str(before).is_ok()
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn slips_are_told_apart() {
        for (text, told) in [
            ("", "it is empty"), (" \n", "it is empty"), ("{\n// a\n}", "JSON has no comments"), ("{\"a\":1, /* b */ \"c\":2}", "JSON has no comments"), ("# a\n{}", "JSON has no comments"), ("{\"a\":1,}", "remove the comma"), ("[1, ]", "remove the comma"),
            ("{'a':1}", "write texts and keys in double quotes"), ("a: b\nc: d\n", "this looks like YAML"), ("```json\n{}\n```", "remove the marks of code"), ("{}\n{}", "one document stands"), ("{\"a\":{}", "the text ends before"), ("{\"a\":\"b", "the text ends before"),
            ("{\0\"\0a\0", "it seems to be in UTF-16"), ("{\"a\":1,\"a\":2}", "keep one"), ("{\"a\":nope}", "it has to be one JSON document"), ("{\"a\" 1}", "it has to be one JSON document"),
        ] {
            let error = crate::parse_str(text).unwrap_err();
            assert!(remedy(text, &error).starts_with(told), "{text:?}: {error:?} {}", remedy(text, &error));
        }
    }
}
