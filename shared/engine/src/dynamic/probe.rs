//! Trying the credentials.

use async_trait::async_trait;
use document::{Arena, Fuel};
use fault::Simple;

use super::{Dynamic, build, names::Values, source};
use crate::{Call, Probe};

#[async_trait]
impl Probe for Dynamic {
    async fn test(&self, call: Call<'_>) -> Result<(), Simple> {
        let request = self.connector.test().ok_or_else(|| Simple::reject("connector_lacks", "the definition declares no `endpoints.test`"))?;
        let request = {
            let values = Values::of(self.connector.config(), call.config);
            let (arena, fuel) = (Arena::new(), Fuel::default());
            build::request(request, &values.scene(&arena, &fuel, call.now_ms), &[])?
        };
        self.ask(call, request).await.map(|_| ()).map_err(source::fault)
    }
}
