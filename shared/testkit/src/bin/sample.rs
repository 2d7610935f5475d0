//! A sample system as a process of its own: `sample shop|backoffice [--port N] [--data FILE] [--token T]`, for a shop also
//! `[--secret S] [--bucket N]`; `sample api [--port N] [--data FILE] [--records N] [--rate N] [--failures N]
//! [--token-life N|Ns] [--misbehave WORD]…`. Prints one line, `listening on http://127.0.0.1:N`, and serves until killed.
//! Other processes drive it through `/_control/`.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use canonical::Clock;
use testkit::api::{Life, Misbehaviour};
use testkit::shop::Bucket;
use testkit::{Api, ApiOptions, BackOffice, BackOfficeOptions, Running, Shop, ShopOptions, System};

const USAGE: &str = "usage: sample shop|backoffice [--port N] [--data FILE] [--token T] [--secret S] [--bucket N]
       sample api [--port N] [--data FILE] [--records N] [--rate N] [--failures N] [--token-life N|Ns] [--misbehave WORD]…";

/// A clock that begins at a fixed instant and then runs with the machine, so that a bucket leaks.
struct Elapsing(Instant);

impl Clock for Elapsing {
    fn now_ms(&self) -> i64 {
        1_769_850_000_000 + i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX / 2)
    }
}

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    system: String,
    port: u16,
    data: Option<PathBuf>,
    token: Option<String>,
    secret: Option<String>,
    bucket: Option<i64>,
    records: Option<i64>,
    rate: Option<i64>,
    failures: Option<u64>,
    token_life: Option<Life>,
    misbehave: BTreeSet<Misbehaviour>,
}

impl Wanted {
    fn read(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let mut wanted = Self { system: words.next()?, ..Self::default() };
        while let Some(word) = words.next() {
            let value = words.next()?;
            match word.as_str() {
                "--port" => wanted.port = value.parse().ok()?,
                "--data" => wanted.data = Some(value.into()),
                "--token" => wanted.token = Some(value),
                "--secret" => wanted.secret = Some(value),
                "--bucket" => wanted.bucket = Some(value.parse().ok()?),
                "--records" => wanted.records = Some(value.parse().ok()?),
                "--rate" => wanted.rate = Some(value.parse().ok()?),
                "--failures" => wanted.failures = Some(value.parse().ok()?),
                "--token-life" => wanted.token_life = Some(Life::read(&value)?),
                "--misbehave" => drop(wanted.misbehave.insert(Misbehaviour::named(&value).ok()?)),
                _ => return None,
            }
        }
        Some(wanted)
    }

    fn shop(self) -> ShopOptions {
        let usual = ShopOptions { port: self.port, data: self.data, clock: Arc::new(Elapsing(Instant::now())), ..ShopOptions::default() };
        ShopOptions {
            token: self.token.unwrap_or(usual.token),
            secret: self.secret.unwrap_or(usual.secret),
            bucket: self.bucket.map(|size| Bucket { size, leak_per_second: 2 }),
            ..usual
        }
    }

    fn api(self) -> ApiOptions {
        let usual = ApiOptions { port: self.port, data: self.data, clock: Arc::new(Elapsing(Instant::now())), ..ApiOptions::default() };
        ApiOptions {
            records: self.records.unwrap_or(usual.records),
            rate: self.rate.unwrap_or(usual.rate),
            failures: self.failures.unwrap_or(usual.failures),
            token_life: self.token_life.unwrap_or(usual.token_life),
            misbehave: self.misbehave,
            ..usual
        }
    }

    fn backoffice(self) -> BackOfficeOptions {
        let usual = BackOfficeOptions { port: self.port, data: self.data, clock: Arc::new(Elapsing(Instant::now())), ..BackOfficeOptions::default() };
        BackOfficeOptions { token: self.token.unwrap_or(usual.token), ..usual }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(wanted) = Wanted::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let ended = match wanted.system.as_str() {
        "shop" => announced(Shop::start(wanted.shop()).await).await,
        "backoffice" => announced(BackOffice::start(wanted.backoffice()).await).await,
        "api" => announced(Api::start(wanted.api()).await).await,
        _ => Err(io::Error::other(USAGE)),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sample: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn announced<S: System>(started: io::Result<Running<S>>) -> io::Result<()> {
    let running = started?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", running.url())?;
    out.flush()?;
    running.serve().await;
    Ok(())
}
