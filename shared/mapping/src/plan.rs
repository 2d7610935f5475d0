//! A compiled canonical map and its application to one record.

use canonical::Key;
use document::{Path, Step, Value};

use crate::{Error, Field, field};

/// How records of one entity become one canonical type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where the key stands in the record.
    pub key: Path,
    /// The canonical fields, in order. A dotted name nests.
    pub fields: Vec<(String, Field)>,
    /// What is passed through unmapped, named by the last name of its path.
    pub extensions: Vec<Path>,
}

/// A record in canonical space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Which thing.
    pub key: Key,
    /// The canonical fields; absent ones are not there.
    pub fields: Value,
    /// What is passed through.
    pub extensions: Value,
}

impl Plan {
    /// Maps one record.
    ///
    /// # Errors
    /// What is missing or does not fit, with its path in the record and its pointer in the fields.
    pub fn apply(&self, record: &Value) -> Result<Mapped, Error> {
        let path = || self.key.text().to_owned();
        let text = record.at(&self.key).and_then(Value::plain).filter(|text| !text.trim().is_empty()).ok_or_else(|| Error::WithoutKey { path: path() })?;
        let key = Key::new(&*text).ok_or_else(|| Error::KeyTooLong { path: path(), bytes: text.len() })?;
        let fields = field::assemble(&self.fields, record, "")?;
        Ok(Mapped { key, fields, extensions: self.extensions(record) })
    }

    fn extensions(&self, record: &Value) -> Value {
        let mut out = Value::Object(Vec::new());
        for path in &self.extensions {
            let name = path.steps().iter().rev().find_map(|step| match step {
                Step::Name(name) => Some(name.as_str()),
                Step::Index(_) | Step::Each => None,
            });
            if let Some(value) = record.at(path) {
                out.set(name.unwrap_or("record"), value.clone());
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cast, OnMiss, Pick};

    fn path(text: &str) -> Path {
        Path::parse(text).unwrap()
    }

    fn plan() -> Plan {
        let pick = |text| Pick::of(path(text));
        Plan {
            key: path("$.sku"),
            fields: vec![
                ("sku".into(), Field::Pick(Pick { required: true, ..pick("$.sku") })),
                ("quantity".into(), Field::Pick(Pick { cast: Some(Cast::Integer), ..pick("$.qty") })),
                ("status".into(), Field::Pick(Pick { table: vec![("1".into(), "open".into())], on_miss: OnMiss::Error, ..pick("$.state") })),
                ("customer.email".into(), Field::Pick(pick("$.mail"))),
                ("locationId".into(), Field::Const("default".into())),
                ("lines".into(), Field::Each { path: path("$.rows[*]"), fields: vec![("price".into(), Field::Pick(Pick { required: true, cast: Some(Cast::Decimal), ..pick("$.p") }))] }),
            ],
            extensions: vec![path("$.more.note")],
        }
    }

    fn mapped(record: &str) -> String {
        match plan().apply(&document::parse_str(record).unwrap()) {
            Ok(mapped) => format!("{} {} {}", mapped.key.as_str(), mapped.fields, mapped.extensions),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn records_become_fields_and_what_is_absent_stays_absent() {
        for (record, expected) in [
            (r#"{"sku":"A"}"#, r#"A {"sku":"A","locationId":"default"} {}"#),
            (r#"{"sku":"A","qty":0}"#, r#"A {"sku":"A","quantity":0,"locationId":"default"} {}"#),
            (r#"{"sku":"A","qty":null}"#, r#"A {"sku":"A","quantity":null,"locationId":"default"} {}"#),
            (r#"{"sku":7,"mail":"a@b","rows":[{"p":"1.50"}],"more":{"note":[1]}}"#, r#"7 {"sku":7,"customer":{"email":"a@b"},"locationId":"default","lines":[{"price":1.50}]} {"note":[1]}"#),
            (r#"{"sku":"A","rows":[],"state":1}"#, r#"A {"sku":"A","status":"open","locationId":"default","lines":[]} {}"#),
            (r#"{"sku":""}"#, "no key at `$.sku`"),
            (r#"{"sku":null}"#, "no key at `$.sku`"),
            (r#"{"sku":"A","qty":"many"}"#, "the string at `$.qty` cannot become integer for `/quantity`"),
            (r#"{"sku":"A","state":2}"#, "the value at `$.state` is not in the table of `/status`"),
            (r#"{"sku":"A","rows":[{"p":1},{"p":null}]}"#, "no value at `$.p` for required `/lines/1/price`"),
        ] {
            assert_eq!(mapped(record), expected, "{record}");
        }
    }
}
