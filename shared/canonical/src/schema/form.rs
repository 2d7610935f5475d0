//! A schema as a tree of forms, for whoever judges what will be made before any document is there: the check of a mapping.

use document::Sort;

use super::{Schema, format::FORMATS};

/// What one value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its sorts.
    pub sorts: Vec<Sort>,
    /// The words a text may be, where they are counted.
    pub words: Option<Vec<String>>,
    /// The word of its format: `decimal`, `date-time` or `date`.
    pub format: Option<&'static str>,
    /// What the elements of an array may be, where that is said.
    pub items: Option<Box<Form>>,
    /// The fields of an object, where they are said; further ones are taken as they are.
    pub fields: Option<Vec<FormField>>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// Whether the object needs it, and not null.
    pub required: bool,
    /// What it may be.
    pub form: Form,
}

impl Schema {
    /// What a document of this schema may be.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form_of(self.nodes.len() - 1)
    }

    fn form_of(&self, rule: usize) -> Form {
        let rule = &self.nodes[rule];
        let sorts = [Sort::Null, Sort::Bool, Sort::Number, Sort::Text, Sort::Array, Sort::Object];
        let fields = rule.fields.as_ref().map(|fields| {
            let field = |(bit, field): (usize, &super::Field)| FormField { name: field.name.clone(), required: fields.required & (1 << bit) != 0, form: self.form_of(field.rule) };
            fields.list.iter().enumerate().map(field).collect()
        });
        Form {
            sorts: sorts.into_iter().filter(|sort| rule.sorts.has(*sort)).collect(),
            words: rule.words.clone(),
            format: rule.format.and_then(|format| FORMATS.iter().find_map(|(word, known)| (*known == format).then_some(*word))),
            items: rule.items.map(|items| Box::new(self.form_of(items))),
            fields,
        }
    }
}
