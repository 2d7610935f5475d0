//! A large array or object that was made piece by piece and is kept as its own text: half the memory of a tree, and nothing
//! but a copy when the record is written. An operation that looks into it has it read back, once.

use std::cell::RefCell;

use document::{Arena, Item, Limits, Sort, write_text};

/// More bytes than this are no record any more.
const MOST: usize = 128 * 1024 * 1024;

/// An array or object as text.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) sort: Sort,
    /// Levels of arrays and objects.
    levels: usize,
    state: RefCell<State<'a>>,
}

#[derive(Debug)]
enum State<'a> {
    Text(Vec<u8>),
    Read(Item<'a>),
}

impl<'a> Written<'a> {
    /// The value, to be looked at.
    pub(crate) fn item(&self, arena: &'a Arena) -> Item<'a> {
        let mut state = self.state.borrow_mut();
        let text = match &mut *state {
            State::Read(item) => return *item,
            State::Text(text) => arena.bump().alloc_slice_copy(&std::mem::take(text)),
        };
        let text = std::str::from_utf8(text).expect("what is written is UTF-8");
        let limits = Limits { bytes: usize::MAX, depth: usize::MAX, nodes: usize::MAX };
        let item = arena.parse(text, limits).expect("what is written is a document, and smaller than one may be");
        *state = State::Read(item);
        item
    }

    /// Whether it has more levels of arrays and objects than these.
    pub(crate) fn is_deeper(&self, than: usize) -> bool {
        self.levels > than
    }

    /// Whether it has no elements or members.
    pub(crate) fn is_empty(&self) -> bool {
        match &*self.state.borrow() {
            State::Read(item) => item.len() == 0,
            State::Text(text) => text.len() <= 2,
        }
    }

    /// Appends the text. The `last` time it is given away, so that it does not stand twice: what was written before it is
    /// put in front of it, where that is less to move.
    pub(crate) fn write(&self, out: &mut Vec<u8>, last: bool) {
        match &mut *self.state.borrow_mut() {
            State::Read(item) => item.write(out),
            State::Text(text) if last => {
                let mut text = std::mem::take(text);
                if text.len() > out.len() {
                    text.splice(..0, out.drain(..));
                    *out = text;
                } else {
                    out.append(&mut text);
                }
            }
            State::Text(text) => out.extend_from_slice(text),
        }
    }
}

/// An array or object that is being written.
#[derive(Debug)]
pub(crate) struct Writing {
    object: bool,
    text: Vec<u8>,
    most: usize,
    any: bool,
    /// Levels of what is in it.
    pub(crate) levels: usize,
}

/// It would be larger than a record may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Writing {
    pub(crate) fn new(object: bool) -> Self {
        Self::within(object, MOST)
    }

    fn within(object: bool, most: usize) -> Self {
        Self { object, text: vec![if object { b'{' } else { b'[' }], most, any: false, levels: 0 }
    }

    /// Where the next element, or the next member under its key, is to be appended.
    pub(crate) fn next(&mut self, key: Option<&str>) -> Result<&mut Vec<u8>, TooLarge> {
        self.check()?;
        if std::mem::replace(&mut self.any, true) {
            self.text.push(b',');
        }
        if let Some(key) = key {
            write_text(&mut self.text, key);
            self.text.push(b':');
        }
        Ok(&mut self.text)
    }

    fn check(&self) -> Result<(), TooLarge> {
        if self.text.len() > self.most { Err(TooLarge) } else { Ok(()) }
    }

    pub(crate) fn end<'a>(mut self) -> Result<Written<'a>, TooLarge> {
        self.check()?;
        self.text.push(if self.object { b'}' } else { b']' });
        Ok(Written { sort: if self.object { Sort::Object } else { Sort::Array }, levels: 1 + self.levels, state: RefCell::new(State::Text(self.text)) })
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
        for before in ["", "{\"a\":1,\"lines\":"] {
            let mut out = before.as_bytes().to_vec();
            written.write(&mut out, false);
            assert_eq!(out, format!("{before}[1]").as_bytes());
        }
        let mut out = b"{}".to_vec();
        written.write(&mut out, true);
        assert_eq!(out, b"{}[1]");
        written.write(&mut out, true);
        assert_eq!(out, b"{}[1]", "nothing is left");
    }

    #[test]
    fn more_than_a_record_may_be_is_refused() {
        for (pieces, fits) in [(3, true), (4, false), (5, false)] {
            let mut writing = Writing::within(false, 4000);
            let written = (0..pieces).try_for_each(|_| writing.next(None).map(|out| out.resize(out.len() + 1000, b'1'))).and_then(|()| writing.end());
            assert_eq!(written.is_ok(), fits, "{pieces}");
        }
    }
}
