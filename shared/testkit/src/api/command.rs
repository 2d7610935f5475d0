//! What happens in a sample API: tests call these, or the control surface does.

use document::{Value, object};

use super::stamp::Zone;
use super::Api;

/// The largest id of a record.
const LAST_ID: i64 = 1_000_000_000_000;
/// No record changes after the year 2099.
const LAST_MS: i64 = 4_102_444_800_000;

impl Api {
    /// Changes a record at this time, adding it if it is new; false when the id or the time is none a record can have.
    pub fn touch(&mut self, id: i64, at_ms: i64) -> bool {
        let can_be = (1..=LAST_ID).contains(&id) && (0..=LAST_MS).contains(&at_ms);
        if can_be {
            self.kept.things.insert(id, at_ms);
        }
        can_be
    }

    /// Removes a record; false when there is none of this id.
    pub fn remove(&mut self, id: i64) -> bool {
        self.kept.things.remove(&id).is_some()
    }

    /// Every record as JSON, by id, as a list gives it.
    #[must_use]
    pub fn records(&self) -> Vec<Value> {
        self.things().into_iter().map(|thing| thing.shown(Zone::Utc)).collect()
    }

    /// Carries out one verb: `touch` with `id` and `at_ms`, `remove` with `id`.
    pub(crate) fn carry_out(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        let number = |key: &str| arguments.get(key).and_then(Value::as_i64).ok_or_else(|| format!("{key} is missing"));
        match verb {
            "touch" if self.touch(number("id")?, number("at_ms")?) => {}
            "remove" if self.remove(number("id")?) => {}
            "touch" | "remove" => return Err("there is no such record, nor can there be".to_owned()),
            _ => return Err(format!("{verb} is not a verb of this system")),
        }
        Ok(object([("done", Some(true.into()))]))
    }
}
