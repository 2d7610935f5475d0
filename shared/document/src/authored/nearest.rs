//! The known name a person most likely meant.

/// Characters of a name that is compared.
const LONGEST: usize = 128;
/// Names one is compared with.
const MOST: usize = 1_000;

/// The nearest of the known names, if it is near at all.
#[must_use]
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    // Nobody slips in a longer name, and a comparison costs the product of the lengths.
    if name.len() > LONGEST {
        return None;
    }
    let wanted = plain(name);
    let near = known.into_iter().filter(|known| known.len() <= LONGEST).take(MOST).map(|known| (distance(&wanted, &plain(known)), known)).min_by_key(|(distance, _)| *distance);
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
        let known = ["pagination", "params", "headers", "token_url"];
        for (name, expected) in [("paginaton", Some("pagination")), ("parmas", Some("params")), ("tokenUrl", Some("token_url")), ("zzz", None)] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
