//! `COVERAGE.md`: which of the features that connectors need are covered, by what, and the test that shows it. What it says is looked
//! up: the element, operation or function has to be there, something has to use it, and the test has to stand in its file.

use std::{fmt::Write, fs, path::Path};

use connector::ROOT;
use document::Value;
use expr::{FUNCTIONS, OPERATORS};
use mapping::OPERATIONS;

use crate::{BLESS, corpus, features::{FEATURES, Feature, PACKAGES, SHARES, Verdict}, stands, uses};

const BEFORE: &str = "
What connectors need was counted over 518 public descriptions of sources and made into features, ranked by how many connectors each
makes possible. Here every one of them has what covers it, something that uses it, and the test that shows it at work; a test holds
this page to the code. A feature that is *partly* covered or *left* is named with what lacks at the end.
";

/// A definition that is accepted, with the place where it is.
struct Accepted {
    file: String,
    text: String,
    value: Value,
}

/// Those of real systems first: they show most.
fn accepted() -> Vec<Accepted> {
    ["../../examples/definitions", "../../examples", "corpus/accept"].iter().flat_map(|folder| corpus::texts(folder).into_iter().map(move |(name, text)| Accepted { file: format!("{folder}/{name}.json"), value: document::parse_str(&text).unwrap(), text }))
        .filter(|accepted| accepted.value.get("metadata").is_some()).collect()
}

/// One thing that covers a feature.
enum By<'t> {
    Key { element: &'t str, key: &'t str, has: &'t str },
    Operation { name: &'t str, key: Option<&'t str> },
    Function(&'t str),
    Operator(&'t str),
    Engine,
}

fn by(text: &str) -> By<'_> {
    let (sort, rest) = text.split_once(' ').unwrap_or((text, ""));
    match sort {
        "key" => {
            let (place, has) = rest.split_once('=').unwrap_or((rest, ""));
            let (element, key) = place.split_once('.').unwrap();
            By::Key { element, key, has }
        }
        "op" => rest.split_once('.').map_or(By::Operation { name: rest, key: None }, |(name, key)| By::Operation { name, key: Some(key) }),
        "fn" => By::Function(rest),
        "operator" => By::Operator(rest),
        "engine" => By::Engine,
        _ => panic!("`{text}` covers nothing"),
    }
}

/// Whether there is such a thing.
fn exists(by: &By<'_>) -> bool {
    match by {
        By::Key { element, key, .. } => ROOT.all().iter().any(|known| known.name == *element && known.keys.iter().any(|known| known.name == *key)),
        By::Operation { name, key } => OPERATIONS.iter().any(|entry| entry.name == *name && key.is_none_or(|key| key == "when" || entry.params.iter().any(|param| param.name == key))),
        By::Function(name) => FUNCTIONS.iter().any(|function| function.name == *name),
        By::Operator(form) => OPERATORS.iter().any(|operator| operator.form == *form),
        By::Engine => true,
    }
}

/// The first file that uses it, below this crate.
fn used(by: &By<'_>, accepted: &[Accepted]) -> Option<String> {
    match by {
        By::Key { element, key, has } => {
            let uses = |accepted: &&Accepted| uses::of(&accepted.value).iter().any(|used| used.element.name == *element && used.value.get(key).is_some_and(|value| value.to_string().contains(has)));
            accepted.iter().find(uses).map(|accepted| accepted.file.clone())
        }
        By::Operation { name, key } => {
            let folder = format!("../mapping/corpus/{name}");
            let said = format!("\"{}\"", key.unwrap_or("op"));
            corpus::texts(&folder).into_iter().find(|(file, text)| file != "refused" && text.contains(&said)).map(|(file, _)| format!("{folder}/{file}.json"))
        }
        By::Function(name) => {
            let calls = |accepted: &&Accepted| [' ', '(', '-'].iter().any(|before| accepted.text.contains(&format!("{before}{name}(")));
            let shown = FUNCTIONS.iter().any(|function| function.name == *name && !function.examples.is_empty());
            accepted.iter().find(calls).map(|accepted| accepted.file.clone()).or(shown.then(|| "../expr/FUNCTIONS.md".to_owned()))
        }
        By::Operator(form) => OPERATORS.iter().any(|operator| operator.form == *form && !operator.examples.is_empty()).then(|| "../expr/FUNCTIONS.md".to_owned()),
        By::Engine => None,
    }
}

/// Whether a source file has a test of this name.
fn is_shown((file, test): (&str, &str)) -> bool {
    let text = fs::read_to_string(corpus::root().join("..").join(file)).unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.iter().position(|line| line.split_once("fn ").is_some_and(|(_, rest)| rest.split('(').next() == Some(test))).is_some_and(|at| at > 0 && lines[at - 1].starts_with("#[") && lines[at - 1].ends_with("test]"))
}

#[test]
fn what_covers_a_feature_is_there_and_used_and_shown() {
    let (accepted, mut wrong) = (accepted(), Vec::new());
    for feature in FEATURES {
        for text in feature.by {
            let by = by(text);
            if !exists(&by) {
                wrong.push(format!("{}: there is no `{text}`", feature.name));
            } else if used(&by, &accepted).is_none() && !matches!(by, By::Engine) {
                wrong.push(format!("{}: nothing uses `{text}`", feature.name));
            }
        }
        let claims = feature.verdict == Verdict::Covered || !feature.shown.1.is_empty();
        if claims && !is_shown(feature.shown) {
            wrong.push(format!("{}: `{}` has no test `{}`", feature.name, feature.shown.0, feature.shown.1));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(FEATURES.len(), 116);
}

#[test]
fn the_coverage_is_what_the_code_says() {
    stands("COVERAGE.md", &page());
}

fn page() -> String {
    let (accepted, count) = (accepted(), |package: Option<&str>, is: fn(&Verdict) -> bool| FEATURES.iter().filter(|feature| package.is_none_or(|package| feature.package == package) && is(&feature.verdict)).count());
    let covered: fn(&Verdict) -> bool = |verdict| *verdict == Verdict::Covered;
    let partly: fn(&Verdict) -> bool = |verdict| matches!(verdict, Verdict::Partly(_));
    let left: fn(&Verdict) -> bool = |verdict| matches!(verdict, Verdict::Left(_));
    let mut out = format!("# What of other systems is covered\n\n<!-- made of the code: {BLESS} -->\n{BEFORE}");
    _ = write!(out, "\n**{} of {} features are covered**, {} partly, {} are left.", count(None, covered), FEATURES.len(), count(None, partly), count(None, left));
    let whole = FEATURES.iter().take_while(|feature| feature.verdict == Verdict::Covered).count();
    if let Some(share) = whole.checked_sub(1).and_then(|last| SHARES.get(last)) {
        _ = write!(out, " The first {whole} in rank are covered without a gap: by that count {share} % of the connectors need nothing beyond them.");
    }
    out.push_str("\n\nFeatures are built in packages. The share is that of connectors which need nothing beyond a package and those before it, and counts\nonce they are whole; which feature is in which follows from what the packages are said to hold.\n");
    out.push_str("\n| package | features | covered | partly | left | connectors, when whole |\n|---|---|---|---|---|---|\n");
    for (package, what, share) in PACKAGES {
        let [all, covered, partly, left] = [|_: &Verdict| true, covered, partly, left].map(|is: fn(&Verdict) -> bool| count(Some(package), is));
        _ = writeln!(out, "| {package}: {what} | {all} | {covered} | {partly} | {left} | {share} % |");
    }
    out.push_str("\n## Every feature\n\n| rank | feature | used by | package | covered by | used in | shown by |\n|---|---|---|---|---|---|---|\n");
    for (index, feature) in FEATURES.iter().enumerate() {
        let used_by = if feature.used_by > 0 { feature.used_by.to_string() } else { String::new() };
        _ = writeln!(out, "| {} | {} | {used_by} | {} | {} |", index + 1, feature.name, feature.package, cells(feature, &accepted));
    }
    for (title, is) in [("Partly covered", partly), ("Left", left)] {
        _ = write!(out, "\n## {title}\n\n");
        for (index, feature) in FEATURES.iter().enumerate().filter(|(_, feature)| is(&feature.verdict)) {
            let (Verdict::Partly(lacks) | Verdict::Left(lacks)) = feature.verdict else { continue };
            _ = writeln!(out, "- {} ({}, {}): {lacks}", feature.name, index + 1, feature.package);
        }
    }
    out
}

/// What covers it, what uses it and what shows it.
fn cells(feature: &Feature, accepted: &[Accepted]) -> String {
    let parts: Vec<_> = feature.by.iter().map(|text| by(text)).collect();
    let mut files: Vec<String> = Vec::new();
    parts.iter().filter_map(|by| used(by, accepted)).for_each(|file| if !files.contains(&file) { files.push(file) });
    let files: Vec<_> = files.iter().map(|file| format!("[{}]({file})", Path::new(file).file_name().unwrap().to_string_lossy())).collect();
    let shown = match (feature.shown, feature.verdict) {
        (_, Verdict::Left(_)) => String::new(),
        ((_, ""), _) => "not shown".to_owned(),
        ((file, test), _) => format!("[{}](../{file})", test.replace('_', " ")),
    };
    let told = parts.iter().map(told).collect::<Vec<_>>().join(", ");
    let told = match feature.verdict {
        Verdict::Covered => told,
        Verdict::Partly(_) => format!("*partly:* {told}"),
        Verdict::Left(_) => "*left*".to_owned(),
    };
    format!("{told} | {} | {shown}", files.join(", "))
}

fn told(by: &By<'_>) -> String {
    match by {
        By::Key { element, key, has } => {
            let word = if has.chars().all(|char| char.is_ascii_alphanumeric() || "_?".contains(char)) && !has.is_empty() { format!(" `{has}`") } else { String::new() };
            format!("[`{element}.{key}`](ELEMENTS.md#{element}){word}")
        }
        By::Operation { name, key } => format!("[`{name}`](../mapping/OPERATIONS.md#{name}){}", key.map(|key| format!(" with `{key}`")).unwrap_or_default()),
        By::Function(name) => format!("[`{name}()`](../expr/FUNCTIONS.md#functions)"),
        By::Operator(form) => format!("[`{}`](../expr/FUNCTIONS.md#operators)", form.replace('|', "\\|")),
        By::Engine => "the engine by itself".to_owned(),
    }
}
