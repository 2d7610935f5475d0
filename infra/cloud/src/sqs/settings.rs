//! The attributes of a queue that its owner may set: names, ranges, defaults.
//!
//! Only what was set is stored; a default is filled in when the queue is read, as AWS shows it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::fault;
use super::redrive::Redrive;
use crate::refusal::Refusal;

/// The largest message and the largest batch: 1 MiB.
const LARGEST: i64 = 1 << 20;

/// Attribute names with their values as text, the form of the wire.
pub(crate) type Texts = BTreeMap<String, String>;

struct Number {
    name: &'static str,
    range: RangeInclusive<i64>,
    default: i64,
}

const NUMBERS: [Number; 5] = [
    Number { name: "DelaySeconds", range: 0..=900, default: 0 },
    Number { name: "MaximumMessageSize", range: 1024..=LARGEST, default: LARGEST },
    Number { name: "MessageRetentionPeriod", range: 60..=1_209_600, default: 345_600 },
    Number { name: "ReceiveMessageWaitTimeSeconds", range: 0..=20, default: 0 },
    Number { name: "VisibilityTimeout", range: 0..=43_200, default: 30 },
];

/// Settings with a closed list of values, and whether they need a FIFO queue.
const CHOICES: [(&str, &[&str], bool); 5] = [
    ("FifoQueue", &["true"], true),
    ("ContentBasedDeduplication", &["true", "false"], true),
    ("DeduplicationScope", &["queue", "messageGroup"], true),
    ("FifoThroughputLimit", &["perQueue", "perMessageGroupId"], true),
    ("SqsManagedSseEnabled", &["true", "false"], false),
];

/// Settings kept and shown without being interpreted.
const KEPT: [&str; 4] = ["Policy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];

/// What a queue is set to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings(pub(crate) Texts);

impl Settings {
    /// One number, by its wire name.
    ///
    /// Invariant: `name` is one of [`NUMBERS`], and stored values were checked.
    pub(crate) fn number(&self, name: &str) -> i64 {
        let default = NUMBERS.iter().find(|number| number.name == name).map_or(0, |number| number.default);
        self.0.get(name).and_then(|text| text.parse().ok()).unwrap_or(default)
    }

    /// Whether a yes-or-no setting, or a choice, has this value.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|text| text == value)
    }

    /// The redrive policy, if one is set.
    pub(crate) fn redrive(&self) -> Option<Redrive> {
        self.0.get("RedrivePolicy").and_then(|text| Redrive::parse(text))
    }

    /// Everything as AWS shows it, defaults included.
    pub(crate) fn shown(&self) -> Texts {
        let mut shown = self.0.clone();
        for number in &NUMBERS {
            shown.entry(number.name.to_owned()).or_insert_with(|| number.default.to_string());
        }
        shown.entry("SqsManagedSseEnabled".to_owned()).or_insert_with(|| "true".to_owned());
        if self.is("FifoQueue", "true") {
            for (name, default) in [
                ("ContentBasedDeduplication", "false"),
                ("DeduplicationScope", "queue"),
                ("FifoThroughputLimit", "perQueue"),
            ] {
                shown.entry(name.to_owned()).or_insert_with(|| default.to_owned());
            }
        }
        shown
    }

    /// Takes over `changes`, each checked; an empty policy removes it.
    pub(crate) fn change(&mut self, changes: &Texts, fifo: bool) -> Result<(), Refusal> {
        for (name, value) in changes {
            check(name, value, fifo)?;
            if value.is_empty() {
                self.0.remove(name);
            } else {
                self.0.insert(name.clone(), value.clone());
            }
        }
        Ok(())
    }
}

/// Whether `name` is a setting at all.
pub(crate) fn exists(name: &str) -> bool {
    name == "RedrivePolicy"
        || KEPT.contains(&name)
        || NUMBERS.iter().any(|number| number.name == name)
        || CHOICES.iter().any(|(choice, ..)| *choice == name)
}

fn check(name: &str, value: &str, fifo: bool) -> Result<(), Refusal> {
    if let Some(number) = NUMBERS.iter().find(|number| number.name == name) {
        let within = value.parse().is_ok_and(|value: i64| number.range.contains(&value));
        return if within { Ok(()) } else { Err(fault::invalid_attribute(name)) };
    }
    if let Some((_, values, needs_fifo)) = CHOICES.iter().find(|(choice, ..)| *choice == name) {
        if *needs_fifo && !fifo {
            return Err(fault::unknown_attribute(name));
        }
        return if values.contains(&value) { Ok(()) } else { Err(fault::invalid_attribute(name)) };
    }
    if name == "RedrivePolicy" {
        let sound = value.is_empty() || Redrive::parse(value).is_some();
        return if sound { Ok(()) } else { Err(fault::invalid_attribute(name)) };
    }
    if KEPT.contains(&name) { Ok(()) } else { Err(fault::unknown_attribute(name)) }
}
