//! Records whose `occurredAt` nobody reads: how many, and what stands there instead.

use connector::{Connector, EventMapping};
use document::Item;
use engine::{Config, ReaderPage};
use jiff::tz::TimeZone;

use super::unmarked::{form, shape};
use crate::say::several;

/// As much of a text as is told.
const TOLD_CHARS: usize = 60;

/// What is known of the times of the records of a run.
pub(crate) struct Undated<'c> {
    events: Option<&'c EventMapping>,
    count: u64,
    /// What stands in the first of them, and the form that would read it.
    first: Option<(String, Option<&'static str>)>,
}

impl<'c> Undated<'c> {
    /// What an entity declares.
    pub(crate) fn of(connector: &'c Connector, entity: &str) -> Self {
        Self { events: connector.entities().iter().find(|known| known.name == entity).map(|entity| &entity.events), count: 0, first: None }
    }

    /// A record that is told.
    pub(crate) fn record(&mut self, page: &ReaderPage<'_>, record: Item<'_>, config: &Config) {
        let Some(said) = page.unread_time(record) else { return };
        self.count += 1;
        self.first.get_or_insert_with(|| {
            let zone = self.events.and_then(|events| events.zone.clone()).unwrap_or(TimeZone::UTC);
            let text = said.plain().map(|text| config.redact(&text).chars().filter(|char| !char.is_control()).take(TOLD_CHARS).collect::<String>());
            (text.map_or_else(|| shape(said), |text| format!("`{text}`")), form(&zone, said))
        });
    }

    /// What is told of them at the end.
    pub(crate) fn told(&self) -> Option<String> {
        let ((first, form), at) = (self.first.as_ref()?, self.events?.occurred_at.as_ref()?.text());
        let remedy = match form {
            Some(form) => format!("write \"formats\": [\"{form}\"] in `eventMapping`, and its `zone` where it names none"),
            None => "say how it is written in `formats` of `eventMapping`, and in its `zone` where it names none".to_owned(),
        };
        Some(format!("what stands at `occurredAt` of {}, which is `{at}`, cannot be read, such as {first}, so {} told without a time\n    {remedy}", several(self.count, "record"), if self.count == 1 { "it is" } else { "they are" }))
    }
}
