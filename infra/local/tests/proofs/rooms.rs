//! The rooms as they are written down: which crate knows which, and where the pages point.
//!
//! The manifests decide; `ARCHITECTURE.md` has to say the same. The pages are read as text, nothing of them is run.

use std::{collections::{BTreeMap, BTreeSet}, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{built::cargo, root};

/// A crate with its folder and the rooms it uses outside its tests.
type Rooms = BTreeMap<String, (String, BTreeSet<String>)>;

/// The rooms as their manifests have them.
fn declared() -> Rooms {
    let output = Command::new(cargo()).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let whole = Path::new(metadata["workspace_root"].as_str().unwrap());
    let room = |package: &Value| {
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().strip_prefix(whole).unwrap();
        // A dependency of the program itself has no kind; those of tests and builds have.
        let known = package["dependencies"].as_array().unwrap().iter().filter(|one| one["path"].is_string() && one["kind"].is_null());
        let known = known.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        (package["name"].as_str().unwrap().to_owned(), (folder.to_str().unwrap().replace('\\', "/"), known))
    };
    metadata["packages"].as_array().unwrap().iter().map(room).collect()
}

/// The rooms of a table whose rows are "| [`name`](folder) | purpose | known, known |"; rows of other tables are passed over.
fn tabled(page: &str) -> Rooms {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| [`")?.strip_suffix(" |")?.split(" | ");
        let (name, folder) = cells.next()?.strip_suffix(')')?.split_once("`](")?;
        let known = cells.nth(1)?.split(", ").filter(|known| *known != "–").map(str::to_owned).collect();
        Some((name.to_owned(), (folder.to_owned(), known)))
    };
    page.lines().filter_map(row).collect()
}

/// Where the table and the manifests differ, both ways.
fn differences(tabled: &Rooms, declared: &Rooms) -> Vec<String> {
    let mut differences = Vec::new();
    for name in tabled.keys().chain(declared.keys()).collect::<BTreeSet<_>>() {
        let ((said, knows), (is, uses)) = match (tabled.get(name), declared.get(name)) {
            (Some(tabled), Some(declared)) => (tabled, declared),
            (Some(_), None) => {
                differences.push(format!("{name} is in the table, and no crate"));
                continue;
            }
            _ => {
                differences.push(format!("{name} is a crate, and not in the table"));
                continue;
            }
        };
        if said != is {
            differences.push(format!("{name} is in {is}, the table says {said}"));
        }
        differences.extend(knows.difference(uses).map(|other| format!("{name} does not use {other}, the table says it does")));
        differences.extend(uses.difference(knows).map(|other| format!("{name} uses {other}, the table does not say so")));
    }
    differences
}

/// Where the links of a page point, without those to other hosts and to headings of the same page.
fn links(page: &str) -> Vec<&str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '<']) && !target.starts_with("mailto:")).collect()
}

#[test]
fn the_crate_table_of_the_architecture_is_what_the_manifests_say() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let differences = differences(&tabled(&page), &declared());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_relative_link_of_the_pages_leads_to_a_file() {
    let mut dead = Vec::new();
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "infra/README.md"] {
        let path = root().join(page);
        let text = fs::read_to_string(&path).unwrap();
        let leads = |target: &&str| path.parent().unwrap().join(target.split('#').next().unwrap()).exists();
        dead.extend(links(&text).into_iter().filter(|target| !leads(target)).map(|target| format!("{page}: {target}")));
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn each_way_in_which_a_table_can_be_wrong_is_found() {
    let page = "| crate | purpose | knows |\n|---|---|---|\n| [`a`](x/a) | A, b | – |\n| [`b`](x/b) | B | a, c |\n| [`c`](x/c) | C | a |\n| [`d`](x/d) | D | – |\n| word | is |\n";
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let declared = [("a", "x/a", set(&[])), ("b", "x/b", set(&["a", "e"])), ("c", "y/c", set(&["a"])), ("e", "x/e", set(&[]))];
    let declared: Rooms = declared.into_iter().map(|(name, folder, known)| (name.to_owned(), (folder.to_owned(), known))).collect();
    assert_eq!(
        differences(&tabled(page), &declared),
        ["b does not use c, the table says it does", "b uses e, the table does not say so", "c is in y/c, the table says x/c", "d is in the table, and no crate", "e is a crate, and not in the table"]
    );
    assert_eq!(links("[a](a.md) [b](https://b) [c](#c) [d](d/e.md#f) `g[0](h)`"), ["a.md", "d/e.md#f", "h"]);
}
