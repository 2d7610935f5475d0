//! Forms of single fields: what is a number, what is a text, what is no value, and that everything is told.

use canonical::Kind;

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
    let order = r#"{"orderId":"1","totalAmount":"598.90","currency":"EUR","lineItems":[{"sku":"A","quantity":1,"price":19.90},{"sku":2,"quantity":"many"},3],"customer":{"email":null,"firstName":false}}"#;
    assert_eq!(wrong("order", order), [
        "/totalAmount a decimal number with at most 15 digits before and 9 after the point is expected, a string was found",
        "/lineItems/1/sku a text is expected, 2 was found",
        "/lineItems/1/quantity a decimal number with at most 15 digits before and 9 after the point is expected, a string was found",
        "/lineItems/2 an object is expected, 3 was found",
        "/customer/firstName a text is expected, a boolean was found",
    ]);
    assert_eq!(wrong("product", r#"{"sku":"A","variants":{}}"#), ["/variants an array of objects is expected, an object was found"]);
}
