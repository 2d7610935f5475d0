//! The cases keys are written in, of any script. For the operation `keys`.

use bumpalo::collections::String as Text;
use document::Arena;

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `unit_price`.
    Snake,
    /// `unitPrice`.
    Camel,
    /// `unit-price`.
    Kebab,
    /// Small letters, nothing else changed.
    Lower,
}

impl Case {
    /// Whether a key is plainly written so already: most are. Others may be, too.
    pub(crate) fn has(self, key: &str) -> bool {
        let between = match self {
            Case::Snake => b'_',
            Case::Kebab => b'-',
            Case::Camel | Case::Lower => b'a',
        };
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = key.as_bytes();
        let ends = bytes.first().copied().is_some_and(plain) && bytes.last().copied().is_some_and(plain);
        ends && bytes.windows(2).all(|pair| plain(pair[0]) || pair[0] == between && plain(pair[1]))
    }

    /// The key in this case; nothing where it would be empty.
    pub(crate) fn of<'a>(self, key: &str, arena: &'a Arena) -> Option<&'a str> {
        let mut made = Text::with_capacity_in(key.len() + 4, arena.bump());
        match self {
            Case::Lower => made.extend(key.chars().flat_map(char::to_lowercase)),
            Case::Snake => words(key, &mut made, Some('_')),
            Case::Kebab => words(key, &mut made, Some('-')),
            Case::Camel => words(key, &mut made, None),
        }
        Some(made.into_bump_str()).filter(|made| made.chars().any(char::is_alphanumeric))
    }
}

/// Appends the words of a key in small letters with a character between them, or each but the first with a capital letter.
fn words(key: &str, made: &mut Text<'_>, between: Option<char>) {
    made.extend(key.chars().take_while(|char| *char == '_'));
    let mut chars = key.chars().peekable();
    let (mut before, mut any, mut gap) = (None, false, false);
    while let Some(char) = chars.next() {
        if !char.is_alphanumeric() {
            (before, gap) = (None, true);
            continue;
        }
        let starts = char.is_uppercase() && before.is_some_and(|before: char| !before.is_uppercase() || chars.peek().is_some_and(|next| next.is_lowercase()));
        let starts = any && (gap || starts);
        match between {
            Some(between) if starts => made.push(between),
            Some(_) | None => {}
        }
        if starts && between.is_none() { made.extend(char.to_uppercase()) } else { made.extend(char.to_lowercase()) }
        (before, any, gap) = (Some(char), true, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_style_become_one() {
        let arena = Arena::new();
        for (key, snake, camel, kebab) in [
            ("unitPrice", "unit_price", "unitPrice", "unit-price"), ("UnitPrice", "unit_price", "unitPrice", "unit-price"), ("unit_price", "unit_price", "unitPrice", "unit-price"),
            ("unit-price", "unit_price", "unitPrice", "unit-price"), ("Unit Price", "unit_price", "unitPrice", "unit-price"), ("UNIT_PRICE", "unit_price", "unitPrice", "unit-price"),
            ("HTTPServer", "http_server", "httpServer", "http-server"), ("orderID", "order_id", "orderId", "order-id"), ("address2Line", "address2_line", "address2Line", "address2-line"),
            ("line2", "line2", "line2", "line2"), ("_id", "_id", "_id", "_id"), ("__typeName", "__type_name", "__typeName", "__type-name"), ("größeÄnderung", "größe_änderung", "größeÄnderung", "größe-änderung"),
            ("a.b/c", "a_b_c", "aBC", "a-b-c"), ("  spaced  ", "spaced", "spaced", "spaced"), ("ABC", "abc", "abc", "abc"), ("цена", "цена", "цена", "цена"), ("価格", "価格", "価格", "価格"),
            ("a1B2", "a1_b2", "a1B2", "a1-b2"), ("İd", "i̇d", "i̇d", "i̇d"),
        ] {
            for (case, expected) in [(Case::Snake, snake), (Case::Camel, camel), (Case::Kebab, kebab)] {
                assert_eq!(case.of(key, &arena), Some(expected), "{key} {case:?}");
            }
        }
        for key in ["", "---", "___", "💶"] {
            assert_eq!(Case::Snake.of(key, &arena), None, "{key}");
        }
        assert_eq!(Case::Lower.of("Order-ID", &arena), Some("order-id"));
    }

    #[test]
    fn writing_a_key_twice_changes_nothing_more() {
        let arena = Arena::new();
        for key in ["unitPrice", "HTTPServer", "a.b/c", "__typeName", "größeÄnderung", "address2Line", "X Y Z"] {
            for case in [Case::Snake, Case::Camel, Case::Kebab, Case::Lower] {
                let once = case.of(key, &arena).unwrap();
                if case != Case::Camel || key != "a.b/c" && key != "X Y Z" {
                    assert_eq!(case.of(once, &arena), Some(once), "{key} {case:?}");
                }
            }
        }
    }

    #[test]
    fn what_has_its_case_is_written_the_same() {
        let arena = Arena::new();
        let parts = ["", "a", "1", "_", "-", "B", "å", "."];
        let mut known = 0;
        for key in (0..parts.len().pow(4)).map(|n| (0..4).map(|place| parts[n / parts.len().pow(place) % parts.len()]).collect::<String>()) {
            for case in [Case::Snake, Case::Camel, Case::Kebab, Case::Lower].into_iter().filter(|case| case.has(&key)) {
                known += 1;
                assert_eq!(case.of(&key, &arena), Some(&*key), "{case:?}");
            }
        }
        assert!(known > 100 && !Case::Snake.has("a__b") && Case::Snake.has("a_1b"));
    }
}
