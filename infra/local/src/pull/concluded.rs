//! What is told of a snapshot at its end: what is left out, which keys several records have, and what follows from what is not there.

use canonical::Key;
use engine::{LeftOut, Sayings, Silence};

use super::snapshot::End;
use crate::say::{several, tell};

/// Records that are left out and named, and keys of several records.
const NAMED: usize = 10;

/// Tells of the records that are left out: all by their number, the first of those no rule leaves out by their names. One that
/// cannot be mapped was told of when its listing ended.
pub(super) fn told(left_out: &[LeftOut]) {
    if left_out.is_empty() {
        return;
    }
    let by_rule = left_out.iter().filter(|left| left.why.declared()).count();
    tell!("left out: {}, {by_rule} of them by a rule of the definition; they are there, and what they say is not known: neither zero nor gone", several(left_out.len(), "record"));
    let others = left_out.iter().filter(|left| !left.why.declared() && left.fault().is_none());
    for left in others.clone().take(NAMED) {
        let why = match &left.why {
            Silence::Value(field) => format!("`{field}` is not there, or null"),
            Silence::Letters(written) => format!("the source writes `{written}`"),
            _ => "it has no key".to_owned(),
        };
        tell!("  {}: {why}", left.key.as_ref().map_or(left.record.as_str(), |key| key.as_str()));
    }
    more(others.count());
}

/// Tells of the keys of which records say something else.
pub(super) fn contested(sayings: &Sayings) {
    let keys = sayings.contested();
    if !keys.is_empty() {
        let (come, these) = if keys.len() == 1 { ("comes", "this key") } else { ("come", "these keys") };
        tell!("{} {come} from several records that differ: which of them is true is not known, and a reconcile leaves {these} out", several(keys.len(), "key"));
        keys.iter().take(NAMED).for_each(|key| tell!("  {}", key.as_str()));
        more(keys.len());
    }
    if sayings.missed() {
        tell!("there are too many keys to remember: whether several records have one was looked for among the first {} of them", sayings.keys());
    }
}

fn more(all: usize) {
    if all > NAMED {
        tell!("  and {} more", all - NAMED);
    }
}

/// What is open of the keys that are not there.
pub(super) enum Open {
    /// Nothing.
    Nothing,
    /// All of it: the definition does not say that the snapshot is complete.
    Unsaid,
    /// So many records are there whose key is not known: it may be any.
    Unknown(usize),
}

impl Open {
    /// What is open of a snapshot that is complete or not, and leaves these out.
    pub(super) fn of(complete: bool, left_out: &[LeftOut]) -> Self {
        match left_out.iter().filter(|left| left.key.is_none()).count() {
            _ if !complete => Self::Unsaid,
            0 => Self::Nothing,
            unknown => Self::Unknown(unknown),
        }
    }
}

/// What follows from what is not among the items.
pub(super) fn concluded(end: &End, open: Open, only_keys: Option<&[Key]>, found: usize) -> String {
    let are = |unknown: usize| format!("{} {} there whose key is not known", several(unknown, "record"), if unknown == 1 { "is" } else { "are" });
    match (end, only_keys, open) {
        (End::Whole, None, Open::Nothing) => "the snapshot is complete: a key that none of its records has is not there".to_owned(),
        (End::Whole, None, Open::Unknown(unknown)) => format!("nothing follows from what is not among the items: {}", are(unknown)),
        (End::Whole, None, Open::Unsaid) => "the definition does not say that the snapshot is `complete`: nothing follows from what is not among its items".to_owned(),
        (End::Whole, Some(keys), open) => {
            let others = match open {
                Open::Nothing => "the others are not there, unless they are left out".to_owned(),
                Open::Unknown(unknown) => format!("of the others nothing is known: {}", are(unknown)),
                Open::Unsaid => "of others nothing is known: the definition does not say that the snapshot is `complete`".to_owned(),
            };
            format!("{found} of {} asked for; {others}", several(keys.len(), "key"))
        }
        _ => "the limit ended the snapshot: nothing follows from what is not among its items".to_owned(),
    }
}
