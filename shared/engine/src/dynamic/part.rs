//! Progress within one partition, as it is kept between its pages.

use document::{Value, object};

use super::{back::Tail, guard::Guard, mark::{Mark, Point}, state::At};

/// Progress within one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// It has begun: what follows is fixed until it ends.
    pub(crate) begun: bool,
    /// The value asked from, before the lookback.
    pub(crate) since: Option<Point>,
    /// The end of the run.
    pub(crate) until: Option<i64>,
    /// The start of the present window.
    pub(crate) from: Option<i64>,
    /// The greatest value seen, and records seen near it.
    pub(crate) high: Option<Mark>,
    /// The page in progress; `None` is the first.
    pub(crate) at: Option<At>,
    /// Records of the present listing so far.
    pub(crate) count: i64,
    /// The pages so far.
    pub(crate) guard: Guard,
    /// Its pages are counted, because the source does not begin or order them as it is said to.
    pub(crate) counted: bool,
    /// How many records the listing has, as its last page told.
    pub(crate) total: Option<i64>,
    /// The last numbered pages.
    pub(crate) tails: Vec<Tail>,
    /// The page that is asked for is the next one by its number.
    pub(crate) by_number: bool,
    /// The most records a page of the listing had.
    pub(crate) most: i64,
    /// When what names the next page was told.
    pub(crate) named: Option<i64>,
    /// How the listing was asked for when the page in progress was named.
    pub(crate) made: Option<String>,
    /// The other side keeps the place of the listing that is open.
    pub(crate) held: bool,
    /// How often the listing was read again because it had moved.
    pub(crate) again: i64,
}

impl Part {
    /// Where the page is that is asked for, be it once more; `None` is the first.
    pub(crate) fn place(&self) -> Option<&At> {
        match &self.at {
            Some(At::Back(back)) => back.at.as_deref(),
            at => at.as_ref(),
        }
    }

    /// Begins the listing at its first page.
    pub(crate) fn restart(&mut self) {
        (self.at, self.count, self.guard, self.total, self.most, self.by_number, self.held) = (None, 0, Guard::default(), None, 0, false, false);
        self.tails.clear();
    }

    /// As it is kept between pages.
    pub(crate) fn value(&self) -> Option<Value> {
        self.begun.then(|| object([
            ("since", self.since.as_ref().map(Point::value)), ("until", self.until.map(Value::from)), ("from", self.from.map(Value::from)), ("high", self.high.as_ref().map(Mark::value)),
            ("at", self.at.as_ref().map(At::value)), ("count", (self.count > 0).then(|| self.count.into())), ("guard", self.guard.value()), ("counted", self.counted.then(|| true.into())),
            ("total", self.total.map(Value::from)), ("tails", (!self.tails.is_empty()).then(|| Value::Array(self.tails.iter().map(Tail::value).collect()))), ("numbered", self.by_number.then(|| true.into())), ("most", (self.most > 0).then(|| self.most.into())),
            ("named", self.named.map(Value::from)), ("again", (self.again > 0).then(|| self.again.into())), ("held", self.held.then(|| true.into())), ("made", self.made.as_deref().map(Value::from)),
        ]))
    }

    /// As it was kept.
    pub(crate) fn of(value: Option<&Value>) -> Self {
        let Some(value) = value else { return Self::default() };
        let integer = |key: &str| value.get(key).and_then(Value::as_i64);
        Self {
            begun: true,
            since: value.get("since").and_then(Point::of),
            until: integer("until"),
            from: integer("from"),
            high: value.get("high").and_then(Mark::of),
            at: value.get("at").and_then(At::of),
            count: integer("count").unwrap_or(0),
            guard: Guard::of(value.get("guard")),
            counted: value.get("counted").is_some(),
            total: integer("total"),
            tails: value.get("tails").and_then(Value::items).unwrap_or_default().iter().filter_map(Tail::of).collect(),
            by_number: value.get("numbered").is_some(),
            most: integer("most").unwrap_or(0),
            named: integer("named"),
            again: integer("again").unwrap_or(0),
            held: value.get("held").is_some(),
            made: value.get("made").and_then(Value::as_str).map(str::to_owned),
        }
    }
}
