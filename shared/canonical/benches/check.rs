//! How long judging takes: `cargo bench -p canonical`. An order of one kilobyte and one of a hundred thousand lines, read
//! already; and what the schemas cost once, when the program starts.

use std::{fmt::Write as _, hint::black_box, time::Instant};

use canonical::{KINDS, Kind};
use document::{Limits, Parser};

/// An order as shops send them, with so many lines.
fn order(lines: usize) -> String {
    let mut text = String::from(
        r##"{"orderId":"#1001","status":"paid","currency":"EUR","totalAmount":598.94,"subtotalAmount":597.00,"taxAmount":11.94,"createdAt":"2026-01-31T08:59:12Z","updatedAt":"2026-01-31T10:01:40+01:00","pricesIncludeTax":false,
        "customer":{"customerId":"207119551","email":"ada@example.test","firstName":"Ada","lastName":"L","phone":"+46701234567"},"billingAddress":{"name":"Ada L","company":"Acme","line1":"Road 1","city":"X","postalCode":"12345","countryCode":"SE"},
        "shippingAddress":{"name":"Ada L","line1":"Road 1","city":"X","postalCode":"12345","countryCode":"SE"},"lineItems":["##,
    );
    for line in 0..lines {
        let comma = if line == 0 { "" } else { "," };
        _ = write!(text, r#"{comma}{{"lineId":"46615{line}","sku":"TEE-RED-M","title":"Tee, red, M","quantity":1,"price":199.00,"taxRatePercent":6,"taxAmount":3.98}}"#);
    }
    text + "]}"
}

/// The best of some rounds, in nanoseconds for one time.
fn best(times: u32, mut work: impl FnMut()) -> u128 {
    let round = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..times).for_each(|_| work());
        start.elapsed().as_nanos() / u128::from(times)
    };
    (0..15).map(|_| round(&mut work)).min().unwrap_or_default()
}

fn main() {
    let start = Instant::now();
    let kinds = KINDS.len();
    println!("{kinds} schemas compiled in {} µs", start.elapsed().as_micros());
    let kind = Kind::of("order").expect("a type everybody has");
    for (lines, times) in [(3, 20_000), (100_000, 3)] {
        let text = order(lines);
        let mut parser = Parser::new(Limits::default());
        let read = best(times, || _ = black_box(parser.parse(black_box(text.as_bytes())).is_ok()));
        let document = parser.parse(text.as_bytes()).expect("JSON");
        assert!(kind.check_item(document.root()).is_empty(), "the order is right");
        let judged = best(times, || assert!(black_box(kind.check_item(black_box(document.root()))).is_empty()));
        let tree = document.root().to_value();
        let judged_tree = best(times, || assert!(black_box(kind.check(black_box(&tree))).is_empty()));
        println!("{:>9} bytes, {lines:>6} lines: judged in {judged} ns ({judged_tree} ns as a tree), read in {read} ns", text.len());
    }
}
