//! Why a canonical field does not say what the record said.

use std::fmt;

/// Why a field cannot be written back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Irreversible {
    /// It is a constant: the record has nothing to be written.
    Constant,
    /// An expression makes it.
    Expression,
    /// A default may stand for what the record does not say.
    Default,
    /// Two values of the table are one.
    Table,
    /// The table lets values it does not have through, or drops them.
    TableMiss,
    /// The cast drops a part of the value.
    Lossy,
    /// The value may have been written in several ways.
    Forms,
    /// It is not said what the value was before the cast or the table.
    RawUnsaid,
    /// What another path holds decides whether it is there.
    AbsentWhenNull,
    /// What stands at its path is written by another field too.
    Overlap(String),
    /// Its path names no member by names alone.
    Place,
}

/// A lowercase fragment.
impl fmt::Display for Irreversible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Irreversible::Constant => "it is a constant, and nothing of the record",
            Irreversible::Expression => "an expression makes it",
            Irreversible::Default => "it may be its default, and the record may have said nothing",
            Irreversible::Table => "two values of its table become one",
            Irreversible::TableMiss => "values that are not in its table are kept or dropped",
            Irreversible::Lossy => "its cast drops a part of the value",
            Irreversible::Forms => "the record may have written it in several ways",
            Irreversible::RawUnsaid => "`raw` does not say what the record holds",
            Irreversible::AbsentWhenNull => "another place decides whether it is there",
            Irreversible::Overlap(other) => return write!(f, "its path overlaps that of `{other}`"),
            Irreversible::Place => "its path names more than members",
        })
    }
}
