//! `pullpush pull`: reads an entity or a snapshot with a definition straight to standard output, a record a line. No tables, no queues.
//!
//! Standard output holds records and nothing else; progress, waits and the cursor to go on at are told on standard error. The
//! requests are those of a poll, byte for byte. What was printed is flushed before the cursor that passes it is kept.

mod capped;
mod concluded;
mod config;
mod cursor;
mod entity;
mod failed;
mod listing;
mod noticed;
mod outputs;
mod pace;
mod progress;
mod record;
mod refusal;
mod scope;
mod sessions;
mod snapshot;
mod turn;
mod undated;
mod unmarked;

use std::sync::Arc;

use canonical::Clock as _;
use connector::Subject;
use document::Arena;
use engine::{Call, Config, Exchange, Reader, ReaderPage, Recorder};
use fault::Fault as _;
use outbound::Client;
use runtime::SystemClock;

use crate::{
    Failure, check,
    cli::PullOptions,
    lines::{self, Ended, Results},
    say::tell,
    text,
};

use capped::Capped;
use cursor::{Cursor, Of};
use noticed::Noticed;
use progress::Progress;
use undated::Undated;
use unmarked::Unmarked;

/// Reads an entity.
pub(crate) async fn run(options: &PullOptions) -> Result<(), Failure> {
    let name = options.definition.display().to_string();
    let connector = Arc::new(check::usable(&name, &text::read(&options.definition)?)?);
    if let Some(asked) = &options.snapshot {
        return Box::pin(snapshot::run(options, connector, asked.as_deref())).await;
    }
    let entity = entity::asked(&connector, options.entity.as_deref())?;
    if options.canonical && connector.canonical_map(&entity).is_none() {
        return Err(Failure::Usage(format!("`{entity}` has no `canonical_map`, so nothing of it is canonical\n    leave out `--canonical`, or add `{entity}` under `canonical_map`")));
    }
    let config = config::load(&connector, options.config.as_deref())?;
    let mut cursor = Cursor::of(options, Of { definition: &connector.metadata().slug, entity: &entity, config: config::account(&connector, &config), values: options.config.as_deref() })?;
    let client = Client::local().map_err(|error| Failure::Failed(error.to_string()))?;
    let recorder = Recorder::new(&client);
    let watched = refusal::Watched::new(if options.record.is_some() { &recorder as &dyn Exchange } else { &client });
    let sessions = sessions::InFile::new(&connector, &config, options.config.as_deref());
    outputs::tried(options, &sessions)?;
    let now_ms = options.now.map_or_else(|| SystemClock.now_ms(), jiff::Timestamp::as_millisecond);
    let pace = pace::Machine::new(now_ms, options.record.is_some());
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, &watched, now_ms) };
    let reader = Reader::new(Arc::clone(&connector));
    let mut pull = Pull { output: lines::output(), progress: Progress::new(&entity, "record"), options, arena: Arena::new(), out: Vec::new(), ended: None, cursor: None, cut: None, read: 0, capped: Capped::of(&connector, &entity), unmarked: Unmarked::of(&connector, &entity), undated: Undated::of(&connector, &entity), config: &config, noticed: Noticed::default(), mapped: (options.canonical && options.record.is_some()).then(record::Mapped::default) };
    let begin = cursor.begin().map(str::to_owned);
    // Records that could not be mapped, before the cursor that is kept.
    let mut behind = 0;
    let result = reader.read(call, &entity, begin.as_deref(), |page| {
        let more = pull.page(page);
        if let (true, Some(at)) = (pull.ended.is_none(), pull.cursor.take()) {
            cursor.keep(&at)?;
            behind = pull.progress.failed();
        }
        Ok(more)
    }).await;
    let Pull { progress, ended, cut, read, capped, unmarked, undated, noticed, mapped, .. } = pull;
    match ended {
        Some(Ended::Gone) if progress.failed() == 0 => return Ok(()),
        Some(Ended::Gone) => return Err(Failure::Told),
        Some(Ended::Failed(failure)) => return Err(failure),
        None => {}
    }
    progress.end(result.is_ok(), cursor.shown());
    if let Some(refusal) = result.as_ref().err().and_then(|_| watched.told(&config, &sessions.secrets())) {
        tell!("{refusal}");
    }
    let unmarked = if cursor.is_bare() { unmarked.told().filter(|_| read > 0) } else { unmarked.some() };
    if let (Ok(()), Some(unmarked)) = (&result, unmarked) {
        tell!("{unmarked}");
    }
    if let Some(undated) = undated.told() {
        tell!("{undated}");
    }
    noticed.tell();
    if let (Ok(()), Some(capped)) = (&result, capped.told()) {
        tell!("{capped}");
    }
    if let Some(cut) = cut.and_then(|(printed, page)| cursor.cut(printed, page)) {
        tell!("{cut}");
    }
    if let Some(passed) = cursor.passed(behind) {
        tell!("{passed}");
    }
    if let Some(file) = &options.record {
        let cut = options.limit.is_some_and(|limit| progress.records() >= limit);
        let subject = Subject::Entity { name: entity.clone(), cursor: begin, limit: cut.then(|| i64::try_from(read).unwrap_or(i64::MAX)) };
        let run = record::Run { subject: &subject, now_ms, read, fault: result.as_ref().err(), seen: mapped.map_or(record::Seen::Records, record::Seen::Mapped) };
        record::write(file, &options.definition, &connector, &config, &recorder, &sessions.secrets(), &run).await?;
    }
    match result {
        Ok(()) if progress.failed() == 0 => Ok(()),
        Ok(()) => Err(Failure::Told),
        Err(fault) => Err(failed::behind(&fault, &connector, &cursor, SystemClock.now_ms())),
    }
}

/// One run.
struct Pull<'o> {
    output: Results<std::io::StdoutLock<'static>>,
    progress: Progress,
    options: &'o PullOptions,
    /// What is made of a record on its way.
    arena: Arena,
    out: Vec<u8>,
    /// Why nothing more can be printed.
    ended: Option<Ended>,
    /// Where to go on behind what is printed.
    cursor: Option<String>,
    /// Of a page that was not printed to its end: the records that were, and all of them.
    cut: Option<(u64, usize)>,
    /// Records that were looked at, whatever became of them.
    read: u64,
    /// Whether pages look as if the other system made them smaller than they were asked for.
    capped: Capped,
    /// What stands where records should tell when they changed.
    unmarked: Unmarked<'o>,
    /// What stands where records should tell when they happened.
    undated: Undated<'o>,
    config: &'o Config,
    /// What looks as if a listing was not read whole.
    noticed: Noticed,
    /// What became of the records of a canonical run that is recorded.
    mapped: Option<record::Mapped>,
}

impl Pull<'_> {
    /// Prints a page; false where it is enough.
    fn page(&mut self, page: &ReaderPage<'_>) -> bool {
        self.capped.page(page.count);
        self.unmarked.page(page.records);
        self.noticed.page(page);
        let (mut enough, before) = (false, self.progress.records());
        for record in page.records {
            if self.options.limit.is_some_and(|limit| self.progress.records() >= limit) {
                enough = true;
                break;
            }
            self.read += 1;
            self.out.clear();
            if self.options.canonical {
                self.arena.reset();
                match page.write_canonical(*record, &self.arena, &mut self.out) {
                    Ok(true) => self.undated.record(page, *record, self.config),
                    Ok(false) => continue,
                    Err(fault) => {
                        self.progress.fail();
                        let id = page.external_id(*record);
                        tell!("record {id}: {}: {fault}", fault.code());
                        if let Some(mapped) = &mut self.mapped {
                            mapped.refused.push(engine::refused(&id, &fault));
                        }
                        continue;
                    }
                }
            } else {
                record.write(&mut self.out);
            }
            if let Some(mapped) = &mut self.mapped {
                mapped.events.extend(document::parse(&self.out, &document::Limits::default()));
            }
            self.out.push(b'\n');
            self.progress.record();
            if let Err(ended) = self.output.write(&self.out) {
                self.ended = Some(ended);
                return false;
            }
        }
        if let Err(ended) = self.output.flush() {
            self.ended = Some(ended);
            return false;
        }
        self.progress.page(page.known, page.filtered, page.missed);
        // A page that was cut is read again.
        self.cursor = (!enough).then(|| page.cursor.clone());
        self.cut = enough.then(|| (self.progress.records() - before, page.records.len()));
        !enough && self.options.limit.is_none_or(|limit| self.progress.records() < limit)
    }
}
