//! All records in one file: JSON, lines of JSON, CSV or XML; plain, packed, in an archive, or in other letters than usual.

use document::Value;

use super::ask::Ask;
use super::spoil::{latin1, packed};
use super::stamp::Zone;
use super::{Api, Misbehaviour, Thing, route, zip};
use crate::Answer;

/// The columns of a table.
const COLUMNS: [&str; 7] = ["id", "name", "updated_at", "price", "qty", "group", "tags"];

impl Api {
    /// `/export.{json,jsonl,csv,xml}`, each also with `.gz`, or with `encoding=gzip`; `/export.zip`, `/export-latin1.csv`, `/silent.gz`.
    pub(crate) fn export(&self, ask: &Ask, file: &str) -> Answer {
        let (things, zone) = (self.things(), ask.zone());
        match file {
            "export.zip" => return Answer::text(200, "application/zip", zip::stored("things.csv", csv(&things, zone).as_bytes())),
            "silent.gz" => return Answer::text(200, "application/json", packed(json(&things, zone).as_bytes())),
            "export-latin1.csv" => {
                let called = if ask.words.has(Misbehaviour::WrongCharset) { "text/csv" } else { "text/csv; charset=ISO-8859-1" };
                return Answer::text(200, called, latin1(&csv(&things, zone)));
            }
            _ => {}
        }
        let (plain, is_packed) = file.strip_suffix(".gz").map_or((file, false), |plain| (plain, true));
        let (called, text) = match plain {
            "export.json" => ("application/json; charset=utf-8", json(&things, zone)),
            "export.jsonl" => ("application/x-ndjson; charset=utf-8", lines(&things, zone)),
            "export.csv" => ("text/csv; charset=utf-8", csv(&things, zone)),
            "export.xml" => ("application/xml; charset=utf-8", xml(&things, zone)),
            _ => return route::nowhere(),
        };
        if is_packed {
            Answer::text(200, "application/gzip", packed(text.as_bytes()))
        } else if ask.parameter("encoding").is_some_and(|encoding| encoding == "gzip") {
            Answer::text(200, called, packed(text.as_bytes())).with("content-encoding", "gzip")
        } else {
            Answer::text(200, called, text)
        }
    }
}

fn json(things: &[Thing], zone: Zone) -> String {
    Value::Array(things.iter().map(|thing| thing.shown(zone)).collect()).to_string()
}

fn lines(things: &[Thing], zone: Zone) -> String {
    things.iter().map(|thing| format!("{}\n", thing.shown(zone))).collect()
}

/// A table with a header; tags stand in one cell, absent and null are both an empty one.
fn csv(things: &[Thing], zone: Zone) -> String {
    let rows = things.iter().map(|thing| {
        let shown = thing.shown(zone);
        let cell = |name: &str| if name == "tags" { thing.tags().join("|") } else { shown.get(name).and_then(Value::plain).unwrap_or_default() };
        COLUMNS.map(|name| quoted(&cell(name))).join(",")
    });
    std::iter::once(COLUMNS.join(",")).chain(rows).map(|row| row + "\r\n").collect()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// One element a record, the id as an attribute; null is an empty element, absent is none.
fn xml(things: &[Thing], zone: Zone) -> String {
    let rows = things.iter().map(|thing| {
        let shown = thing.shown(zone);
        let field = |name: &str| match shown.get(name) {
            None => String::new(),
            Some(value) => value.plain().map_or_else(|| format!("<{name}/>"), |text| format!("<{name}>{}</{name}>", escaped(&text))),
        };
        let tags: String = thing.tags().iter().map(|tag| format!("<tag>{tag}</tag>")).collect();
        let fields: String = ["name", "updated_at", "price", "qty", "group"].map(field).concat();
        format!("  <thing id=\"{}\">{fields}<tags>{tags}</tags></thing>\n", thing.id)
    });
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<things>\n{}</things>\n", rows.collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
