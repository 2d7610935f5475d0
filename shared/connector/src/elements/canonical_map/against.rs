//! What the schema of a canonical type says of a field a map makes: its name, its words, and the form that `cast: schema` gives it.

use canonical::{Form, Kind};
use document::{Sort, Value};
use mapping::{Cast, To};

use crate::{check::{Check, Node}, nearest};

/// The word that takes the form of a field from the schema.
pub(super) const SCHEMA: &str = "schema";
/// Words of a hint; beyond them the nearest one has to do.
const SHOWN: usize = 20;

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

/// A value that is written out, and that the field may hold; null is none. It is no error: every record is judged all the same, and
/// a connection that works with it is not to stop.
pub(super) fn written(cx: &mut Check, node: &Node<'_>, form: Option<&Form>) {
    let Some(form) = form.filter(|_| *node.value != Value::Null) else { return };
    match (&form.words, node.value.as_str()) {
        (Some(words), Some(text)) if !words.iter().any(|word| word == text) => {
            let near = nearest(text, words.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
            let known = if words.len() <= SHOWN { words } else { &words[..SHOWN] };
            cx.warning("definition_unknown_value", &node.at, format!("`{text}` is none of the words of this field"), format!("{}known here: {}", near.unwrap_or_default(), known.join(", ")));
        }
        (Some(_), None) => cx.warning("definition_unknown_value", &node.at, format!("this field is a word, and this is a {}", node.value.kind()), "write one of its words"),
        _ => {}
    }
}

/// A list made where the type has one; judged as [`written`] is.
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
