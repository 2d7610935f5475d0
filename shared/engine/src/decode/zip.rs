//! One member of a zip archive, stored or deflated. Names, sizes and sums are those of the central directory; nothing is written anywhere.

use fault::Simple;
use flate2::{Crc, bufread::DeflateDecoder};

use super::{damaged, gzip::drain, too_large, wrong};

const END: [u8; 4] = *b"PK\x05\x06";
const END_BYTES: usize = 22;
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const ENTRY_BYTES: usize = 46;
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;
/// What stands for a number that is in the extra field of ZIP64.
const ELSEWHERE: u64 = 0xffff_ffff;

/// The member with this name or pattern, or the only one.
pub(crate) fn unpack(archive: &[u8], member: Option<&str>, most: usize) -> Result<Vec<u8>, Simple> {
    let mut found = None;
    for entry in entries(archive)? {
        let entry = entry?;
        let meant = !entry.name.ends_with(b"/") && member.is_none_or(|pattern| fits(pattern.as_bytes(), entry.name));
        if meant && found.replace(entry).is_some() {
            return Err(wrong(if member.is_some() { "the zip has several members of the name `zip_member`" } else { "the zip has several members, and `zip_member` names none" }));
        }
    }
    found.ok_or_else(|| wrong(if member.is_some() { "the zip has no member of the name `zip_member`" } else { "the zip has no member" }))?.unpack(archive, most)
}

/// Whether this begins like a zip.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(&LOCAL)
}

/// All members, one behind the other.
pub(crate) fn every(archive: &[u8], most: usize) -> Result<Vec<u8>, Simple> {
    let mut out = Vec::new();
    for entry in entries(archive)? {
        out.extend(entry?.unpack(archive, most - out.len())?);
        out.push(b'\n');
        if out.len() > most {
            return Err(too_large(most));
        }
    }
    Ok(out)
}

/// A member, as the central directory tells it.
struct Entry<'a> {
    name: &'a [u8],
    encrypted: bool,
    method: u16,
    sum: u32,
    packed: u64,
    plain: u64,
    at: u64,
}

impl Entry<'_> {
    fn unpack(&self, archive: &[u8], most: usize) -> Result<Vec<u8>, Simple> {
        if self.encrypted {
            return Err(wrong("the member of the zip is encrypted"));
        }
        if self.plain > most as u64 {
            return Err(too_large(most));
        }
        let packed = self.data(archive).ok_or_else(torn)?;
        let mut out = Vec::new();
        match self.method {
            0 => drain(&mut &*packed, &mut out, most)?,
            8 => drain(&mut DeflateDecoder::new(packed), &mut out, most)?,
            _ => return Err(wrong("the member of the zip is packed by another method than deflate")),
        }
        let mut sum = Crc::new();
        sum.update(&out);
        if sum.sum() == self.sum && out.len() as u64 == self.plain { Ok(out) } else { Err(damaged("the member of the zip is damaged")) }
    }

    /// The packed bytes, behind the header that stands before them with a name and an extra field of its own.
    fn data<'a>(&self, archive: &'a [u8]) -> Option<&'a [u8]> {
        let local = archive.get(usize::try_from(self.at).ok()?..)?;
        if !local.starts_with(&LOCAL) {
            return None;
        }
        let from = LOCAL_BYTES + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
        local.get(from..)?.get(..usize::try_from(self.packed).ok()?)
    }
}

/// The members, one after the other: an archive of many costs no memory.
fn entries(archive: &[u8]) -> Result<impl Iterator<Item = Result<Entry<'_>, Simple>>, Simple> {
    if !archive.starts_with(b"PK") {
        return Err(wrong("the answer is not a zip"));
    }
    // The end is searched for from behind: a comment of up to 64 KB may follow it.
    let from = archive.len().saturating_sub(END_BYTES + 0xffff);
    let end = archive[from..].windows(4).rposition(|four| four == END).map(|at| &archive[from + at..]).ok_or_else(torn)?;
    let (count, start) = (u16_at(end, 10).ok_or_else(torn)?, u32_at(end, 16).ok_or_else(torn)?);
    let mut rest = archive.get(start as usize..).ok_or_else(torn)?;
    Ok((0..count).map(move |_| {
        let (entry, length) = entry(rest).ok_or_else(torn)?;
        rest = &rest[length..];
        Ok(entry)
    }))
}

fn entry(bytes: &[u8]) -> Option<(Entry<'_>, usize)> {
    if !bytes.starts_with(&ENTRY) {
        return None;
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| u16_at(bytes, at).map(usize::from));
    let (name, extra) = (ENTRY_BYTES + name?, extra?);
    let mut entry = Entry {
        name: bytes.get(ENTRY_BYTES..name)?,
        encrypted: u16_at(bytes, 8)? & 1 == 1,
        method: u16_at(bytes, 10)?,
        sum: u32_at(bytes, 16)?,
        packed: u32_at(bytes, 20)?.into(),
        plain: u32_at(bytes, 24)?.into(),
        at: u32_at(bytes, 42)?.into(),
    };
    let length = name + extra + comment?;
    entry.widen(bytes.get(name..name + extra)?)?;
    bytes.get(..length)?;
    Some((entry, length))
}

impl Entry<'_> {
    /// Some writers put every size into the extra field of ZIP64, however small: those that are not in their places, in this order.
    fn widen(&mut self, mut extra: &[u8]) -> Option<()> {
        while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let (field, rest) = extra.get(4..)?.split_at_checked(length.into())?;
            if id == 1 {
                let wide = [&mut self.plain, &mut self.packed, &mut self.at].into_iter().filter(|number| **number == ELSEWHERE);
                for (number, eight) in wide.zip(field.as_chunks::<8>().0) {
                    *number = u64::from_le_bytes(*eight);
                }
            }
            extra = rest;
        }
        Some(())
    }
}

fn torn() -> Simple {
    damaged("the zip is cut off or damaged")
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let mut parts = pattern.split(|byte| *byte == b'*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = (0..rest.len() + 1).find(|at| rest[*at..].starts_with(part)) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}
