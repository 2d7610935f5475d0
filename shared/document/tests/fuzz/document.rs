//! What must hold of any bytes as a document: both readers agree, and what is written is read again as the same.

use document::{Limits, Parser, hash_item, hash_value, parse, parse_str};

/// # Panics
/// When it does not hold.
pub(crate) fn holds(bytes: &[u8]) {
    let mut parser = Parser::new(Limits::default());
    let tape = parser.parse(bytes);
    let tree = parse(bytes, &Limits::default());
    assert_eq!(tape.is_ok(), tree.is_ok());
    let (Ok(tape), Ok(tree)) = (tape, tree) else { return };
    assert_eq!(tape.root().to_value(), tree);
    assert_eq!(hash_item(tape.root()), hash_value(&tree));
    let mut out = Vec::new();
    tape.root().write(&mut out);
    assert_eq!(parse_str(&tree.to_string()).as_ref(), Ok(&tree));
    assert_eq!(parse(&out, &Limits::default()).as_ref(), Ok(&tree));
}
