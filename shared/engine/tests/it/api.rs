//! The only file here that knows the simulator and the waiting: an exchange that answers in this process, and a clock that
//! whoever waits winds. Each entity is read twice, to the end and a page at a time as separate processes do, and both must
//! have sent the same bytes.

use std::{collections::BTreeMap, sync::{Arc, Mutex, atomic::{AtomicUsize, Ordering}}, time::Duration};

use async_trait::async_trait;
use canonical::Clock;
use connector::{Draft, RateLimiting};
use document::{Hash128, Value};
use engine::{Budget, Call, Config, Exchange, ExchangeError, Heard, Pace, Place, Reader, Request, Response, Secret};
use fault::Simple;
use testkit::{Api, ApiOptions, Ending, System, WoundClock};

use crate::script::running;

/// 2026-01-31T09:00:00Z, when every world begins.
pub(crate) const BEGINNING: i64 = 1_769_850_000_000;
/// Where the simulator is.
pub(crate) const BASE: &str = "http://127.0.0.1:4303";
/// More pages than any test reads; who reads more runs in circles.
const MOST_PAGES: usize = 5_000;

type Answers = Box<dyn FnMut(&Request) -> Result<Response, ExchangeError> + Send>;

/// Whoever answers, and the time.
pub(crate) struct World {
    answers: Mutex<Answers>,
    api: Option<Arc<Mutex<Api>>>,
    clock: WoundClock,
    budgets: Mutex<BTreeMap<Vec<u8>, Budget>>,
    sent: Mutex<Vec<String>>,
    statuses: Mutex<Vec<u16>>,
    waits: Mutex<Vec<i64>>,
    /// Places that are held.
    places: Arc<AtomicUsize>,
    chance: u32,
    /// Waits longer than this are not waited here.
    patience_ms: i64,
}

impl World {
    /// The simulator.
    pub(crate) fn api(options: ApiOptions) -> Self {
        let clock = WoundClock::at(BEGINNING);
        let api = Arc::new(Mutex::new(Api::new(ApiOptions { clock: Arc::new(clock.clone()), ..options })));
        let asked = Arc::clone(&api);
        let answers = move |request: &Request| answered(&mut asked.lock().unwrap(), request);
        Self { api: Some(api), clock, ..Self::of(answers) }
    }

    /// Anything else.
    pub(crate) fn of(answers: impl FnMut(&Request) -> Result<Response, ExchangeError> + Send + 'static) -> Self {
        Self {
            answers: Mutex::new(Box::new(answers)), api: None, clock: WoundClock::at(BEGINNING), budgets: Mutex::default(), sent: Mutex::default(), statuses: Mutex::default(), waits: Mutex::default(), places: Arc::default(),
            chance: u32::MAX, patience_ms: i64::MAX,
        }
    }

    pub(crate) fn with_chance(self, chance: u32) -> Self {
        Self { chance, ..self }
    }

    pub(crate) fn with_patience(self, patience_ms: i64) -> Self {
        Self { patience_ms, ..self }
    }

    /// Method, address, headers and body of every request.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    /// The status of every answer; 0 where none came.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.statuses.lock().unwrap().clone()
    }

    /// Every wait in milliseconds, those for a turn included.
    pub(crate) fn waits(&self) -> Vec<i64> {
        self.waits.lock().unwrap().clone()
    }

    /// How long it all took.
    pub(crate) fn took(&self) -> i64 {
        self.clock.now_ms() - BEGINNING
    }

    /// The scrolls of the simulator that are open.
    pub(crate) fn open_scrolls(&self) -> Vec<Value> {
        let state = self.api.as_ref().unwrap().lock().unwrap().state();
        state.get("scrolls").unwrap().get("open").unwrap().items().unwrap().to_vec()
    }

    fn wait(&self, ms: i64) {
        self.waits.lock().unwrap().push(ms);
        self.clock.wind(Duration::from_millis(u64::try_from(ms).unwrap()));
    }
}

#[async_trait]
impl Exchange for World {
    async fn send(&self, request: Request) -> Result<Response, ExchangeError> {
        self.sent.lock().unwrap().push(shown(&request));
        let answer = (self.answers.lock().unwrap())(&request);
        self.statuses.lock().unwrap().push(answer.as_ref().map_or(0, |answer| answer.status));
        answer
    }
}

#[async_trait]
impl Pace for World {
    fn now_ms(&self) -> Option<i64> {
        Some(self.clock.now_ms())
    }

    async fn turn(&self, owner: Hash128, limits: &RateLimiting, cost: u32) -> Result<Place, Simple> {
        assert_eq!(self.places.load(Ordering::Relaxed), 0, "one request has one place");
        let wait = self.budgets.lock().unwrap().entry(owner.to_vec()).or_default().take(&limits.windows, cost, self.clock.now_ms());
        if wait > 0 {
            self.wait(wait);
        }
        self.places.fetch_add(1, Ordering::Relaxed);
        let places = Arc::clone(&self.places);
        Ok(Place::held(move || _ = places.fetch_sub(1, Ordering::Relaxed)))
    }

    async fn heard(&self, owner: Hash128, _: &RateLimiting, heard: Heard) {
        self.budgets.lock().unwrap().entry(owner.to_vec()).or_default().hear(heard);
    }

    async fn rest(&self, wait: Duration) -> bool {
        assert_eq!(self.places.load(Ordering::Relaxed), 0, "who rests leaves its place");
        let ms = i64::try_from(wait.as_millis()).unwrap();
        if ms > self.patience_ms {
            return false;
        }
        self.wait(ms);
        true
    }

    fn chance(&self) -> u32 {
        self.chance
    }
}

/// All of a request: method, address, headers in their order, and body.
pub(crate) fn shown(request: &Request) -> String {
    let headers: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default());
    format!("{} {}\n{}\n{body}", request.method.word(), request.url, headers.join("\n"))
}

/// A request as the simulator takes it, and its answer as the way out would give it.
fn answered(api: &mut Api, request: &Request) -> Result<Response, ExchangeError> {
    let host = [("host".to_owned(), BASE.trim_start_matches("http://").to_owned())];
    let asked = testkit::Request {
        method: request.method.word().to_owned(),
        path: request.url.path().to_owned(),
        query: request.url.query_pairs().into_owned().collect(),
        headers: host.into_iter().chain(request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))).collect(),
        body: request.body.clone().unwrap_or_default(),
    };
    let answer = api.answer(&asked);
    match answer.ending {
        Ending::Whole => Ok(Response { status: answer.status, headers: answer.headers, body: answer.body }),
        Ending::Middle | Ending::Nothing => Err(ExchangeError::Unanswered),
    }
}

/// A definition of one entity: what stands in `read`, and what stands beside `entities`.
pub(crate) fn definition(read: &str, beside: &str) -> String {
    format!(
        r#"{{"metadata":{{"slug":"sim","type":"source"}},"config":{{"base_url":{{"type":"url"}},"key":{{"type":"string","secret":true,"optional":true}}}},"base_url":"{{{{config.base_url}}}}",
        "entities":{{"thing":{{"read":{{{read}}},"eventMapping":{{"externalId":"$.id","eventType":"thing.updated","occurredAt":"$.updated_at"}}}}}}{beside}}}"#
    )
}

/// What reading an entity came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// The ids of each page.
    pub(crate) pages: Vec<Vec<String>>,
    /// Where the next run begins.
    pub(crate) cursor: String,
    /// What ended it.
    pub(crate) fault: Option<Simple>,
}

impl Told {
    pub(crate) fn ids(&self) -> Vec<i64> {
        self.pages.iter().flatten().map(|id| id.parse().unwrap()).collect()
    }

    /// Code and message of what ended it.
    pub(crate) fn code(&self) -> (&str, &str) {
        self.fault.as_ref().map_or(("", ""), |fault| (fault.code, fault.message.as_ref()))
    }
}

pub(crate) fn config() -> Config {
    Config::new([("base_url", BASE), ("key", "s3cret-key")].map(|(name, value)| (name.to_owned(), Secret::new(value.to_owned()))))
}

pub(crate) fn call<'a>(config: &'a Config, world: &'a World) -> Call<'a> {
    Call { pace: world, ..Call::new(config, world, BEGINNING) }
}

/// Reads to the end, in one process.
pub(crate) async fn pulled(definition: &str, world: &World, cursor: Option<&str>) -> Told {
    let report = Draft::parse(definition).unwrap().check();
    let reader = Reader::new(Arc::new(report.into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()))));
    let (config, mut told) = (config(), Told::default());
    let read = reader.read(call(&config, world), "thing", cursor, |page| {
        told.pages.push(page.records.iter().map(|record| page.external_id(*record)).collect());
        told.cursor.clone_from(&page.cursor);
        assert!(told.pages.len() < MOST_PAGES, "this never ends");
        Ok(true)
    }).await;
    told.fault = read.err();
    told
}

/// Reads to the end, each page by a process that knows nothing but the cursor; a listing that is open on the other side by one.
pub(crate) async fn polled(definition: &str, world: &World, cursor: Option<&str>) -> Told {
    let (config, mut told, mut cursor) = (config(), Told::default(), cursor.map(str::to_owned));
    let mut source = running(definition).source.unwrap();
    loop {
        if !definition.contains(r#""type":"scroll""#) {
            source = running(definition).source.unwrap();
        }
        let entity = source.entities().remove(0);
        let page = match source.page(call(&config, world), &entity, cursor.as_deref()).await {
            Ok(page) => page,
            Err(fault) => return Told { fault: Some(fault), ..told },
        };
        told.pages.push(page.changes.iter().map(|change| change.external_id.clone()).collect());
        assert!(told.pages.len() < MOST_PAGES, "this never ends");
        told.cursor.clone_from(&page.cursor);
        cursor = Some(page.cursor);
        if page.done {
            return told;
        }
    }
}

/// Reads both ways from the beginning, each in a world of its own: they come to the same, by the same requests, after the same waits.
#[track_caller]
pub(crate) fn read(definition: &str, world: impl Fn() -> World) -> (Told, World) {
    let (one, other) = (world(), world());
    let (pull, poll) = (block(pulled(definition, &one, None)), block(polled(definition, &other, None)));
    assert_eq!((&pull.fault, &pull.pages, one.sent(), one.waits()), (&poll.fault, &poll.pages, other.sent(), other.waits()), "{definition}");
    assert_eq!(pull.cursor, poll.cursor, "{definition}");
    (pull, one)
}

/// Nothing here waits for anything outside, so whoever is asked is ready.
#[track_caller]
pub(crate) fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// So many records, and otherwise as usual.
pub(crate) fn records(records: i64) -> ApiOptions {
    ApiOptions { records, ..ApiOptions::default() }
}
