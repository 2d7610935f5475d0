//! `inject` of `incremental`: where the ends of a window go, and the forms and the zone instants are written in.

use jiff::tz::TimeZone;

use super::super::{inject::{self, Inject}, paging, request::Request};
use crate::{TimeFormat, check::{Check, Node}, shape::{Element, Key, Takes}};

/// A place for an end of the window, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The place.
    pub inject: Inject,
    /// The form, for instants.
    pub format: TimeFormat,
}

pub(super) static PLACES: Element = Element {
    name: "inject_window",
    doc: "Where the ends of the window go.",
    keys: &[
        Key::new("start", Takes::Of(&inject::INJECT_TIME), "Where the start goes; it is inclusive."),
        Key::new("end", Takes::Of(&inject::INJECT_TIME), "Where the end goes."),
    ],
};

/// An end of the window.
#[expect(clippy::option_option, reason = "the outer tells a mistake, the inner that nothing is said")]
pub(super) fn bound(cx: &mut Check, node: &Node<'_>, key: &str, usual: &TimeFormat, request: Option<&Request>) -> Option<Option<Bound>> {
    let Some(place) = node.get(key) else { return Some(None) };
    inject::INJECT_TIME.open(cx, &place)?;
    let format = place.get("format").map_or_else(|| Some(usual.clone()), |format| self::format(cx, &format));
    let inject = paging::fits(cx, &place, request);
    Some(Some(Bound { inject: inject?, format: format? }))
}

pub(in crate::elements) fn formats(cx: &mut Check, node: &Node<'_>) -> Option<Vec<TimeFormat>> {
    let Some(formats) = node.get("formats") else { return Some(vec![TimeFormat::Iso8601]) };
    let items = formats.items(cx)?;
    if items.is_empty() {
        cx.error("definition_unknown_value", &formats.at, "no form is named", "name one, or remove `formats`");
    }
    let formats: Vec<_> = items.iter().map(|item| format(cx, item)).collect();
    formats.into_iter().collect()
}

pub(super) fn format(cx: &mut Check, node: &Node<'_>) -> Option<TimeFormat> {
    let text = node.text(cx)?;
    match TimeFormat::parse(text) {
        Ok(format) => Some(format),
        Err(reason) => {
            cx.error("definition_unknown_value", &node.at, format!("`{text}` is no time format: {reason}"), "use iso8601, date, epoch_s, epoch_ms, epoch_us, rfc2822, dotnet or a pattern such as `%Y-%m-%d %H:%M:%S`");
            None
        }
    }
}

pub(in crate::elements) fn zone(cx: &mut Check, node: &Node<'_>) -> Option<TimeZone> {
    let zone = expr::zone(node.text(cx)?);
    if zone.is_none() {
        cx.error("definition_unknown_value", &node.at, "no time zone", "write it like `Europe/Stockholm` or `+02:00`");
    }
    zone
}

