//! One page of records in every shape a list comes in.

use document::{Value, object};

use super::ask::Ask;
use super::thing::{GROUPS, group};
use super::{Api, route};
use crate::Answer;

/// The fields of the shapes that are tables.
const COLUMNS: [&str; 6] = ["id", "name", "updated_at", "price", "qty", "group"];

impl Api {
    /// `/shapes/{shape}?limit=`: the first records.
    pub(crate) fn shape(&self, ask: &Ask, shape: &str) -> Result<Answer, String> {
        let size = ask.size("limit")?;
        let rows: Vec<Value> = self.things().into_iter().take(size).map(|thing| thing.shown(ask.zone())).collect();
        let shown = match shape {
            "array" => Value::Array(rows),
            "object-keyed" => object([("things", Some(Value::Object(rows.iter().map(|row| (plain(row, "id"), without(row, "id"))).collect())))]),
            "header-rows" => {
                let header = Value::Array(COLUMNS.map(Value::from).into());
                let cells = rows.iter().map(|row| Value::Array(COLUMNS.map(|name| cell(row, name)).into()));
                object([("rows", Some(Value::Array(std::iter::once(header).chain(cells).collect())))])
            }
            "parallel" => Value::Object(COLUMNS.map(|name| (name.to_owned(), Value::Array(rows.iter().map(|row| cell(row, name)).collect()))).into()),
            "nested" => nested(&rows),
            "jsonapi" => jsonapi(&rows),
            "strings" => object([("names", Some(Value::Array(rows.iter().map(|row| cell(row, "name")).collect())))]),
            "single" => rows.into_iter().next().map_or(Value::Null, |row| object([("thing", Some(row))])),
            "encoded" => object([("d", Some(Value::Array(rows).to_string().into()))]),
            _ => return Ok(route::nowhere()),
        };
        Ok(Answer::json(200, &shown))
    }
}

/// Groups that hold their things; one holds none.
fn nested(rows: &[Value]) -> Value {
    let groups = GROUPS.map(|id| {
        let things = rows.iter().filter(|row| plain(row, "group") == id.to_string()).map(|row| without(row, "group"));
        let mut group = group(id);
        group.set("things", Value::Array(things.collect()));
        group
    });
    object([("result", Some(object([("groups", Some(Value::Array(groups.into())))])))])
}

/// Resources with their attributes apart, and the groups they belong to beside them.
fn jsonapi(rows: &[Value]) -> Value {
    let named = |kind: &str, id: String| [("type", Some(kind.into())), ("id", Some(id.into()))];
    let data = rows.iter().map(|row| {
        let [kind, id] = named("thing", plain(row, "id"));
        let belongs = object([("group", Some(object([("data", Some(object(named("group", plain(row, "group")))))])))]);
        object([kind, id, ("attributes", Some(without(&without(row, "id"), "group"))), ("relationships", Some(belongs))])
    });
    let included = GROUPS.map(|id| {
        let [kind, name] = named("group", id.to_string());
        object([kind, name, ("attributes", Some(without(&group(id), "id")))])
    });
    object([("data", Some(Value::Array(data.collect()))), ("included", Some(Value::Array(included.into())))])
}

fn plain(row: &Value, name: &str) -> String {
    row.get(name).and_then(Value::plain).unwrap_or_default()
}

/// A cell of a table, which cannot be absent.
fn cell(row: &Value, name: &str) -> Value {
    row.get(name).cloned().unwrap_or(Value::Null)
}

fn without(row: &Value, name: &str) -> Value {
    Value::Object(row.entries().unwrap_or_default().iter().filter(|(key, _)| key != name).cloned().collect())
}
