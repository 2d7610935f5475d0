//! What constant arguments are made into when an expression is read, so that no record pays for it.

use jiff::{Span, tz::TimeZone};

use crate::{format::{FORMATS, Format}, function::Takes, instant::zone, pattern::Pattern, problem::one_of};

#[derive(Debug)]
pub(crate) enum Prepared {
    /// Nothing: the argument is evaluated and looked at.
    None,
    /// An expression, evaluated once for each element.
    Body,
    Path(Box<[Box<str>]>),
    Pattern(Box<Pattern>),
    Zone(TimeZone),
    Format(Format),
    Duration(Box<Span>),
}

/// What a constant text is to a parameter; or the code, what is wrong, and a way out.
pub(crate) fn prepare(takes: Takes, text: &str) -> Result<Prepared, (&'static str, String, String)> {
    let wrong = |message: String, hint: String| ("expression_argument", message, hint);
    match takes {
        Takes::Any | Takes::Text | Takes::Number | Takes::Integer | Takes::List => Ok(Prepared::None),
        Takes::Word(words) if words.contains(&text) => Ok(Prepared::None),
        Takes::Word(words) => Err(wrong("it is not one of the words".into(), one_of(text, words.iter().copied()))),
        Takes::Pattern => Pattern::parse(text).map(|pattern| Prepared::Pattern(Box::new(pattern))).map_err(|message| ("expression_pattern", message, "a pattern has at most 256 characters and repeats of at most 100, no look-around and no back-references".into())),
        Takes::Zone => named_zone(text).map_err(|hint| wrong("there is no such time zone".into(), hint)),
        Takes::Format => Format::parse(text).map(Prepared::Format).map_err(|message| wrong(message, one_of(text, FORMATS.iter().copied()))),
        Takes::FormatOrZone if text.contains('%') || FORMATS.contains(&text) => prepare(Takes::Format, text),
        Takes::FormatOrZone => named_zone(text).map_err(|_| wrong("it is neither a format nor a time zone".into(), one_of(text, FORMATS.iter().copied()))),
        Takes::Duration => duration(text).map(|span| Prepared::Duration(Box::new(span))).ok_or_else(|| wrong("it is no ISO 8601 duration".into(), "write it as `P1DT2H30M`".into())),
        Takes::Each => path(text).map(Prepared::Path).ok_or_else(|| wrong("it is no path".into(), "write names with dots between them, such as `price.amount`".into())),
    }
}

fn named_zone(text: &str) -> Result<Prepared, String> {
    zone(text).map(Prepared::Zone).ok_or_else(|| "write a name of the tz database, such as `Europe/Stockholm`, or an offset, such as `+02:00`".into())
}

/// An ISO 8601 duration, and no other form.
pub(crate) fn duration(text: &str) -> Option<Span> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let iso = text.len() <= 64 && unsigned.starts_with('P') && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'P' | b'T' | b'Y' | b'M' | b'W' | b'D' | b'H' | b'S' | b'.'));
    if iso { text.parse().ok() } else { None }
}

/// Names with dots between them.
pub(crate) fn path(text: &str) -> Option<Box<[Box<str>]>> {
    let steps: Box<[Box<str>]> = text.split('.').map(Into::into).collect();
    (steps.len() <= 32 && steps.iter().all(|step| !step.is_empty())).then_some(steps)
}
