//! Trying the credentials.

use async_trait::async_trait;
use connector::Purpose;
use document::{Arena, Fuel};
use fault::Simple;

use super::{Dynamic, build::{self, More}, names::{self, Values}};
use crate::{Call, Probe, Session};

#[async_trait]
impl Probe for Dynamic {
    async fn test(&self, call: Call<'_>) -> Result<(), Simple> {
        let config = self.configured(call)?;
        let call = Call { config: &config, ..call };
        let request = self.connector.test().ok_or_else(|| Simple::reject("connector_lacks", "the definition declares no `endpoints.test`"))?;
        let lists = names::lists(self.connector.config(), call.config);
        let make = |session: Option<&Session>| {
            let values = Values { session, lists: lists.as_ref(), ..Values::of(self.connector.config(), call.config) };
            let (arena, fuel) = (Arena::new(), Fuel::default());
            let scene = values.scene(&arena, &fuel, call.now_ms);
            build::draft(request, &scene, &More::default())
        };
        self.ask(call, Purpose::Test, &[], &make).await.map(|_| ()).map_err(|failure| failure.fault)
    }
}
