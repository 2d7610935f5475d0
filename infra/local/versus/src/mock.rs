//! A system with orders: pages made before anything is measured, plain HTTP/1.1 on loopback, a bearer, cursors.

use std::{io::{self, BufRead as _, BufReader, Write as _}, net::{Ipv4Addr, TcpListener, TcpStream}, sync::Arc, thread};

use crate::make;

/// What it asks for.
pub const TOKEN: &str = "mock-7f3a9c51d20e";
/// Records of a page.
const PAGE: u64 = 100;

/// A system that listens.
pub struct Mock {
    /// Where.
    pub address: String,
    /// Records in it.
    pub records: u64,
    /// Bytes of a record, on average.
    pub bytes: u64,
}

/// Makes the pages and answers until the process ends.
///
/// # Errors
/// Nothing can listen.
pub fn start(records: u64) -> io::Result<Mock> {
    let (mut pages, mut bytes) = (Vec::new(), 0);
    for first in (0..records).step_by(usize::try_from(PAGE).unwrap_or(100)) {
        pages.push(page(first, records, &mut bytes)?);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = format!("http://{}", listener.local_addr()?);
    let pages = Arc::new(pages);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&pages);
            // Who goes away has what it wanted.
            thread::spawn(move || drop(answer(&stream, &pages)));
        }
    });
    Ok(Mock { address, records, bytes: bytes / records.max(1) })
}

/// A whole answer: head and body.
fn page(first: u64, records: u64, bytes: &mut u64) -> io::Result<Vec<u8>> {
    let end = (first + PAGE).min(records);
    let mut body = br#"{"data":["#.to_vec();
    for number in first..end {
        if number > first {
            body.push(b',');
        }
        let before = body.len();
        make::order(number, &mut body);
        *bytes += (body.len() - before) as u64;
    }
    if end < records { write!(body, r#"],"next":"p{}"}}"#, end / PAGE)? } else { write!(body, r#"],"next":null}}"#)? }
    let mut answer = Vec::with_capacity(body.len() + 128);
    write!(answer, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())?;
    answer.extend_from_slice(&body);
    Ok(answer)
}

fn answer(stream: &TcpStream, pages: &[Vec<u8>]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut input, mut output) = (BufReader::new(stream), stream);
    let bearer = format!("authorization: Bearer {TOKEN}");
    loop {
        let (mut number, mut known, mut line) = (0, false, String::new());
        for index in 0.. {
            line.clear();
            if input.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let text = line.trim_end();
            if text.is_empty() {
                break;
            }
            if index == 0 {
                number = asked(text);
            }
            known |= text.eq_ignore_ascii_case(&bearer) && text.ends_with(TOKEN);
        }
        match pages.get(number).filter(|_| known) {
            Some(page) => output.write_all(page)?,
            None => output.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")?,
        }
    }
}

/// The page a request line asks for; what is not understood is a page that is not there.
fn asked(line: &str) -> usize {
    let target = line.split(' ').nth(1).unwrap_or_default();
    if !target.starts_with("/orders?") || !target.contains("limit=100") {
        return usize::MAX;
    }
    match target.split_once("after=p") {
        Some((_, rest)) => rest.split('&').next().and_then(|number| number.parse().ok()).unwrap_or(usize::MAX),
        None => 0,
    }
}
