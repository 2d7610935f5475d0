//! The known name or word a person most likely meant.

/// No name of ours is longer; of what was written no more is looked at.
const LONGEST: usize = 64;

/// The nearest of the known names, if it is near at all.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).take(LONGEST).collect::<Vec<_>>();
    let wanted = plain(name);
    let near = known.into_iter().map(|known| (distance(&wanted, &plain(known)), known)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, known)| *distance <= known.len().max(3) / 3).map(|(_, known)| known)
}

/// Edits from one to the other, a swap of neighbours counting as one.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_hand_find_their_name() {
        let known = ["cancelled", "partially_paid", "orderId", "sku"];
        let long = "x".repeat(1_000_000);
        for (name, expected) in [("canceled", Some("cancelled")), ("Partially-Paid", Some("partially_paid")), ("order_id", Some("orderId")), ("skus", Some("sku")), ("zzz", None), (&long, None)] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
