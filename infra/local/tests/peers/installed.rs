//! The programs of others: where they are, and how one is started and ended.

use std::{
    env,
    io::{BufRead as _, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// The folder they are installed in; without it, says so.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = env::var_os("PULLPUSH_PEERS");
    if folder.is_none() {
        println!("skipped: PULLPUSH_PEERS names no folder with oauth2-mock-server, json-server and datasette");
    }
    folder.map(PathBuf::from)
}

/// A program of others, ended with the value.
pub(crate) struct Peer(Child);

impl Peer {
    /// Starts it, and waits until a line of what it says tells where it listens.
    pub(crate) fn started<T>(command: &mut Command, speaks: Speaks, tells: impl Fn(&str) -> Option<T>) -> (Self, T) {
        // A pipe as standard input ends with us, however we end, and `office.mjs` with it.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err): (Box<dyn Read + Send>, Box<dyn Read + Send>) = (Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap()));
        let (telling, mut silent) = match speaks {
            Speaks::Out => (out, err),
            Speaks::Err => (err, out),
        };
        let peer = Self(child);
        // What nobody reads fills the pipe, and the program stands still.
        let silent = std::thread::spawn(move || {
            let mut said = String::new();
            drop(silent.read_to_string(&mut said));
            said
        });
        let mut lines = BufReader::new(telling).lines().map_while(Result::ok);
        let mut said = Vec::new();
        let found = lines.by_ref().find_map(|line| tells(&line).or_else(|| {
            said.push(line);
            None
        }));
        let Some(found) = found else { panic!("{command:?} ended: {}\n{}", said.join("\n"), silent.join().unwrap()) };
        std::thread::spawn(move || lines.for_each(drop));
        (peer, found)
    }
}

/// Where a program tells that it is ready.
#[derive(Clone, Copy)]
pub(crate) enum Speaks {
    Out,
    Err,
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
