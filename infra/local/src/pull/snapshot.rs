//! `pullpush pull --snapshot`: the current state of a canonical type, read as a reconcile reads it, an item a line. What may be
//! concluded from it is told at the end.
//!
//! A listing is printed once it ended: until then it may be read again. A record that cannot be mapped is told of and counted as
//! failed, as everywhere in `pull`; one that is all there is fails the run.

use std::sync::Arc;

use canonical::{Clock as _, Key};
use connector::{Connector, Subject};
use document::Value;
use engine::{Call, Exchange, LeftOut, Recorder, Sayings, Silence, Snapshot, SnapshotPage, Standing};
use fault::{Fault as _, Simple};
use outbound::Client;
use runtime::SystemClock;

use super::{concluded, config, failed, listing::{KNOWN, Listing}, outputs, pace, progress::Progress, record, refusal, scope, sessions};
use crate::{
    Failure,
    cli::PullOptions,
    lines::{self, Ended, Results},
    say::{several, tell},
};

/// More pages are a mistake.
const PAGES: usize = 1_000_000;

/// How a snapshot ended.
pub(super) enum End {
    /// Behind its last page.
    Whole,
    /// Behind as many items as were asked for.
    Cut,
    /// Nothing more can be printed.
    Unprinted(Ended),
}

/// Reads the snapshot of a canonical type, or of the one an entity is mapped to.
pub(crate) async fn run(options: &PullOptions, connector: Arc<Connector>, asked: Option<&str>) -> Result<(), Failure> {
    let kind = scope::kind(&connector, asked)?;
    if options.record.is_some() && options.limit.is_some() {
        return Err(Failure::Usage("a test reads a snapshot to its end\n    leave out `--limit`, or `--record`".to_owned()));
    }
    scope::used(&connector, kind, options.field_hint.as_deref())?;
    let only_keys = options.only_keys.as_deref().map(scope::keys).transpose()?;
    let config = config::load(&connector, options.config.as_deref())?;
    let running = engine::dynamic(Arc::clone(&connector)).map_err(|fault| Failure::Failed(fault.to_string()))?;
    let snapshot = running.snapshot.ok_or_else(|| Failure::Usage(format!("the definition has no snapshot of `{kind}`")))?;
    let client = Client::local().map_err(|error| Failure::Failed(error.to_string()))?;
    let recorder = Recorder::new(&client);
    let watched = refusal::Watched::new(if options.record.is_some() { &recorder as &dyn Exchange } else { &client });
    let sessions = sessions::InFile::new(&connector, &config, options.config.as_deref());
    outputs::tried(options, &sessions)?;
    let now_ms = options.now.map_or_else(|| SystemClock.now_ms(), jiff::Timestamp::as_millisecond);
    let pace = pace::Machine::new(now_ms, options.record.is_some());
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, &watched, now_ms) };
    let mut scan = Scan::new(kind, options);
    let result = scan.read(call, snapshot.as_ref(), kind, only_keys.as_deref(), options.field_hint.as_deref()).await;
    let failed = scan.progress.failed() > 0;
    let end = match result {
        Ok(End::Unprinted(Ended::Gone)) if failed => return Err(Failure::Told),
        Ok(End::Unprinted(Ended::Gone)) => return Ok(()),
        Ok(End::Unprinted(Ended::Failed(failure))) => return Err(failure),
        end => end,
    };
    scan.left_out.retain(|left| !scan.sayings.answers(left));
    // Where nothing fits, it is the definition that does not.
    let unfit = scan.left_out.iter().filter(|_| end.is_ok() && scan.progress.records() == 0).find_map(LeftOut::fault);
    scan.progress.end(end.is_ok(), None);
    concluded::told(&scan.left_out);
    let found = scan.sayings.keys();
    scan.left_out.iter().for_each(|left| scan.sayings.take_left_out(left));
    concluded::contested(&scan.sayings);
    match &end {
        Ok(_) if unfit.is_some() => tell!("no record can be mapped: nothing follows from that"),
        Ok(End::Whole) if scan.partial => tell!("the source held something back (an answer was left out by a rule, told of errors, or had null where its records belong; a next page is named that the definition does not read; or the listing ended before its total), or moved while it was read: nothing follows from what is not among the items"),
        Ok(End::Whole) if scan.progress.records() == 0 && scan.left_out.is_empty() => tell!("nothing came: nothing follows from that"),
        Ok(end) => tell!("{}", concluded::concluded(end, concluded::Open::of(snapshot.complete(kind), &scan.left_out), only_keys.as_deref(), found)),
        Err(_) => {
            if let Some(refusal) = watched.told(&config, &sessions.secrets()) {
                tell!("{refusal}");
            }
            tell!("the snapshot broke off: nothing follows from what is not among its items");
        }
    }
    let end = end.and_then(|_| unfit.map_or(Ok(()), Err));
    if let (Some(file), Some(items)) = (&options.record, scan.items) {
        let subject = Subject::Snapshot { kind: kind.to_owned(), only_keys, field_hint: options.field_hint.clone() };
        let run = record::Run { subject: &subject, now_ms, read: scan.progress.records(), fault: end.as_ref().err(), seen: record::Seen::Items { items, left_out: scan.left_out.iter().map(LeftOut::shown).collect() } };
        record::write(file, &options.definition, &connector, &config, &recorder, &sessions.secrets(), &run).await?;
    }
    match end {
        Ok(()) if failed => Err(Failure::Told),
        Ok(()) => Ok(()),
        Err(fault) => Err(failed::failed(&fault, &connector, "the same command begins anew", SystemClock.now_ms())),
    }
}

/// What was read and told so far.
struct Scan {
    output: Results<std::io::StdoutLock<'static>>,
    progress: Progress,
    limit: Option<u64>,
    /// The listing that is read.
    listing: Listing,
    /// The items of a run that is recorded.
    items: Option<Vec<Value>>,
    left_out: Vec<LeftOut>,
    sayings: Sayings,
    partial: bool,
}

impl Scan {
    fn new(kind: &str, options: &PullOptions) -> Self {
        let recorded = options.record.is_some();
        Self { output: lines::output(), progress: Progress::new(kind, "item"), limit: options.limit, listing: Listing::new(recorded), items: recorded.then(Vec::new), left_out: Vec::new(), sayings: Sayings::within(KNOWN), partial: false }
    }

    /// Prints every listing once it ended, until the last one or as many items as were asked for. However it ends, what was read is printed.
    async fn read(&mut self, call: Call<'_>, snapshot: &dyn Snapshot, kind: &str, only_keys: Option<&[Key]>, field_hint: Option<&str>) -> Result<End, Simple> {
        match self.pages(call, snapshot, kind, only_keys, field_hint).await {
            Ok(End::Unprinted(ended)) => Ok(End::Unprinted(ended)),
            end => self.settle().map_or_else(|ended| Ok(End::Unprinted(ended)), |()| end),
        }
    }

    async fn pages(&mut self, call: Call<'_>, snapshot: &dyn Snapshot, kind: &str, only_keys: Option<&[Key]>, field_hint: Option<&str>) -> Result<End, Simple> {
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let mut page = snapshot.snapshot(call, kind, only_keys, field_hint, cursor.as_deref()).await?;
            let next = page.next.take();
            match self.page(page) {
                Ok(true) => {}
                Ok(false) => return Ok(End::Cut),
                Err(ended) => return Ok(End::Unprinted(ended)),
            }
            match next {
                None => return Ok(End::Whole),
                Some(_) if self.is_enough() => return Ok(End::Cut),
                next if next == cursor => break,
                next => cursor = next,
            }
        }
        Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
    }

    /// Takes a page; false where it is enough.
    fn page(&mut self, page: SnapshotPage) -> Result<bool, Ended> {
        match page.standing {
            Standing::First => self.settle()?,
            Standing::Later => {}
            Standing::Again => self.forget(),
        }
        for scanned in &page.items {
            if self.is_enough() {
                return Ok(false);
            }
            self.listing.take(scanned, &mut self.output)?;
            self.progress.record();
        }
        self.listing.left_out.extend(page.left_out);
        self.partial |= page.partial;
        self.progress.page(0, 0, 0);
        Ok(true)
    }

    /// The present listing has ended: it counts, and is printed.
    fn settle(&mut self) -> Result<(), Ended> {
        let anew = self.listing.anew();
        let mut listing = std::mem::replace(&mut self.listing, anew);
        for left in &listing.left_out {
            if let Silence::Unmapped(fault) = &left.why {
                self.progress.fail();
                tell!("record {}: {}: {fault}", left.record, fault.code());
            }
        }
        listing.print(&mut self.output)?;
        self.items.iter_mut().for_each(|items| items.extend(listing.recorded.take().unwrap_or_default()));
        self.left_out.append(&mut listing.left_out);
        self.sayings.join(listing.sayings);
        Ok(())
    }

    /// The present listing is read again: what was read of it counts no more.
    fn forget(&mut self) {
        if self.listing.printed > 0 {
            tell!("the listing is read again from its first page: what was printed of it before, {}, counts no more", several(self.listing.printed, "item"));
        }
        self.progress.forget(self.listing.items);
        self.listing = self.listing.anew();
    }

    fn is_enough(&self) -> bool {
        self.limit.is_some_and(|limit| self.progress.records() >= limit)
    }
}
