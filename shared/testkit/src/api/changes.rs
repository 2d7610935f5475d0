//! Records that changed within a window, their times written and read in a form of the caller's choice.

use document::{Value, object};

use super::ask::Ask;
use super::kept::count;
use super::listing::Listing;
use super::stamp::Form;
use super::{Api, pages};
use crate::Answer;

impl Api {
    /// `/changes?updated_from=&updated_to=&page=&fmt=`: in the order of changes, from the first instant on, up to before the last.
    pub(crate) fn changes(&self, ask: &Ask) -> Result<Answer, String> {
        let form = Form::named(ask.parameter("fmt").as_deref().unwrap_or("iso"))?;
        let (size, number, zone) = (ask.size("per_page")?, ask.number("page", 1)?, ask.zone());
        let start = number.checked_sub(1).ok_or("pages are counted from 1")?.saturating_mul(size);
        let instant = |name: &str| match ask.parameter(name) {
            Some(text) if !text.is_empty() => form.read(&text, zone).map(Some).ok_or_else(|| format!("{name} is not a time in this form")),
            _ => Ok(None),
        };
        let (from_us, to_us) = (instant("updated_from")?, instant("updated_to")?);
        let mut things = pages::by_change(self.things());
        things.retain(|thing| {
            let updated_us = thing.updated_ms.saturating_mul(1000);
            from_us.is_none_or(|from_us| updated_us >= from_us) && to_us.is_none_or(|to_us| updated_us < to_us)
        });
        let listing = Listing::new(things, size, &ask.words);
        let rows = listing.page(start).rows.into_iter().map(|thing| thing.shown_with(form.write(thing.updated_ms, zone)));
        Ok(Answer::json(200, &object([
            ("data", Some(Value::Array(rows.collect()))),
            ("page", Some(count(number as u64))),
            ("pages", Some(listing.pages())),
            ("total", Some(listing.total())),
        ])))
    }
}
