//! Delivering one event.

use async_trait::async_trait;
use canonical::Event;
use connector::{Deliver, Purpose};
use document::{Arena, Fuel, Value};
use fault::Simple;

use super::{Dynamic, ask::excerpt, build::{self, Draft, More}, classify::Failure, names::{self, Values}};
use crate::{Call, Delivered, DeliveryFault, Destination, Idempotency, Response, Session};

#[async_trait]
impl Destination for Dynamic {
    fn accepts(&self) -> Vec<String> {
        self.connector.delivers().iter().map(|deliver| deliver.kind.name.to_owned()).collect()
    }

    fn idempotency(&self, canonical_type: &str) -> Idempotency {
        match self.way(canonical_type).map(|deliver| &deliver.idempotency) {
            Some(connector::Idempotency::Header(_)) => Idempotency::Header,
            Some(connector::Idempotency::NaturalKey) => Idempotency::NaturalKey,
            Some(connector::Idempotency::None) | None => Idempotency::None,
        }
    }

    fn concurrency(&self) -> Option<u32> {
        self.connector.rate_limiting().concurrency
    }

    fn requests_per_second(&self) -> Option<u32> {
        self.connector.requests_per_second()
    }

    async fn deliver(&self, call: Call<'_>, event: &Event, idempotency_key: &str) -> Result<Delivered, DeliveryFault> {
        let lacking = || Simple::reject("connector_lacks", format!("nothing delivers `{}` here", event.canonical_type));
        let deliver = self.way(&event.canonical_type).ok_or_else(|| self.fault(call, Failure::unsent(lacking())))?;
        let config = self.configured(call).map_err(|fault| self.fault(call, Failure::unsent(fault)))?;
        let call = Call { config: &config, ..call };
        let lists = names::lists(self.connector.config(), call.config);
        let make = |session: Option<&Session>| self.written(call, deliver, event, idempotency_key, session, lists.as_ref());
        let answered = self.ask(call, Purpose::Deliver, &[], &make).await.map_err(|failure| self.fault(call, failure))?;
        match unconfirmed(deliver, &answered.response) {
            Some(failure) if !answered.nothing => Err(self.fault(call, failure)),
            _ => Ok(Delivered { status: answered.response.status }),
        }
    }
}

impl Dynamic {
    fn way(&self, canonical_type: &str) -> Option<&Deliver> {
        self.connector.delivers().iter().find(|deliver| deliver.kind.name == canonical_type)
    }

    fn fault(&self, call: Call<'_>, failure: Failure) -> DeliveryFault {
        let token = self.tokens.held(self.holder(call.config)).map(|session| session.token);
        DeliveryFault { fault: failure.fault, ambiguous: failure.ambiguous, status: failure.status, excerpt: excerpt(call.config, token, &failure.body) }
    }

    fn written(&self, call: Call<'_>, deliver: &Deliver, event: &Event, key: &str, session: Option<&Session>, lists: Option<&Value>) -> Result<Draft, Simple> {
        let values = Values {
            key: Some(event.key.as_str()), fields: Some(&event.fields), extensions: Some(&event.extensions), session, lists, ..Values::of(self.connector.config(), call.config)
        };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let scene = values.scene(&arena, &fuel, call.now_ms);
        let mut draft = build::draft(&deliver.request, &scene, &More::default())?;
        if let connector::Idempotency::Header(name) = &deliver.idempotency {
            build::set_header(&mut draft.headers, name, key.to_owned())?;
        }
        Ok(draft)
    }
}

/// A 2xx that does not say what success is. Only another value at the place is a refusal: an answer that cannot be read,
/// or does not have the place, tells nothing of what the other side did.
fn unconfirmed(deliver: &Deliver, response: &Response) -> Option<Failure> {
    let (path, expected) = deliver.success_when.as_ref()?;
    let answer = document::parse(&response.body, &document::Limits::default());
    let nonsense = |message| (Simple::retry("destination_nonsense", message), true);
    let (fault, ambiguous) = match answer.as_ref().map(|answer| answer.at(path)) {
        Ok(Some(value)) if value == expected => return None,
        Ok(Some(_)) => (Simple::reject("destination_rejected", format!("the answer does not hold {expected} at `{}`", path.text())), false),
        Ok(None) => nonsense(format!("the answer holds nothing at `{}`", path.text())),
        Err(error) => nonsense(format!("the answer cannot be read: {error}")),
    };
    Some(Failure { fault, ambiguous, status: Some(response.status), narrow: false, body: response.body.clone() })
}
