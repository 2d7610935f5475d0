//! What a judge says: what was expected, what was found, what to do. Of a text only that it is one, for it may hold anything.

use document::{Item, Sort};

use super::{Format, Rule, Schema, decimal::{FRACTION_DIGITS, WHOLE_DIGITS}};
use document::authored::nearest;

/// So much of a number is repeated to who sent it.
const SHOWN_BYTES: usize = 40;
/// So much of a text is compared with the words it might have been.
const LONGEST_WORD: usize = 64;

impl Schema {
    /// What a value must be, as a phrase.
    pub(crate) fn expected(&self, rule: usize) -> String {
        let rule = &self.nodes[rule];
        if let Some(words) = &rule.words {
            return format!("one of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "));
        }
        match () {
            () if rule.sorts.has(Sort::Number) => number(rule),
            () if rule.sorts.has(Sort::Text) => text(rule),
            () if rule.sorts.has(Sort::Bool) => "a boolean".to_owned(),
            () if rule.sorts.has(Sort::Object) => "an object".to_owned(),
            () if rule.sorts.has(Sort::Array) => match rule.items.map(|items| self.nodes[items].sorts) {
                Some(items) if items.has(Sort::Object) => "an array of objects".to_owned(),
                Some(items) if items.has(Sort::Text) => "an array of texts".to_owned(),
                _ => "an array".to_owned(),
            },
            () => "null".to_owned(),
        }
    }
}

fn number(rule: &Rule) -> String {
    let mut out = match rule.format {
        Some(Format::Decimal) => format!("a decimal number with at most {WHOLE_DIGITS} digits before and {FRACTION_DIGITS} after the point"),
        _ => "a number".to_owned(),
    };
    for (bound, word) in [(&rule.least, "not below"), (&rule.most, "not above")] {
        if let Some(bound) = bound {
            out = format!("{out}, {word} {bound}");
        }
    }
    out
}

fn text(rule: &Rule) -> String {
    match (rule.format, &rule.pattern, rule.shortest, rule.longest) {
        (Some(Format::Instant), ..) => "an instant with its offset such as 2026-01-31T09:01:40Z".to_owned(),
        (Some(Format::Date), ..) => "a date such as 2026-01-31".to_owned(),
        (_, Some(pattern), ..) => format!("a code of the form `{}`", pattern.text()),
        (_, _, Some(shortest), Some(longest)) => format!("a text of {shortest} to {longest} characters"),
        (_, _, Some(shortest), None) => format!("a text of at least {shortest} characters"),
        (_, _, None, Some(longest)) => format!("a text of at most {longest} characters"),
        _ => "a text".to_owned(),
    }
}

impl Schema {
    /// What a value must be, said to who sent another sort: its bounds are no matter then.
    pub(crate) fn wanted(&self, rule: usize, sort: Sort) -> String {
        let bounded = self.nodes[rule].shortest.or(self.nodes[rule].longest).is_some();
        if bounded && sort != Sort::Text { "a text".to_owned() } else { self.expected(rule) }
    }
}

/// What was found.
pub(crate) fn found(rule: &Rule, item: Item<'_>) -> String {
    if let Some(number) = item.number() {
        return if number.len() > SHOWN_BYTES { format!("{}…", &number[..SHOWN_BYTES]) } else { number.to_owned() };
    }
    match item.sort() {
        Sort::Null | Sort::Number => "null".to_owned(),
        Sort::Text if rule.words.is_some() => "another word".to_owned(),
        Sort::Text if rule.sorts.has(Sort::Text) => "another text".to_owned(),
        sort @ (Sort::Array | Sort::Object) => format!("an {}", sort.word()),
        sort @ (Sort::Bool | Sort::Text) => format!("a {}", sort.word()),
    }
}

/// What to do about it.
pub(crate) fn hint(rule: &Rule, item: Item<'_>) -> String {
    let text = item.text();
    let Some((words, text)) = rule.words.as_deref().zip(text.as_deref()) else {
        return "cast the value to the form that is expected, or leave the field out".to_owned();
    };
    // A word that was meant is short; a text that is long is not compared with anything.
    let word = text.get(..text.len().min(LONGEST_WORD)).unwrap_or_default();
    match nearest(word, words.iter().map(String::as_str)) {
        Some(word) => format!("did you mean `{word}`? give the field a table from the source's words to these"),
        None => "give the field a table from the source's words to these, or leave the field out".to_owned(),
    }
}
