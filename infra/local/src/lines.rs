//! JSON Lines from standard input to standard output: one record at a time, however many there are.
//!
//! Memory is that of the longest line, and no line is read further than a document may be long. Blank lines, CRLF and a byte
//! order mark at the start are accepted. What a line holds is not judged here.

use std::io::{self, BufRead as _, BufReader, BufWriter, ErrorKind, IsTerminal as _, Read, Write};

use crate::{Failure, say::tell};

/// Bytes of a line. What is longer reaches the parser with its first bytes only, still too many for it to read.
const LONGEST: usize = 32 * 1024 * 1024;
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Bytes that are no part of the record: the mark, CR and LF.
const AROUND: usize = MARK.len() + 2;
const BUFFER_BYTES: usize = 64 * 1024;

/// The lines of an input that are not blank.
pub(crate) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    longest: usize,
}

/// Standard input; a person is told what is awaited.
pub(crate) fn input() -> Lines<io::StdinLock<'static>> {
    let input = io::stdin().lock();
    if input.is_terminal() {
        tell!("pullpush: reading records from the terminal, one JSON document a line, up to end of file (Ctrl-D)");
    }
    Lines::new(input, LONGEST)
}

impl<R: Read> Lines<R> {
    fn new(input: R, longest: usize) -> Self {
        Self { input: BufReader::with_capacity(BUFFER_BYTES, input), line: Vec::new(), number: 0, longest }
    }

    /// The next line that is not blank, with its number from 1 and without its end.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, &[u8])>, Failure> {
        loop {
            self.line.clear();
            let most = self.longest + AROUND;
            let read = self.input.by_ref().take(most as u64).read_until(b'\n', &mut self.line).map_err(|error| unreadable(&error))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            } else if read == most {
                self.input.skip_until(b'\n').map_err(|error| unreadable(&error))?;
            }
            let start = if self.number == 1 && self.line.starts_with(MARK) { MARK.len() } else { 0 };
            let end = self.line.len() - usize::from(self.line.last() == Some(&b'\r'));
            if self.line.get(start..end).is_some_and(|line| !line.trim_ascii().is_empty()) {
                return Ok(Some((self.number, &self.line[start..end])));
            }
        }
    }

    /// Whether the next line may have to be waited for.
    pub(crate) fn waits(&self) -> bool {
        self.input.buffer().is_empty()
    }
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::Failed(format!("standard input cannot be read: {error}"))
}

/// Where results go, a buffer at a time.
pub(crate) struct Results<W: Write>(BufWriter<W>);

/// Nobody reads the results any more, or they cannot be written.
pub(crate) enum Ended {
    /// The reader has gone: the work ends without a word.
    Gone,
    /// They cannot be written.
    Failed(Failure),
}

/// Standard output.
pub(crate) fn output() -> Results<io::StdoutLock<'static>> {
    Results::new(io::stdout().lock())
}

impl<W: Write> Results<W> {
    /// Results go there.
    pub(crate) fn new(to: W) -> Self {
        Self(BufWriter::with_capacity(BUFFER_BYTES, to))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.0.write_all(bytes).map_err(|error| Ended::by(&error))
    }

    /// Hands on what was written so far.
    pub(crate) fn flush(&mut self) -> Result<(), Ended> {
        self.0.flush().map_err(|error| Ended::by(&error))
    }
}

impl Ended {
    fn by(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::Gone,
            _ => Self::Failed(Failure::Failed(format!("standard output cannot be written: {error}"))),
        }
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lines;

    /// The lines of a text, those above a length cut.
    fn lines(text: &[u8], longest: usize) -> Vec<(u64, Vec<u8>)> {
        let mut lines = Lines::new(text, longest);
        let mut found = Vec::new();
        while let Ok(Some((number, line))) = lines.next() {
            found.push((number, line.to_vec()));
        }
        found
    }

    #[test]
    fn lines_are_numbered_as_editors_number_them() {
        for (text, expected) in [
            ("", vec![]), ("\n \r\n\t\n", vec![]), ("{}", vec![(1, "{}")]), ("{}\n", vec![(1, "{}")]), ("1\r\n\r\n2\r\n", vec![(1, "1"), (3, "2")]),
            ("\u{feff}1\n2", vec![(1, "1"), (2, "2")]), ("\u{feff}\r\n2", vec![(2, "2")]), ("1\n\u{feff}2", vec![(1, "1"), (2, "\u{feff}2")]), ("\n\n [1] ", vec![(3, " [1] ")]), ("\u{feff}", vec![]),
        ] {
            let found = lines(text.as_bytes(), 100);
            assert_eq!(found, expected.into_iter().map(|(number, line)| (number, line.as_bytes().to_vec())).collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_the_next_is_whole() {
        for (length, shown) in [(7, 7), (8, 8), (12, 12), (13, 13), (14, 13), (1000, 13)] {
            let found = lines(format!("{}\nnext\n", "x".repeat(length)).as_bytes(), 8);
            assert_eq!(found.iter().map(|(number, line)| (*number, line.len())).collect::<Vec<_>>(), [(1, shown), (2, 4)], "{length}");
        }
    }

    proptest! {
        #[test]
        fn every_line_that_says_something_is_found_once(text in "(\u{feff})?([a-z ]{0,9}\r?\n){0,9}[a-z]{0,9}") {
            let plain = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let expected: Vec<(u64, Vec<u8>)> = (1..).zip(plain.lines()).filter(|(_, line)| !line.trim().is_empty()).map(|(number, line)| (number, line.into())).collect();
            prop_assert_eq!(lines(text.as_bytes(), 100), expected);
        }
    }
}
