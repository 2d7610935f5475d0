//! Records whose cursor nobody reads: what stands there instead, so that whoever wrote the definition sees what it is called.

use connector::{Connector, CursorKind, Incremental, TimeFormat};
use document::{Item, Sort};
use engine::unread_cursor;
use jiff::tz::TimeZone;

use crate::say::several;

/// The forms that are looked for, with those that are mistaken for another last.
const FORMS: &[&str] = &["epoch_s", "epoch_ms", "epoch_us", "rfc2822", "dotnet", "%Y%m%d%H%M%S", "%Y%m%d"];
/// From 1990 to 2100, in milliseconds: outside of them a form reads what was written in another.
const LIKELY: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// What is known of the cursors of the records of a run.
pub(crate) struct Unmarked<'c> {
    incremental: Option<&'c Incremental>,
    /// What the first record that has anything there has there, and the form that would read it.
    found: Option<(String, Option<&'static str>)>,
    /// The same of the first whose cursor nobody reads, and how many of them there are.
    unread: Option<(String, Option<&'static str>)>,
    count: u64,
}

impl<'c> Unmarked<'c> {
    /// What an entity declares.
    pub(crate) fn of(connector: &'c Connector, entity: &str) -> Self {
        let entity = connector.entities().iter().find(|known| known.name == entity);
        Self { incremental: entity.and_then(|entity| entity.read.as_ref()?.incremental.as_ref()), found: None, unread: None, count: 0 }
    }

    /// The records of a page.
    pub(crate) fn page(&mut self, records: &[Item<'_>]) {
        let Some(incremental) = self.incremental else { return };
        let zone = if let CursorKind::Instant { zone, .. } = &incremental.kind { zone.clone() } else { TimeZone::UTC };
        let seen = |value| (shape(value), form(&zone, value));
        if self.found.is_none() {
            self.found = records.iter().find_map(|record| incremental.cursor.at(*record).filter(|value| !value.is_null())).map(seen);
        }
        for value in records.iter().filter_map(|record| unread_cursor(incremental, *record)) {
            self.count += 1;
            self.unread.get_or_insert_with(|| seen(value));
        }
    }

    /// What is told where some records said when they changed, and others in a way that nobody reads.
    pub(crate) fn some(&self) -> Option<String> {
        let (incremental, (shape, form)) = self.incremental.zip(self.unread.as_ref())?;
        let (several, they) = (several(self.count, "record"), if self.count == 1 { "it is" } else { "they are" });
        Some(format!("what stands at `incremental.cursor` of {several}, which is `{}`, cannot be read, such as {shape}, so {they} told again by every run that is shown {}, and the cursor goes on without {}\n    {}", incremental.cursor.text(), them(self.count), them(self.count), remedy(incremental, *form).1))
    }

    /// What is told where no record said when it changed; `None` for an entity that is not read by it.
    pub(crate) fn told(&self) -> Option<String> {
        let incremental = self.incremental?;
        let at = incremental.cursor.text();
        let Some((shape, form)) = &self.found else {
            return Some(format!("no record told when it changed: there is nothing to read at `incremental.cursor`, which is `{at}`, so the next run reads everything again"));
        };
        let (unread, remedy) = remedy(incremental, *form);
        Some(format!("no record told when it changed: at `incremental.cursor`, which is `{at}`, stands {shape}, {unread}, so the next run reads everything again\n    {remedy}"))
    }
}

fn them(count: u64) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

/// Why a cursor is not read, and what to do.
fn remedy(incremental: &Incremental, form: Option<&'static str>) -> (&'static str, String) {
    match (&incremental.kind, form) {
        (CursorKind::Integer, _) => ("which is no whole number", "name another place, or leave out `\"type\": \"integer\"` where it is a time".to_owned()),
        (CursorKind::Instant { .. }, Some(form)) => ("which none of its `formats` reads", format!("write \"formats\": [\"{form}\"]")),
        (CursorKind::Instant { .. }, None) => ("which none of its `formats` reads", "say in `formats` how it is written, or name another place".to_owned()),
    }
}

/// What a value looks like, and nothing of what it says.
pub(super) fn shape(value: Item<'_>) -> String {
    let text = value.plain().unwrap_or_default();
    let text = text.trim();
    let digits = text.trim_start_matches('-').split('.').next().unwrap_or_default();
    let counted = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match value.sort() {
        Sort::Number | Sort::Text if counted => format!("a {} of {}", value.sort().word(), several(digits.len() as u64, "digit")),
        Sort::Text => format!("a string of {}", several(text.chars().count() as u64, "character")),
        Sort::Array | Sort::Object => format!("an {}", value.sort().word()),
        other => format!("a {}", other.word()),
    }
}

/// The form that would read a value.
pub(super) fn form(zone: &TimeZone, value: Item<'_>) -> Option<&'static str> {
    let text = value.plain()?;
    FORMS.iter().copied().find(|form| TimeFormat::parse(form).ok().and_then(|form| form.read(&text, zone)).is_some_and(|ms| LIKELY.contains(&ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entity that is read by `$.at`.
    fn connector(incremental: &str) -> Connector {
        let definition = format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"thing":{{"read":{{"request":{{"url":"https://api.example.com/"}},"incremental":{{"cursor":"$.at","client_filter":true{incremental}}}}}}}}}}}"#);
        connector::Draft::parse(&definition).unwrap().check().into_checked().unwrap()
    }

    #[test]
    fn records_of_which_some_tell_when_they_changed_in_a_way_nobody_reads_are_counted() {
        let write = "\n    write \"formats\": [\"epoch_s\"]";
        for (records, expected) in [
            (&[r#"{"at":"2026-01-31T00:00:00Z"}"#, r#"{"at":null}"#, "{}", r#"{"at":" "}"#][..], None),
            (&[r#"{"at":"2026-01-31T00:00:00Z"}"#, r#"{"at":1769841103}"#], Some(("1 record", "a number of 10 digits, so it is told again by every run that is shown it, and the cursor goes on without it", write))),
            (&[r#"{"at":1769841103}"#, r#"{"at":"2026-01-31T00:00:00Z"}"#, r#"{"at":"soon"}"#], Some(("2 records", "a number of 10 digits, so they are told again by every run that is shown them, and the cursor goes on without them", write))),
        ] {
            let connector = connector("");
            let mut unmarked = Unmarked::of(&connector, "thing");
            for record in records {
                unmarked.page(&[Item::Tree(&document::parse_str(record).unwrap())]);
            }
            let expected = expected.map(|(count, rest, remedy)| format!("what stands at `incremental.cursor` of {count}, which is `$.at`, cannot be read, such as {rest}{remedy}"));
            assert_eq!(unmarked.some(), expected, "{records:?}");
        }
    }

    #[test]
    fn what_stands_where_the_time_should_is_told_with_the_form_that_reads_it() {
        let write = |form: &str| format!("which none of its `formats` reads, so the next run reads everything again\n    write \"formats\": [\"{form}\"]");
        for (incremental, at, shape, rest) in [
            ("", "1769841103", "a number of 10 digits", write("epoch_s")), ("", "\"1769841103\"", "a string of 10 digits", write("epoch_s")), ("", "1769841103.25", "a number of 10 digits", write("epoch_s")), ("", "1769841103000", "a number of 13 digits", write("epoch_ms")),
            ("", "1769841103000000", "a number of 16 digits", write("epoch_us")), ("", "\"Sat, 31 Jan 2026 12:00:00 GMT\"", "a string of 29 characters", write("rfc2822")), ("", "\"/Date(1769860800000)/\"", "a string of 21 characters", write("dotnet")),
            ("", "20260131", "a number of 8 digits", write("%Y%m%d")), ("", "\"20260131115500\"", "a string of 14 digits", write("%Y%m%d%H%M%S")), (r#","formats":["epoch_s"]"#, "\"1769841103000000\"", "a string of 16 digits", write("epoch_us")),
            ("", "\"soon\"", "a string of 4 characters", "which none of its `formats` reads, so the next run reads everything again\n    say in `formats` how it is written, or name another place".to_owned()), ("", "7", "a number of 1 digit", String::new()),
            ("", "{}", "an object", String::new()), ("", "[1]", "an array", String::new()), ("", "true", "a boolean", String::new()),
            (r#","type":"integer""#, "\"2026-01-31\"", "a string of 10 characters", "which is no whole number, so the next run reads everything again\n    name another place, or leave out `\"type\": \"integer\"` where it is a time".to_owned()),
        ] {
            let connector = connector(incremental);
            let mut unmarked = Unmarked::of(&connector, "thing");
            let records: Vec<document::Value> = ["{}", r#"{"at":null}"#, &format!(r#"{{"at":{at}}}"#), r#"{"at":"2026-01-31"}"#].iter().map(|text| document::parse_str(text).unwrap()).collect();
            let items: Vec<Item<'_>> = records.iter().map(Item::Tree).collect();
            unmarked.page(&items[..2]);
            assert_eq!(unmarked.told().as_deref(), Some("no record told when it changed: there is nothing to read at `incremental.cursor`, which is `$.at`, so the next run reads everything again"));
            unmarked.page(&items);
            let told = unmarked.told().unwrap();
            assert!(told.starts_with(&format!("no record told when it changed: at `incremental.cursor`, which is `$.at`, stands {shape}, ")) && told.ends_with(&rest), "{at}: {told}");
        }
    }
}
