//! All records in one file, in every format.

use std::io::Read;

use document::Value;
use flate2::read::GzDecoder;
use testkit::Api;

use super::{api, get};

/// The records as the system itself lists them.
fn records(api: &testkit::Running<Api>) -> Vec<Value> {
    api.api().records()
}

fn unpacked(bytes: &[u8]) -> std::io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).map(|_| text)
}

/// The cells of a row, quotes taken off.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in row.replace("\"\"", "\u{1}").chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells.last_mut().unwrap().push(if letter == '\u{1}' { '"' } else { letter }),
        }
    }
    cells
}

/// Compares a table with the records; absent and null look alike in it.
#[track_caller]
fn assert_table(text: &str, records: &[Value]) {
    let rows: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!((rows[0], rows.len()), ("id,name,updated_at,price,qty,group,tags", records.len() + 1));
    for (row, record) in rows[1..].iter().zip(records) {
        let field = |name: &str| record.get(name).and_then(Value::plain).unwrap_or_default();
        assert_eq!(cells(row)[..6], ["id", "name", "updated_at", "price", "qty", "group"].map(field));
    }
}

#[tokio::test]
async fn json_and_lines_of_it_hold_every_record_exactly() {
    let api = api().await;
    let records = records(&api);
    assert_eq!(get(&api, "/export.json").await.body, Value::Array(records.clone()).to_string());
    let lines: Vec<String> = get(&api, "/export.jsonl").await.body.lines().map(str::to_owned).collect();
    assert_eq!(lines, records.iter().map(Value::to_string).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_table_quotes_what_it_must() {
    let api = api().await;
    let table = get(&api, "/export.csv").await;
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(table.body.contains("3,\"Nål, \"\"fin\"\" 3\",2026-01-01T07:13:07Z,39.210,0,3,\r\n"), "{}", &table.body[..400]);
    assert_table(&table.body, &records(&api));
}

#[tokio::test]
async fn xml_escapes_and_tells_null_from_absent() {
    let api = api().await;
    let xml = get(&api, "/export.xml").await.body;
    assert_eq!(xml.matches("<thing id=").count(), 250);
    let row = |id: i64| xml.lines().find(|line| line.contains(&format!("id=\"{id}\""))).unwrap().trim().to_owned();
    assert_eq!(row(4), "<thing id=\"4\"><name>Kärra &amp; &lt;hö&gt; 4</name><updated_at>2026-01-01T00:00:00Z</updated_at><price>52.280</price><qty>4</qty><group>4</group><tags><tag>new</tag></tags></thing>");
    assert_eq!((row(1).contains("<qty"), row(2).contains("<qty/>"), row(3).contains("<qty>0</qty><group>3</group><tags></tags>")), (false, true, true));
}

#[tokio::test]
async fn each_format_is_packed_as_a_file_or_on_the_way() {
    let api = api().await;
    for format in ["json", "jsonl", "csv", "xml"] {
        let plain = get(&api, &format!("/export.{format}")).await.body;
        let file = get(&api, &format!("/export.{format}.gz")).await;
        assert_eq!((file.header("content-type"), file.header("content-encoding")), (Some("application/gzip"), None));
        assert_eq!(unpacked(&file.bytes).unwrap(), plain);
        let on_the_way = get(&api, &format!("/export.{format}?encoding=gzip")).await;
        assert_eq!((on_the_way.header("content-encoding"), unpacked(&on_the_way.bytes).unwrap()), (Some("gzip"), plain));
        let broken = get(&api, &format!("/export.{format}.gz?misbehave=truncated_gzip")).await;
        assert!(broken.bytes == file.bytes[..file.bytes.len() / 2] && unpacked(&broken.bytes).is_err());
    }
    let silent = get(&api, "/silent.gz").await;
    assert_eq!((silent.header("content-type"), silent.header("content-encoding")), (Some("application/json"), None));
    assert_eq!(unpacked(&silent.bytes).unwrap(), get(&api, "/export.json").await.body);
    assert_eq!(get(&api, "/export.pdf").await.status, 404);
}

#[tokio::test]
async fn an_archive_holds_the_table_and_is_well_formed() {
    let api = api().await;
    let archive = get(&api, "/export.zip").await.bytes;
    let table = get(&api, "/export.csv").await.bytes;
    let number = |at: usize, size: usize| archive[at..at + size].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte));
    let end = archive.len() - 22;
    let directory = number(end + 16, 4);
    assert_eq!((&archive[..4], &archive[directory..directory + 4], &archive[end..end + 4]), (&b"PK\x03\x04"[..], &b"PK\x01\x02"[..], &b"PK\x05\x06"[..]));
    assert_eq!((number(end + 8, 2), number(end + 10, 2), number(end + 12, 4), number(end + 20, 2)), (1, 1, end - directory, 0));
    let (name, method) = (number(26, 2), number(8, 2));
    assert_eq!((&archive[30..30 + name], method, number(18, 4), number(28, 2)), (&b"things.csv"[..], 0, table.len(), 0));
    assert_eq!(archive[30 + name..directory], table);
    let mut crc = flate2::Crc::new();
    crc.update(&table);
    assert_eq!((number(14, 4), number(directory + 16, 4), number(directory + 28, 2), number(directory + 42, 4)), (crc.sum() as usize, crc.sum() as usize, name, 0));
}

#[tokio::test]
async fn letters_of_another_set_are_announced_or_not() {
    let api = api().await;
    let table = get(&api, "/export.csv").await.body;
    for (query, called) in [("", "text/csv; charset=ISO-8859-1"), ("?misbehave=wrong_charset", "text/csv")] {
        let reply = get(&api, &format!("/export-latin1.csv{query}")).await;
        assert_eq!(reply.header("content-type"), Some(called));
        assert_eq!(reply.bytes.iter().map(|byte| char::from(*byte)).collect::<String>(), table);
    }
}
