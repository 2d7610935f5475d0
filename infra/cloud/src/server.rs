//! The two servers as one value: opened over a place, served on a listener.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use canonical::Clock;
use tokio::net::TcpListener;

use crate::world::World;
use crate::{Error, Place, schema, wire};

/// SQS and KMS behind one endpoint. Clones share everything.
#[derive(Clone)]
pub struct Cloud {
    world: Arc<World>,
}

impl Cloud {
    /// Opens what is kept at `place`; every time in it comes from `clock`.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(place: Place, clock: Arc<dyn Clock>) -> Result<Cloud, Error> {
        let db = place.connect()?;
        schema::prepare(&db)?;
        Ok(Cloud { world: Arc::new(World::new(db, clock)) })
    }

    /// The endpoint for both services: POST, any path, told apart by `X-Amz-Target`.
    pub fn router(&self) -> Router {
        wire::router(Arc::clone(&self.world))
    }

    /// Answers on `listener` until the future is dropped.
    pub async fn serve(self, listener: TcpListener) {
        // Answers are small and awaited; without this each waits for Nagle's timer.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        // axum retries accept errors itself, so this ends only with the future.
        drop(axum::serve(listener, self.router()).await);
    }

    /// How often each operation was called, such as `sqs.SendMessageBatch`, refused calls included.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.world.counts()
    }

    /// Lets waiting polls look again, after the clock was wound.
    pub fn wake(&self) {
        self.world.bell.notify_waiters();
    }
}
