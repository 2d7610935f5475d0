//! The members of an object as far as they are known.

use super::{At, Type};

/// Names and what stands under them.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    pub(crate) list: Vec<(Box<str>, Type)>,
    /// Whether there are no others.
    pub(crate) closed: bool,
    /// Whether somebody listed the names: one that is not among them is doubtful.
    pub(crate) listed: bool,
    /// Who made up others, whose names are not known.
    pub(crate) invented: Option<At>,
}

impl Members {
    /// These, and no others.
    pub(crate) fn closed(list: Vec<(Box<str>, Type)>) -> Self {
        Self { list, closed: true, listed: false, invented: None }
    }

    /// Any.
    pub(crate) fn open() -> Self {
        Self { closed: false, ..Self::closed(Vec::new()) }
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Type> {
        self.list.iter().find_map(|(known, found)| (**known == *name).then_some(found))
    }

    pub(crate) fn get(&self, name: &str) -> Type {
        match self.find(name) {
            Some(found) => found.clone(),
            None if self.closed => Type::absent().tainted(self.invented.clone()),
            None => Type::unknown().tainted(self.invented.clone()),
        }
    }

    /// What stands under a name, to be changed; it is there afterwards.
    pub(crate) fn slot(&mut self, name: &str) -> &mut Type {
        let place = self.list.iter().position(|(known, _)| **known == *name).unwrap_or_else(|| {
            let found = self.get(name);
            self.list.push((name.into(), found));
            self.list.len() - 1
        });
        &mut self.list[place].1
    }

    /// The names something may stand under.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter(|(_, found)| !found.is_gone()).map(|(name, _)| &**name)
    }

    /// Whether there may be others of which nobody said anything. Where names are listed, others are not reckoned with.
    pub(crate) fn is_loose(&self) -> bool {
        !self.closed && !self.listed
    }

    /// Whether a name is one that nothing is known of where names are listed.
    pub(crate) fn doubts(&self, name: &str) -> bool {
        match self.find(name) {
            Some(found) => found.is_gone(),
            None => self.listed || self.closed,
        }
    }
}
