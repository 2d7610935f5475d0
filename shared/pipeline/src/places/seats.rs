//! Places among the requests that may be on their way at once: who may take how many. Pure functions over rows.

use canonical::Millis;
use store::{Seat, SeatRow};

/// Requests may begin for this long before the row is looked at again: longer is cheaper, shorter is fairer.
pub(crate) const BEGIN_MS: Millis = 2_000;
/// No request takes longer; what a process that died held is free after it.
const LIFE_MS: Millis = BEGIN_MS + 65_000;
/// How long others make room for who found no place, and may be waiting still.
const WANTED_MS: Millis = 10_000;
/// A row means nothing an hour later.
const HOUR_S: i64 = 3_600;

/// The row in which a process has as many of the places it wishes for as are free, and how many those are. What it holds
/// already is counted anew; it never falls below what is on its way.
pub(crate) fn seated(row: &SeatRow, me: &str, wish: u32, flying: u32, limit: u32, now: Millis) -> (SeatRow, u32) {
    let many = wish.min(limit.saturating_sub(others(row, me, now))).max(flying);
    let mut next = row.clone();
    next.seats.retain(|name, seat| name != me && seat.until > now);
    if many > 0 {
        next.seats.insert(me.to_owned(), Seat { many, until: now + LIFE_MS });
    }
    if many > flying || next.wanted.as_ref().is_some_and(|(_, until)| *until <= now) {
        next.wanted = next.wanted.filter(|(who, until)| who != me && *until > now);
    }
    (next, many)
}

/// The row in which the others are asked to make room.
pub(crate) fn wanted(row: &SeatRow, me: &str, now: Millis) -> SeatRow {
    SeatRow { wanted: Some((me.to_owned(), now + WANTED_MS)), ..row.clone() }
}

/// Whether somebody asks, this process or another.
pub(crate) fn asked(row: &SeatRow, now: Millis) -> bool {
    row.wanted.as_ref().is_some_and(|(_, until)| *until > now)
}

/// Whether another process waits for a place.
pub(crate) fn is_wanted(row: &SeatRow, me: &str, now: Millis) -> bool {
    row.wanted.as_ref().is_some_and(|(who, until)| who != me && *until > now)
}

/// Places of other processes.
fn others(row: &SeatRow, me: &str, now: Millis) -> u32 {
    row.seats.iter().filter(|(name, seat)| *name != me && seat.until > now).fold(0, |sum, (_, seat)| sum.saturating_add(seat.many))
}

/// When a row may be removed, in seconds since 1970.
pub(crate) fn expires_s(now: Millis) -> i64 {
    now / 1_000 + HOUR_S
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_769_850_100_000;

    #[test]
    fn places_are_taken_as_they_are_free() {
        // Limit, of another process, of a dead one, wish, on their way: how many.
        for (limit, other, dead, wish, flying, many) in [
            (1, 0, 0, 1, 0, 1), (1, 1, 0, 1, 0, 0), (1, 0, 1, 1, 0, 1), (5, 2, 0, 2, 0, 2), (5, 2, 9, 9, 0, 3), (5, 5, 0, 1, 0, 0), (5, 2, 0, 0, 0, 0), (5, 4, 0, 3, 2, 2), (2, 3, 0, 1, 0, 0),
        ] {
            let seat = |many, until| Seat { many, until };
            let row = SeatRow { version: 3, seats: [("other".to_owned(), seat(other, NOW + 1)), ("dead".to_owned(), seat(dead, NOW)), ("me".to_owned(), seat(1, NOW + 1))].into(), wanted: None };
            let (next, taken) = seated(&row, "me", wish, flying, limit, NOW);
            assert_eq!(taken, many, "{limit} {other} {dead} {wish} {flying}");
            assert_eq!(next.seats.get("me").map_or(0, |seat| seat.many), many);
            assert!(!next.seats.contains_key("dead") && next.seats.contains_key("other"));
        }
    }

    #[test]
    fn who_waits_is_known_until_it_has_a_place_or_is_gone() {
        let row = wanted(&SeatRow::default(), "other", NOW);
        assert!(is_wanted(&row, "me", NOW) && !is_wanted(&row, "other", NOW) && asked(&row, NOW));
        assert!(!is_wanted(&row, "me", NOW + WANTED_MS) && !asked(&row, NOW + WANTED_MS));
        assert!(is_wanted(&seated(&row, "me", 1, 0, 1, NOW).0, "me", NOW), "a place of mine is not theirs");
        assert_eq!(seated(&row, "other", 1, 0, 1, NOW).0.wanted, None);
        let full = SeatRow { seats: [("me".to_owned(), Seat { many: 1, until: NOW + 1 })].into(), ..row };
        assert!(is_wanted(&seated(&full, "other", 1, 0, 1, NOW).0, "me", NOW), "who got none waits still");
    }
}
