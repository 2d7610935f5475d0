//! Finding a field by its name: names of one length stand together, and few have the same.
//!
//! Asked once for every member of every object that is judged; a map that hashes would cost more than the judging.

/// Where each name stands in the list it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slots {
    names: Vec<(Box<str>, usize)>,
    /// The names of length `n` are those from `starts[n]` to `starts[n + 1]`.
    starts: Vec<usize>,
}

impl Slots {
    pub(crate) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut names: Vec<(Box<str>, usize)> = names.enumerate().map(|(at, name)| (name.into(), at)).collect();
        names.sort_by_key(|(name, _)| name.len());
        let longest = names.last().map_or(0, |(name, _)| name.len());
        let starts = (0..=longest + 1).map(|length| names.partition_point(|(name, _)| name.len() < length)).collect();
        Self { names, starts }
    }

    /// The place of a name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let end = *self.starts.get(name.len() + 1)?;
        self.names[self.starts[name.len()]..end].iter().find(|(known, _)| **known == *name).map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn a_name_is_found_where_it_stood_and_no_other_is() {
        let names = ["sku", "quantity", "key", "", "locationId", "ö"];
        let slots = Slots::of(names.into_iter());
        for (at, name) in names.into_iter().enumerate() {
            assert_eq!(slots.find(name), Some(at), "{name}");
        }
        for name in ["skv", "k", "quantities", "a name longer than any", "o"] {
            assert_eq!(slots.find(name), None, "{name}");
        }
        assert_eq!(Slots::of([].into_iter()).find(""), None);
    }
}
