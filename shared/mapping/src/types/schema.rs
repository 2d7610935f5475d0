//! The types of the two ends: of a canonical type, or of an inline JSON Schema in the mapping itself.

use std::rc::Rc;

use canonical::{Form, Kind};
use document::{Sort, Value, authored::Node};

use super::{Members, Sorts, Type, Wording};
use crate::reader::Reader;

/// The keywords that are read, and those that say nothing of the form.
const KEYWORDS: &[&str] = &["type", "enum", "const", "format", "properties", "required", "additionalProperties", "items", "title", "description", "examples", "$schema", "$id"];
/// The words of `type`.
const SORTS: &[(&str, Sorts)] = &[
    ("null", Sorts::NULL), ("boolean", Sorts::BOOL), ("integer", Sorts::INTEGER), ("number", Sorts::NUMBER), ("string", Sorts::TEXT), ("array", Sorts::ARRAY), ("object", Sorts::OBJECT),
];

impl Type {
    /// The fields of a canonical type.
    pub(crate) fn of_kind(kind: &Kind) -> Type {
        Type::of_form(&kind.schema.form())
    }

    fn of_form(form: &Form) -> Type {
        let sorts = form.sorts.iter().fold(Sorts::NONE, |sorts, sort| sorts | match sort {
            Sort::Null => Sorts::NULL,
            Sort::Bool => Sorts::BOOL,
            Sort::Number => Sorts::NUMBER,
            Sort::Text => Sorts::TEXT,
            Sort::Array => Sorts::ARRAY,
            Sort::Object => Sorts::OBJECT,
        });
        let lacking = |required: bool| if required { Sorts::NONE } else { Sorts::ABSENT };
        let members = form.fields.as_ref().map(|fields| Rc::new(Members {
            list: fields.iter().map(|field| (field.name.as_str().into(), Type::of_form(&field.form).with(lacking(field.required)))).collect(),
            listed: true,
            ..Members::open()
        }));
        let items = form.items.as_ref().map(|items| Rc::new(Type::of_form(items)));
        Type { text: wording(form.words.as_deref(), form.format), items, members, ..Type::of(sorts) }.sealed()
    }
}

fn wording(words: Option<&[String]>, format: Option<&str>) -> Wording {
    match (words, format) {
        (Some(words), _) => Wording::Words(words.into()),
        (None, Some("date-time")) => Wording::Instant,
        (None, Some("date")) => Wording::Date,
        (None, _) => Wording::Any,
    }
}

/// Reads an inline JSON Schema.
pub(crate) fn read(cx: &mut Reader, node: &Node<'_>) -> Option<Type> {
    node.object(cx, KEYWORDS)?;
    let sorts = match node.get("type") {
        None => Sorts::ANY.without(Sorts::ABSENT),
        Some(one) if one.value.as_str().is_some() => sort(cx, &one)?,
        Some(some) => some.items(cx)?.iter().map(|one| sort(cx, one)).try_fold(Sorts::NONE, |sorts, sort| Some(sorts | sort?))?,
    };
    let words = match (node.get("enum"), node.get("const")) {
        (Some(words), _) => texts(words.items(cx)?.iter().map(|word| word.value)),
        (None, Some(word)) => texts([word.value].into_iter()),
        (None, None) => None,
    };
    let format = node.get("format").map_or(Some(None), |format| format.text(cx).map(Some))?;
    let members = node.get("properties").map_or(Some(None), |properties| members(cx, node, &properties).map(Some))?;
    let items = node.get("items").map_or(Some(None), |items| read(cx, &items).map(Some))?;
    Some(Type { known: node.get("type").is_some(), text: wording(words.as_deref(), format), items: items.map(Rc::new), members: members.map(Rc::new), ..Type::of(sorts) }.sealed())
}

fn sort(cx: &mut Reader, node: &Node<'_>) -> Option<Sorts> {
    let names: Vec<&str> = SORTS.iter().map(|(name, _)| *name).collect();
    let word = node.word(cx, &names)?;
    SORTS.iter().find_map(|(name, sorts)| (*name == word).then_some(*sorts))
}

/// The texts of an `enum` that has no other words but null.
fn texts<'v>(words: impl Iterator<Item = &'v Value>) -> Option<Vec<String>> {
    words.filter(|word| **word != Value::Null).map(|word| word.as_str().map(str::to_owned)).collect()
}

fn members(cx: &mut Reader, node: &Node<'_>, properties: &Node<'_>) -> Option<Members> {
    let required: Vec<&str> = match node.get("required") {
        None => Vec::new(),
        Some(names) => names.items(cx)?.iter().map(|name| name.text(cx)).collect::<Option<_>>()?,
    };
    let closed = node.get("additionalProperties").is_some_and(|more| *more.value == Value::Bool(false));
    let mut list = Vec::new();
    for property in properties.entries(cx)? {
        let name = property.name();
        let lacking = if required.contains(&name.as_str()) { Sorts::NONE } else { Sorts::ABSENT };
        list.push((name.into(), read(cx, &property)?.with(lacking)));
    }
    Some(Members { list, closed, listed: true, invented: None })
}
