//! What a value weighs when it is written out: values made on the way may share parts, and sharing is free only until then.

use crate::{Item, Value};

/// Bytes of text that weigh as much as one value.
const BYTES: usize = 64;

impl Item<'_> {
    /// Values and keys in it, long texts counting for more; counted no further than `most`.
    #[must_use]
    pub fn weight(self, most: usize) -> usize {
        match self {
            Item::Null | Item::Bool(_) => 1,
            Item::Number(text) | Item::Text(text) => 1 + text.len() / BYTES,
            Item::Node(node) => node.span() + node.raw().len() / BYTES,
            Item::List(items) => sum(items.iter().copied(), most),
            Item::Map(entries) => keys(entries.iter().map(|(key, _)| key.len())) + sum(entries.iter().map(|(_, item)| *item), most),
            Item::Tree(value) => match value {
                Value::Null | Value::Bool(_) => 1,
                Value::Number(number) => 1 + number.text().len() / BYTES,
                Value::String(text) => 1 + text.len() / BYTES,
                Value::Array(items) => sum(items.iter().map(Item::Tree), most),
                Value::Object(entries) => keys(entries.iter().map(|(key, _)| key.len())) + sum(entries.iter().map(|(_, value)| Item::Tree(value)), most),
            },
        }
    }
}

/// What long keys weigh.
fn keys(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.map(|length| length / BYTES).sum()
}

fn sum<'a>(items: impl Iterator<Item = Item<'a>>, most: usize) -> usize {
    let mut total = 1;
    for item in items {
        total += 1 + item.weight(most.saturating_sub(total));
        if total >= most {
            break;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use crate::{Arena, Item, parse_str};

    #[test]
    fn shared_parts_weigh_as_often_as_they_stand() {
        let value = parse_str(r#"{"a":[1,2],"b":null}"#).unwrap();
        assert_eq!(Item::from(&value).weight(100), 9);
        let long = format!(r#"{{"{}":1}}"#, "k".repeat(6400));
        let value = parse_str(&long).unwrap();
        assert_eq!(Item::from(&value).weight(1000), 103, "a long key weighs as a long text does");
        assert_eq!(Item::Map(&[("k".repeat(6400).as_str(), Item::Null)]).weight(1000), 103);
        let arena = Arena::new();
        let mut item = Item::Number("1");
        for _ in 0..100 {
            item = arena.list([item, item]);
        }
        assert_eq!(item.weight(1000).clamp(1000, 1200), item.weight(1000), "counting ends soon after what was asked");
    }
}
