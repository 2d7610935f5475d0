//! A large array or object that was made piece by piece and is kept as its own text: half the memory of a tree, and nothing
//! but a copy when the record is written. An operation that looks into it has it read back, once.

use std::cell::RefCell;

use document::{Arena, Item, Limits, Sort, write_text};

/// So many bytes make a chunk; they are given back one by one.
const CHUNK: usize = 256 * 1024;
/// The room a chunk has for the piece it ends with.
const SLACK: usize = 8 * 1024;
/// More bytes than this are no record any more.
const MOST: usize = 128 * 1024 * 1024;

/// An array or object as text.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) sort: Sort,
    state: RefCell<State<'a>>,
}

#[derive(Debug)]
enum State<'a> {
    Text(Vec<Vec<u8>>),
    Read(Item<'a>),
}

impl<'a> Written<'a> {
    /// The value, to be looked at.
    pub(crate) fn item(&self, arena: &'a Arena) -> Item<'a> {
        let mut state = self.state.borrow_mut();
        let chunks = match &mut *state {
            State::Read(item) => return *item,
            State::Text(chunks) => std::mem::take(chunks),
        };
        let mut text = bumpalo::collections::Vec::with_capacity_in(chunks.iter().map(Vec::len).sum(), arena.bump());
        chunks.into_iter().for_each(|chunk| text.extend_from_slice(&chunk));
        let text = std::str::from_utf8(text.into_bump_slice()).expect("what is written is UTF-8");
        let limits = Limits { bytes: usize::MAX, depth: usize::MAX, nodes: usize::MAX };
        let item = arena.parse(text, limits).expect("what is written is a document, and smaller than one may be");
        *state = State::Read(item);
        item
    }

    /// Whether it has no elements or members.
    pub(crate) fn is_empty(&self) -> bool {
        match &*self.state.borrow() {
            State::Read(item) => item.len() == 0,
            State::Text(chunks) => chunks.iter().map(Vec::len).sum::<usize>() <= 2,
        }
    }

    /// Appends the text. The `last` time it is given back on the way, so that it does not stand twice.
    pub(crate) fn write(&self, out: &mut Vec<u8>, last: bool) {
        match &mut *self.state.borrow_mut() {
            State::Read(item) => item.write(out),
            State::Text(chunks) => {
                out.reserve(chunks.iter().map(Vec::len).sum());
                for chunk in chunks {
                    out.extend_from_slice(chunk);
                    if last {
                        *chunk = Vec::new();
                    }
                }
            }
        }
    }
}

/// An array or object that is being written.
#[derive(Debug)]
pub(crate) struct Writing {
    object: bool,
    full: Vec<Vec<u8>>,
    /// Bytes in the full ones.
    bytes: usize,
    chunk: Vec<u8>,
    most: usize,
    any: bool,
}

/// It would be larger than a record may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Writing {
    pub(crate) fn new(object: bool) -> Self {
        Self::within(object, MOST)
    }

    fn within(object: bool, most: usize) -> Self {
        let mut chunk = Vec::with_capacity(CHUNK + SLACK);
        chunk.push(if object { b'{' } else { b'[' });
        Self { object, full: Vec::new(), bytes: 0, chunk, most, any: false }
    }

    /// Where the next element, or the next member under its key, is to be appended.
    pub(crate) fn next(&mut self, key: Option<&str>) -> Result<&mut Vec<u8>, TooLarge> {
        self.check()?;
        if self.chunk.len() >= CHUNK {
            self.bytes += self.chunk.len();
            self.full.push(std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK + SLACK)));
        }
        if std::mem::replace(&mut self.any, true) {
            self.chunk.push(b',');
        }
        if let Some(key) = key {
            write_text(&mut self.chunk, key);
            self.chunk.push(b':');
        }
        Ok(&mut self.chunk)
    }

    fn check(&self) -> Result<(), TooLarge> {
        if self.bytes + self.chunk.len() > self.most { Err(TooLarge) } else { Ok(()) }
    }

    pub(crate) fn end<'a>(mut self) -> Result<Written<'a>, TooLarge> {
        self.check()?;
        self.chunk.push(if self.object { b'}' } else { b']' });
        self.full.push(self.chunk);
        Ok(Written { sort: if self.object { Sort::Object } else { Sort::Array }, state: RefCell::new(State::Text(self.full)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_pieces_reads_as_one_and_is_written_the_same() {
        for (object, pieces) in [(false, 0), (true, 0), (false, 3), (true, 3), (false, 20_000), (true, 20_000)] {
            let mut writing = Writing::new(object);
            for piece in 0..pieces {
                let key = format!("ä{piece}");
                let out = writing.next(object.then_some(&key)).unwrap();
                write_text(out, &format!("{piece} \"…\" {}", "x".repeat(piece % 50)));
            }
            let written = writing.end().unwrap();
            let (mut first, mut second, mut third) = (Vec::new(), Vec::new(), Vec::new());
            written.write(&mut first, false);
            let arena = Arena::new();
            assert_eq!(written.item(&arena).len(), pieces);
            assert_eq!(written.item(&arena).sort(), written.sort);
            written.write(&mut second, false);
            written.write(&mut third, true);
            assert!(first == second && second == third, "{object} {pieces}");
        }
    }

    #[test]
    fn the_last_time_the_text_is_given_back() {
        let mut writing = Writing::new(false);
        writing.next(None).unwrap().push(b'1');
        let written = writing.end().unwrap();
        let mut out = Vec::new();
        written.write(&mut out, true);
        assert_eq!(out, b"[1]");
        written.write(&mut out, true);
        assert_eq!(out, b"[1]", "nothing is left");
    }

    #[test]
    fn more_than_a_record_may_be_is_refused() {
        for (pieces, fits) in [(3, true), (4, false), (5, false)] {
            let mut writing = Writing::within(false, 4 * CHUNK);
            let written = (0..pieces).try_for_each(|_| writing.next(None).map(|out| out.resize(out.len() + CHUNK, b'1'))).and_then(|()| writing.end());
            assert_eq!(written.is_ok(), fits, "{pieces}");
        }
    }
}
