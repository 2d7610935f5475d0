//! Products of about four kilobytes: variants that hold inventories that hold locations, options, images.
//!
//! Record number n is the same on every machine.

use std::io::Write;

use crate::seed::Seed;

/// Writes the product of a number.
pub(super) fn product(number: u64, out: &mut Vec<u8>) {
    let seed = &mut Seed::of(3, number);
    put(out, format_args!(r#"{{"id":{},"title":"T-shirt Röd {}","#, 8_100_200_300_000 + number, number % 1000));
    put(out, format_args!(r#""body_html":"<p>Mjuk bomull, <b>ekologisk</b>.\n<a href=\"/care\">Skötselråd</a></p><ul><li>{}</li><li>{}</li></ul>","#, seed.next(), seed.next()));
    put(out, format_args!(r#""vendor_id":"{}","vendor":"Åhlström & Söner","handle":"t-shirt-{}","status":"active","#, seed.within(100, 9_999), seed.next()));
    put(out, format_args!(r#""created_at":"2025-11-04T08:15:00+01:00","updated_at":"2026-03-21T14:07:{:02}+01:00","published":true,"template":null,"#, seed.within(10, 60)));
    put(out, format_args!(r#""tags":["summer","cotton","t-shirt"],"options":[{{"name":"Color","values":["Röd","Blå"]}},{{"name":"Size","values":["S","M","L"]}}],"#));
    for at in 0..6 {
        variant(if at == 0 { r#""variants":["# } else { "," }, seed, out);
    }
    for at in 0..4 {
        let before = if at == 0 { r#"],"images":["# } else { "," };
        put(out, format_args!(r#"{before}{{"id":{},"position":{at},"src":"/files/{:016x}.jpg","alt":"Bild {at}","width":1200,"height":1600}}"#, seed.within(1_000_000, 9_999_999), seed.next()));
    }
    put(out, format_args!("]}}"));
}

fn variant(before: &str, seed: &mut Seed, out: &mut Vec<u8>) {
    let item = seed.within(1_000_000_000, 9_999_999_999);
    put(out, format_args!(r#"{before}{{"id":{item},"sku":"TEE-{:05}","title":"Röd / M","price":"{}.{:02}","compare_at":null,"#, seed.within(0, 100_000), seed.within(99, 499), seed.within(0, 100)));
    put(out, format_args!(r#""barcode":"73{:011}","weight":{{"value":0.{},"unit":"kg"}},"taxable":true,"option1":"Röd","option2":"M","#, seed.within(0, 99_999_999_999), seed.within(1, 100)));
    put(out, format_args!(r#""inventory":{{"item_id":{},"policy":"deny","tracked":true,"#, item + 1));
    put(out, format_args!(r#""locations":[{{"id":101,"name":"Butik Söder","levels":{{"available":{},"reserved":{},"incoming":0}}}},"#, seed.within(0, 90), seed.within(0, 9)));
    put(out, format_args!(r#"{{"id":102,"name":"Lager Örebro","levels":{{"available":{},"reserved":{},"incoming":{}}}}}]}}}}"#, seed.within(0, 900), seed.within(0, 90), seed.within(0, 50)));
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes what is written");
}
