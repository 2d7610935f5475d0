//! The laws of the fuzz targets on a bounded number of inputs, put together of what documents and paths are made of.

mod document;
mod path;

use proptest::{collection::vec, prelude::*, sample::select};

const TEXT: &[&str] = &["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u0061\"", "\"å\\n\"", "\"\\ud83d\\ude00\"", "\"", "\\", "0", "-0.0", "1", "19.990", "1E400", "1e-7", "true", "false", "null", " ", "\n", "nul", "\u{0}", "é"];
const PATH: &[&str] = &["$", ".a", "['b']", "[0]", "[-1]", "[*]", ".*", "..a", "..*", "[1:]", "[::-1]", "[0,'a']", "[?@.a]", "[?@.a == 1]", "[?length(@) > 1]", "[?match(@, 'a.*')]", "[?!@.b]", "[", "]", "'", "å", "\\"];

/// A document, with luck.
fn documents() -> impl Strategy<Value = String> {
    let leaf = select(vec!["null", "true", "0", "-1.50", "1E400", "\"a\"", "\"\\u00e5\"", "\"\""]).prop_map(str::to_owned);
    leaf.prop_recursive(5, 40, 5, |inner| {
        let members = prop::collection::btree_map(select(vec!["a", "b", "", "å~/", "\\\\"]), inner.clone(), 0..5);
        prop_oneof![vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(", "))), members.prop_map(|members| format!("{{{}}}", members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect::<Vec<_>>().join(",")))]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_law_of_documents_holds(bytes in vec(any::<u8>(), 0..100), pieces in vec(select(TEXT), 0..24), document in documents(), cut in any::<prop::sample::Index>()) {
        document::holds(&bytes);
        document::holds(pieces.concat().as_bytes());
        document::holds(document.as_bytes());
        document::holds(&document.as_bytes()[..cut.index(document.len())]);
    }

    #[test]
    fn the_law_of_paths_holds(pieces in vec(select(PATH), 0..6), any in ".{0,40}", document in documents()) {
        path::holds(&format!("${}\n{document}", pieces.concat()));
        path::holds(&format!("{any}\n{document}"));
    }
}
