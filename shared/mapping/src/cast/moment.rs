//! Dates and instants: read in the forms of other systems, written as RFC 3339.

use std::borrow::Cow;

use document::{Item, Value, authored::Findings, authored::Node};
use expr::{Format, instant, zone as named, written};
use jiff::{Timestamp, tz::TimeZone};

use super::Cast;

pub(super) fn formats(cx: &mut Findings, node: &Node<'_>) -> Option<Box<[Format]>> {
    let Some(list) = node.get("formats") else { return Some(Box::new([])) };
    let nodes = if matches!(list.value, Value::String(_)) { vec![list] } else { list.items(cx)? };
    let formats: Vec<Option<Format>> = nodes.iter().map(|node| {
        let text = node.text(cx)?;
        match Format::parse(text) {
            Ok(format) if reads(&format) => Some(format),
            Ok(_) => {
                cx.error("mapping_format", &node.at, "no date can be read in this format: it does not say year, month and day", "add what is lacking, as in `%d/%m/%Y`");
                None
            }
            Err(reason) => {
                cx.error("mapping_format", &node.at, reason, format!("name one of {}, or write it as `%d/%m/%Y %H:%M`", expr::FORMATS.join(", ")));
                None
            }
        }
    }).collect();
    formats.into_iter().collect()
}

/// Whether what is written in a format can be read again.
fn reads(format: &Format) -> bool {
    let sample = Timestamp::from_second(1_795_353_255).unwrap_or(Timestamp::UNIX_EPOCH);
    format.write(sample, &TimeZone::UTC).is_some_and(|text| format.read(&text, &TimeZone::UTC).is_some())
}

pub(super) fn zone(cx: &mut Findings, node: &Node<'_>) -> Option<TimeZone> {
    let Some(zone) = node.get("zone") else { return Some(TimeZone::UTC) };
    let name = zone.text(cx)?;
    let found = named(name);
    if found.is_none() {
        cx.error("mapping_zone", &zone.at, "no time zone has this name", "write it as `Europe/Stockholm`, `UTC` or `+02:00`");
    }
    found
}

/// The instant a value means.
fn moment(cast: &Cast, item: Item<'_>) -> Option<Timestamp> {
    let text = match item.number() {
        Some(number) => Cow::Borrowed(number),
        None => super::trimmed(item)?,
    };
    if cast.formats.is_empty() {
        return undeclared(&text, &cast.zone);
    }
    cast.formats.iter().find_map(|format| format.read(&text, &cast.zone))
}

/// Where no format is declared: RFC 3339 with any offset or none, or seconds (9 or 10 digits) or milliseconds (13) since 1970.
fn undeclared(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<i64>() {
        // Of other lengths they would as well be dates without signs between: 20260329, 202603291200, 20260329120000.
        return match text.len() {
            9 | 10 => Timestamp::from_second(number).ok(),
            13 => Timestamp::from_millisecond(number).ok(),
            _ => None,
        };
    }
    instant(text).filter(|_| text.len() > 10).or_else(|| Format::Iso.read(text, zone))
}

pub(super) fn datetime(cast: &Cast, item: Item<'_>) -> Option<String> {
    moment(cast, item).map(written)
}

/// The date an instant has in the zone; a text that is a date already stays one.
pub(super) fn date(cast: &Cast, item: Item<'_>) -> Option<String> {
    if cast.formats.is_empty()
        && let Some(text) = item.text()
        && let Ok(date) = text.trim().parse::<jiff::civil::Date>()
        && text.trim().len() == 10
    {
        return Some(date.to_string());
    }
    moment(cast, item).map(|moment| moment.to_zoned(cast.zone.clone()).date().to_string())
}
