//! Texts that are refused, and what is said of them: everything at once, each with its code, its column and a way out.

use expr::{Problem, Scope, Shape, Sorts, Template};

fn place() -> Scope {
    Scope::new().open("record").scalar("cursor").members("config", ["token", "base_url"]).with("window", Shape::closed([("start", Shape::Of(Sorts::TEXT)), ("end", Shape::Scalar)]))
}

fn problems(text: &str) -> Vec<Problem> {
    match Template::parse(text) {
        Ok(template) => template.check(&place()),
        Err(problems) => problems,
    }
}

#[test]
fn every_refused_text_is_told_what_is_wrong() {
    insta::glob!("../../corpus/reject", "*.txt", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let problems = problems(&text);
        assert!(!problems.is_empty(), "{} is accepted", path.display());
        let told = problems.iter().map(|problem| format!("{} column {}: {}\n    {}\n", problem.code, problem.column, problem.message, problem.hint)).collect::<String>();
        insta::assert_snapshot!(told);
    });
}

#[test]
fn every_code_of_reading_and_checking_has_a_text_that_provokes_it() {
    let mut codes: Vec<&str> = Vec::new();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/reject")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "txt") {
            codes.extend(problems(&std::fs::read_to_string(path).unwrap()).iter().map(|problem| problem.code));
        }
    }
    for code in [
        "expression_syntax", "expression_too_deep", "expression_too_long", "expression_unknown_name", "expression_unknown_function", "expression_arguments", "expression_argument", "expression_pattern", "expression_type",
    ] {
        assert!(codes.contains(&code) && fault::documented(code).is_some(), "{code}");
    }
}
