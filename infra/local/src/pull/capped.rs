//! Listings that ended at their first page because it held fewer records than were asked for: where the other system gives no more
//! than that a page, everything behind it is lost, and nothing fails.

use connector::Connector;

/// Fewer records are no cap that anybody sets.
const FEWEST: usize = 10;
/// Caps are round numbers.
const ROUND: usize = 5;

/// What is known of the first pages of a run.
#[derive(Default)]
pub(crate) struct Capped {
    /// How many records a page is asked for, where one with fewer is taken for the last and nothing else tells the end.
    asked: Option<usize>,
    /// The most records of a page.
    most: usize,
}

impl Capped {
    /// What an entity declares.
    pub(crate) fn of(connector: &Connector, entity: &str) -> Self {
        let pagination = connector.entities().iter().find(|known| known.name == entity).and_then(|entity| entity.read.as_ref()?.pagination.as_ref());
        let alone = pagination.filter(|pagination| pagination.stop.short && pagination.stop.total.is_none() && pagination.stop.pages.is_none() && pagination.stop.more.is_none());
        Self { asked: alone.and_then(|pagination| usize::try_from(pagination.size?).ok()), most: 0 }
    }

    /// A page of so many records.
    pub(crate) fn page(&mut self, count: usize) {
        self.most = self.most.max(count);
    }

    /// What whoever wrote the definition has to know: no page was full, and the fullest looks as if no page ever were.
    pub(crate) fn told(&self) -> Option<String> {
        let (asked, most) = (self.asked?, self.most);
        let looks = most < asked && most >= FEWEST && most.is_multiple_of(ROUND);
        looks.then(|| format!("the first page held {most} records where {asked} were asked for, and `stop` takes that for the end; if the system gives at most {most} a page, write \"size\": {most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_that_is_as_full_as_a_cap_is_told_of() {
        for (asked, pages, told) in [
            (Some(100), vec![50], true), (Some(100), vec![25], true), (Some(100), vec![10], true), (Some(100), vec![5], false), (Some(100), vec![51], false), (Some(100), vec![0], false), (Some(100), vec![], false),
            (Some(100), vec![100, 50], false), (Some(50), vec![50], false), (Some(100), vec![7, 50, 0], true), (None, vec![50], false),
        ] {
            let mut capped = Capped { asked, most: 0 };
            pages.iter().for_each(|count| capped.page(*count));
            assert_eq!(capped.told().is_some(), told, "{asked:?} {pages:?}");
        }
    }
}
