//! Functions over instants, dates and durations. Instants are RFC 3339 texts in UTC; the only clock is the one handed in.

use jiff::Timestamp;

use crate::{args::Args, failure::Stop, format::{FORMATS, Format, epoch, offset_written}, function::{Empty::Passes, Function, Gives, Group, Takes, any, maybe, one}, instant::{date, written}, number::Num, prepared::Prepared, value::Val};

pub(super) const ALL: &[&Function] = &[&NOW, &TODAY, &PARSE_DATE, &FORMAT_DATE, &TO_EPOCH, &FROM_EPOCH, &DURATION, &ADD_MONTHS, &START_OF_DAY, &END_OF_DAY, &ZONE];

const UNITS: &[&str] = &["s", "ms", "us", "ns"];

const NOW: Function = Function {
    name: "now", group: Group::Date, params: &[], empty: Passes, gives: Gives::Instant, run: now,
    doc: "The instant the run began; the same wherever it is asked in one run.",
    examples: &[("now()", "\"2026-01-02T03:04:05Z\""), ("now() - duration('P90D')", "\"2025-10-04T03:04:05Z\"")],
};

const TODAY: Function = Function {
    name: "today", group: Group::Date, params: &[maybe("zone", Takes::Zone)], empty: Passes, gives: Gives::Date, run: today,
    doc: "The date the run began on, in UTC or a time zone.",
    examples: &[("today()", "\"2026-01-02\""), ("today('America/Los_Angeles')", "\"2026-01-01\"")],
};

const PARSE_DATE: Function = Function {
    name: "parse_date", group: Group::Date, params: &[one("text", Takes::Any), any("formats and zone", Takes::FormatOrZone)], empty: Passes, gives: Gives::Instant, run: parse_date,
    doc: "The instant a text tells in the first format that fits, ISO 8601 unless told; a time zone, last, says where a text without an offset was written.",
    examples: &[
        ("parse_date('02/01/2026 03:04', '%d/%m/%Y %H:%M', 'Europe/Stockholm')", "\"2026-01-02T02:04:00Z\""), ("parse_date('1767323045', 'iso8601', 'epoch_s')", "\"2026-01-02T03:04:05Z\""),
        ("parse_date('2026-01-02')", "\"2026-01-02T00:00:00Z\""),
    ],
};

const FORMAT_DATE: Function = Function {
    name: "format_date", group: Group::Date, params: &[one("instant", Takes::Text), one("format", Takes::Format), maybe("zone", Takes::Zone)], empty: Passes, gives: Gives::Text, run: format_date,
    doc: "The instant as text, in a named format or one of `strftime`, in UTC or a time zone.",
    examples: &[("format_date('2026-01-02T23:30:00Z', '%Y-%m-%d', 'Europe/Stockholm')", "\"2026-01-03\""), ("format_date('2026-01-02T03:04:05Z', 'rfc2822')", "\"Fri, 2 Jan 2026 03:04:05 +0000\"")],
};

const TO_EPOCH: Function = Function {
    name: "to_epoch", group: Group::Date, params: &[one("instant", Takes::Text), maybe("unit", Takes::Word(UNITS))], empty: Passes, gives: Gives::Integer, run: to_epoch,
    doc: "The whole seconds since 1970, or units of `ms`, `us` or `ns`.",
    examples: &[("to_epoch('2026-01-02T03:04:05.250Z')", "1767323045"), ("to_epoch('2026-01-02T03:04:05.250Z', 'ms')", "1767323045250")],
};

const FROM_EPOCH: Function = Function {
    name: "from_epoch", group: Group::Date, params: &[one("number", Takes::Any), maybe("unit", Takes::Word(UNITS))], empty: Passes, gives: Gives::Instant, run: from_epoch,
    doc: "The instant so many seconds after 1970, or units of `ms`, `us` or `ns`; a text of digits is taken as well.",
    examples: &[("from_epoch(1767323045)", "\"2026-01-02T03:04:05Z\""), ("from_epoch('1767323045250', 'ms')", "\"2026-01-02T03:04:05.25Z\"")],
};

const DURATION: Function = Function {
    name: "duration", group: Group::Date, params: &[one("text", Takes::Duration)], empty: Passes, gives: Gives::Text, run: duration,
    doc: "An ISO 8601 duration, to be added to an instant or taken from it.",
    examples: &[("'2026-01-02T03:04:05Z' + duration('PT1H30M')", "\"2026-01-02T04:34:05Z\"")],
};

const ADD_MONTHS: Function = Function {
    name: "add_months", group: Group::Date, params: &[one("instant", Takes::Text), one("months", Takes::Integer), maybe("zone", Takes::Zone)], empty: Passes, gives: Gives::Instant, run: add_months,
    doc: "The same day so many months later, or the last of a shorter month; of a date a date.",
    examples: &[("add_months('2026-01-31', 1)", "\"2026-02-28\""), ("add_months('2026-03-31T10:00:00Z', -1)", "\"2026-02-28T10:00:00Z\"")],
};

const START_OF_DAY: Function = Function {
    name: "start_of_day", group: Group::Date, params: &[one("instant", Takes::Text), maybe("zone", Takes::Zone)], empty: Passes, gives: Gives::Instant, run: start_of_day,
    doc: "The first moment of the day an instant falls on, in UTC or a time zone.",
    examples: &[("start_of_day('2026-07-02T12:00:00Z', 'Europe/Stockholm')", "\"2026-07-01T22:00:00Z\"")],
};

const END_OF_DAY: Function = Function {
    name: "end_of_day", group: Group::Date, params: &[one("instant", Takes::Text), maybe("zone", Takes::Zone)], empty: Passes, gives: Gives::Instant, run: end_of_day,
    doc: "The last moment of the day an instant falls on, in UTC or a time zone, to the nanosecond.",
    examples: &[("end_of_day('2026-07-02T12:00:00Z')", "\"2026-07-02T23:59:59.999999999Z\"")],
};

const ZONE: Function = Function {
    name: "zone", group: Group::Date, params: &[one("instant", Takes::Text), one("zone", Takes::Zone)], empty: Passes, gives: Gives::Instant, run: zone,
    doc: "The same instant, told with the offset of a time zone.",
    examples: &[("zone('2026-07-02T12:00:00Z', 'Europe/Stockholm')", "\"2026-07-02T14:00:00+02:00\"")],
};

fn made<'a>(args: &Args<'a, '_>, moment: Timestamp) -> Result<Val<'a>, Stop> {
    Val::made(&written(moment), args.cx)
}

fn range<E>(_: E) -> Stop {
    Stop::date("the instant would be out of range")
}

fn now<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    made(args, args.cx.now)
}

fn today<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Val::made(&args.cx.now.to_zoned(args.zone(0)?).date().to_string(), args.cx)
}

fn parse_date<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.get(0).plain(args.cx)?.ok_or_else(|| args.wrong(0, "a text or a number"))?;
    if text.len() > 256 {
        return Err(Stop::date("the text has more than 256 bytes and is no date"));
    }
    let last = args.len() - 1;
    let is_format = |at: usize| match args.prepared(at) {
        Prepared::Format(_) => Ok(true),
        Prepared::Zone(_) => Ok(false),
        _ => args.text(at).map(|word| word.contains('%') || FORMATS.contains(&word)),
    };
    let zoned = last > 0 && !is_format(last)?;
    let zone = if zoned { args.zone(last)? } else { jiff::tz::TimeZone::UTC };
    let formats = 1..if zoned { last } else { args.len() };
    if formats.is_empty() {
        return Format::Iso.read(text, &zone).map_or_else(|| Err(Stop::date("the text is no date in ISO 8601; name its format")), |moment| made(args, moment));
    }
    for at in formats {
        args.cx.spend(1)?;
        if let Some(moment) = args.format(at)?.read(text, &zone) {
            return made(args, moment);
        }
    }
    Err(Stop::date("the text is no date in any of the formats"))
}

fn format_date<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let text = args.format(1)?.write(args.instant(0)?, &args.zone(2)?).ok_or_else(|| Stop::date("the instant cannot be written in this format"))?;
    Val::made(&text, args.cx)
}

fn nanos(args: &Args<'_, '_>) -> Result<i64, Stop> {
    match args.text_or(1, "s")? {
        "s" => Ok(1_000_000_000),
        "ms" => Ok(1_000_000),
        "us" => Ok(1_000),
        "ns" => Ok(1),
        _ => Err(Stop::form(format!("the unit of `{}` is one of: {}", args.name(), UNITS.join(", ")))),
    }
}

fn to_epoch<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Ok(Val::int(args.instant(0)?.as_nanosecond().div_euclid(nanos(args)?.into())))
}

fn from_epoch<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let digits = args.get(0).plain(args.cx)?.filter(|digits| Num::of(digits).is_some()).ok_or_else(|| args.wrong(0, "a number"))?;
    made(args, epoch(digits, nanos(args)?).ok_or_else(|| range(()))?)
}

fn duration<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    args.duration(0)?;
    Ok(args.get(0))
}

fn add_months<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    let months = jiff::Span::new().try_months(args.integer(1, -120_000, 120_000)?).map_err(range)?;
    if let Some(date) = date(args.text(0)?.as_bytes()) {
        return Val::made(&date.checked_add(months).map_err(range)?.to_string(), args.cx);
    }
    let moved = args.instant(0)?.to_zoned(args.zone(2)?).checked_add(months).map_err(range)?;
    made(args, moved.timestamp())
}

fn start_of_day<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    made(args, args.instant(0)?.to_zoned(args.zone(1)?).start_of_day().map_err(range)?.timestamp())
}

fn end_of_day<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    made(args, args.instant(0)?.to_zoned(args.zone(1)?).end_of_day().map_err(range)?.timestamp())
}

fn zone<'a>(args: &Args<'a, '_>) -> Result<Val<'a>, Stop> {
    Val::made(&offset_written(&args.instant(0)?.to_zoned(args.zone(1)?)), args.cx)
}
