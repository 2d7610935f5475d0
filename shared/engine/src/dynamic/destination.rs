//! Delivering one event.

use async_trait::async_trait;
use canonical::Event;
use connector::Deliver;
use document::{Arena, Fuel};
use fault::Simple;

use super::{Dynamic, ask::excerpt, build, classify::Failure, names::Values, token};
use crate::{Call, Delivered, DeliveryFault, Destination, Idempotency, Request, Response};

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

    fn requests_per_second(&self) -> Option<u32> {
        self.connector.requests_per_second()
    }

    async fn deliver(&self, call: Call<'_>, event: &Event, idempotency_key: &str) -> Result<Delivered, DeliveryFault> {
        let lacking = || Simple::reject("connector_lacks", format!("nothing delivers `{}` here", event.canonical_type));
        let deliver = self.way(&event.canonical_type).ok_or_else(|| self.fault(call, Failure::unsent(lacking())))?;
        let request = self.written(call, deliver, event, idempotency_key).map_err(|simple| self.fault(call, Failure::unsent(simple)))?;
        let response = self.ask(call, request).await.map_err(|failure| self.fault(call, failure))?;
        match unconfirmed(deliver, &response) {
            Some(failure) => Err(self.fault(call, failure)),
            None => Ok(Delivered { status: response.status }),
        }
    }
}

impl Dynamic {
    fn way(&self, canonical_type: &str) -> Option<&Deliver> {
        self.connector.delivers().iter().find(|deliver| deliver.kind.name == canonical_type)
    }

    fn fault(&self, call: Call<'_>, failure: Failure) -> DeliveryFault {
        let token = self.tokens.fresh(token::owner(call), call.now_ms);
        DeliveryFault { fault: failure.fault, ambiguous: failure.ambiguous, status: failure.status, excerpt: excerpt(call.config, token, &failure.body) }
    }

    fn written(&self, call: Call<'_>, deliver: &Deliver, event: &Event, key: &str) -> Result<Request, Simple> {
        let values = Values {
            key: Some(event.key.as_str()), fields: Some(&event.fields), extensions: Some(&event.extensions), ..Values::of(self.connector.config(), call.config)
        };
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let mut request = build::request(&deliver.request, &values.scene(&arena, &fuel, call.now_ms), &[])?;
        if let connector::Idempotency::Header(name) = &deliver.idempotency {
            build::set_header(&mut request.headers, name, key.to_owned())?;
        }
        Ok(request)
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
    Some(Failure { fault, ambiguous, status: Some(response.status), body: response.body.clone() })
}
