//! Trying the credentials.

use async_trait::async_trait;
use fault::Simple;

use super::{Dynamic, build, names::Values, source};
use crate::{Call, Probe};

#[async_trait]
impl Probe for Dynamic {
    async fn test(&self, call: Call<'_>) -> Result<(), Simple> {
        let request = self.connector.test().ok_or_else(|| Simple::reject("connector_lacks", "the definition declares no `endpoints.test`"))?;
        let request = build::request(request, &Values::of(self.connector.config(), call.config), &[])?;
        self.ask(call, request).await.map(|_| ()).map_err(source::fault)
    }
}
