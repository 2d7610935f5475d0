//! CSV: rows become objects of texts. No cell is guessed to be a number.

use std::collections::HashSet;

use connector::Csv;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use document::write_text;
use fault::Simple;

use super::{Heading, too_large, wrong};

/// As many as a sheet of any program has.
const MOST_COLUMNS: usize = 16_384;

/// The array of the rows. Blank lines are none; a text without any has no header either, which whoever looks at it is told.
pub(crate) fn json(text: &str, csv: &Csv, most: usize, heading: Heading<'_>) -> Result<Vec<u8>, Simple> {
    let mut rows = Rows::new(text, csv);
    let header = match &csv.columns {
        Some(columns) => columns.clone(),
        None if rows.advance()? => {
            let header: Vec<_> = rows.cells().map(str::to_owned).collect();
            heading(&header, first_line(&text[rows.began..]))?;
            header
        }
        // A text of another kind, or none.
        None => {
            heading(&[], first_line(text))?;
            Vec::new()
        }
    };
    let keys = keys(&header)?;
    let nulls: HashSet<&str> = csv.nulls.iter().map(String::as_str).collect();
    let mut out = vec![b'['];
    let mut count = 0_usize;
    while rows.advance()? {
        count += 1;
        if rows.width > keys.len() {
            return Err(wrong(format!("row {count}, of line {}, has more cells than the {} columns", rows.line(), keys.len())));
        }
        out.extend_from_slice(if count == 1 { b"{" } else { b",{" });
        for (index, (cell, key)) in rows.cells().zip(&keys).enumerate() {
            out.extend_from_slice(&key[usize::from(index == 0)..]);
            if nulls.contains(cell) { out.extend_from_slice(b"null") } else { write_text(&mut out, cell) }
        }
        out.push(b'}');
        if out.len() > most {
            return Err(too_large(most));
        }
    }
    out.push(b']');
    Ok(out)
}

/// The first line with something in it.
fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// What stands before each cell: `,"name":`.
fn keys(header: &[String]) -> Result<Vec<Vec<u8>>, Simple> {
    let mut seen = HashSet::new();
    let each = header.iter().enumerate().map(|(index, name)| {
        if !seen.insert(name) {
            return Err(wrong(format!("column {} has the name of another", index + 1)));
        }
        let mut key = vec![b','];
        write_text(&mut key, name);
        key.push(b':');
        Ok(key)
    });
    each.collect()
}

/// The rows of a text, one after the other.
struct Rows<'t> {
    reader: Reader,
    text: &'t [u8],
    comment: Option<u8>,
    /// Where the text was read to before this row, and with it.
    began: usize,
    at: usize,
    ended: bool,
    /// The cells of this row, one behind the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// How many it has.
    width: usize,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, csv: &Csv) -> Self {
        let mut reader = ReaderBuilder::new();
        reader.delimiter(csv.delimiter).comment(csv.comment);
        match csv.quote {
            Some(quote) => reader.quote(quote),
            None => reader.quoting(false),
        };
        let at = skipped(text.as_bytes(), csv.skip);
        Self { reader: reader.build(), text: text.as_bytes(), comment: csv.comment, began: at, at, ended: false, cells: vec![0; 1024], ends: vec![0; 64], width: 0 }
    }

    /// Moves to the next row, if there is one.
    fn advance(&mut self) -> Result<bool, Simple> {
        self.began = self.at;
        let (mut written, mut ended) = (0, 0);
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty());
            if rest.is_none() && self.ended {
                return if written == 0 && ended == 0 { Ok(false) } else { Err(wrong(format!("the quote of a cell does not end, in the row of line {}", self.line()))) };
            }
            // The last line is ended for it. What is open after that is a cell whose quote never closed: to take the rest of the
            // text for its content would hide every row in there.
            let (result, read, out, ends) = self.reader.read_record(rest.unwrap_or(b"\n"), &mut self.cells[written..], &mut self.ends[ended..]);
            if rest.is_some() { self.at += read } else { self.ended = read > 0 }
            (written, ended) = (written + out, ended + ends);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if ended >= MOST_COLUMNS => return Err(wrong(format!("the row of line {} has more than {MOST_COLUMNS} cells", self.line()))),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::Record => {
                    self.width = ended;
                    return Ok(true);
                }
            }
        }
    }

    /// The cells of this row. Delimiter, quote and ends of lines are ASCII, so that those of a text are texts.
    fn cells(&self) -> impl Iterator<Item = &str> {
        let ends = &self.ends[..self.width];
        let cells = std::str::from_utf8(&self.cells[..ends.last().copied().unwrap_or_default()]).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(move |(start, end)| cells.get(start..*end).unwrap_or_default())
    }

    /// The line, from 1, in which this row begins.
    fn line(&self) -> usize {
        let mut at = self.began;
        while let Some(byte) = self.text.get(at).filter(|byte| matches!(byte, b'\n' | b'\r') || self.comment == Some(**byte)) {
            at = if self.comment == Some(*byte) { line_end(self.text, at) } else { at + 1 };
        }
        self.text[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }
}

/// Where a text goes on behind its first lines.
fn skipped(text: &[u8], lines: usize) -> usize {
    let mut at = 0;
    for _ in 0..lines {
        at = line_end(text, at);
        at += if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
        if at >= text.len() {
            return text.len();
        }
    }
    at
}

fn line_end(text: &[u8], from: usize) -> usize {
    text[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(text.len(), |length| from + length)
}
