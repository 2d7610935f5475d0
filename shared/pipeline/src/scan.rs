//! One end of a flow read to its end, as its mapping would send it: nothing is concluded from half a scan.

use std::collections::BTreeSet;

use canonical::{Key, Millis, SnapshotItem, TenantId};
use document::Value;
use engine::{Call, Gathered, LeftOut, Scanned, Silence, Snapshot};
use fault::Simple;
use store::Flow;

use crate::{App, adapt::{Said, adapted}, known::simple, pace::Paced, sessions::Kept};

/// So many of what says nothing are named.
const NAMED: usize = 5;

/// What one end of a flow holds.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// The items, with the time of each where the end tells it.
    pub(crate) items: Vec<(SnapshotItem, Option<Millis>)>,
    /// What it has and says nothing of.
    pub(crate) silent: Silent,
    /// Whether it held something back, or has a record of which nobody knows the key: then nothing is concluded from what is not among them.
    pub(crate) partial: bool,
}

impl End {
    /// What was read, each key once.
    fn of(gathered: Gathered) -> Self {
        let Gathered { items, left_out, partial, .. } = gathered.whole();
        let (items, twice) = engine::once(items, &left_out);
        let mut silent = Silent::default();
        left_out.into_iter().chain(twice).for_each(|left| silent.add(left));
        Self { items: items.into_iter().map(|Scanned { item, occurred_ms, .. }| (item, occurred_ms)).collect(), silent, partial }
    }
}

/// What an end has and says nothing of: not compared, not sent, and not missing either.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Silent {
    /// How many records.
    pub(crate) count: usize,
    /// The keys of those that have one.
    pub(crate) keys: BTreeSet<Key>,
    /// Those of them of which a record says something that nobody can take: nothing is sent to where it is.
    pub(crate) unclear: BTreeSet<Key>,
    /// The first of those of which nobody said so, and why.
    pub(crate) named: Vec<String>,
}

impl Silent {
    fn add(&mut self, left: LeftOut) {
        self.count += 1;
        if !left.why.declared() && self.named.len() < NAMED {
            let detail = left.why.detail().map(|(_, text)| format!(" {text}")).unwrap_or_default();
            self.named.push(format!("{}: {}{detail}", left.record, left.why.word()));
        }
        if matches!(left.why, Silence::Twice | Silence::Unmapped(_)) {
            self.unclear.extend(left.key.clone());
        }
        self.keys.extend(left.key);
    }
}

/// Reads one end of a flow.
pub(crate) async fn scan(app: &App, tenant: &TenantId, flow: &Flow, of_source: bool, until_ms: Millis) -> Result<End, Simple> {
    let connection = if of_source { &flow.source } else { &flow.destination };
    let known = app.connection(tenant, connection).await?;
    let lacks = || Simple::reject("connector_lacks", format!("connection {connection} cannot be scanned"));
    let snapshot = known.connector.snapshot.as_ref().ok_or_else(lacks)?;
    let config = app.vault.hydrate(tenant, connection, &known.row.sealed).await.map_err(|error| simple(&error))?;
    let (pace, sessions) = (Paced::until(app, tenant, until_ms).patient(), Kept::of(app, tenant, connection, &config));
    let call = Call { pace: &pace, sessions: Some(&sessions), ..Call::new(&config, app.exchange.as_ref(), app.now()) };
    let end = whole(snapshot.as_ref(), call, &flow.canonical_type).await;
    pace.leave().await;
    // The failure is noted for the flow: it has to say which end failed.
    end.map_err(|fault| Simple { message: format!("the scan of {connection}: {}", fault.message), ..fault })
}

/// Every page of a scan. A page that leads back to itself ends it with an error, not with half a truth; so does a scan of which no
/// record can be mapped.
async fn whole(snapshot: &dyn Snapshot, call: Call<'_>, canonical_type: &str) -> Result<End, Simple> {
    let mut gathered = Gathered::default();
    let mut cursor: Option<String> = None;
    for _ in 0..1_000_000 {
        match gathered.take(snapshot.snapshot(call, canonical_type, None, None, cursor.as_deref()).await?) {
            None => return gathered.unfit().map_or_else(|| Ok(End::of(gathered)), Err),
            next if next == cursor => break,
            next => cursor = next,
        }
    }
    Err(Simple::reject("cursor_loop", "the scan does not come to an end"))
}

/// The source as the flow's mapping makes it: what is compared is what would be sent. An item that the mapping leaves out, or
/// cannot map, says nothing here; the live event of the second tells why.
pub(crate) fn mapped(app: &App, flow: &Flow, end: End, began: Millis) -> Result<End, Simple> {
    let Some(mapping) = app.mapping(flow)? else { return Ok(end) };
    let nothing = Value::Object(Vec::new());
    let End { items, mut silent, partial } = end;
    let mut one = |(item, at): (SnapshotItem, Option<Millis>)| {
        let said = Said { key: item.key.as_str(), fields: &item.fields, extensions: &nothing, run: flow.id.as_str(), now_ms: at.unwrap_or(began) };
        let made = adapted(&mapping, &item.canonical_type, &said);
        if let Ok(Some(fields)) = made {
            return Some((SnapshotItem { fields, ..item }, at));
        }
        silent.count += 1;
        if let Err(fault) = made {
            tracing::warn!(step = "reconcile", code = fault.code, flow = flow.id.as_str(), "an item of the source cannot be mapped and is left out");
            if silent.named.len() < NAMED {
                silent.named.push(format!("{}: {}", item.key.as_str(), fault.code));
            }
        }
        silent.keys.insert(item.key);
        None
    };
    let items = items.into_iter().filter_map(&mut one).collect();
    Ok(End { items, silent, partial })
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use async_trait::async_trait;
    use engine::{Config, Exchange, ExchangeError, Request, Response, SnapshotPage, Standing};

    use super::*;

    /// A snapshot of these pages.
    struct Pages(Mutex<Vec<SnapshotPage>>);

    #[async_trait]
    impl Snapshot for Pages {
        fn scans(&self) -> Vec<String> {
            Vec::new()
        }

        fn complete(&self, _: &str) -> bool {
            true
        }

        async fn snapshot(&self, _: Call<'_>, _: &str, _: Option<&[Key]>, _: Option<&str>, _: Option<&str>) -> Result<SnapshotPage, Simple> {
            let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let page = pages.remove(0);
            Ok(SnapshotPage { next: (!pages.is_empty()).then(|| pages.len().to_string()), ..page })
        }
    }

    struct Nowhere;

    #[async_trait]
    impl Exchange for Nowhere {
        async fn send(&self, _: Request) -> Result<Response, ExchangeError> {
            Err(ExchangeError::Forbidden)
        }
    }

    /// A page: `A1=7` is the key A of record 1 with a quantity, and `A1` without one cannot be mapped; nor can `-1`, and nobody knows which it is.
    fn page(standing: Standing, records: &str) -> SnapshotPage {
        let mut page = SnapshotPage { standing, items: Vec::new(), left_out: Vec::new(), partial: false, next: None };
        for text in records.split_whitespace() {
            let (name, quantity) = text.split_once('=').map_or((text, None), |(name, quantity)| (name, Some(quantity)));
            let (key, record) = name.split_at(1);
            let key = Key::new(key).unwrap();
            match quantity {
                None if key.as_str() == "-" => page.left_out.push(LeftOut { key: None, record: record.to_owned(), why: Silence::Key }),
                Some(quantity) => page.items.push(Scanned {
                    item: SnapshotItem { key, canonical_type: "stocklevel".into(), fields: document::parse_str(&format!(r#"{{"quantity":{quantity}}}"#)).unwrap() },
                    occurred_ms: None,
                    record: record.parse().unwrap(),
                }),
                None => page.left_out.push(LeftOut { key: Some(key), record: record.to_owned(), why: Silence::Unmapped(Simple::reject("canonical_invalid", "no number")) }),
            }
        }
        page
    }

    #[tokio::test]
    async fn a_record_whose_key_is_not_known_may_be_any_so_none_is_missing() {
        use Standing::{Again, First};
        for (pages, partial) in [(&[(First, "A1=1 B2")][..], false), (&[(First, "A1=1 -2")], true), (&[(First, "-2"), (First, "A1=1")], true), (&[(First, "-2"), (Again, "A1=1")], false)] {
            let snapshot = Pages(Mutex::new(pages.iter().map(|(standing, records)| page(*standing, records)).collect()));
            let config = Config::default();
            assert_eq!(whole(&snapshot, Call::new(&config, &Nowhere, 0), "stocklevel").await.unwrap().partial, partial, "{pages:?}");
        }
    }

    #[tokio::test]
    async fn each_key_counts_once_as_it_was_read_last_and_what_nobody_knows_is_named() {
        use Standing::{Again, First, Later};
        for (pages, items, keys, named) in [
            // What went before the listing was read again is not there, and what an earlier listing told stays.
            (&[(First, "A1=1"), (First, "B2=1 C3=1"), (Later, "E5"), (Again, "C3=2"), (Later, "D4=1")][..], "A=1 C=2 D=1", "", ""),
            (&[(First, "A1=1"), (Later, "A1=2")], "A=2", "", ""),
            (&[(First, "A1=1 B3=1"), (Later, "A2=2")], "B=1", "A", "A: twice"),
            (&[(First, "A1=1 B2")], "A=1", "B", "2: unmapped canonical_invalid"),
            (&[(First, ""), (Later, "")], "", "", ""),
            (&[(First, "A1"), (Later, "B2")], "", "", "fails with record 1: no number"),
        ] {
            let snapshot = Pages(Mutex::new(pages.iter().map(|(standing, records)| page(*standing, records)).collect()));
            let config = Config::default();
            let found = match whole(&snapshot, Call::new(&config, &Nowhere, 0), "stocklevel").await {
                Ok(end) => {
                    assert_eq!(end.silent.unclear, end.silent.keys, "{pages:?}");
                    let texts: Vec<_> = end.items.iter().map(|(item, _)| format!("{}={}", item.key.as_str(), item.fields.get("quantity").unwrap())).collect();
                    (texts.join(" "), end.silent.keys.iter().map(Key::as_str).collect::<Vec<_>>().join(" "), end.silent.named.join("; "))
                }
                Err(fault) => (String::new(), String::new(), format!("fails with {}", fault.message)),
            };
            assert_eq!(found, (items.to_owned(), keys.to_owned(), named.to_owned()), "{pages:?}");
        }
    }
}
