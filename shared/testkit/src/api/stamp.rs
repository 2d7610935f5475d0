//! How this system writes an instant, and reads one: in which form, and by which clock.

use document::Value;

use super::Misbehaviour;
use super::misbehaviour::Words;
use crate::moment;

/// Minutes the system's other clock is ahead.
const AHEAD: i64 = 120;

/// Which clock the system shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC.
    Utc,
    /// A clock ahead of it, with its offset.
    Ahead,
    /// The same clock, without its offset.
    Unsaid,
}

/// A form of writing an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// RFC 3339.
    Iso,
    /// The day alone.
    Date,
    /// Units since 1970, by how many of them make a second.
    Epoch(i64),
    /// As databases write it, without a zone.
    Sql,
    /// As old .NET services write it in JSON.
    DotNet,
    /// As mail writes it.
    Mail,
}

impl Zone {
    /// The clock a request is answered by.
    pub(crate) fn of(words: &Words) -> Self {
        if words.has(Misbehaviour::NoZone) {
            Self::Unsaid
        } else if words.has(Misbehaviour::OtherZone) {
            Self::Ahead
        } else {
            Self::Utc
        }
    }

    /// RFC 3339, or what is left of it without a zone.
    pub(crate) fn iso(self, ms: i64) -> String {
        let text = moment::rfc3339(ms, self.minutes());
        match self {
            Self::Utc => text.replace("+00:00", "Z"),
            Self::Ahead => text,
            Self::Unsaid => text.get(..19).unwrap_or_default().to_owned(),
        }
    }

    /// Reads a time in RFC 3339; without a zone it is this clock's.
    pub(crate) fn read_iso(self, text: &str) -> Option<i64> {
        let ms = canonical::parse_time(text)?;
        let zoned = text.trim().get(10..).unwrap_or_default().contains(['Z', 'z', '+', '-']);
        if zoned { Some(ms) } else { ms.checked_sub(self.minutes() * 60_000) }
    }

    fn minutes(self) -> i64 {
        if self == Self::Utc { 0 } else { AHEAD }
    }

    /// What this clock shows, as milliseconds of UTC.
    fn wall(self, ms: i64) -> i64 {
        ms + self.minutes() * 60_000
    }

    fn offset(self) -> &'static str {
        if self == Self::Utc { "+0000" } else { "+0200" }
    }
}

impl Form {
    /// The form a word names.
    pub(crate) fn named(word: &str) -> Result<Self, String> {
        Ok(match word {
            "iso" => Self::Iso,
            "date" => Self::Date,
            "epoch_s" => Self::Epoch(1),
            "epoch_ms" => Self::Epoch(1000),
            "epoch_us" => Self::Epoch(1_000_000),
            "sql" => Self::Sql,
            "dotnet" => Self::DotNet,
            "rfc2822" => Self::Mail,
            _ => return Err("fmt is none of iso, date, epoch_s, epoch_ms, epoch_us, sql, dotnet, rfc2822".to_owned()),
        })
    }

    /// An instant written so.
    pub(crate) fn write(self, ms: i64, zone: Zone) -> Value {
        let wall = moment::civil(zone.wall(ms));
        match self {
            Self::Iso => zone.iso(ms).into(),
            Self::Date => wall.get(..10).unwrap_or_default().into(),
            Self::Epoch(units) if units >= 1000 => (ms * (units / 1000)).into(),
            Self::Epoch(_) => ms.div_euclid(1000).into(),
            Self::Sql => wall.into(),
            Self::DotNet => format!("/Date({ms}{})/", zone.offset()).into(),
            Self::Mail => moment::mail(zone.wall(ms), zone.offset()).into(),
        }
    }

    /// Reads an instant written so, in microseconds.
    pub(crate) fn read(self, text: &str, zone: Zone) -> Option<i64> {
        let text = text.trim();
        let dashed = |length: usize| text.len() >= length && text.as_bytes().get(4) == Some(&b'-');
        let ms = match self {
            Self::Iso => zone.read_iso(text).filter(|_| dashed(19))?,
            Self::Date => zone.read_iso(text).filter(|_| dashed(10) && text.len() == 10)?,
            Self::Sql => zone.read_iso(text).filter(|_| dashed(19) && text.as_bytes().get(10) == Some(&b' '))?,
            Self::Epoch(units) => return text.parse::<i64>().ok()?.checked_mul(1_000_000 / units),
            Self::DotNet => {
                let inside = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
                let number = inside.get(1..)?.find(['+', '-']).map_or(inside, |sign| inside.get(..sign + 1).unwrap_or_default());
                number.parse().ok()?
            }
            Self::Mail => mailed(text)?,
        };
        ms.checked_mul(1000)
    }
}

/// Reads `Thu, 01 Jan 2026 07:13:07 +0000`, the name of the day left aside.
fn mailed(text: &str) -> Option<i64> {
    let mut words = text.split_once(", ").map_or(text, |(_, rest)| rest).split_whitespace();
    let day: u8 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = moment::MONTHS.iter().position(|month| *month == name)? + 1;
    let (year, time) = (words.next()?, words.next()?);
    let zone = match words.next()? {
        "GMT" | "UT" => "+00:00".to_owned(),
        offset => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
    };
    canonical::parse_time(&format!("{year}-{month:02}-{day:02}T{time}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_written_by_every_clock_and_read_back() {
        let ms = 1_767_308_400_000;
        for (word, utc, ahead, unsaid) in [
            ("iso", "2026-01-01T23:00:00Z", "2026-01-02T01:00:00+02:00", "2026-01-02T01:00:00"),
            ("date", "2026-01-01", "2026-01-02", "2026-01-02"),
            ("epoch_s", "1767308400", "1767308400", "1767308400"),
            ("epoch_ms", "1767308400000", "1767308400000", "1767308400000"),
            ("epoch_us", "1767308400000000", "1767308400000000", "1767308400000000"),
            ("sql", "2026-01-01 23:00:00", "2026-01-02 01:00:00", "2026-01-02 01:00:00"),
            ("dotnet", "/Date(1767308400000+0000)/", "/Date(1767308400000+0200)/", "/Date(1767308400000+0200)/"),
            ("rfc2822", "Thu, 01 Jan 2026 23:00:00 +0000", "Fri, 02 Jan 2026 01:00:00 +0200", "Fri, 02 Jan 2026 01:00:00 +0200"),
        ] {
            let form = Form::named(word).unwrap();
            for (zone, text) in [(Zone::Utc, utc), (Zone::Ahead, ahead), (Zone::Unsaid, unsaid)] {
                assert_eq!(form.write(ms, zone).plain().as_deref(), Some(text));
                let midnight = if zone == Zone::Utc { 1_767_225_600_000 } else { 1_767_304_800_000 };
                assert_eq!(form.read(text, zone), Some(1000 * if word == "date" { midnight } else { ms }), "{text}");
            }
            for text in ["", "x", "2026", "/Date()/", "/Date(å)/", "Thu, 1 Foo 2026 00:00:00 +0000", "Thu, 01 Jan 2026 00:00:00 å1"] {
                assert_eq!(form.read(text, Zone::Utc).filter(|_| text != "2026" || !word.starts_with("epoch")), None, "{word}: {text}");
            }
        }
    }
}
