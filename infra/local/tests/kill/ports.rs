//! Three ports in a row that stay with one program through every kill of it, whoever else runs on this machine.
//!
//! A lock on a file of the machine's temporary folder holds them: it belongs to this process, two copies of these tests
//! cannot hold the same one, and the system lets go of it when the process ends, however it ends.

use std::{
    fs::{File, OpenOptions},
    net::TcpListener,
};

/// Below the ports the machine gives to outgoing connections: one of those could take a port between a kill and its restart.
const RANGE: std::ops::Range<u16> = 14_000..30_000;

/// Ports held until the value is dropped.
pub(crate) struct Ports {
    /// The first of the three.
    pub(crate) first: u16,
    _held: File,
}

impl Ports {
    /// The first three nobody holds and nobody listens on.
    pub(crate) fn three() -> Self {
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        let mut held = RANGE.step_by(3).filter_map(|first| Some(Self { first, _held: lock(first)? }));
        held.find(|ports| (0..3).all(|next| free(ports.first + next))).expect("some three ports are free")
    }
}

/// The lock of three ports; none where somebody has it.
fn lock(first: u16) -> Option<File> {
    let path = std::env::temp_dir().join(format!("pullpush-kill-ports-{first}.lock"));
    // Left behind when it is let go: who removed it could remove the one another has locked by then.
    let file = OpenOptions::new().create(true).append(true).open(path).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

#[test]
fn ports_that_are_held_are_given_to_nobody_else() {
    let held: Vec<_> = (0..4).map(|_| Ports::three()).collect();
    let firsts: std::collections::BTreeSet<_> = held.iter().map(|ports| ports.first).collect();
    assert_eq!(firsts.len(), 4);
    for first in firsts {
        assert!(lock(first).is_none(), "{first} is held");
    }
    // Listening is enough as well: what holds no lock is no copy of these tests.
    let (first, _listens) = (held[0].first, TcpListener::bind(("127.0.0.1", held[0].first + 1)).unwrap());
    drop(held);
    assert_ne!(Ports::three().first, first);
}
