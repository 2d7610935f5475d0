//! What becomes of the values that are written into a field, for whoever judges them before any record comes.

use document::{Arena, Item, Value};

use super::{Error, Pick};

impl Pick {
    /// What the default gives: it goes through the table and the cast, as what is picked does.
    ///
    /// # Errors
    /// When the table does not know it, or the cast cannot take it.
    pub fn default_made(&self) -> Result<Option<Value>, Error> {
        let Some(default) = &self.default else { return Ok(None) };
        let found = self.looked_up(Item::Tree(default), &String::new)?;
        found.map(|item| Ok(self.shaped(item, &Arena::new(), &String::new)?.to_value())).transpose()
    }

    /// What a row of the table gives: it goes through the cast.
    ///
    /// # Errors
    /// When the cast cannot take it.
    pub fn row_made(&self, row: &Value) -> Result<Value, Error> {
        Ok(self.shaped(Item::Tree(row), &Arena::new(), &String::new)?.to_value())
    }
}
