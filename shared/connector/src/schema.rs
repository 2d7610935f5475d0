//! The JSON Schema of the language, made of its elements: what editors complete definitions with and programs check them by.
//!
//! It says what stands where. What only the whole definition tells, such as whether a name exists, is left to the checker.

use document::{Value, object};

use crate::{ROOT, shape::{Element, Key, Takes}};

/// A duration of [`document::authored::duration`].
const DURATION: &str = "^P([0-9]+D(T([0-9]+H([0-9]+M)?([0-9]+S)?|[0-9]+M([0-9]+S)?|[0-9]+S))?|T([0-9]+H([0-9]+M)?([0-9]+S)?|[0-9]+M([0-9]+S)?|[0-9]+S))$";

/// The JSON Schema of a definition, draft 2020-12: a definition the checker accepts is valid by it.
#[must_use]
pub fn schema() -> Value {
    let elements = ROOT.all().into_iter().map(|element| (element.name.to_owned(), self::element(element))).collect();
    object([
        ("$schema", text("https://json-schema.org/draft/2020-12/schema")),
        ("title", text("Definition of a connector, language 1.0")),
        ("$ref", Some(reference(&ROOT))),
        ("$defs", Some(Value::Object(elements))),
    ])
}

fn element(element: &Element) -> Value {
    let required: Vec<Value> = element.keys.iter().filter(|key| key.required).map(|key| key.name.into()).collect();
    object([
        ("description", text(element.doc)),
        ("type", text("object")),
        ("properties", Some(Value::Object(element.keys.iter().map(|key| (key.name.to_owned(), self::key(key))).collect()))),
        ("required", (!required.is_empty()).then_some(Value::Array(required))),
        ("additionalProperties", Some(false.into())),
    ])
}

fn key(key: &Key) -> Value {
    let mut out = object([("description", text(key.doc).filter(|_| !key.doc.is_empty()))]);
    for (name, value) in takes(&key.takes).entries().unwrap_or_default() {
        out.set(name, value.clone());
    }
    out
}

fn takes(takes: &Takes) -> Value {
    match takes {
        Takes::Text | Takes::Template => object([("type", text("string"))]),
        Takes::Tree | Takes::Any => object([]),
        Takes::Values => {
            let scalars = || Some(Value::Array(["string", "number", "boolean"].map(Value::from).into()));
            object([("type", Some(Value::Array(["string", "number", "boolean", "array"].map(Value::from).into()))), ("items", Some(object([("type", scalars())])))])
        }
        Takes::Path { .. } => object([("type", text("string")), ("pattern", text(r"^\$"))]),
        Takes::Boolean => object([("type", text("boolean"))]),
        Takes::Integer => object([("type", text("integer"))]),
        Takes::Count => object([("type", text("integer")), ("minimum", Some(1.into())), ("maximum", Some(i64::from(u32::MAX).into()))]),
        Takes::Decimal => object([("type", text("number"))]),
        Takes::Duration => object([("type", text("string")), ("pattern", text(DURATION))]),
        Takes::Words(words) => object([("enum", Some(Value::Array(words.iter().map(|word| (*word).into()).collect())))]),
        Takes::Word(word) => object([("const", text(word))]),
        Takes::Of(element) => object([("$ref", Some(reference(element)))]),
        Takes::Choice(key, elements) => choice(key, elements),
        Takes::List(of) => object([("type", text("array")), ("items", Some(self::takes(of)))]),
        Takes::Map(of) => object([("type", text("object")), ("additionalProperties", Some(self::takes(of)))]),
        Takes::Either(several) => object([("anyOf", Some(Value::Array(several.iter().map(self::takes).collect())))]),
    }
}

/// One of several, by the word behind a key: an editor that knows the word completes the rest, and complains of that one only.
fn choice(key: &str, elements: &[&Element]) -> Value {
    let words = elements.iter().map(|element| element.name.into()).collect();
    let under = |key: &str, value: Value| Some(object([(key, Some(value))]));
    let cases = elements.iter().map(|element| {
        let named = object([("properties", under(key, object([("const", text(element.name))]))), ("required", Some(Value::Array(vec![key.into()])))]);
        object([("if", Some(named)), ("then", under("$ref", reference(element)))])
    });
    object([
        ("type", text("object")),
        ("properties", under(key, object([("enum", Some(Value::Array(words)))]))),
        ("required", Some(Value::Array(vec![key.into()]))),
        ("allOf", Some(Value::Array(cases.collect()))),
    ])
}

fn reference(element: &Element) -> Value {
    format!("#/$defs/{}", element.name).into()
}

fn text(text: &str) -> Option<Value> {
    Some(text.into())
}
