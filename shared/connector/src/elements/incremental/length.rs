//! `window` and `lookback` of `incremental`: lengths that are written out, or that the configuration gives.

use document::authored::duration;
use expr::Template;

use crate::{ConfigEntry, ConfigKind, check::{Check, Node}, template::template_at};

/// A length: milliseconds, or as many numbers.
#[derive(Debug)]
pub enum Length {
    /// It is written out.
    Fixed(i64),
    /// The configuration gives it, as [`Length::read`] reads it.
    Given(Template),
}

/// What a length is a length of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Of numbers, not of time.
    pub integer: bool,
    /// Nothing at all is a length too.
    pub nothing: bool,
}

impl Measure {
    /// How its lengths are written.
    #[must_use]
    pub fn form(self) -> &'static str {
        if self.integer { "a whole number such as `1000`" } else { "a duration such as `P7D` or `PT12H`, or a number of days" }
    }

    /// The length a text of the configuration says; of time a duration or a number of days.
    #[must_use]
    pub fn read(self, text: &str) -> Option<i64> {
        let (text, digits) = (text.trim(), |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten());
        let length = match digits(text) {
            Some(days) if !self.integer => days.checked_mul(DAY_MS),
            Some(count) => Some(count),
            None if self.integer => None,
            None => duration(text),
        };
        length.filter(|length| (0..=MOST).contains(length) && (self.nothing || *length > 0))
    }
}

const DAY_MS: i64 = 86_400_000;
/// No calendar has more milliseconds; sums of it and a value stay far from the last number.
const MOST: i64 = 400_000_000_000_000;
/// Lengths people give: a pattern that none of them fits lets nobody in.
const USUAL: &[&str] = &["1", "2", "3", "7", "10", "14", "28", "30", "31", "60", "90", "100", "180", "365", "1000", "PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "PT24H", "P1D", "P2D", "P3D", "P7D", "P10D", "P14D", "P28D", "P30D", "P31D", "P60D", "P90D", "P100D", "P180D", "P365D", "P1DT12H"];

/// A length the configuration gives; `None` also where the text names nothing of it, which `fixed` reads.
pub(super) fn given(cx: &mut Check, node: &Node<'_>, measure: Measure, fixed: impl FnOnce(&mut Check) -> Option<i64>) -> Option<Length> {
    let Some(text) = node.value.as_str().filter(|text| text.contains("{{")) else { return fixed(cx).map(Length::Fixed) };
    let template = template_at(cx, node, text, super::START)?;
    if let Some(entry) = alone(&template).and_then(|name| cx.config.iter().find(|entry| entry.name == name).cloned()) {
        fits(cx, node, &entry, measure);
    }
    Some(Length::Given(template))
}

/// The name of the configuration a template is, if it is nothing else.
fn alone(template: &Template) -> Option<&str> {
    let inner = template.source().trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    inner.strip_prefix("config.").filter(|name| template.names().iter().any(|(_, steps)| matches!(steps, [only] if **only == **name)))
}

/// Whether what a connection may be given is a length.
fn fits(cx: &mut Check, node: &Node<'_>, entry: &ConfigEntry, measure: Measure) {
    let (name, form) = (&entry.name, measure.form());
    if !matches!(entry.kind, ConfigKind::String | ConfigKind::Integer) {
        cx.error("definition_wrong_type", &node.at, format!("no value of `config.{name}` is a length"), "name one of type `string` or `integer`");
        return;
    }
    let said = entry.default.iter().map(|default| (default, "its default")).chain(entry.choices.iter().map(|choice| (choice, "one of its `enum`")));
    if let Some((wrong, what)) = said.into_iter().find(|(text, _)| measure.read(text).is_none()) {
        cx.error("definition_unknown_value", &node.at, format!("`config.{name}` is to be a length, and `{wrong}`, {what}, is none"), format!("write {form}"));
    } else if entry.choices.is_empty() && entry.pattern.as_ref().is_some_and(|pattern| !USUAL.iter().any(|usual| pattern.fits(usual) && measure.read(usual).is_some())) {
        cx.warning("definition_unknown_value", &node.at, format!("`config.{name}` is to be a length, and its `pattern` seems to let none pass"), format!("let it pass {form}"));
    }
}

#[cfg(test)]
mod tests {
    use super::Measure;

    #[test]
    fn a_length_of_the_configuration_is_a_duration_or_a_number_of_days() {
        const DAY: i64 = 86_400_000;
        for (text, time, number) in [
            ("P7D", Some(7 * DAY), None), ("7", Some(7 * DAY), Some(7)), (" 30 ", Some(30 * DAY), Some(30)), ("PT12H", Some(DAY / 2), None), ("0", None, None), ("PT0S", None, None), ("-7", None, None), ("+7", None, None), ("7.5", None, None),
            ("", None, None), ("week", None, None), ("9223372036854775807", None, None), ("P99999999999D", None, None), ("5000000", None, Some(5_000_000)),
        ] {
            assert_eq!((Measure { integer: false, nothing: false }.read(text), Measure { integer: true, nothing: false }.read(text)), (time, number), "{text}");
        }
        assert_eq!([true, false].map(|integer| Measure { integer, nothing: true }.read("0")), [Some(0); 2]);
    }
}
