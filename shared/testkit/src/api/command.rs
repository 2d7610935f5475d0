//! What happens in a sample API: tests call these, or the control surface does.

use document::{Value, object};

use super::{Api, Thing};

impl Api {
    /// Changes a record at this time, adding it if it is new.
    pub fn touch(&mut self, id: i64, at_ms: i64) {
        self.kept.things.insert(id, at_ms);
    }

    /// Removes a record; false when there is none of this id.
    pub fn remove(&mut self, id: i64) -> bool {
        self.kept.things.remove(&id).is_some()
    }

    /// Every record as JSON, by id, as a list gives it.
    #[must_use]
    pub fn records(&self) -> Vec<Value> {
        self.things().into_iter().map(|thing: Thing| thing.shown(super::stamp::Zone::Utc)).collect()
    }

    /// Carries out one verb: `touch` with `id` and `at_ms`, `remove` with `id`.
    pub(crate) fn carry_out(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        let number = |key: &str| arguments.get(key).and_then(Value::as_i64).ok_or_else(|| format!("{key} is missing"));
        match verb {
            "touch" => self.touch(number("id")?, number("at_ms")?),
            "remove" if !self.remove(number("id")?) => return Err("there is no such record".to_owned()),
            "remove" => {}
            _ => return Err(format!("{verb} is not a verb of this system")),
        }
        Ok(object([("done", Some(true.into()))]))
    }
}
