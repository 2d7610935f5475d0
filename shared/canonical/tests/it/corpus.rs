//! Walks the corpus: what is right passes without a word, and everything that is said of the rest is a snapshot.

use canonical::Kind;
use document::{Item, Value, parse_str};

use super::{files, told};

/// What is said of the fields a file holds, by the schema it names: errors first, then warnings.
fn judged(text: &str) -> (String, String) {
    let document = parse_str(text).expect("the corpus is JSON");
    let name = document.get("type").and_then(Value::as_str).expect("a type");
    let version = document.get("version").and_then(Value::as_i64).map_or(1, |version| u32::try_from(version).expect("a version"));
    match Kind::at(name, version) {
        Ok(kind) => {
            let fields = document.get("fields").expect("fields");
            (told(&kind.check(fields)), told(&kind.lint(Item::Tree(fields))))
        }
        Err(finding) => (told(&[finding]), String::new()),
    }
}

#[test]
fn what_is_right_passes_without_a_word() {
    for (name, text) in files("corpus/accept") {
        assert_eq!(judged(&text), (String::new(), String::new()), "{name}");
    }
}

#[test]
fn what_is_wrong_is_told_all_at_once_with_its_place() {
    for (name, text) in files("corpus/reject") {
        let (errors, warnings) = judged(&text);
        assert!(!errors.is_empty(), "{name} is accepted");
        insta::assert_snapshot!(name, errors + &warnings);
    }
}

#[test]
fn what_is_doubtful_is_accepted_with_a_warning() {
    for (name, text) in files("corpus/doubt") {
        let (errors, warnings) = judged(&text);
        assert_eq!(errors, "", "{name}");
        insta::assert_snapshot!(format!("doubt-{name}"), warnings);
    }
}

#[test]
fn of_very_many_violations_a_hundred_are_told_and_the_rest_counted() {
    for (lines, told, last) in [(99, 99, "/lineItems/98"), (100, 100, "/lineItems/99"), (101, 101, ""), (50_000, 101, "")] {
        let order = parse_str(&format!(r#"{{"orderId":"1","lineItems":[{}]}}"#, vec!["7"; lines].join(","))).unwrap();
        let findings = Kind::of("order").unwrap().check(&order);
        assert_eq!((findings.len(), findings.last().unwrap().pointer.as_str()), (told, last), "{lines}");
        assert!(lines <= 100 || findings[100].message == format!("{} more places are wrong", lines - 100), "{}", findings[100].message);
    }
    // What is lacking is told first, even where no room is left.
    let order = parse_str(&format!(r#"{{"totalAmount":1,"lineItems":[{}]}}"#, vec!["7"; 200].join(","))).unwrap();
    let findings = Kind::of("order").unwrap().check(&order);
    assert_eq!((findings[0].pointer.as_str(), findings[100].message.as_str()), ("/orderId", "102 more places are wrong"));
}

#[test]
fn of_very_many_unknown_names_a_hundred_are_told_and_no_more_of_each_than_helps() {
    let order = format!(r#"{{"orderId":"1","{}":0,"lineItems":[{}]}}"#, "x".repeat(100_000), vec![r#"{"vendor":1}"#; 10_000].join(","));
    let warnings = Kind::of("order").unwrap().lint(Item::Tree(&parse_str(&order).unwrap()));
    assert!(warnings.len() == 100 && warnings.iter().all(|warning| warning.severity == fault::Severity::Warning && told(std::slice::from_ref(warning)).len() < 400), "{}", warnings.len());
}

#[test]
fn a_text_of_megabytes_is_not_compared_with_words() {
    // Compared as a whole, these would take minutes.
    let order = format!(r#"{{"orderId":"1","payments":[{}]}}"#, vec![format!(r#"{{"status":"{}"}}"#, "paid".repeat(75_000)); 100].join(","));
    let findings = Kind::of("order").unwrap().check(&parse_str(&order).unwrap());
    assert!(findings.len() == 100 && findings.iter().all(|finding| finding.hint.starts_with("give the field a table")), "{}", findings.len());
}

#[test]
fn nothing_a_document_holds_is_repeated_but_short_numbers() {
    let secret = "hunter2hunter2";
    for kind in canonical::KINDS.iter() {
        for entry in kind.schema.outline().iter().filter(|entry| !entry.path.contains(['.', '['])) {
            for value in [format!("\"{secret}\""), format!("[\"{secret}\"]"), format!("{{\"x\":\"{secret}\"}}")] {
                let said = told(&kind.check(&parse_str(&format!("{{\"{}\":{value}}}", entry.path)).unwrap()));
                assert!(!said.contains(secret), "{}: {said}", kind.name);
            }
        }
    }
}
