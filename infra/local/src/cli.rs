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
        #[arg(long, value_name = "N")]
        burst: Option<u32>,
    },
    /// Work on connector definitions in files
    #[command(subcommand)]
    Definition(Definition),
    /// Any tool of the server, such as `pullpush event trace ID`; other arguments as `key=value` or `--json '{…}'`
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
