//! The forms of canonical fields: what a value must be for every destination to mean the same by it.
//!
//! Asked by [`Kind::check`](crate::Kind::check). It judges and never converts: a number in a text is a text here. Null says
//! that there is no value, and has no form.

use document::{Number, Value};
use fault::Finding;

/// Digits before and after the point, by value.
const WHOLE_DIGITS: i64 = 15;
const FRACTION_DIGITS: i64 = 9;
/// So much of a number is repeated to who sent it.
const SHOWN_BYTES: usize = 40;

/// A field and its form.
pub(crate) type Field = (&'static str, Form);

/// What a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text.
    Text,
    /// An exact decimal number: of things that are counted, weighed or paid.
    Decimal,
    /// An object; those of these fields that are there have a form.
    Record(&'static [(&'static str, Form)]),
    /// An array of such objects.
    List(&'static [(&'static str, Form)]),
}

impl Form {
    fn expected(self) -> String {
        match self {
            Form::Text => "a text".to_owned(),
            Form::Decimal => format!("a decimal number with at most {WHOLE_DIGITS} digits before and {FRACTION_DIGITS} after the point"),
            Form::Record(_) => "an object".to_owned(),
            Form::List(_) => "an array of objects".to_owned(),
        }
    }

    /// Adds what is wrong with a value, and with everything in it.
    fn judge(self, value: &Value, pointer: &str, findings: &mut Vec<Finding>) {
        match (self, value) {
            (_, Value::Null) | (Form::Text, Value::String(_)) => {}
            (Form::Decimal, Value::Number(number)) if is_exact(number) => {}
            (Form::Record(fields), Value::Object(_)) => judge(fields, value, pointer, findings),
            (Form::List(fields), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    Form::Record(fields).judge(item, &format!("{pointer}/{index}"), findings);
                }
            }
            _ => {
                let message = format!("{} is expected, {} was found", self.expected(), found(value));
                findings.push(Finding::error("canonical_invalid", pointer, message, "cast the value to the form that is expected, or leave the field out"));
            }
        }
    }
}

/// Adds what is wrong with the fields of an object that are there.
pub(crate) fn judge(fields: &[Field], value: &Value, pointer: &str, findings: &mut Vec<Finding>) {
    for (name, form) in fields {
        if let Some(value) = value.get(name) {
            form.judge(value, &format!("{pointer}/{name}"), findings);
        }
    }
}

/// What was found; of a text only that it is one, for it may hold anything.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Number(number) if number.text().len() > SHOWN_BYTES => format!("{}…", &number.text()[..SHOWN_BYTES]),
        Value::Number(number) => number.text().to_owned(),
        Value::Array(_) | Value::Object(_) => format!("an {}", value.kind()),
        Value::Bool(_) | Value::String(_) => format!("a {}", value.kind()),
    }
}

/// Whether a number is one that decimals everywhere can hold: judged by its value, however it is written.
fn is_exact(number: &Number) -> bool {
    let normal = number.normalised();
    let digits = normal.trim_start_matches('-');
    let (digits, power) = digits.split_once('e').map_or((digits, Some(0)), |(digits, power)| (digits, power.parse::<i64>().ok()));
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    power.is_some_and(|power| power >= -FRACTION_DIGITS && length.saturating_add(power) <= WHOLE_DIGITS)
}

#[cfg(test)]
mod tests {
    use crate::Kind;

    fn wrong(kind: &str, fields: &str) -> Vec<String> {
        let findings = Kind::of(kind).unwrap().check(&document::parse_str(fields).unwrap());
        findings.into_iter().map(|finding| format!("{} {}", finding.pointer, finding.message)).collect()
    }

    #[test]
    fn a_quantity_is_an_exact_number() {
        for quantity in ["0", "-3", "7", "7.10", "1.50", "1e3", "100e-2", "123456789012345", "0.123456789", "123456789012345.123456789", "1.0000000000000000000"] {
            assert_eq!(wrong("stocklevel", &format!(r#"{{"sku":"A","quantity":{quantity}}}"#)), Vec::<String>::new(), "{quantity}");
        }
        for (quantity, found) in [
            (r#""x""#, "a string"), (r#""7""#, "a string"), (r#""""#, "a string"), ("true", "a boolean"), ("[1]", "an array"), ("{}", "an object"), ("1e400", "1e400"), ("1E99999999999999999999", "1E99999999999999999999"),
            ("1e-10", "1e-10"), ("1234567890123456", "1234567890123456"), ("0.1234567891", "0.1234567891"),
        ] {
            let says = format!("/quantity a decimal number with at most 15 digits before and 9 after the point is expected, {found} was found");
            assert_eq!(wrong("stocklevel", &format!(r#"{{"sku":"A","quantity":{quantity}}}"#)), [says], "{quantity}");
        }
        let long = format!("1{}", "0".repeat(99));
        assert!(wrong("stocklevel", &format!(r#"{{"sku":"A","quantity":{long}}}"#))[0].len() < 200, "a number is not repeated whole");
    }

    #[test]
    fn a_text_is_a_text_and_null_is_no_value() {
        assert_eq!(wrong("stocklevel", r#"{"sku":7,"quantity":1,"locationId":null}"#), ["/sku a text is expected, 7 was found"]);
        assert_eq!(wrong("stocklevel", r#"{"sku":"A","quantity":null}"#), ["/quantity stocklevel needs `quantity`"]);
        assert_eq!(wrong("contact", r#"{"email":"a@example.test","name":{"first":"A"},"anything":[1]}"#), ["/name a text is expected, an object was found"]);
    }

    #[test]
    fn what_is_inside_is_looked_at_and_everything_is_told() {
        let order = r#"{"orderId":"1","totalAmount":"598.90","lineItems":[{"sku":"A","quantity":1,"price":19.90},{"sku":2,"quantity":"many"},3],"customer":{"email":null,"firstName":false}}"#;
        assert_eq!(wrong("order", order), [
            "/totalAmount a decimal number with at most 15 digits before and 9 after the point is expected, a string was found",
            "/lineItems/1/sku a text is expected, 2 was found",
            "/lineItems/1/quantity a decimal number with at most 15 digits before and 9 after the point is expected, a string was found",
            "/lineItems/2 an object is expected, 3 was found",
            "/customer/firstName a text is expected, a boolean was found",
        ]);
        assert_eq!(wrong("product", r#"{"sku":"A","variants":{}}"#), ["/variants an array of objects is expected, an object was found"]);
    }
}
