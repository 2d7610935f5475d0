//! What the README shows in its transcripts is run, word by word: it is what happens.
//!
//! Each runs in a folder of its own with the examples in it, and with the programs as they were just built. The port a page names
//! is another one here, so that two runs do not meet.

use std::{fs, net::TcpListener, path::Path, process::{Command, Stdio}};

use crate::{built, root};

/// The port of the sample API on the page.
const PORT: &str = "4303";

/// Runs the commands of a transcript in a shell, one after the other, and gives them back with what they printed.
fn replayed(folder: &Path, transcript: &str) -> String {
    const MARK: &str = "=== a command of the page ===";
    let commands: Vec<&str> = transcript.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    let script: String = commands.iter().map(|command| format!("{command}\nstatus=$?; echo '{MARK}'; (exit $status)\n")).collect();
    let programs = [built::program("pullpush"), built::program("sample")];
    let folders = programs.iter().filter_map(|program| program.parent()).map(Path::to_owned);
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()))).unwrap();
    let output = Command::new("sh").arg("-c").arg(format!("exec 2>&1\n{script}")).current_dir(folder).env("PATH", path).stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    commands.iter().zip(printed.split(&format!("{MARK}\n"))).map(|(command, printed)| format!("$ {command}\n{printed}")).collect()
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { _ = fs::copy(entry.path(), target).unwrap() }
    }
}

/// The transcripts of the page: those of the sample API, and all others.
fn transcripts() -> (Vec<String>, Vec<String>) {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let all = page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned);
    all.partition(|transcript| transcript.contains("target/api"))
}

#[test]
fn what_the_readme_shows_of_files_is_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), &folder.path().join("examples"));
    copy(&root().join("shared/connector/corpus"), &folder.path().join("shared/connector/corpus"));
    fs::create_dir(folder.path().join("target")).unwrap();
    let (_, others) = transcripts();
    assert!(others.concat().contains("$ pullpush mapping run --mapping examples/order.json < examples/orders.jsonl"), "the page shows how records are mapped");
    for transcript in others {
        assert_eq!(replayed(folder.path(), &transcript), transcript);
    }
}

#[test]
fn what_the_readme_shows_of_the_sample_api_is_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("examples"), &folder.path().join("examples"));
    fs::create_dir(folder.path().join("target")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    // One shell for all: the API goes on from one transcript to the next.
    let shown = transcripts().0.concat();
    assert!(shown.starts_with("$ sample api") && shown.ends_with("$ kill $!\n"), "the page shows how the sample API is read");
    assert_eq!(replayed(folder.path(), &shown.replace(PORT, &port)).replace(&port, PORT), shown);
}
