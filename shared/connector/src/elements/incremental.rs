//! `incremental`: what is asked for is only what changed since the last run.

use document::Path;

use super::inject::{self, Inject};
use crate::check::{Check, Node};

/// How an instant is written into a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// RFC 3339 in UTC.
    Iso8601,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// A `strftime` pattern, in UTC.
    Pattern(String),
}

/// What is asked for since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incremental {
    /// Where a record tells when it changed.
    pub cursor: Path,
    /// Where the start goes; without it the request uses `{{cursor}}`.
    pub inject: Option<Inject>,
    /// How the start is written.
    pub format: TimeFormat,
    /// How far the start is put back, for what commits late.
    pub lookback_ms: i64,
}

const DEFAULT_LOOKBACK_MS: i64 = 5 * 60 * 1000;

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Incremental> {
    node.object(cx, &["cursor", "inject", "lookback", "format"])?;
    let cursor = node.need(cx, "cursor").and_then(|cursor| cursor.path(cx, true));
    let lookback_ms = node.get("lookback").map_or(Some(DEFAULT_LOOKBACK_MS), |lookback| lookback.duration(cx));
    let mut format = node.get("format").and_then(|format| self::format(cx, &format));
    let inject = node.get("inject").and_then(|inject| {
        inject.object(cx, &["start"])?;
        let start = inject.need(cx, "start")?;
        format = start.get("format").and_then(|format| self::format(cx, &format)).or(format.take());
        inject::read(cx, &start, &["format"])
    });
    Some(Incremental { cursor: cursor?, inject, format: format.unwrap_or(TimeFormat::Iso8601), lookback_ms: lookback_ms? })
}

fn format(cx: &mut Check, node: &Node<'_>) -> Option<TimeFormat> {
    let text = node.text(cx)?;
    Some(match text {
        "iso8601" => TimeFormat::Iso8601,
        "epoch_s" => TimeFormat::EpochSeconds,
        "epoch_ms" => TimeFormat::EpochMillis,
        pattern if pattern.contains('%') => TimeFormat::Pattern(pattern.to_owned()),
        _ => {
            cx.error("definition_unknown_value", &node.at, format!("`{text}` is no time format"), "use iso8601, epoch_s, epoch_ms or a pattern such as `%Y-%m-%d %H:%M:%S`");
            return None;
        }
    })
}
