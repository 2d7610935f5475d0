//! A sample system that is being served. Dropping it stops the server and cuts its connections.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, MutexGuard};
use std::thread;

use axum::Router;
use tokio::task::JoinHandle;

use crate::calls::Calls;
use crate::cut::{Cut, Door};
use crate::faults::Faults;
use crate::server::{Site, locked, serve};
use crate::sorted::sorted;
use crate::{Place, System};

/// A system being served on 127.0.0.1.
pub struct Running<S: System> {
    site: Arc<Site<S>>,
    address: SocketAddr,
    url: String,
    all: Cut,
    server: JoinHandle<()>,
}

impl<S: System> Running<S> {
    /// Serves a system at a place, taking over the state kept there.
    ///
    /// # Errors
    /// The port is taken, or the state kept cannot be read.
    pub async fn start(mut system: S, place: Place) -> io::Result<Self> {
        if let Some(path) = place.data.as_deref().filter(|path| path.exists()) {
            let saved = std::fs::read_to_string(path)?;
            system.restore(&saved).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
        }
        let all = Cut::default();
        let door = Door::open(place.port, all.clone()).await?;
        let address = door.address()?;
        let site = Arc::new(Site::new(system, place.data));
        let app = Router::new().fallback(serve::<S>).with_state(Arc::clone(&site)).into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move { drop(axum::serve(door, app).await) });
        Ok(Self { site, address, url: format!("http://{address}"), all, server })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The script of what goes wrong.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.site.faults
    }

    /// The system itself, to read or change; requests wait while it is held. Hold it once at a time: a hold lasts to
    /// the end of its statement.
    ///
    /// # Panics
    /// This thread holds it already.
    #[must_use]
    pub fn system(&self) -> Held<'_, S> {
        let system = self.site.enter();
        self.site.held_by(Some(thread::current().id()));
        Held { system, site: &self.site, changed: false }
    }

    /// Carries out the requests kept by [`crate::faults::Fault::Late`], oldest first, and says how many.
    pub fn land(&self) -> usize {
        self.site.land()
    }

    /// How often each method and path was asked, faults included.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        locked(&self.site.calls).counts()
    }

    /// How often a method was asked for paths that begin so, faults included.
    #[must_use]
    pub fn calls_to(&self, method: &str, path_prefix: &str) -> u64 {
        locked(&self.site.calls).arrived_at(method, path_prefix)
    }

    /// How often such a request was really carried out.
    #[must_use]
    pub fn executed(&self, method: &str, path_prefix: &str) -> u64 {
        locked(&self.site.calls).executed_at(method, path_prefix)
    }

    /// Starts counting anew.
    pub fn forget_calls(&self) {
        *locked(&self.site.calls) = Calls::default();
    }

    /// Everything the system knows, as JSON with sorted keys.
    #[must_use]
    pub fn state(&self) -> String {
        sorted(self.site.enter().state()).to_string()
    }

    /// Stops, and returns once the port is free.
    pub async fn stop(mut self) {
        self.server.abort();
        drop((&mut self.server).await);
    }

    /// Serves until the process ends.
    pub async fn serve(mut self) {
        drop((&mut self.server).await);
    }
}

impl<S: System> Drop for Running<S> {
    fn drop(&mut self) {
        self.all.cut();
        self.server.abort();
        self.site.faults.release();
    }
}

/// A system held for reading or changing; a change is kept when it is let go.
pub struct Held<'a, S: System> {
    system: MutexGuard<'a, S>,
    site: &'a Site<S>,
    changed: bool,
}

impl<S: System> Deref for Held<'_, S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.system
    }
}

impl<S: System> DerefMut for Held<'_, S> {
    fn deref_mut(&mut self) -> &mut S {
        self.changed = true;
        &mut self.system
    }
}

impl<S: System> Drop for Held<'_, S> {
    fn drop(&mut self) {
        self.site.held_by(None);
        if self.changed {
            self.site.save(&self.system).expect("the data file beside a sample system can be written");
        }
    }
}
