//! Wide, flat rows of one kilobyte, as an export with sixty columns becomes when each row is an object of texts.
//!
//! Row number n is the same on every machine.

use std::io::Write;

use crate::seed::Seed;

/// What a column holds.
#[derive(Clone, Copy)]
enum Holds {
    Whole(u64),
    Decimal(u64),
    Word,
    Code,
    Day,
    Phone,
    Width,
}

use Holds::{Code, Day, Decimal, Phone, Whole, Width, Word};

const COLUMNS: [(&str, Holds); 60] = [
    ("art", Code), ("ben", Word), ("brd", Word), ("grp", Word), ("lev", Code), ("ean", Code), ("stk", Whole(40)), ("res", Whole(20)), ("min", Whole(50)), ("pac", Whole(24)),
    ("vat", Whole(26)), ("pri", Decimal(1000)), ("cst", Decimal(600)), ("wgt", Decimal(90)), ("vol", Decimal(30)), ("dsc", Decimal(40)), ("tel", Phone), ("wid", Width),
    ("sts", Word), ("usr", Code), ("ses", Code), ("tm1", Code), ("tm2", Code), ("chk", Code), ("crc", Code), ("lck", Word), ("ver", Whole(90)), ("bat", Code), ("prn", Word),
    ("col", Word), ("siz", Whole(60)), ("mat", Word), ("cou", Word), ("ori", Word), ("cus", Code), ("loc", Code), ("shf", Code), ("bin", Code), ("cat", Word), ("sub", Word),
    ("sea", Word), ("yrs", Whole(12)), ("fit", Word), ("lng", Word), ("txt", Word), ("url", Code), ("img", Code), ("inf", Word), ("crt", Day), ("upd", Day), ("own", Word),
    ("apr", Word), ("buy", Code), ("sel", Code), ("acc", Whole(9000)), ("cos", Whole(900)), ("prj", Code), ("adr", Word), ("zip", Whole(99999)), ("rem", Word),
];
const WORDS: [&str; 8] = ["Acme", "röd", "", "standard", "bomull", "Skåne län", "north 4", "ja"];

/// Writes the row of a number.
pub(super) fn row(number: u64, out: &mut Vec<u8>) {
    let seed = &mut Seed::of(2, number);
    for (at, (column, holds)) in COLUMNS.into_iter().enumerate() {
        let before = if at == 0 { '{' } else { ',' };
        write!(out, "{before}\"{column}\":\"").expect("memory takes what is written");
        value(holds, seed, out).expect("memory takes what is written");
        out.push(b'"');
    }
    out.push(b'}');
}

fn value(holds: Holds, seed: &mut Seed, out: &mut Vec<u8>) -> std::io::Result<()> {
    match holds {
        Whole(below) => write!(out, "{}", seed.within(0, below)),
        Decimal(below) => write!(out, "{}.{:02}", seed.within(0, below), seed.within(0, 100)),
        Word => out.write_all(seed.one(&WORDS).as_bytes()),
        Code => write!(out, "{}{:09}", seed.one(&["A", "KX-", "9"]), seed.within(0, 1_000_000_000)),
        Day => write!(out, "2026-{:02}-{:02}", seed.within(1, 13), seed.within(1, 29)),
        Phone => write!(out, "+46 (0){}-{} {}", seed.within(8, 99), seed.within(100, 999), seed.within(10, 99)),
        Width => write!(out, "{}{}", seed.within(10, 900), seed.one(&[" mm", "cm", " CM", ""])),
    }
}
