//! Reading changes, a page at a time.

use async_trait::async_trait;
use canonical::Millis;
use connector::{Entity, Pagination, Read, TimeFormat};
use document::{Arena, Fuel, Value, hash_value};
use fault::Simple;

use super::{Dynamic, build, change, classify::Failure, names::{Values, instant}, next, read, state::{At, State}};
use crate::{Call, Canonical, Page, Request, Source, Told, Webhook};

/// How far ahead of ours the clock of a source may run.
const AHEAD_MS: i64 = 5 * 60_000;

/// A page as it was read, for changes and snapshots alike.
pub(crate) struct Answer {
    pub(crate) value: Value,
    pub(crate) next: Option<At>,
    pub(crate) hash: document::Hash128,
}

#[async_trait]
impl Source for Dynamic {
    fn entities(&self) -> Vec<String> {
        self.connector.entities().iter().filter(|entity| entity.read.is_some()).map(|entity| entity.name.clone()).collect()
    }

    fn canonical_type(&self, entity: &str) -> Option<&str> {
        self.connector.canonical_map(entity).map(|map| map.kind.name)
    }

    async fn page(&self, call: Call<'_>, entity: &str, cursor: Option<&str>) -> Result<Page, Simple> {
        let unknown = || Simple::reject("definition_entity", format!("`{entity}` cannot be polled"));
        let entity = self.connector.entity(entity).ok_or_else(unknown)?;
        let read = entity.read.as_ref().ok_or_else(unknown)?;
        let mut state = State::read(cursor)?;
        let answer = self.answer(call, read, &state, &[]).await?;
        let arena = Arena::new();
        let records = read::records(&answer.value, &read.records, &arena)?;
        let changes = records.iter().map(|record| change::change(record, &entity.name, &entity.events, Some(&read.records), None)).collect();
        for record in &records {
            note(&mut state, entity, read, record, call.now_ms);
        }
        let done = answer.next.is_none();
        if let Some(At::Cursor(cursor)) = &answer.next {
            state.last = Some(cursor.clone());
        }
        state.at = answer.next;
        let state = if done { state.ended() } else { state };
        Ok(Page { changes, cursor: state.text(), done, hash: answer.hash })
    }

    fn canonical(&self, told: &Told<'_>, now_ms: Millis) -> Result<Option<Canonical>, Simple> {
        let map = self.connector.canonical_map(told.entity);
        let map = map.ok_or_else(|| Simple::reject("definition_entity", format!("`{}` has no canonical map", told.entity)))?;
        let mapped = map.plan.apply(told.payload, &mapping::Run::at(instant(now_ms))).map_err(|error| Simple::from_fault(&error))?;
        if let Some(finding) = map.kind.check(&mapped.fields).first() {
            return Err(Simple::reject(finding.code, format!("{} at `{}`", finding.message, finding.pointer)));
        }
        Ok(Some(Canonical {
            canonical_type: map.kind.name.to_owned(),
            canonical_version: map.version,
            key: mapped.key,
            occurred_ms: told.occurred_ms,
            fields: mapped.fields,
            extensions: mapped.extensions,
        }))
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        self.connector.webhook().map(|_| self as &dyn Webhook)
    }
}

/// Remembers the time of a record, from `incremental.cursor`, else from the event mapping.
fn note(state: &mut State, entity: &Entity, read: &Read, record: &Value, now_ms: i64) {
    let incremental = read.incremental.as_ref().and_then(|incremental| record.at(&incremental.cursor)).and_then(Value::plain);
    let time = match incremental {
        Some(text) => canonical::parse_time(&text).map(|ms| (ms, text)),
        None => change::occurred(record, &entity.events),
    };
    let Some((ms, text)) = time else { return };
    if ms <= now_ms + AHEAD_MS {
        state.seen(ms, text);
    } else if let Some(incremental) = &read.incremental {
        // Asked from a time that is not yet, the source would pass over everything until then.
        state.seen(now_ms, written(now_ms, &incremental.format));
    }
}

impl Dynamic {
    /// Asks for the page a state stands at; `more` goes into the request as it is.
    pub(crate) async fn answer(&self, call: Call<'_>, read: &Read, state: &State, more: &[(&connector::Inject, String)]) -> Result<Answer, Simple> {
        let asked = asked(read, state);
        let request = self.page_request(call, read, state, asked.as_ref(), more)?;
        let url = request.url.clone();
        let response = self.ask(call, request).await.map_err(fault)?;
        let value = read::body(&response.body)?;
        let arena = Arena::new();
        let records = read::records(&value, &read.records, &arena)?;
        let hash = hash_value(&Value::Array(records.iter().map(|record| record.clone().into_owned()).collect()));
        let text = hex::encode(hash);
        let seen = next::Seen { response: &response, answer: &value, url: &url, count: records.len(), hash: &text, at: state.at.as_ref(), asked: asked.as_ref() };
        let next = next::next(read.pagination.as_ref(), &seen)?;
        Ok(Answer { value, next, hash })
    }

    fn page_request(&self, call: Call<'_>, read: &Read, state: &State, asked: Option<&Value>, more: &[(&connector::Inject, String)]) -> Result<Request, Simple> {
        let number = match (&read.pagination, &state.at) {
            (_, Some(At::Page { number, .. })) => Some(*number),
            (Some(Pagination::Page { start, .. }), _) => Some(*start),
            _ => None,
        };
        let page = number.map(|number| number.to_string());
        let values = Values { cursor: asked, page: page.as_deref(), ..Values::of(self.connector.config(), call.config) };
        let mut injected = more.to_vec();
        match &read.pagination {
            Some(Pagination::Cursor { inject: Some(inject), .. }) => {
                if let Some(At::Cursor(cursor)) = &state.at {
                    injected.push((inject, cursor.plain().unwrap_or_default()));
                }
            }
            Some(Pagination::Page { page, size, size_inject, .. }) => {
                injected.extend(page.as_ref().zip(number).map(|(inject, number)| (inject, number.to_string())));
                injected.extend(size_inject.as_ref().zip(*size).map(|(inject, size)| (inject, size.to_string())));
            }
            _ => {}
        }
        if let Some(incremental) = &read.incremental
            && let (Some(inject), Some(since)) = (&incremental.inject, &state.since)
        {
            injected.push((inject, written(since.ms - incremental.lookback_ms, &incremental.format)));
        }
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let request = build::request(&read.request, &values.scene(&arena, &fuel, call.now_ms), &injected)?;
        match &state.at {
            Some(At::Url(url)) => {
                let next = url::Url::parse(url).ok().filter(|next| next.origin() == request.url.origin());
                let next = next.ok_or_else(|| Simple::reject("address_forbidden", "the next page leaves the origin"))?;
                Ok(build::follow(next, request))
            }
            _ => Ok(request),
        }
    }
}

/// The value of `{{cursor}}`: that of the page, else the last the source named, else the time asked from.
fn asked(read: &Read, state: &State) -> Option<Value> {
    if let Some(At::Cursor(cursor)) = &state.at {
        return Some(cursor.clone());
    }
    if let (Some(Pagination::Cursor { inject: None, .. }), Some(last)) = (&read.pagination, &state.last) {
        return Some(last.clone());
    }
    let since = state.since.as_ref()?;
    Some(Value::String(match &read.incremental {
        Some(incremental) => written(since.ms - incremental.lookback_ms, &incremental.format),
        None => since.text.clone(),
    }))
}

fn written(ms: i64, format: &TimeFormat) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    match format {
        TimeFormat::Iso8601 => at.to_string(),
        TimeFormat::EpochSeconds => ms.div_euclid(1000).to_string(),
        TimeFormat::EpochMillis => ms.to_string(),
        TimeFormat::Pattern(pattern) => jiff::fmt::strtime::format(pattern, at).unwrap_or_else(|_| at.to_string()),
    }
}

/// A failed read as it leaves.
pub(crate) fn fault(failure: Failure) -> Simple {
    failure.fault
}
