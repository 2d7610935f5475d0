//! A fault of a run as people read it: what, which code, when to come back, and what to do.

use canonical::Millis;
use connector::Connector;
use fault::{Disposition, Fault as _, Simple};

use super::cursor::Cursor;
use crate::Failure;

/// How sources say that they do not know a place.
const UNKNOWN: [&str; 2] = ["destination_rejected", "destination_gone"];

/// Tells a fault of a run that began at a cursor.
pub(crate) fn behind(fault: &Simple, connector: &Connector, cursor: &Cursor<'_>, now_ms: Millis) -> Failure {
    let anew = if UNKNOWN.contains(&fault.code()) { cursor.anew() } else { None };
    tell(fault, connector, &cursor.onward(), anew, now_ms)
}

/// Tells a fault at a present, and how whoever comes back goes on.
pub(crate) fn failed(fault: &Simple, connector: &Connector, onward: &str, now_ms: Millis) -> Failure {
    tell(fault, connector, onward, None, now_ms)
}

fn tell(fault: &Simple, connector: &Connector, onward: &str, anew: Option<String>, now_ms: Millis) -> Failure {
    let lines = [back(fault, now_ms).map(|back| format!("{back}: {onward}")), remedy(fault, connector), anew];
    let lines: String = lines.into_iter().flatten().map(|line| format!("\n    {line}")).collect();
    Failure::Failed(format!("{fault} ({}){lines}", fault.code()))
}

/// When to come back, where somebody said it.
fn back(fault: &Simple, now_ms: Millis) -> Option<String> {
    let Disposition::Retry { after: Some(after) } = fault.disposition else { return None };
    let seconds = i64::try_from(after.as_millis().div_ceil(1_000)).ok().filter(|seconds| *seconds > 0)?;
    // No earlier than was said, in whole seconds.
    let at = jiff::Timestamp::from_second(now_ms.div_euclid(1_000).saturating_add(1).saturating_add(seconds)).ok()?;
    Some(format!("come back at {at} or later, in {seconds} s"))
}

/// What to do about a code, in this program and of this definition.
fn remedy(fault: &Simple, connector: &Connector) -> Option<String> {
    match fault.code() {
        // The only argument of a run that the engine judges is its cursor; the remedy of the code speaks to programs.
        "argument_invalid" => Some("begin with what an earlier pull of this entity told, or without `--cursor` and `--cursor-file` at the beginning".to_owned()),
        // Who only reads corrects no data.
        "destination_rejected" => Some("read what it answered, as far as it is told above, and correct the definition or the values of `--config`".to_owned()),
        "destination_gone" => Some("correct the address in the definition".to_owned()),
        "destination_rate_limited" if connector.rate_limiting().windows.is_empty() => Some("declare `rate_limiting` in the definition, as the other system documents it: then requests wait for their turn".to_owned()),
        "destination_rate_limited" => Some("lower what `rate_limiting` allows in the definition".to_owned()),
        _ => fault.remedy().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_is_told_to_come_back_is_told_when() {
        // 2026-01-31T09:00:00.250Z
        for (after_ms, told) in [(None, None), (Some(0), None), (Some(1), Some("come back at 2026-01-31T09:00:02Z or later, in 1 s")), (Some(3_600_000), Some("come back at 2026-01-31T10:00:01Z or later, in 3600 s")), (Some(u64::MAX), None)] {
            let fault = Simple { code: "destination_rate_limited", disposition: Disposition::Retry { after: after_ms.map(Duration::from_millis) }, message: String::new() };
            assert_eq!(back(&fault, 1_769_850_000_250).as_deref(), told, "{after_ms:?}");
        }
        assert_eq!(back(&Simple::park("needs_auth", "x"), 0), None);
    }
}
