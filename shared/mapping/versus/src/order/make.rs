//! Orders of about one kilobyte, as a shop sends them: amounts as text, dates in two forms, escapes, and much that nobody maps.
//!
//! Record number n is the same on every machine.

use std::io::Write;

use crate::seed::Seed;

const FIRST: [&str; 8] = ["Åsa", "Björn", "Clara", "David", "Elin", "Fatima", "Göran", "Hanna"];
const LAST: [&str; 8] = ["Lindqvist", "Öberg", "Nilsson", "Sjöström", "Ek", "Haddad", "Karlsson", "Wahlgren"];
const MAIL: [&str; 8] = ["Asa", "bjorn", "CLARA", "David", "elin", "Fatima", "Goran", "Hanna"];
const STREETS: [&str; 6] = ["Storgatan", "Västra Hamngatan", "Kungsgatan", "Östra Långgatan", "Parkvägen", "Sankt Eriksgatan"];
const CITIES: [&str; 6] = ["Stockholm", "Göteborg", "Malmö", "Umeå", "Örebro", "Lund"];
const TITLES: [&str; 6] = ["T-shirt, röd", "Mug \\\"Morning\\\"", "Poster 50\\u00d770", "Socks/3-pack", "Tote bag", "Notebook A5 – ruled"];
const NOTES: [&str; 5] = ["Leave it at the \\\"back\\\" door.\\nRing twice — thank you 🙏", "", "Gift: please wrap", "Inget kvitto i paketet, tack!\\r\\nHälsningar", "c/o Åkesson \\\\ 3 tr"];
const STATUS: [&str; 4] = ["paid", "pending", "refunded", "partially_paid"];
const TAGS: [&str; 6] = ["vip", "summer", "repeat", "b2b", "café", "first-order"];

/// Writes the order of a number.
pub(super) fn order(number: u64, out: &mut Vec<u8>) {
    let seed = &mut Seed::of(1, number);
    head(number, seed, out);
    people(seed, out);
    lines(seed, out);
    rest(seed, out);
}

fn head(number: u64, seed: &mut Seed, out: &mut Vec<u8>) {
    let (day, month, hour, minute) = (seed.within(1, 29), seed.within(1, 13), seed.within(6, 23), seed.within(0, 60));
    put(out, format_args!(r##"{{"id":{},"order_number":"#{}","status":"{}","##, 7_301_842_000_000_000 + number, 10_000 + number, seed.one(&STATUS)));
    put(out, format_args!(r#""created":"{day:02}/{month:02}/2026 {hour:02}:{minute:02}","#));
    put(out, format_args!(r#""updated_at":"2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}+0{}:00","#, seed.within(0, 60), seed.within(0, 4)));
    put(out, format_args!(r#""item_count":"{}","weight_grams":"{}","#, seed.within(1, 12), seed.within(80, 12_000)));
    put(out, format_args!(r#""total":"{}.{:02}","shipping":"{}.{}0","currency":"{}","#, seed.within(20, 2_500), seed.within(0, 100), seed.within(0, 99), seed.within(0, 10), seed.one(&["SEK", "EUR", "NOK"])));
}

fn people(seed: &mut Seed, out: &mut Vec<u8>) {
    let at = seed.within(0, 8);
    let at = usize::try_from(at).expect("below eight");
    put(out, format_args!(r#""customer":{{"id":{},"first":"{}","last":"{}","#, seed.within(100_000, 999_999), FIRST[at], seed.one(&LAST)));
    put(out, format_args!(r#""email":"{}.{}@Example.COM","phone":"+46 70 {} {}"}},"#, MAIL[at], seed.within(10, 99), seed.within(100, 999), seed.within(1000, 9999)));
    put(out, format_args!(r#""address":{{"street":"{} {}","zip":"{} {}","#, seed.one(&STREETS), seed.within(1, 120), seed.within(100, 999), seed.within(10, 99)));
    put(out, format_args!(r#""city":"{}","region":"{}","country":"{}"}},"#, seed.one(&CITIES), seed.one(&["AB", "M", "O"]), seed.one(&["SE", "NO", "FI"])));
    put(out, format_args!(r#""warehouse":"W{:03}","tags":"{},{},{}","#, seed.within(0, 200), seed.one(&TAGS), seed.one(&TAGS), seed.one(&TAGS)));
}

fn lines(seed: &mut Seed, out: &mut Vec<u8>) {
    for (at, before) in [r#""lines":["#, ",", ","].into_iter().enumerate() {
        // One line in ten was cancelled.
        let quantity = if seed.within(0, 10) == 0 { 0 } else { seed.within(1, 9) };
        put(out, format_args!(r#"{before}{{"sku":"TEE-{:04}-{at}","title":"{}","#, seed.within(0, 10_000), seed.one(&TITLES)));
        put(out, format_args!(r#""qty":"{quantity}","price":"{}.{:02}","tax":"{}"}}"#, seed.within(5, 900), seed.within(0, 100), seed.one(&["25", "12", "6"])));
    }
    put(out, format_args!("],"));
}

fn rest(seed: &mut Seed, out: &mut Vec<u8>) {
    put(out, format_args!(r#""note":"{}","gateway":"{}","#, seed.one(&NOTES), seed.one(&["card", "swish", "invoice"])));
    put(out, format_args!(r#""token":"{:016x}","risk":0.{:02},"#, seed.next(), seed.within(1, 100)));
    put(out, format_args!(r#""landing":"/collections/summer?utm_source=mail&id={}","#, seed.within(1000, 9999)));
    put(out, format_args!(r#""client":{{"ip":"10.{}.{}.7","agent":"Mozilla/5.0 (X11)"}},"#, seed.within(0, 256), seed.within(0, 256)));
    put(out, format_args!(r#""taxes_included":{},"cancelled_at":null,"#, seed.within(0, 2) == 0));
    put(out, format_args!(r#""attributes":[{{"name":"gift","value":"{}"}},{{"name":"slot","value":{}}}]}}"#, seed.one(&["yes", "no"]), seed.within(1, 30)));
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes what is written");
}
