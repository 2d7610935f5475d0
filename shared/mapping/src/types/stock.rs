//! Absent is not zero: a mapping of stock levels gives no quantity where the source says none.
//!
//! Every value knows whether an operation may have made it up; this is where somebody asks.

use fault::Finding;

use super::{Notes, Shape, Type, expression::template};

/// The field of a stock level nothing may invent.
const QUANTITY: &str = "quantity";
/// What stands in tables for a value that is not there.
const BLANKS: &[&str] = &["", "-", "null", "none", "nil", "undefined", "unknown", "absent", "empty", "n/a", "na", "nan"];

/// Refuses a quantity that may be there although the source says none.
pub(crate) fn check(made: &Type, notes: &mut Notes) {
    if let Some(at) = made.member(QUANTITY).invented_inside() {
        let message = "a stock quantity may be made up where the source says none";
        notes.tell(Finding::error("mapping_stock_default", &*at, message, "let it be absent: absent is not zero, and a record without a quantity is no stock level"));
    }
}

/// Whether an expression may give a value where every field it names is absent.
#[must_use]
pub fn invents(text: &expr::Template) -> bool {
    let (shape, mut notes) = (Shape { root: Type::unknown(), record: Some(Type::unknown()), ends: false }, Notes::new());
    template(text, &shape, &mut notes).invented_inside().is_some()
}

/// Whether the key of a table stands for a value that is not there.
#[must_use]
pub fn is_blank(key: &str) -> bool {
    let key = key.trim().to_ascii_lowercase();
    BLANKS.contains(&key.as_str())
}
