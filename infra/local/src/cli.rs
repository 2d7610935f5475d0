//! The command line: what can be asked for, and nothing of how it is done.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
    fn words_that_are_no_command_are_a_tool() {
        for (line, tool) in [(vec!["flow", "--help"], true), (vec!["tools", "flow"], false), (vec!["event", "trace", "x"], true)] {
            let command = Cli::try_parse_from(["pullpush"].iter().chain(&line)).ok().map(|cli| cli.command);
            assert_eq!(matches!(command, Some(Command::Tool(_))), tool, "{line:?}");
        }
    }
}
