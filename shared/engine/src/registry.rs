//! The one registry: connector names to factories, and what a connector can do.

use std::{collections::BTreeMap, sync::Arc};

use crate::{Destination, Probe, Snapshot, Source};

/// What one connector can do.
#[derive(Clone, Default)]
pub struct Connector {
    /// Changes are read from it.
    pub source: Option<Arc<dyn Source>>,
    /// Events are delivered to it.
    pub destination: Option<Arc<dyn Destination>>,
    /// Its state can be scanned.
    pub snapshot: Option<Arc<dyn Snapshot>>,
    /// Its credentials can be tried.
    pub probe: Option<Arc<dyn Probe>>,
}

type Factory = Box<dyn Fn() -> Connector + Send + Sync>;

/// Names to factories; every resolve makes a new instance.
#[derive(Default)]
pub struct Registry(BTreeMap<&'static str, Factory>);

impl Registry {
    /// Registers a connector written in Rust. A later registration of the same name wins.
    pub fn register(&mut self, name: &'static str, factory: impl Fn() -> Connector + Send + Sync + 'static) {
        self.0.insert(name, Box::new(factory));
    }

    /// A new instance of a registered connector.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<Connector> {
        self.0.get(name).map(|factory| factory())
    }

    /// The registered names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.keys().copied()
    }
}
