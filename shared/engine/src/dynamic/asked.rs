//! The keys a scan is asked for: whose they are, and which of them a record writes in other letters.

use std::collections::{HashMap, HashSet};

use canonical::Key;

/// Keys that were asked for.
pub(crate) struct Asked<'k> {
    keys: HashSet<&'k Key>,
    /// By their letters, small ones and large ones being the same.
    letters: HashMap<String, Vec<&'k Key>>,
}

impl<'k> Asked<'k> {
    pub(crate) fn of(keys: &'k [Key]) -> Self {
        let mut letters: HashMap<String, Vec<&Key>> = HashMap::with_capacity(keys.len());
        for key in keys {
            letters.entry(key.as_str().to_lowercase()).or_default().push(key);
        }
        Self { keys: keys.iter().collect(), letters }
    }

    /// Whether it was asked for.
    pub(crate) fn holds(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    /// The keys that differ from one by small and large letters alone: a source that does not tell them apart answers with it.
    pub(crate) fn in_other_letters(&self, key: &Key) -> impl Iterator<Item = &'k Key> {
        self.letters.get(&key.as_str().to_lowercase()).into_iter().flatten().copied()
    }
}
