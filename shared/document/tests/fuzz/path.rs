//! What must hold of any line as a path over any document behind it: nothing panics, and the place of what is found leads back to it.

use document::{Fuel, Limits, Parser, Path, Pointer};

/// # Panics
/// When it does not hold.
pub(crate) fn holds(input: &str) {
    let (line, rest) = input.split_once('\n').unwrap_or((input, "[[1,{\"a\":[]}]]"));
    _ = Pointer::parse(line);
    let Ok(path) = Path::parse(line) else { return };
    let mut parser = Parser::new(Limits::default());
    let Ok(tape) = parser.parse(rest.as_bytes()) else { return };
    let Ok(located) = path.locate(tape.root(), &Fuel::default()) else { return };
    assert!(!path.is_singular() || path.at(tape.root()).as_ref() == located.first().map(|(_, item)| item));
    for (location, item) in located {
        assert_eq!(location.pointer().get(tape.root()), Some(item));
        // A place longer than a path may be is refused, like any path.
        if let Ok(again) = Path::parse(&location.to_string()) {
            assert_eq!(again.at(tape.root()), Some(item));
        }
    }
}
