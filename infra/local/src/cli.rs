//! The command line: what can be asked for, and nothing of how it is done.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

/// Moves events and stock between systems: the whole chain on one machine, and its tools.
#[derive(Parser)]
#[command(name = "pullpush", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the whole chain with its API on this machine
    Dev(DevOptions),
    /// Show the main job with a sample shop and a sample back office
    Demo {
        /// Send this many changes at once instead
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        burst: Option<u32>,
    },
    /// Work on connector definitions in files
    #[command(subcommand)]
    Definition(Definition),
    /// Read an entity or a snapshot with a definition straight to standard output, a record a line
    Pull(PullOptions),
    /// Work on mappings in files, and run them over records
    #[command(subcommand)]
    Mapping(Mapping),
    /// Judge records by the canonical model
    #[command(subcommand)]
    Canonical(Canonical),
    /// The tools of the server and what each takes, or those whose names begin with the given words
    Tools {
        /// The first words of a name
        words: Vec<String>,
    },
    /// Any tool, such as `pullpush event trace ID`; other arguments as `key=value` or `--json '{…}'`; `pullpush tools` lists them
    #[command(external_subcommand)]
    Tool(Vec<String>),
}

#[derive(Subcommand)]
pub(crate) enum Definition {
    /// Say everything that is wrong with a definition
    Check {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Findings as JSON on standard output
        #[arg(long)]
        json: bool,
    },
    /// Say which hosts a definition contacts, how, with which secrets, and which fields it reads and writes
    Explain {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The same as JSON
        #[arg(long)]
        json: bool,
    },
    /// Play the recorded tests of a definition, offline
    Test {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Results as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of definitions, for editors
    Schema,
}

/// What belongs to a pull of an entity; without it here, a scope beside an entity would be passed over.
const NO_SNAPSHOT: &[&str] = &["entity", "cursor", "cursor_file", "canonical"];

#[derive(Args)]
pub(crate) struct PullOptions {
    /// The definition
    #[arg(long, value_name = "FILE")]
    pub(crate) definition: PathBuf,
    /// The values of the connection: an object in a JSON file; a refresh token that is used up is replaced in it
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The entity; may be left out where there is one
    #[arg(long, value_name = "NAME")]
    pub(crate) entity: Option<String>,
    /// Read the current state of a canonical type instead, as a reconcile does: the type, or an entity that is mapped to it; may be left out where there is one
    #[arg(long, value_name = "TYPE", num_args = 0..=1, conflicts_with_all = NO_SNAPSHOT)]
    pub(crate) snapshot: Option<Option<String>>,
    /// The scope of the snapshot, such as a location
    #[arg(long, value_name = "SCOPE", requires = "snapshot", conflicts_with_all = NO_SNAPSHOT)]
    pub(crate) field_hint: Option<String>,
    /// Read no more of the snapshot than these keys: with commas between them, such as, or as a JSON array where they hold commas, such as '["A,1","B"]'
    #[arg(long, value_name = "KEYS", requires = "snapshot", conflicts_with_all = NO_SNAPSHOT)]
    pub(crate) only_keys: Option<Vec<String>>,
    /// Where to begin: a cursor that an earlier pull told, or a time or cursor in the source's own words
    #[arg(long, value_name = "CURSOR", conflicts_with = "cursor_file")]
    pub(crate) cursor: Option<String>,
    /// Begin where this file says, and keep in it where to go on: behind the last page that is printed whole
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor_file: Option<PathBuf>,
    /// Stop after so many records; a cursor stands between pages, so what was printed of the last page is printed again by a run that goes on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// Print canonical events instead of records
    #[arg(long)]
    pub(crate) canonical: bool,
    /// Write the definition with this run as a recorded test, without secrets
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// The present of the run, such as 2026-11-21T12:00:00Z, instead of that of this machine
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) now: Option<Timestamp>,
}

#[derive(Subcommand)]
pub(crate) enum Mapping {
    /// Say everything that is wrong with a mapping
    Check {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Findings as JSON on standard output
        #[arg(long)]
        json: bool,
    },
    /// Map the records of standard input, one a line, to standard output; what fails is told on standard error
    Run(RunOptions),
}

#[derive(Args)]
pub(crate) struct RunOptions {
    /// The mapping
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: PathBuf,
    /// A table the mapping declares with a `mode`: one object of keys and values, or lines of {"key", "value"} in a .jsonl file
    #[arg(long, value_name = "NAME=FILE", value_parser = table)]
    pub(crate) table: Vec<TableFile>,
    /// The present of the run, such as 2026-11-21T12:00:00Z, instead of that of this machine
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) now: Option<Timestamp>,
    /// Tell on standard error what every operation changes; with =json everything there is JSON, one document a line
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) trace: Option<TraceForm>,
}

/// How a trace is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TraceForm {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A table in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableFile {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
}

fn table(text: &str) -> Result<TableFile, &'static str> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(TableFile { name: name.to_owned(), file: file.into() }),
        _ => Err("write it as NAME=FILE"),
    }
}

fn instant(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "write it by RFC 3339 with its offset, such as 2026-11-21T12:00:00Z")
}

#[derive(Subcommand)]
pub(crate) enum Canonical {
    /// Say everything that is wrong with the records of standard input, one a line
    Validate {
        /// The type of every record; without it each line is {"canonicalType", "canonicalVersion", "fields"}
        #[arg(long = "type", value_name = "TYPE")]
        canonical_type: Option<String>,
        /// The version of the type; the newest unless said
        #[arg(long, value_name = "N", requires = "canonical_type")]
        version: Option<u32>,
        /// Findings as JSON, one a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct DevOptions {
    /// Where everything is kept
    #[arg(long, value_name = "DIR", default_value = ".local")]
    pub(crate) data: PathBuf,
    /// The port of the API; the next is SQS and KMS, the one after DynamoDB; 0 takes any three
    #[arg(long, default_value_t = 4264, value_parser = clap::value_parser!(u16).range(..=65_533))]
    pub(crate) port: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_at_least_one() {
        for (count, taken) in [("1", true), ("100000", true), ("0", false), ("-1", false), ("100001", false)] {
            assert_eq!(Cli::try_parse_from(["pullpush", "demo", &format!("--burst={count}")]).is_ok(), taken, "{count}");
        }
    }

    #[test]
    fn a_run_takes_what_can_be_read_and_nothing_else() {
        for (words, taken) in [
            (vec!["--mapping=m.json"], true), (vec![], false), (vec!["--mapping=m.json", "--now=2026-11-21T12:00:00+01:00"], true), (vec!["--mapping=m.json", "--now=2026-11-21"], false),
            (vec!["--mapping=m.json", "--now=yesterday"], false), (vec!["--mapping=m.json", "--trace"], true), (vec!["--mapping=m.json", "--trace=json"], true), (vec!["--mapping=m.json", "--trace=xml"], false),
            (vec!["--mapping=m.json", "--table=a=b=c", "--table", "d=e"], true), (vec!["--mapping=m.json", "--table=a"], false), (vec!["--mapping=m.json", "--table==b"], false), (vec!["--mapping=m.json", "--table=a="], false),
        ] {
            assert_eq!(Cli::try_parse_from(["pullpush", "mapping", "run"].iter().chain(&words)).is_ok(), taken, "{words:?}");
        }
    }

    #[test]
    fn words_that_are_no_command_are_a_tool() {
        for (line, tool) in [(vec!["flow", "--help"], true), (vec!["tools", "flow"], false), (vec!["event", "trace", "x"], true)] {
            let command = Cli::try_parse_from(["pullpush"].iter().chain(&line)).ok().map(|cli| cli.command);
            assert_eq!(matches!(command, Some(Command::Tool(_))), tool, "{line:?}");
        }
    }
}
