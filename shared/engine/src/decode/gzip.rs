//! gzip and deflate, with a limit on what comes out.

use std::io::{self, Read};

use fault::Simple;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::{damaged, too_large, wrong};

/// Files are written in blocks, each a member; but every member costs the same, however little is in it.
const MOST_MEMBERS: usize = 10_000;
/// As much of the word of a packing as a message holds.
const MOST_SHOWN: usize = 20;
/// Nobody packs what is packed; a bomb does.
const MOST_LAYERS: usize = 2;

/// Whether this begins like gzip.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Undoes the layers `Content-Encoding` names, and tells whether there were any.
pub(crate) fn sent(mut body: Vec<u8>, layers: &str, most: usize) -> Result<(Vec<u8>, bool), Simple> {
    let layers: Vec<&str> = layers.split(',').map(str::trim).filter(|layer| !layer.is_empty() && !layer.eq_ignore_ascii_case("identity")).collect();
    if layers.len() > MOST_LAYERS {
        return Err(wrong("the answer is packed more than twice by its `Content-Encoding`"));
    }
    // An answer without a body needs no packing.
    if body.is_empty() {
        return Ok((body, false));
    }
    for layer in layers.iter().rev() {
        body = match layer.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => unpack(&body, most)?,
            "deflate" => inflate(&body, most)?,
            _ => return Err(wrong(format!("the answer is packed by its `Content-Encoding` `{}`, and what can be read is gzip and deflate", shown(layer)))),
        };
    }
    Ok((body, !layers.is_empty()))
}

/// The word of a packing, which the other side wrote: as much of it as can be one.
fn shown(layer: &str) -> String {
    layer.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.')).take(MOST_SHOWN).collect()
}

/// What is in a gzip of one member or several. Zeros behind the last are what tapes and blocks are filled up with.
pub(crate) fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, Simple> {
    let (mut out, mut rest) = (Vec::new(), packed);
    for _ in 0..MOST_MEMBERS {
        let mut member = GzDecoder::new(rest);
        drain(&mut member, &mut out, most)?;
        rest = member.into_inner();
        if rest.iter().all(|byte| *byte == 0) {
            return Ok(out);
        }
    }
    Err(wrong("the gzip has more than 10000 members"))
}

/// `deflate` of HTTP is the zlib format; some send the bare stream.
fn inflate(packed: &[u8], most: usize) -> Result<Vec<u8>, Simple> {
    let mut out = Vec::new();
    let zlib = packed.first_chunk::<2>().is_some_and(|head| head[0] & 0x0f == 8 && u16::from_be_bytes(*head) % 31 == 0);
    if zlib { drain(&mut ZlibDecoder::new(packed), &mut out, most)? } else { drain(&mut DeflateDecoder::new(packed), &mut out, most)? }
    Ok(out)
}

/// Reads a decoder to its end, or to the limit.
pub(crate) fn drain(decoder: &mut impl Read, out: &mut Vec<u8>, most: usize) -> Result<(), Simple> {
    let left = (most - out.len().min(most)) as u64;
    match decoder.take(left + 1).read_to_end(out) {
        Ok(_) if out.len() > most => Err(too_large(most)),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(damaged("the packed answer ends too early")),
        Err(_) => Err(damaged("the packed answer is damaged")),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use fault::Disposition;
    use flate2::{Compression, write::{DeflateEncoder, GzEncoder, ZlibEncoder}};

    use super::*;

    pub(crate) fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(plain: &[u8]) -> [Vec<u8>; 2] {
        let (mut zlib, mut bare) = (ZlibEncoder::new(Vec::new(), Compression::fast()), DeflateEncoder::new(Vec::new(), Compression::fast()));
        zlib.write_all(plain).unwrap();
        bare.write_all(plain).unwrap();
        [zlib.finish().unwrap(), bare.finish().unwrap()]
    }

    const MOST: usize = 1000;

    #[test]
    fn members_follow_one_another_and_zeros_behind_them_are_nothing() {
        let (a, b) = (gzip(b"[1,"), gzip(b"2]"));
        for packed in [[&a[..], &b].concat(), [&a[..], &gzip(b""), &b, &[0; 512]].concat()] {
            assert_eq!(unpack(&packed, MOST).unwrap(), b"[1,2]");
        }
        let bombs = gzip(b"").repeat(MOST_MEMBERS + 1);
        assert_eq!(unpack(&bombs, MOST).unwrap_err().code, "answer_format");
    }

    #[test]
    fn layers_of_the_header_are_undone_from_the_last() {
        let plain = b"{\"id\":1}".as_slice();
        let [zlib, bare] = deflate(plain);
        for (packed, header, were) in [
            (gzip(plain), "gzip", true), (gzip(plain), "X-GZIP", true), (zlib.clone(), "deflate", true), (bare, "deflate", true), (gzip(&zlib), "deflate, gzip", true),
            (plain.to_vec(), "identity", false), (plain.to_vec(), "", false),
        ] {
            assert_eq!(sent(packed, header, MOST).unwrap(), (plain.to_vec(), were), "{header}");
        }
        assert_eq!(sent(Vec::new(), "gzip", MOST).unwrap().0, b"");
        for header in ["br", "gzip, gzip, gzip"] {
            assert_eq!(sent(gzip(plain), header, MOST).unwrap_err().code, "answer_format", "{header}");
        }
    }

    #[test]
    fn what_is_cut_off_or_damaged_may_pass() {
        let whole = gzip(b"[{\"sku\":\"A\"},{\"sku\":\"B\"}]");
        let mut wrong_sum = whole.clone();
        *wrong_sum.iter_mut().nth_back(5).unwrap() ^= 1;
        let mut cases: Vec<(Vec<u8>, &str)> = (1..whole.len()).map(|end| (whole[..end].to_vec(), "gzip")).collect();
        cases.push((wrong_sum, "gzip"));
        cases.push(([&whole[..], b"<html>"].concat(), "gzip"));
        cases.push((b"plain".to_vec(), "gzip"));
        for whole in deflate(b"[{\"sku\":\"A\"},{\"sku\":\"B\"}]") {
            cases.extend((1..whole.len()).map(|end| (whole[..end].to_vec(), "deflate")));
        }
        for (packed, header) in cases {
            let fault = sent(packed.clone(), header, MOST).unwrap_err();
            assert_eq!((fault.code, fault.disposition), ("answer_truncated", Disposition::Retry { after: None }), "{packed:?}");
        }
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let inner = gzip(&vec![0; 1_000_000]);
        for (packed, most) in [(inner.repeat(1000), 64 << 20), (inner.clone(), 999_999), (inner.clone(), 1)] {
            assert_eq!(unpack(&packed, most).unwrap_err().code, "response_too_large");
        }
        assert_eq!(unpack(&inner, 1_000_000).unwrap().len(), 1_000_000);
    }
}
