//! Whoever reads an entity asks for it in the same words: a poll that knows nothing but a cursor, a pull, a scan and a recorded
//! test send the same methods, addresses, headers and bodies, byte for byte and in the same order.

use std::{collections::HashMap, sync::{Arc, Mutex}};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use connector::{Connector, Draft};
use document::{Hash128, Value, object};
use engine::{Call, Config, Ran, Reader, Recorder, Secret, Session, Sessions, Turn};
use fault::Simple;

use crate::{api::{BASE, BEGINNING, World, block, call, records, shown}, script::{config, running}};

/// Every way to page, fan out and sign in.
const FAMILIES: &str = include_str!("../../../../examples/families/api.json");
/// [`BEGINNING`] as people write it.
const NOW: &str = "2026-01-31T09:00:00Z";
/// The values of the connection. Where the credentials belong is not looked at here: the doors are open.
const VALUES: &[(&str, &str)] = &[("client_id", "api-user"), ("client_secret", "api-pass"), ("secret", "api-token"), ("login_url", "http://127.0.0.1:4303/auth/login"), ("refresh_token", "refresh-0")];

/// Sessions that outlive the process that made them.
#[derive(Default)]
struct Table(Mutex<HashMap<Hash128, Session>>);

#[async_trait]
impl Sessions for Table {
    async fn kept(&self, owner: Hash128) -> Result<Option<Session>, Simple> {
        Ok(self.0.lock().unwrap().get(&owner).cloned())
    }

    async fn turn(&self, owner: Hash128, _: u64) -> Result<Turn, Simple> {
        Ok(Turn::Ours(self.0.lock().unwrap().get(&owner).cloned()))
    }

    async fn keep(&self, owner: Hash128, session: &Session) -> Result<(), Simple> {
        self.0.lock().unwrap().insert(owner, session.clone());
        Ok(())
    }

    async fn give_up(&self, _: Hash128) {}
}

/// The example, with what makes a scan of an entity, and this test.
fn families(entity: &str, test: Option<Value>) -> String {
    let mut definition = document::parse_str(FAMILIES).unwrap();
    let map = format!(r#"{{"{entity}":{{"type":"stocklevel","key":"$.id","fields":{{"sku":{{"path":"$.id","cast":"string"}},"quantity":{{"path":"$.id","cast":"integer"}}}}}}}}"#);
    definition.set("canonical_map", document::parse_str(&map).unwrap());
    definition.set("snapshot", document::parse_str(&format!(r#"{{"stocklevel":{{"entity":"{entity}"}}}}"#)).unwrap());
    definition.set("tests", Value::Array(test.into_iter().collect()));
    definition.to_string()
}

#[track_caller]
fn checked(definition: &str) -> Arc<Connector> {
    let report = Draft::parse(definition).unwrap().check();
    Arc::new(report.into_checked().unwrap_or_else(|report| panic!("{:#?}", report.findings())))
}

/// What is read, and how one signs in.
struct Case<'c> {
    entity: &'c str,
    config: Config,
}

/// What a reader sent, and the code it ended with.
type Sent = (Vec<String>, Option<&'static str>);

impl<'c> Case<'c> {
    fn of(entity: &'c str, auth: &str) -> Self {
        let base = if matches!(auth, "oauth" | "refresh") { format!("{BASE}/oauth") } else { BASE.to_owned() };
        Self { entity, config: config(&[VALUES, &[("base_url", &base), ("auth", auth)]].concat()) }
    }

    fn call<'w>(&'w self, world: &'w World, sessions: &'w Table) -> Call<'w> {
        Call { sessions: Some(sessions), ..call(&self.config, world) }
    }

    /// Whether another process may go on where one stopped: a listing that is open on the other side is read by one.
    fn is_carried(&self) -> bool {
        self.entity != "scroll"
    }

    /// A poll: every page in a process that knows nothing but the cursor.
    async fn polled(&self) -> Sent {
        let (world, sessions, mut cursor) = (World::api(records(250)), Table::default(), None);
        let mut source = running(&families(self.entity, None)).source.unwrap();
        loop {
            if self.is_carried() {
                source = running(&families(self.entity, None)).source.unwrap();
            }
            match source.page(self.call(&world, &sessions), self.entity, cursor.as_deref()).await {
                Ok(page) if page.done => return (once(world.sent()), None),
                Ok(page) => cursor = Some(page.cursor),
                Err(fault) => return (once(world.sent()), Some(fault.code)),
            }
        }
    }

    /// A pull: everything in one process.
    async fn pulled(&self) -> Sent {
        let (world, sessions) = (World::api(records(250)), Table::default());
        let read = Reader::new(checked(&families(self.entity, None))).read(self.call(&world, &sessions), self.entity, None, |_| Ok(true)).await;
        (world.sent(), read.err().map(|fault| fault.code))
    }

    /// A scan, as a reconcile makes it: every page in a process that knows nothing but the cursor.
    async fn scanned(&self) -> Sent {
        let (world, sessions, mut cursor) = (World::api(records(250)), Table::default(), None);
        let mut snapshot = running(&families(self.entity, None)).snapshot.unwrap();
        loop {
            if self.is_carried() {
                snapshot = running(&families(self.entity, None)).snapshot.unwrap();
            }
            match snapshot.snapshot(self.call(&world, &sessions), "stocklevel", None, None, cursor.as_deref()).await {
                Ok(page) if page.next.is_none() => return (once(world.sent()), None),
                Ok(page) => cursor = page.next,
                Err(fault) => return (once(world.sent()), Some(fault.code)),
            }
        }
    }

    /// A recorded test of a pull, and the pull it was recorded from: without what was never answered, which no recording
    /// holds, and with the made-up secrets of the recording.
    async fn played(&self) -> (Vec<String>, Vec<String>) {
        let (world, sessions, definition) = (World::api(records(250)), Table::default(), checked(&families(self.entity, None)));
        let (recorder, reader) = (Recorder::new(&world), Reader::new(Arc::clone(&definition)));
        let read = reader.read(Call { exchange: &recorder, ..self.call(&world, &sessions) }, self.entity, None, |_| Ok(true)).await;
        let tokens = reader.secrets();
        let expect = object([("error", read.err().map(|fault| fault.code.into())), ("requests", Some(i64::try_from(world.statuses().iter().filter(|status| **status != 0).count()).unwrap().into()))]);
        let test = recorder.test(&definition, &self.config, &tokens, &Ran { name: "recorded", subject: &connector::Subject::Entity { name: self.entity.to_owned(), cursor: None, limit: None }, now: NOW, expect });
        assert!(recorder.whole(), "{} is more than a test holds", self.entity);

        let connector = checked(&families(self.entity, Some(test)));
        let asked = Mutex::new(Vec::new());
        let outcome = engine::play_seen(&connector, &connector.tests()[0], &|request| asked.lock().unwrap().push(shown(request))).await;
        assert_eq!(outcome.problems, Vec::<String>::new(), "{}", self.entity);
        let answered = world.sent().into_iter().zip(world.statuses()).filter(|(_, status)| *status != 0);
        (asked.into_inner().unwrap(), answered.map(|(sent, _)| made_up(sent, &tokens)).collect())
    }
}

/// A process that begins in the middle asks who the parents are before it goes on; only that is left out.
fn once(sent: Vec<String>) -> Vec<String> {
    let parents = |request: &str| request.contains("/groups\n");
    let mut asked = false;
    sent.into_iter().filter(|request| !parents(request) || !std::mem::replace(&mut asked, true)).collect()
}

/// A request as it is with made-up secrets.
fn made_up(sent: String, tokens: &[(String, Secret)]) -> String {
    let basic = |secret: &str| STANDARD.encode(format!("api-user:{secret}"));
    let known = [("api-pass", "made-up-client_secret"), ("api-token", "made-up-secret"), ("refresh-0", "made-up-refresh_token")].map(|(secret, shown)| (secret.to_owned(), shown.to_owned()));
    let given = tokens.iter().map(|(name, token)| (token.expose().to_owned(), format!("made-up-{name}")));
    let pairs = [(basic("api-pass"), basic("made-up-client_secret"))].into_iter().chain(known).chain(given);
    pairs.fold(sent, |sent, (secret, shown)| sent.replace(&secret, &shown))
}

/// Everybody who reads this sends the same; the answer is how many requests.
#[track_caller]
fn same(entity: &str, auth: &str) -> usize {
    let (case, what) = (Case::of(entity, auth), format!("{entity} with {auth}"));
    let (polled, pulled) = (block(case.polled()), block(case.pulled()));
    assert_eq!(polled, pulled, "{what}: poll and pull");
    // What is incremental is scanned from the beginning, without windows.
    if entity != "change" {
        assert_eq!(block(case.scanned()), polled, "{what}: scan and poll");
    }
    let (played, recorded) = block(case.played());
    assert_eq!(played, recorded, "{what}: what is played, and what it was recorded from");
    polled.0.len()
}

#[test]
fn every_family_is_asked_for_in_the_same_words_by_everybody() {
    let connector = checked(FAMILIES);
    let mut asked = HashMap::new();
    for entity in connector.entities() {
        asked.insert(entity.name.as_str(), same(&entity.name, "none"));
    }
    // Of those that matter most: a scroll is opened and closed, a parent is asked for, windows follow each other, what fails is asked again.
    for (entity, least) in [("page", 3), ("graphql", 3), ("cursor_in_body", 3), ("scroll", 5), ("child", 6), ("tree", 3), ("change", 5), ("too_many", 3), ("cut_off", 3)] {
        assert!(asked[entity] >= least, "{entity}: {}", asked[entity]);
    }
}

#[test]
fn every_way_to_sign_in_is_the_same_for_everybody() {
    for (auth, requests) in [("bearer", 3), ("header", 3), ("query", 3), ("cookie", 3), ("basic", 3), ("login", 4), ("oauth", 4), ("refresh", 4)] {
        let asked = same("offset", auth);
        assert_eq!(asked, requests, "{auth}");
    }
}

#[test]
fn what_the_requests_say_is_looked_at_whole() {
    let (sent, code) = block(Case::of("cursor_in_body", "oauth").pulled());
    assert_eq!(code, None, "{sent:?}");
    assert!(sent[0].starts_with("POST http://127.0.0.1:4303/oauth/token\n") && sent[0].contains("uthorization: Basic YXBpLXVzZXI6YXBpLXBhc3M=") && sent[0].ends_with("\ngrant_type=client_credentials"), "{}", sent[0]);
    assert!(sent[2].starts_with("POST http://127.0.0.1:4303/oauth/cursor\n") && sent[2].contains("uthorization: Bearer ") && sent[2].contains("\n{\"page\":{\"limit\":100,\"after\":\""), "{}", sent[2]);
    assert_eq!(BEGINNING, NOW.parse::<jiff::Timestamp>().unwrap().as_millisecond());
}
