//! The definition language: draft, check, connector.
#![doc = include_str!("../README.md")]

mod address;
mod check;
mod connector;
mod draft;
mod elements;
mod pattern;
pub mod shape;
mod template;
mod tree;
mod whole;

pub use address::Address;
pub use connector::Connector;
pub use draft::Draft;
pub use elements::auth::Auth;
pub use elements::canonical_map::CanonicalMap;
pub use elements::config::{ConfigEntry, ConfigKind};
pub use elements::csv::Csv;
pub use elements::decode::{Decode, Format};
pub use elements::deliver::{Deliver, Idempotency};
pub use elements::entities::{Entity, Read};
pub use elements::event_mapping::{EventMapping, EventType};
pub use elements::incremental::{Incremental, TimeFormat};
pub use elements::inject::Inject;
pub use elements::mcp::Mcp;
pub use elements::metadata::{Metadata, Side};
pub use elements::pagination::Pagination;
pub use elements::records::Records;
pub use elements::request::{Request, Verb};
pub use elements::snapshot::{OnlyKeys, Scan};
pub use elements::unpack::Unpack;
pub use elements::webhook::{Algorithm, ArrayPath, Encoding, SignedPart, Timestamp, Verify, Webhook};
pub use elements::xml::Xml;
pub use document::authored::nearest;
pub use pattern::Pattern;
/// What a check of a definition found: every finding, in the order of the elements.
pub type Report = document::authored::Report<Connector>;
pub use template::{RenderError, Scene};
pub use tree::Tree;
