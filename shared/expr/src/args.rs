//! What a function sees of its call: the arguments it has, as what it needs, and where it may make things.

use std::borrow::Cow;

use document::Item;
use jiff::{Span, Timestamp, tz::TimeZone};

use crate::{ast::Call, eval::Frame, failure::Stop, format::Format, instant, names::Cx, number::Num, pattern::Pattern, prepared::{self, Prepared}, value::{Val, View}};

pub(crate) struct Args<'a, 'e> {
    pub(crate) call: &'a Call,
    pub(crate) values: &'e [Val<'a>],
    pub(crate) frame: &'e Frame<'a, 'e>,
    pub(crate) cx: &'e Cx<'a, 'e>,
}

impl<'a> Args<'a, '_> {
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The argument; absent when it was not given.
    pub(crate) fn get(&self, at: usize) -> Val<'a> {
        self.values.get(at).copied().unwrap_or(Val::Absent)
    }

    pub(crate) fn view(&self, at: usize) -> Result<View<'a>, Stop> {
        self.get(at).view(self.cx)
    }

    pub(crate) fn text(&self, at: usize) -> Result<&'a str, Stop> {
        match self.view(at)? {
            View::Text(text) => Ok(text),
            _ => Err(self.wrong(at, "a text")),
        }
    }

    pub(crate) fn text_or(&self, at: usize, other: &'a str) -> Result<&'a str, Stop> {
        if at < self.len() { self.text(at) } else { Ok(other) }
    }

    pub(crate) fn number(&self, at: usize) -> Result<Num, Stop> {
        match self.view(at)? {
            View::Num(number) => Ok(number),
            View::Digits(digits) => crate::value::calculable(digits),
            _ => Err(self.wrong(at, "a number")),
        }
    }

    /// A whole number between two.
    pub(crate) fn integer(&self, at: usize, least: i64, most: i64) -> Result<i64, Stop> {
        let whole = self.number(at)?.whole().and_then(|whole| i64::try_from(whole).ok());
        whole.filter(|whole| (least..=most).contains(whole)).ok_or_else(|| Stop::number(format!("{} of `{}` is a whole number from {least} to {most}", self.param(at), self.name())))
    }

    pub(crate) fn integer_or(&self, at: usize, least: i64, most: i64, other: i64) -> Result<i64, Stop> {
        if at < self.len() { self.integer(at, least, most) } else { Ok(other) }
    }

    pub(crate) fn list(&self, at: usize) -> Result<Item<'a>, Stop> {
        match self.view(at)? {
            View::List(list) => Ok(list),
            _ => Err(self.wrong(at, "a list")),
        }
    }

    pub(crate) fn object(&self, at: usize) -> Result<Item<'a>, Stop> {
        match self.view(at)? {
            View::Object(object) => Ok(object),
            _ => Err(self.wrong(at, "an object")),
        }
    }

    pub(crate) fn pattern(&self, at: usize) -> Result<&'a Pattern, Stop> {
        match self.prepared(at) {
            Prepared::Pattern(pattern) => Ok(pattern),
            _ => Err(self.wrong(at, "a constant pattern")),
        }
    }

    /// A time zone; UTC when none is given.
    pub(crate) fn zone(&self, at: usize) -> Result<TimeZone, Stop> {
        match self.prepared(at) {
            Prepared::Zone(zone) => Ok(zone.clone()),
            _ if at >= self.len() => Ok(TimeZone::UTC),
            _ => instant::zone(self.text(at)?).ok_or_else(|| Stop::date(format!("{} of `{}` is no time zone", self.param(at), self.name()))),
        }
    }

    pub(crate) fn format(&self, at: usize) -> Result<Cow<'a, Format>, Stop> {
        match self.prepared(at) {
            Prepared::Format(format) => Ok(Cow::Borrowed(format)),
            _ => Format::parse(self.text(at)?).map(Cow::Owned).map_err(|message| Stop::date(format!("{} of `{}` is no format: {message}", self.param(at), self.name()))),
        }
    }

    pub(crate) fn duration(&self, at: usize) -> Result<Span, Stop> {
        match self.prepared(at) {
            Prepared::Duration(span) => Ok(**span),
            _ => prepared::duration(self.text(at)?).ok_or_else(|| Stop::date(format!("{} of `{}` is no ISO 8601 duration", self.param(at), self.name()))),
        }
    }

    pub(crate) fn instant(&self, at: usize) -> Result<Timestamp, Stop> {
        let text = self.text(at)?;
        instant::instant(text).ok_or_else(|| Stop::date(format!("{} of `{}` is no RFC 3339 instant; `parse_date` makes one", self.param(at), self.name())))
    }

    /// What an argument over elements gives for one: the path walked, or the expression evaluated.
    pub(crate) fn each(&self, at: usize, item: Item<'a>) -> Result<Val<'a>, Stop> {
        self.cx.spend(1)?;
        match self.prepared(at) {
            Prepared::Path(steps) => self.cx.descend(item, steps).map(Val::of),
            _ => match self.call.arguments.get(at) {
                Some(body) => Frame { item: Some(item), ..*self.frame }.eval(body),
                None => Ok(Val::Item(item)),
            },
        }
    }

    /// The elements of a list; each is paid for.
    pub(crate) fn elements(&self, at: usize) -> Result<Vec<Item<'a>>, Stop> {
        let list = self.list(at)?;
        self.cx.spend(list.len())?;
        Ok(list.items().collect())
    }

    pub(crate) fn prepared(&self, at: usize) -> &'a Prepared {
        self.call.prepared.get(at).unwrap_or(&Prepared::None)
    }

    pub(crate) fn wrong(&self, at: usize, expected: &str) -> Stop {
        let value = self.get(at);
        let hint = if value.is_nothing() { "; give a value with `??`" } else { "" };
        Stop::sort(format!("{} of `{}` is {expected}, not {}{hint}", self.param(at), self.name(), value.word()))
    }

    pub(crate) fn name(&self) -> &'static str {
        self.call.function.name
    }

    pub(crate) fn param(&self, at: usize) -> &'static str {
        self.call.function.param(at).map_or("the argument", |param| param.name)
    }
}
