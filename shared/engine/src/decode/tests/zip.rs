//! Archives that another program wrote, and what becomes of them when they lie.

use fault::{Disposition, Simple};

use crate::decode::zip::unpack;

const ORDERS: &[u8] = b"sku,qty\nA,1\nB,2\nA,1\nB,2\n";
// Written by Python's zipfile: deflated; deflated into a stream, with ZIP64 and the sizes behind the data; stored, three
// members of which one is a folder, and a comment.
pub(super) const DEFLATED: &str = "504b03041400000008000000215cf1dce09812000000180000000a0000006f72646572732e6373762bce2ed5292ca9e472d431e472d23182d300504b010214031400000008000000215cf1dce09812000000180000000a00000000000000000000008001000000006f72646572732e637376504b05060000000001000100380000003a0000000000";
const STREAMED: &str = "504b03042d00080008000000215c00000000ffffffffffffffff0a0014006f72646572732e63737601001000000000000000000000000000000000002bce2ed5292ca9e472d431e472d23182d300504b0708f1dce09812000000000000001800000000000000504b01022d032d00080008000000215cf1dce09812000000180000000a00000000000000000000008001000000006f72646572732e637376504b0506000000000100010038000000660000000000";
const SEVERAL: &str = "504b03041400000000000000215c000000000000000000000000040000006f75742f504b03041400000000000000215c0024c1890400000004000000090000006f75742f612e637376610a310a504b03041400000000000000215c86a610360500000005000000090000006f75742f622e74787468656c6c6f504b010214031400000000000000215c0000000000000000000000000400000000000000000000008001000000006f75742f504b010214031400000000000000215c0024c18904000000040000000900000000000000000000008001220000006f75742f612e637376504b010214031400000000000000215c86a61036050000000500000009000000000000000000000080014d0000006f75742f622e747874504b05060000000003000300a0000000790000000c006d6164652062792068616e64";

fn of(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

/// An archive of one member, changed at these places of its directory.
fn changed(changes: &[(usize, &[u8])]) -> Vec<u8> {
    let mut archive = of(DEFLATED);
    let directory = archive.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    for (at, bytes) in changes {
        archive[directory + at..directory + at + bytes.len()].copy_from_slice(bytes);
    }
    archive
}

#[test]
fn the_member_that_is_meant_is_read() {
    for (archive, member, plain) in [
        (of(DEFLATED), None, ORDERS), (of(STREAMED), None, ORDERS), (of(DEFLATED), Some("*"), ORDERS), (of(SEVERAL), Some("out/a.csv"), b"a\n1\n"),
        (of(SEVERAL), Some("*.csv"), b"a\n1\n"), (of(SEVERAL), Some("*b*"), b"hello"), (of(SEVERAL), Some("o*t/*.t*t"), b"hello"),
    ] {
        assert_eq!(unpack(&archive, member, 1000).unwrap(), plain, "{member:?}");
    }
    for (archive, member, message) in [
        (of(SEVERAL), None, "the zip has several members, and `zip_member` names none"),
        (of(SEVERAL), Some("out/*"), "the zip has several members of the name `zip_member`"),
        (of(SEVERAL), Some("a.csv"), "the zip has no member of the name `zip_member`"),
        (of(SEVERAL), Some("out/a.csv*b"), "the zip has no member of the name `zip_member`"),
        (b"sku,qty".to_vec(), None, "the answer is not a zip"),
        (Vec::new(), None, "the answer is not a zip"),
        ([&b"PK\x05\x06"[..], &[0; 18]].concat(), None, "the zip has no member"),
        (changed(&[(8, &[1])]), None, "the member of the zip is encrypted"),
        (changed(&[(10, &[14])]), None, "the member of the zip is packed by another method than deflate"),
    ] {
        assert_eq!(unpack(&archive, member, 1000), Err(Simple::reject("answer_format", message)), "{member:?}");
    }
}

#[test]
fn a_size_that_stands_elsewhere_is_found() {
    let mut wide = vec![1, 0, 24, 0];
    wide.extend([24_u64, 18, 0].map(u64::to_le_bytes).concat());
    let extra = [&[9, 9, 1, 0, 7][..], &wide].concat();
    let mut archive = changed(&[(20, &[255; 8]), (42, &[255; 4]), (30, &[u8::try_from(extra.len()).unwrap()])]);
    let end = archive.windows(4).position(|four| four == b"PK\x05\x06").unwrap();
    archive.splice(end..end, extra);
    assert_eq!(unpack(&archive, None, 1000).unwrap(), ORDERS);
}

#[test]
fn what_lies_or_is_cut_off_is_damaged() {
    let mut cases: Vec<Vec<u8>> = [DEFLATED, STREAMED, SEVERAL].iter().flat_map(|archive| (2..of(archive).len() - 20).map(|end| of(archive)[..end].to_vec())).collect();
    for lie in [(16, [1, 1, 1, 1].as_slice()), (20, &[17]), (20, &[255, 255, 0, 0]), (24, &[23]), (24, &[25]), (24, &[0]), (42, &[1]), (42, &[255; 4]), (28, &[255, 255]), (30, &[0, 255])] {
        cases.push(changed(&[lie]));
    }
    for archive in cases {
        let fault = unpack(&archive, Some("*.csv"), 1000).unwrap_err();
        assert_eq!((fault.code, fault.disposition), ("answer_truncated", Disposition::Retry { after: None }), "{}", hex::encode(&archive));
    }
    assert_eq!(unpack(&of(DEFLATED), None, 23).unwrap_err().code, "response_too_large");
    assert_eq!(unpack(&changed(&[(24, &[1])]), None, 23).unwrap_err().code, "response_too_large");
}
