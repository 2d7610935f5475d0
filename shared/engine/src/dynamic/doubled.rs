//! The hour that comes twice, where a clock is put back: a time without an offset does not tell which of the two it is in.

use connector::{CursorKind, Incremental};
use jiff::Timestamp;

/// The start to ask from. One in the doubled hour, in either pass, or in one as long behind it, is put back to where the first pass
/// began, if it is written without an offset: what changes in the second pass is told at a time that may lie before it.
pub(crate) fn back(incremental: &Incremental, start: i64) -> i64 {
    let CursorKind::Instant { zone, .. } = &incremental.kind else { return start };
    let format = incremental.start.as_ref().map_or(&incremental.format, |bound| &bound.format);
    let (Ok(at), Ok(behind)) = (Timestamp::from_millisecond(start), Timestamp::from_millisecond(start.saturating_add(1))) else { return start };
    let turns = zone.preceding(behind).take(1).chain(zone.following(at).take(1));
    let mut doubled = turns.filter_map(|turn| {
        let ms = turn.timestamp().as_millisecond();
        let before = zone.to_offset(Timestamp::from_millisecond(ms.checked_sub(1)?).ok()?);
        let length = i64::from(before.seconds().checked_sub(turn.offset().seconds())?) * 1_000;
        let first = ms.checked_sub(length).filter(|_| length > 0)?;
        ((first..ms + 2 * length).contains(&start) && format.write(first, zone) == format.write(ms, zone)).then_some(first)
    });
    doubled.next().unwrap_or(start)
}
