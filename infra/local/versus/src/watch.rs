//! Runs a program as its only child, reads what it prints, and says what it needed.
//!
//! A small process of its own: what the system knows of children it knows of all of them together, and the memory a child
//! begins with counts as the child's.

use std::{io::{self, Read as _, Write as _}, process::{Command, Stdio}, time::{Duration, Instant}};

use nix::sys::resource::{Usage, UsageWho, getrusage};

/// What a run needed.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Time on cores, the program's own and the system's for it.
    pub cpu: Duration,
    /// The most memory that was resident, in bytes.
    pub memory: u64,
    /// From its start to its first byte.
    pub first: Duration,
}

/// The child: runs a program, writes the numbers on standard error, and with `keep` what was printed on standard output.
///
/// # Errors
/// The program cannot be run, or does not end well.
pub fn child(keep: bool, words: &[String]) -> Result<(), String> {
    let (program, given) = words.split_first().ok_or("no program")?;
    let begun = Instant::now();
    let mut child = Command::new(program).args(given).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| format!("{program}: {error}"))?;
    let mut output = child.stdout.take().ok_or("no output")?;
    let (mut first, mut buffer) = (None, vec![0; 64 * 1024]);
    let mut out = io::stdout().lock();
    loop {
        let count = output.read(&mut buffer).map_err(|error| error.to_string())?;
        if count == 0 {
            break;
        }
        first.get_or_insert_with(|| begun.elapsed());
        if keep {
            out.write_all(&buffer[..count]).map_err(|error| error.to_string())?;
        }
    }
    let ended = child.wait_with_output().map_err(|error| error.to_string())?;
    if !ended.status.success() {
        return Err(format!("{program} ended with {}: {}", ended.status, String::from_utf8_lossy(&ended.stderr)));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    eprintln!("{} {} {}", micros(&usage), usage.max_rss(), first.unwrap_or_else(|| begun.elapsed()).as_micros());
    Ok(())
}

fn micros(usage: &Usage) -> i64 {
    let time = |time: nix::sys::time::TimeVal| i64::from(time.tv_sec()) * 1_000_000 + i64::from(time.tv_usec());
    time(usage.user_time()) + time(usage.system_time())
}

/// Runs a program in a child that watches it; what it printed too, where it is to be kept.
///
/// # Errors
/// What the child says.
pub fn run(keep: bool, words: &[String]) -> Result<(Run, Vec<u8>), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let flag = if keep { "--watch-kept" } else { "--watch" };
    let ended = Command::new(own).arg(flag).args(words).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    let numbers: Vec<u64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [cpu, memory, first] if ended.status.success() => {
            let run = Run { cpu: Duration::from_micros(*cpu), memory: memory * 1024, first: Duration::from_micros(*first) };
            Ok((run, ended.stdout))
        }
        _ => Err(said),
    }
}
