//! An archive of one file, stored as it is: what reads archives needs no more to be tried.

use flate2::Crc;

/// The version of the format that can store.
const VERSION: u16 = 20;
/// Midnight, 1 January 2026, as DOS counted: two seconds are the unit, and 1980 is the first year.
const STAMP: [u16; 2] = [0, (46 << 9) | (1 << 5) | 1];

/// An archive with this file in it.
pub(crate) fn stored(name: &str, content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(content);
    let about = about(crc.sum(), content.len(), name.len());
    let mut archive = Vec::with_capacity(content.len() + 256);
    archive.extend(b"PK\x03\x04");
    archive.extend(&about);
    archive.extend(name.as_bytes());
    archive.extend(content);
    let directory = archive.len();
    archive.extend(b"PK\x01\x02");
    archive.extend(VERSION.to_le_bytes());
    archive.extend(&about);
    // No comment, the first disk, no attributes, and the file at the beginning.
    archive.extend([0; 14]);
    archive.extend(name.as_bytes());
    let size = archive.len() - directory;
    archive.extend(b"PK\x05\x06");
    archive.extend([0, 0, 0, 0, 1, 0, 1, 0]);
    archive.extend(short(size));
    archive.extend(short(directory));
    archive.extend([0, 0]);
    archive
}

/// What the entry and the directory say of the file alike.
fn about(crc: u32, size: usize, name: usize) -> Vec<u8> {
    let name = u16::try_from(name).unwrap_or(u16::MAX);
    let mut about = Vec::with_capacity(26);
    // No flags, and no method of packing.
    for word in [VERSION, 0, 0, STAMP[0], STAMP[1]] {
        about.extend(word.to_le_bytes());
    }
    about.extend(crc.to_le_bytes());
    about.extend(short(size));
    about.extend(short(size));
    about.extend(name.to_le_bytes());
    about.extend([0, 0]);
    about
}

fn short(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
