//! What the schema of a canonical type says of a field a map makes: its name, its words, and the form that `cast: schema` gives it.

use canonical::{Form, Kind};
use document::Sort;
use mapping::{Cast, To};

use crate::{check::{Check, Node}, nearest};

/// The word that takes the form of a field from the schema.
pub(super) const SCHEMA: &str = "schema";

/// The form of a field, whose name may be dotted; a name the schema does not know is told.
pub(super) fn form<'f>(cx: &mut Check, node: &Node<'_>, kind: &Kind, around: &'f Form) -> Option<&'f Form> {
    let (name, mut form) = (node.name(), around);
    for part in name.split('.') {
        let fields = form.fields.as_ref()?;
        let Some(field) = fields.iter().find(|field| field.name == part) else {
            let hint = match nearest(part, fields.iter().map(|field| field.name.as_str())) {
                Some(near) => format!("did you mean `{near}`? what the type has no field for belongs into `extensions`"),
                None => "what the type has no field for belongs into `extensions`".to_owned(),
            };
            cx.warning("canonical_unknown_field", &node.at, format!("`{part}` is no field here in {} {}", kind.name, kind.version), hint);
            return None;
        };
        form = &field.form;
    }
    Some(form)
}

/// A list made where the type has one; told as what is written out is.
pub(super) fn list(cx: &mut Check, node: &Node<'_>, form: Option<&Form>) {
    if form.is_some_and(|form| !form.sorts.contains(&Sort::Array)) {
        cx.warning("definition_wrong_type", &node.at, format!("`{}` is no list in the canonical type", node.name()), "pick one value with `path`, or name a field that is a list");
    }
}

/// The cast to the form the schema gives a field; none where it says no single one.
pub(super) fn cast(cx: &mut Check, node: &Node<'_>, form: &Form) -> Option<Cast> {
    Cast::of(cx, to(form)?, node)
}

/// The one form of a field.
pub(super) fn to(form: &Form) -> Option<To> {
    let mut sorts = form.sorts.iter().filter(|sort| **sort != Sort::Null);
    match (sorts.next()?, sorts.next(), form.format) {
        (Sort::Number, None, _) => Some(To::Decimal),
        (Sort::Bool, None, _) => Some(To::Boolean),
        (Sort::Text, None, Some("date-time")) => Some(To::Datetime),
        (Sort::Text, None, Some("date")) => Some(To::Date),
        (Sort::Text, None, _) => Some(To::String),
        _ => None,
    }
}
