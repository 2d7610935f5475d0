//! Tells of fields no schema names: they are taken as they are, but a destination will not look for them.

use document::{Item, Sort};
use fault::Finding;

use super::{Schema, place::Place};
use document::authored::nearest;

/// So many are told, and so much of each name.
const TOLD: usize = 100;
const SHOWN_CHARS: usize = 64;

/// A warning for every field that is no field of its object, the nearest name with it.
pub(crate) fn lint(schema: &Schema, document: Item<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    value(schema, schema.nodes.len() - 1, document, &Place::ROOT, &mut findings);
    findings
}

fn value(schema: &Schema, at: usize, item: Item<'_>, place: &Place<'_>, findings: &mut Vec<Finding>) {
    let rule = &schema.nodes[at];
    match (item.sort(), &rule.fields, rule.items) {
        (Sort::Object, Some(fields), _) => {
            for (name, item) in item.entries() {
                match fields.slots.find(&name) {
                    Some(bit) => value(schema, fields.list[bit].rule, item, &place.name(&fields.list[bit].name), findings),
                    None if findings.len() < TOLD => findings.push(unknown(schema, &name, fields.list.iter().map(|field| field.name.as_str()), place)),
                    None => return,
                }
            }
        }
        (Sort::Array, _, Some(rule)) => item.items().enumerate().for_each(|(index, item)| value(schema, rule, item, &place.index(index), findings)),
        _ => {}
    }
}

fn unknown<'f>(schema: &Schema, name: &str, fields: impl Iterator<Item = &'f str>, place: &Place<'_>) -> Finding {
    let shown: String = name.chars().take(SHOWN_CHARS).collect();
    let hint = match nearest(&shown, fields) {
        Some(near) => format!("did you mean `{near}`? what the model has no field for belongs into `extensions`"),
        None => "what the model has no field for belongs into `extensions`".to_owned(),
    };
    Finding::warning("canonical_unknown_field", place.name(&shown).pointer(), format!("`{shown}` is no field here in {} {}", schema.name, schema.version), hint)
}
