//! The page: every element with its keys, where it stands, and how the corpus uses it.

use std::fmt::Write;

use connector::{ROOT, offers::{NAMES, Name, OFFERS}, shape::{Element, Takes}};
use document::Value;

use crate::{BLESS, corpus, json, uses};

/// An example that is longer is not told.
const LONGEST: usize = 600;

const BEFORE: &str = "
What a definition is made of: each element with its keys, from the whole document down. A key that is not listed is a finding, and so
is one that is required and absent. `definition.schema.json` says the same to editors: name it behind `$schema`.

| word | is |
|---|---|
| text | a text as it stands |
| template | a text with expressions between `{{` and `}}`; a single one keeps the type of its value |
| JSON with templates | any JSON value, with expressions in its texts; what is absent is left out |
| value | a text with expressions, a number or a boolean |
| path | a place by RFC 9535, such as `$.data.orders`; it may name many values unless it says one |
| duration | ISO 8601 of days, hours, minutes and seconds: `PT5M`, `P1D` |
| by name: … | an object whose keys the author chooses |
";

/// The whole page.
pub(crate) fn page() -> String {
    let elements = ROOT.all();
    let accepted = corpus::accepted();
    let used: Vec<_> = accepted.iter().flat_map(|(_, definition)| uses::of(definition)).collect();
    let names: Vec<_> = elements.iter().map(|element| link(element)).collect();
    let mut out = format!("# The definition language\n\n<!-- made of the code: {BLESS} -->\n{BEFORE}\nElements: {}\n", names.join(", "));
    out.push_str(&names_by_place());
    for element in &elements {
        _ = write!(out, "\n## {}\n\n{}", element.name, element.doc);
        let around: Vec<_> = elements.iter().filter(|other| other.keys.iter().any(|key| key.takes.elements().iter().any(|named| std::ptr::eq(*named, *element)))).map(|element| link(element)).collect();
        if !around.is_empty() {
            _ = write!(out, " Stands in {}.", around.join(", "));
        }
        out.push_str("\n\n| key | takes | means |\n|---|---|---|\n");
        for key in element.keys {
            let doc = if key.doc.is_empty() { "What it is." } else { key.doc };
            _ = writeln!(out, "| `{}`{} | {} | {} |", key.name, if key.required { ", required" } else { "" }, cell(&takes(&key.takes)), cell(doc));
        }
        let values = used.iter().filter(|used| std::ptr::eq(used.element, *element)).map(|used| used.value);
        if let Some(value) = example(values) {
            _ = write!(out, "\n```json\n{}```\n", json::pretty(value));
        }
    }
    out
}

/// Which names expressions may use, by the place where they stand.
fn names_by_place() -> String {
    let mut out = "\n## Names in expressions\n\nWhich names may stand between `{{` and `}}` depends on the place.\n\n| place | names |\n|---|---|\n".to_owned();
    for offer in OFFERS {
        _ = writeln!(out, "| {} | {} |", offer.place, offer.written().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "));
    }
    out.push_str("\n| name | is |\n|---|---|\n");
    for Name { name, doc } in NAMES {
        _ = writeln!(out, "| `{name}` | {doc} |");
    }
    out
}

/// The use with the most keys; of these the shortest.
fn example<'v>(values: impl Iterator<Item = &'v Value>) -> Option<&'v Value> {
    let length = |value: &Value| value.to_string().len();
    values.filter(|value| length(value) <= LONGEST).min_by_key(|value| (std::cmp::Reverse(value.entries().map_or(0, <[_]>::len)), length(value)))
}

fn link(element: &Element) -> String {
    format!("[`{0}`](#{0})", element.name)
}

fn takes(takes: &Takes) -> String {
    let all = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match takes {
        Takes::Text => "text".to_owned(),
        Takes::Template => "template".to_owned(),
        Takes::Tree => "JSON with templates".to_owned(),
        Takes::Values => "value, or list of values".to_owned(),
        Takes::Path { singular } => if *singular { "path to one value" } else { "path" }.to_owned(),
        Takes::Any => "any JSON".to_owned(),
        Takes::Boolean => "true or false".to_owned(),
        Takes::Integer => "whole number".to_owned(),
        Takes::Count => "whole number above 0".to_owned(),
        Takes::Decimal => "number".to_owned(),
        Takes::Duration => "duration".to_owned(),
        Takes::Words([word]) | Takes::Word(word) => format!("`{word}`"),
        Takes::Words(words) => format!("one of {}", all(words)),
        Takes::Of(element) => link(element),
        Takes::Choice(key, elements) => format!("by its `{key}`: {}", elements.iter().map(|element| link(element)).collect::<Vec<_>>().join(", ")),
        Takes::List(of) => format!("list of {}", self::takes(of)),
        Takes::Map(of) => format!("by name: {}", self::takes(of)),
        Takes::Either(several) => several.iter().map(self::takes).collect::<Vec<_>>().join(" or "),
    }
}

/// A text in a cell: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
