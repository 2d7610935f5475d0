//! The services around the functions: tables, queues and keys on loopback, set up and reachable.
//!
//! [`crate::chain`] starts them first. They live as long as the value: dropping it ends the servers, and what is in the
//! data folder stays.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use canonical::Clock;
use cloud::{Cloud, Place};
use runtime::Clients;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    Error,
    clients,
    dynamo,
    setup::{self, Address, KEY_ALIAS, PREFIX, REGION},
};

/// The ports to listen on; 0 takes any free one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ports {
    /// SQS and KMS.
    pub cloud: u16,
    /// DynamoDB.
    pub dynamodb: u16,
}

/// Everything around the functions.
pub struct Services {
    /// The SDK clients, with their calls counted.
    pub clients: Clients,
    /// Every queue by its name after the prefix.
    pub queues: BTreeMap<&'static str, Address>,
    /// Where SQS and KMS are.
    pub cloud_url: String,
    /// Where DynamoDB is.
    pub dynamodb_url: String,
    cloud: Cloud,
    _servers: JoinSet<()>,
}

impl Services {
    /// Starts the servers over a data folder, or in memory, and sets everything up.
    ///
    /// # Errors
    /// When the folder cannot be used, a port is taken, or the set-up is refused.
    pub async fn start(data: Option<&Path>, ports: Ports, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        if let Some(data) = data {
            fs::create_dir_all(data).map_err(|source| Error::Data { path: data.to_owned(), source })?;
        }
        let file = |name: &str| -> Option<PathBuf> { data.map(|data| data.join(name)) };
        let cloud = Cloud::open(file("cloud.sqlite").map_or(Place::Memory, Place::File), clock)?;
        let database = dynamo::open(file("tables.sqlite").as_deref())?;
        let (cloud_listener, cloud_url) = listen(ports.cloud).await?;
        let (tables_listener, dynamodb_url) = listen(ports.dynamodb).await?;
        let mut servers = JoinSet::new();
        servers.spawn(cloud.clone().serve(cloud_listener));
        servers.spawn(dynoxide::server::serve_on(tables_listener, database));
        let clients = clients::local(&dynamodb_url, &cloud_url).await;
        dynamo::prepare(&clients.dynamodb, PREFIX).await?;
        setup::key(&clients.kms).await?;
        let queues = setup::queues(&clients.sqs).await?;
        Ok(Self { clients, queues, cloud_url, dynamodb_url, cloud, _servers: servers })
    }

    /// Lets waiting polls look again, after the clock was wound.
    pub fn wake(&self) {
        self.cloud.wake();
    }

    /// What another AWS client needs to look at the same data.
    #[must_use]
    pub fn described(&self) -> Value {
        json!({
            "dynamodb": self.dynamodb_url, "sqs": self.cloud_url, "kms": self.cloud_url,
            "key_alias": KEY_ALIAS, "region": REGION, "access_key": clients::ACCESS_KEY, "prefix": PREFIX,
        })
    }
}

async fn listen(port: u16) -> Result<(TcpListener, String), Error> {
    let failed = |source| Error::Listen { port, source };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(failed)?);
    Ok((listener, url))
}
