//! Judges a value by a schema: every violation with its pointer, what was expected and what was found.
//!
//! Asked for every event there is, so it copies nothing while nothing is wrong. It never goes deeper than the schema does,
//! never changes what it sees, and tells of a hundred violations at most, then of how many more there are.

use document::{Item, Sort, number_cmp};
use fault::Finding;

use super::{Fields, Rule, Schema, place::Place, says};

/// So many are told one by one.
const TOLD: usize = 100;

/// Someone who walks through a document with a schema in hand.
pub(crate) struct Judge<'s> {
    schema: &'s Schema,
    /// Whether to tell what the document as a whole lacks.
    lacking: bool,
    findings: Vec<Finding>,
    more: usize,
}

impl<'s> Judge<'s> {
    pub(crate) fn new(schema: &'s Schema, lacking: bool) -> Self {
        Self { schema, lacking, findings: Vec::new(), more: 0 }
    }

    /// Everything wrong with a document: of each object first what it lacks, then what is in it.
    pub(crate) fn findings(mut self, document: Item<'_>) -> Vec<Finding> {
        self.value(self.schema.nodes.len() - 1, document, &Place::ROOT);
        if self.more > 0 {
            self.findings.push(Finding::error("canonical_invalid", "", format!("{} more places are wrong", self.more), "correct the others first"));
        }
        self.findings
    }

    fn value(&mut self, at: usize, item: Item<'_>, place: &Place<'_>) {
        let schema = self.schema;
        let rule = &schema.nodes[at];
        let sort = item.sort();
        if !rule.sorts.has(sort) || !holds(rule, sort, item) {
            let message = || format!("{} is expected, {} was found", schema.wanted(at, sort), says::found(rule, item));
            return self.tell(self.findings.len(), || Finding::error("canonical_invalid", place.pointer(), message(), says::hint(rule, item)));
        }
        match (sort, &rule.fields, rule.items) {
            (Sort::Object, Some(fields), _) => self.object(fields, item, place),
            (Sort::Array, _, Some(rule)) => item.items().enumerate().for_each(|(index, item)| self.value(rule, item, &place.index(index))),
            _ => {}
        }
    }

    fn object(&mut self, fields: &Fields, item: Item<'_>, place: &Place<'_>) {
        let first = self.findings.len();
        let (mut there, mut known) = (0_u64, 0_u64);
        for (name, item) in item.entries() {
            let Some(bit) = fields.slots.find(&name) else { continue };
            there |= 1 << bit;
            // A null says no more than silence: what is required is lacking then, and not of a wrong form.
            if fields.required & (1 << bit) != 0 && item.is_null() {
                continue;
            }
            known |= 1 << bit;
            let field = &fields.list[bit];
            self.value(field.rule, item, &place.name(&field.name));
        }
        let lacking = fields.required & !known;
        let needy = fields.dependent.iter().filter(|(who, what)| there & who != 0 && what & !there != 0);
        let mut told = lacking;
        if lacking != 0 && (self.lacking || !place.is_root()) {
            self.missing(fields, lacking, None, first, place);
        }
        for (who, what) in needy {
            self.missing(fields, what & !there & !told, Some(who.trailing_zeros() as usize), self.findings.len(), place);
            told |= what;
        }
    }

    /// Tells of fields that are not there, in the order they are declared.
    fn missing(&mut self, fields: &Fields, bits: u64, needed_by: Option<usize>, mut at: usize, place: &Place<'_>) {
        let schema = self.schema;
        for (_, field) in fields.list.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0) {
            let name = &field.name;
            self.tell(at, || {
                let pointer = place.name(name).pointer();
                match needed_by {
                    Some(who) => Finding::error("canonical_invalid", pointer, format!("`{}` needs `{name}` beside it", fields.list[who].name), format!("map `{name}` as well")),
                    None if place.is_root() => lacks(&schema.name, name),
                    None => Finding::error("canonical_invalid", pointer, format!("`{name}` is missing"), format!("map `{name}`, or leave the object out")),
                }
            });
            at += 1;
        }
    }

    fn tell(&mut self, at: usize, finding: impl FnOnce() -> Finding) {
        if at < TOLD {
            self.findings.insert(at, finding());
        }
        if at >= TOLD || self.findings.len() > TOLD {
            self.findings.truncate(TOLD);
            self.more += 1;
        }
    }
}

/// Whether a value of the right sort is what the rule says.
fn holds(rule: &Rule, sort: Sort, item: Item<'_>) -> bool {
    match sort {
        Sort::Number => item.number().is_none_or(|number| {
            rule.format.is_none_or(|format| format.admits(number))
                && rule.least.as_deref().is_none_or(|least| number_cmp(number, least).is_ge())
                && rule.most.as_deref().is_none_or(|most| number_cmp(number, most).is_le())
        }),
        Sort::Text if rule.any_text => true,
        Sort::Text => item.text().is_none_or(|text| {
            rule.words.as_deref().is_none_or(|words| words.iter().any(|word| *word == text))
                && rule.format.is_none_or(|format| format.admits(&text))
                && rule.pattern.as_ref().is_none_or(|pattern| pattern.admits(&text))
                && within(rule, &text)
        }),
        _ => true,
    }
}

/// Whether a text has as many characters as it may.
fn within(rule: &Rule, text: &str) -> bool {
    // A text has no more characters than bytes, and at least a quarter as many.
    let certain = rule.longest.is_none_or(|longest| text.len() <= longest) && rule.shortest.is_none_or(|shortest| text.len() / 4 >= shortest);
    certain || {
        let length = text.chars().count();
        rule.longest.is_none_or(|longest| length <= longest) && rule.shortest.is_none_or(|shortest| length >= shortest)
    }
}

/// That a type needs a field.
pub(crate) fn lacks(kind: &str, field: &str) -> Finding {
    Finding::error("canonical_invalid", format!("/{field}"), format!("{kind} needs `{field}`"), "map the field; a value that is absent at the source is not an event")
}

#[cfg(test)]
mod tests {
    use document::{Item, Value};

    use super::{Judge, Schema};

    #[test]
    fn a_text_is_measured_in_characters() {
        let schema = r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"T","description":"D","x-pullpush":{"type":"t","version":1,"key":{"field":"id","parts":["id"]},"order":"latest"},
            "type":"object","required":["id"],"properties":{"id":{"title":"T","description":"D","type":"string","minLength":2,"maxLength":9}}}"#;
        let schema = Schema::parse(schema).unwrap();
        for (text, right) in [("", false), ("a", false), ("å", false), ("𝄞", false), ("åå", true), ("abcdefghi", true), ("ååååååååå", true), ("abcdefghij", false), ("åååååååååå", false)] {
            let id = Value::from(text);
            assert_eq!(Judge::new(&schema, true).findings(Item::Map(&[("id", Item::Tree(&id))])).is_empty(), right, "{text}");
        }
    }
}
