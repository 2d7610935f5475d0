//! `pullpush pull --snapshot`: the current state of a canonical type, read as a reconcile reads it, an item a line. What may be
//! concluded from it is told at the end.

use std::{collections::BTreeSet, sync::Arc};

use canonical::{Clock as _, Key};
use connector::{Connector, Subject};
use document::Value;
use engine::{Call, Exchange, LeftOut, Recorder, Silence, Snapshot};
use fault::Simple;
use outbound::Client;
use runtime::SystemClock;

use super::{config, failed, outputs, pace, progress::Progress, record, refusal, scope, sessions};
use crate::{
    Failure,
    cli::PullOptions,
    lines::{self, Ended, Results},
    say::{several, tell},
};

/// Records that are left out and named.
const NAMED: usize = 10;
/// More pages are a mistake.
const PAGES: usize = 1_000_000;

/// How a snapshot ended.
enum End {
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
    let mut scan = Scan { output: lines::output(), progress: Progress::new(kind, "item"), limit: options.limit, items: options.record.is_some().then(Vec::new), left_out: Vec::new(), found: BTreeSet::new(), partial: false };
    let result = scan.read(call, snapshot.as_ref(), kind, only_keys.as_deref(), options.field_hint.as_deref()).await;
    let end = match result {
        Ok(End::Unprinted(Ended::Gone)) => return Ok(()),
        Ok(End::Unprinted(Ended::Failed(failure))) => return Err(failure),
        end => end,
    };
    scan.progress.end(end.is_ok(), None);
    told(&scan.left_out);
    match &end {
        Ok(End::Whole) if scan.partial => tell!("an answer was left out by a rule, or the listing ended before its total: nothing follows from what is not among the items"),
        Ok(End::Whole) if scan.progress.records() == 0 && scan.left_out.is_empty() => tell!("nothing came: nothing follows from that"),
        Ok(end) => tell!("{}", concluded(end, snapshot.complete(kind), only_keys.as_deref(), scan.found.len())),
        Err(_) => {
            if let Some(refusal) = watched.told(&config, &sessions.secrets()) {
                tell!("{refusal}");
            }
            tell!("the snapshot broke off: nothing follows from what is not among its items");
        }
    }
    if let (Some(file), Some(items)) = (&options.record, scan.items) {
        let subject = Subject::Snapshot { kind: kind.to_owned(), only_keys, field_hint: options.field_hint.clone() };
        let run = record::Run { subject: &subject, now_ms, read: scan.progress.records(), fault: end.as_ref().err(), seen: record::Seen::Items { items, left_out: scan.left_out.iter().map(LeftOut::shown).collect() } };
        record::write(file, &options.definition, &connector, &config, &recorder, &sessions.secrets(), &run).await?;
    }
    end.map(|_| ()).map_err(|fault| failed::failed(&fault, &connector, "the same command begins anew", SystemClock.now_ms()))
}

struct Scan {
    output: Results<std::io::StdoutLock<'static>>,
    progress: Progress,
    limit: Option<u64>,
    /// The items of a run that is recorded.
    items: Option<Vec<Value>>,
    left_out: Vec<LeftOut>,
    partial: bool,
    /// The keys of the items, where some are asked for: several records may have one.
    found: BTreeSet<Key>,
}

impl Scan {
    /// Prints every page, until the last one or as many items as were asked for.
    async fn read(&mut self, call: Call<'_>, snapshot: &dyn Snapshot, kind: &str, only_keys: Option<&[Key]>, field_hint: Option<&str>) -> Result<End, Simple> {
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let page = snapshot.snapshot(call, kind, only_keys, field_hint, cursor.as_deref()).await?;
            for item in &page.items {
                if self.is_enough() {
                    return Ok(self.flushed().map_or_else(End::Unprinted, |()| End::Cut));
                }
                if only_keys.is_some() {
                    self.found.insert(item.0.key.clone());
                }
                let item = engine::told_item(item);
                if let Err(ended) = self.output.write(format!("{item}\n").as_bytes()) {
                    return Ok(End::Unprinted(ended));
                }
                if let Some(items) = &mut self.items {
                    items.push(item);
                }
                self.progress.record();
            }
            self.left_out.extend(page.left_out);
            self.partial |= page.partial;
            if let Err(ended) = self.flushed() {
                return Ok(End::Unprinted(ended));
            }
            match page.next {
                None => return Ok(End::Whole),
                Some(_) if self.is_enough() => return Ok(End::Cut),
                next if next == cursor => break,
                next => cursor = next,
            }
        }
        Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
    }

    fn is_enough(&self) -> bool {
        self.limit.is_some_and(|limit| self.progress.records() >= limit)
    }

    /// A page is printed.
    fn flushed(&mut self) -> Result<(), Ended> {
        self.output.flush()?;
        self.progress.page(0, 0);
        Ok(())
    }
}

/// Tells of the records that are left out: all by their number, the first of those no rule leaves out by their names.
fn told(left_out: &[LeftOut]) {
    if left_out.is_empty() {
        return;
    }
    let by_rule = left_out.iter().filter(|left| left.why.declared()).count();
    tell!("left out: {}, {by_rule} of them by a rule of the definition; they are there, and what they say is not known: neither zero nor gone", several(left_out.len(), "record"));
    let others = left_out.iter().filter(|left| !left.why.declared());
    for left in others.clone().take(NAMED) {
        let why = match &left.why {
            Silence::Value(field) => format!("`{field}` is not there, or null"),
            _ => "it has no key".to_owned(),
        };
        tell!("  {}: {why}", left.key.as_ref().map_or(left.record.as_str(), |key| key.as_str()));
    }
    let more = others.count().saturating_sub(NAMED);
    if more > 0 {
        tell!("  and {more} more");
    }
}

/// What follows from what is not among the items.
fn concluded(end: &End, complete: bool, only_keys: Option<&[Key]>, found: usize) -> String {
    match (end, only_keys) {
        (End::Whole, None) if complete => "the snapshot is complete: a key that none of its records has is not there".to_owned(),
        (End::Whole, Some(keys)) => {
            let others = if complete { "the others are not there, unless they are left out" } else { "of others nothing is known: the definition does not say that the snapshot is `complete`" };
            format!("{found} of {} asked for; {others}", several(keys.len(), "key"))
        }
        (End::Whole, None) => "the definition does not say that the snapshot is `complete`: nothing follows from what is not among its items".to_owned(),
        _ => "the limit ended the snapshot: nothing follows from what is not among its items".to_owned(),
    }
}
