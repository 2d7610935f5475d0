//! A number is its text: whatever its form, it comes out byte for byte as it went in.

use document::{Arena, Item, Limits, Parser, parse};
use proptest::prelude::*;

/// Any number JSON can write, however long.
fn number() -> impl Strategy<Value = String> {
    ("-?", "(0|[1-9][0-9]{0,40})", "(\\.[0-9]{1,40})?", "([eE][+-]?[0-9]{1,6})?").prop_map(|(sign, whole, fraction, power)| format!("{sign}{whole}{fraction}{power}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_accepted_number_is_written_as_it_was_read(numbers in proptest::collection::vec(number(), 1..20)) {
        let text = format!("{{\"a\":[{}],\"b\":{{\"c\":{}}}}}", numbers.join(","), numbers[0]);
        let mut parser = Parser::new(Limits::default());
        let doc = parser.parse(text.as_bytes()).unwrap();
        let (value, arena) = (parse(text.as_bytes(), &Limits::default()).unwrap(), Arena::new());
        let members: Vec<_> = doc.root().entries().map(|(key, item)| (arena.keep(key), item)).collect();
        for item in [doc.root(), Item::Tree(&value), arena.adopt(doc.root()), arena.map(members)] {
            let mut out = Vec::new();
            item.write(&mut out);
            prop_assert_eq!(std::str::from_utf8(&out).unwrap(), &text);
        }
        prop_assert_eq!(value.to_string(), text);
    }
}
