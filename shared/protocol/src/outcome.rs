//! How a delivery ended.

/// The five ways a delivery ends; every event reaches exactly one per matching flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The destination has it.
    Applied,
    /// It could not be delivered; kept, visible, replayable.
    Dead,
    /// A newer version of the same key was applied.
    Superseded,
    /// This very version was applied already.
    Duplicate,
    /// The flow does not want it.
    Filtered,
}

impl Outcome {
    /// Every outcome, in order of precedence where one occurrence left several.
    pub const ALL: [Outcome; 5] = [Outcome::Applied, Outcome::Dead, Outcome::Superseded, Outcome::Duplicate, Outcome::Filtered];

    /// The word in tables, logs and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Applied => "applied",
            Outcome::Dead => "dead",
            Outcome::Superseded => "superseded",
            Outcome::Duplicate => "duplicate",
            Outcome::Filtered => "filtered",
        }
    }

    /// The outcome of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}
