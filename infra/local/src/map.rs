//! `pullpush mapping run`: records of standard input through a mapping, onto standard output, one a line.
//!
//! Standard output holds mapped records and nothing else; what could not be mapped is told on standard error, and the rest
//! goes on. A mapping with errors, or one whose tables are not all at hand, runs over nothing. To `run.id` and `uuid()` every
//! line is a run of its own: two records never share an id, and the same input gives the same ids again.

mod tables;
mod tell;
mod trace;

use canonical::Clock as _;
use document::Limits;
use jiff::Timestamp;
use mapping::{Draft, Dropped, Mapping, Outcome, Run, Runner};
use runtime::SystemClock;

use crate::{
    Failure, check,
    cli::{RunOptions, TraceForm},
    findings::Found,
    lines::{self, Ended},
    say, text,
};

use tell::{Counts, Teller};

/// Maps standard input.
pub(crate) fn run(options: &RunOptions) -> Result<(), Failure> {
    let name = options.mapping.display().to_string();
    let text = text::read(&options.mapping)?;
    let mapping = checked(&name, &text)?;
    let tables = tables::load(&text, &options.table)?;
    let now = options.now.map_or_else(present, Ok)?;
    let teller = Teller { name: &name, text: &text, json: options.trace == Some(TraceForm::Json) };
    let mut counts = Counts::default();
    match all(&mapping, Run { tables: &tables, ..Run::at(now) }, options.trace.is_some(), &teller, &mut counts) {
        Ok(()) => teller.sum(&counts),
        Err(Ended::Gone) if counts.failed == 0 => Ok(()),
        Err(Ended::Gone) => Err(Failure::Told),
        Err(Ended::Failed(failure)) => Err(failure),
    }
}

/// The mapping, or everything that is wrong with it on standard error.
fn checked(name: &str, text: &str) -> Result<Mapping, Failure> {
    let found = match Draft::parse(text) {
        Ok(draft) => match draft.check().into_checked() {
            Ok(mapping) => return Ok(mapping),
            Err(report) => check::of_mapping(&report),
        },
        Err(error) => vec![Found::no_document(text, &error)],
    };
    for finding in found {
        say::tell!("{}", finding.of(name));
    }
    Err(Failure::Failed(format!("{name} cannot be used, and nothing was run")))
}

fn present() -> Result<Timestamp, Failure> {
    Timestamp::from_millisecond(SystemClock.now_ms()).map_err(|error| Failure::Failed(format!("the clock of this machine is beyond all calendars: {error}")))
}

/// Maps one line after the other.
fn all(mapping: &Mapping, run: Run<'_>, traced: bool, teller: &Teller<'_>, counts: &mut Counts) -> Result<(), Ended> {
    let (mut input, mut output) = (lines::input(), lines::output());
    let mut runner = Runner::new(mapping, Limits::default());
    let mut out = Vec::new();
    while let Some((number, record)) = input.next()? {
        out.clear();
        let run = Run { id: &format!("line-{number}"), ..run };
        let result = if traced {
            let (steps, result) = runner.trace(record, &run, &mut out);
            output.flush()?;
            teller.traced(number, &trace::changes(record, &steps), result.as_ref().ok());
            result
        } else {
            runner.run(record, &run, &mut out)
        };
        counts.lines += 1;
        match result {
            Ok(Outcome::Mapped) => {
                counts.mapped += 1;
                out.push(b'\n');
                output.write(&out)?;
            }
            Ok(Outcome::Dropped(Dropped::Filtered)) => counts.filtered += 1,
            Ok(Outcome::Dropped(Dropped::Missed)) => counts.missed += 1,
            Ok(Outcome::Dropped(Dropped::Duplicate)) => counts.duplicate += 1,
            Ok(Outcome::Wanting(keys)) => return Err(Failure::Failed(tables::wanting(&keys)).into()),
            Err(error) => {
                counts.failed += 1;
                // What stands before it in the input stands before it on a terminal.
                output.flush()?;
                teller.failed(number, &error);
            }
        }
        if input.waits() {
            output.flush()?;
        }
    }
    output.flush()
}
