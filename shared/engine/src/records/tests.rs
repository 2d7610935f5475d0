//! Walks the corpus, a file an answer and what is read out of it; and what holds for all answers.

use std::{fs, path::Path, sync::Arc};

use connector::{Connector, Draft, Records};
use document::{Arena, Fuel, Item, Limits, Parser, Value, parse_str};

use fault::Simple;

use super::{Each, STEPS, named};

/// One file: how it is read, what is read, and the records or the code that come of it.
struct Case {
    name: String,
    connector: Arc<Connector>,
    answer: Value,
    expected: Result<Vec<Value>, String>,
}

impl Case {
    fn records(&self) -> &Records {
        records(&self.connector)
    }
}

/// A connector that reads records so; without a word, as they stand.
#[track_caller]
fn reading(records: &str) -> Arc<Connector> {
    let definition = format!(r#"{{"metadata":{{"slug":"a","type":"source"}},"entities":{{"thing":{{"read":{{"request":{{"url":"https://api.example.com/"}},"records":{records}}}}}}}}}"#);
    let report = Draft::parse(&definition.replace(r#","records":null"#, "")).unwrap().check();
    Arc::new(report.into_checked().unwrap_or_else(|report| panic!("{records}: {:?}", report.findings())))
}

fn records(connector: &Connector) -> &Records {
    &connector.entity("thing").unwrap().read.as_ref().unwrap().records
}

/// The records of an answer, of paths that take no names from elsewhere.
fn visit<'a>(answer: Item<'a>, records: &'a Records, arena: &'a Arena, fuel: &Fuel, each: Each<'_, 'a>) -> Result<usize, Simple> {
    super::visit(answer, records, &named(records, |_| Ok(None))?, arena, fuel, each).map(|stood| stood.len())
}

fn corpus() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/records");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let case = parse_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let expected = match case.get("expect") {
            Some(expect) => Ok(expect.items().unwrap().to_vec()),
            None => Err(case.get("code").and_then(Value::as_str).unwrap_or_else(|| panic!("{name} expects nothing")).to_owned()),
        };
        let connector = reading(&case.get("records").map_or("null".to_owned(), ToString::to_string));
        Case { name, connector, answer: case.get("answer").unwrap().clone(), expected }
    }).collect()
}

/// What is read out of an answer, for so many steps; the count is that of what was shown, unless it is expanded or left out.
fn read(answer: Item<'_>, records: &Records, steps: u32) -> Result<Vec<Value>, String> {
    let (arena, fuel) = (Arena::new(), Fuel::new(steps));
    let mut found = Vec::new();
    let count = visit(answer, records, &arena, &fuel, &mut |record| {
        found.push(record.to_value());
        Ok(())
    }).map_err(|fault| fault.code.to_owned())?;
    assert!(count == found.len() || !records.expand.is_empty() || !records.dedupe.is_empty(), "{count} {}", found.len());
    Ok(found)
}

/// The same of the answer as a text, which is how pages come.
fn parsed(answer: &str, records: &Records) -> Result<Vec<Value>, String> {
    let mut parser = Parser::new(Limits::default());
    read(parser.parse(answer.as_bytes()).unwrap().root(), records, STEPS)
}

/// Equal by value: `1.50` is `1.5`, and the order of members does not matter.
#[track_caller]
fn same(found: &Result<Vec<Value>, String>, expected: &Result<Vec<Value>, String>, name: &str) {
    let equal = match (found, expected) {
        (Ok(found), Ok(expected)) => found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| Item::from(found) == Item::from(expected)),
        (found, expected) => found == expected,
    };
    let told = |read: &Result<Vec<Value>, String>| read.as_ref().map(|records| records.iter().map(ToString::to_string).collect::<Vec<_>>()).map_err(Clone::clone);
    assert!(equal, "{name}: {:?} instead of {:?}", told(found), told(expected));
}

#[test]
fn answers_give_the_records_of_the_corpus_parsed_and_as_trees() {
    let corpus = corpus();
    assert!(corpus.len() >= 45, "{}", corpus.len());
    for case in corpus {
        same(&parsed(&case.answer.to_string(), case.records()), &case.expected, &case.name);
        same(&read(Item::from(&case.answer), case.records(), STEPS), &case.expected, &case.name);
    }
}

#[test]
fn a_list_gives_each_record_as_it_would_be_by_itself() {
    let answers: Vec<String> = corpus().iter().map(|case| case.answer.to_string()).collect();
    let page = format!(r#"{{"page":{{"items":[{}]}}}}"#, answers.join(" , "));
    for path in [r#"{"path":"$.page.items"}"#, r#"{"path":"$.page.items[*]"}"#, r#"{"path":["$.none","$.page.items"]}"#, r#"{"path":["$.none","$.page.items[*]"],"mode":"union"}"#] {
        let connector = reading(path);
        let found = parsed(&page, records(&connector)).unwrap();
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), answers, "{path}");
    }
}

#[test]
fn no_answer_and_no_lack_of_steps_ends_in_a_panic_or_in_part_of_the_records() {
    let corpus = corpus();
    let odd = ["null", "0", "\"\"", "[]", "{}", "[null]", "[[[]]]", r#"{"data":{"data":[{"data":[]}]},"included":[[],{},null],"rows":[[]],"list":{"":{"":[]}}}"#].map(|text| parse_str(text).unwrap());
    for case in &corpus {
        for answer in corpus.iter().map(|case| &case.answer).chain(&odd) {
            if let Err(code) = read(Item::from(answer), case.records(), STEPS) {
                assert_eq!(code, "definition_records", "{}", case.name);
            }
        }
        for steps in 0..64 {
            match read(Item::from(&case.answer), case.records(), steps) {
                Err(code) if code == "fuel_spent" => {}
                found => same(&found, &case.expected, &case.name),
            }
        }
    }
}

#[test]
fn what_a_page_makes_of_little_ends_with_its_steps() {
    let page = format!(r#"{{"note":"{}","rows":[{}]}}"#, "x".repeat(1_000_000), vec!["[1]"; 10_000].join(","));
    let wide = format!(r#"{{"names":["{}"],"rows":[{}]}}"#, "x".repeat(1_000_000), vec!["[1]"; 10_000].join(","));
    let nested = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    for (element, answer) in [
        (r#"{"path":"$","expand":"$.rows","wrap":"row","keep":{"note":"$.note"}}"#, page.as_str()),
        (r#"{"zip":{"columns":"$.names","rows":"$.rows"}}"#, wide.as_str()),
        (r#"{"path":"$","expand":["$..*","$..*","$..*","$..*","$..*","$..*"]}"#, nested.as_str()),
        (r#"{"path":"$","expand":["$['rows','rows','rows','rows'][*]","$[0,0,0,0,0,0,0,0]","$"]}"#, &format!(r#"{{"rows":[{}]}}"#, vec!["[1]"; 50_000].join(","))),
    ] {
        let connector = reading(element);
        assert_eq!(parsed(answer, records(&connector)), Err("fuel_spent".to_owned()), "{element}");
    }
}

#[test]
fn a_page_without_a_shape_costs_no_steps_and_no_memory() {
    let connector = reading(r#"{"path":"$.items"}"#);
    let answer = parse_str(r#"{"items":[{"id":1},{"id":2}]}"#).unwrap();
    let (arena, fuel) = (Arena::new(), Fuel::new(0));
    assert_eq!(visit(Item::from(&answer), records(&connector), &arena, &fuel, &mut |_| Ok(())).unwrap(), 2);
    assert_eq!(arena.bytes(), 0);
}

#[test]
fn what_pages_count_is_what_stands_in_the_answer_before_it_is_expanded_or_left_out() {
    let answer = parse_str(r#"{"items":[{"id":1,"parts":[1,2,3]},{"id":1,"parts":[]}]}"#).unwrap();
    for (element, shown) in [(r#"{"path":"$.items"}"#, 2), (r#"{"path":"$.items","expand":"$.parts","wrap":"part"}"#, 3), (r#"{"path":"$.items","dedupe":"$.id"}"#, 1)] {
        let (connector, mut seen) = (reading(element), 0);
        let count = visit(Item::from(&answer), records(&connector), &Arena::new(), &Fuel::default(), &mut |_| {
            seen += 1;
            Ok(())
        });
        assert_eq!((count.unwrap(), seen), (2, shown), "{element}");
    }
}

#[test]
fn who_is_shown_records_may_end_it() {
    let connector = reading("null");
    let answer = parse_str("[1,2,3]").unwrap();
    let mut seen = 0;
    let ended = visit(Item::from(&answer), records(&connector), &Arena::new(), &Fuel::default(), &mut |_| {
        seen += 1;
        if seen == 2 { Err(fault::Simple::reject("fuel_spent", "enough")) } else { Ok(()) }
    });
    assert_eq!((ended.unwrap_err().code, seen), ("fuel_spent", 2));
}
