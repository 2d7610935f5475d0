//! The program `pullpush`: reads the command line, does one thing, and answers with an exit code.
//!
//! 0: done. 1: the work failed. 2: wrong usage. What other programs read goes to standard output alone.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::{filter::{LevelFilter, Targets}, layer::SubscriberExt as _, util::SubscriberInitExt as _};

mod check;
mod cli;
mod definition;
mod demo;
mod dev;
mod findings;
mod hold;
mod lines;
mod map;
mod pull;
mod say;
mod text;
mod tool;
mod validate;

use say::tell;

/// Why a command did not end well.
pub(crate) enum Failure {
    /// The work failed; exit code 1.
    Failed(String),
    /// The command line makes no sense; exit code 2.
    Usage(String),
    /// The work failed, and everything is told; exit code 1.
    Told,
}

fn main() -> ExitCode {
    // clap itself ends the process with 2 on wrong usage, and with 0 after help.
    let command = cli::Cli::parse().command;
    // A pull waits for one answer at a time: a second thread would only have to be woken for every piece of it.
    let mut builder = if matches!(command, cli::Command::Pull(_)) { tokio::runtime::Builder::new_current_thread() } else { tokio::runtime::Builder::new_multi_thread() };
    match builder.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(command)),
        Err(error) => {
            tell!("pullpush: the machine gives no threads: {error}");
            ExitCode::from(1)
        }
    }
}

/// Does what was asked for.
async fn run(command: cli::Command) -> ExitCode {
    // The demo tells by itself what failed; and a condition that does not hold is no failure of the local tables.
    let level = if matches!(command, cli::Command::Demo { .. }) { LevelFilter::ERROR } else { LevelFilter::WARN };
    let targets = Targets::new().with_default(level).with_target("dynoxide", LevelFilter::ERROR);
    tracing_subscriber::registry().with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).with(targets).init();
    let outcome = match command {
        cli::Command::Dev(options) => Box::pin(dev::run(options)).await,
        cli::Command::Demo { burst } => Box::pin(demo::run(burst)).await.map_err(|error| Failure::Failed(error.to_string())),
        cli::Command::Definition(cli::Definition::Check { files, json }) => check::check(&check::DEFINITIONS, &files, json),
        cli::Command::Definition(cli::Definition::Explain { files, json }) => definition::explain(&files, json),
        cli::Command::Definition(cli::Definition::Test { files, json }) => Box::pin(definition::test(&files, json)).await,
        cli::Command::Definition(cli::Definition::Schema) => {
            definition::schema();
            Ok(())
        }
        cli::Command::Pull(options) => Box::pin(pull::run(&options)).await,
        cli::Command::Mapping(cli::Mapping::Check { files, json }) => check::check(&check::MAPPINGS, &files, json),
        cli::Command::Mapping(cli::Mapping::Run(options)) => map::run(&options),
        cli::Command::Canonical(cli::Canonical::Validate { canonical_type, version, json }) => validate::run(canonical_type.as_deref(), version, json),
        cli::Command::Tools { words } => tool::list(&words),
        cli::Command::Tool(words) => Box::pin(tool::run(&words)).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(reason)) => {
            tell!("pullpush: {reason}");
            ExitCode::from(1)
        }
        Err(Failure::Told) => ExitCode::from(1),
        Err(Failure::Usage(reason)) => {
            tell!("pullpush: {reason}\ntry `pullpush --help`");
            ExitCode::from(2)
        }
    }
}
