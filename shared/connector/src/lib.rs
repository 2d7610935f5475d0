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
mod time_format;
mod tree;
mod whole;

pub use address::{Address, Woven};
pub use connector::Connector;
pub use draft::Draft;
pub use elements::apply::{Apply, ApplyPlace};
pub use elements::auth::Auth;
pub use elements::body::Body;
pub use elements::canonical_map::CanonicalMap;
pub use elements::capture::Capture;
pub use elements::config::{ConfigEntry, ConfigKind};
pub use elements::csv::Csv;
pub use elements::decode::{Decode, Format};
pub use elements::deliver::{Deliver, Idempotency};
pub use elements::entities::{Entity, Read};
pub use elements::errors::{Class, Purpose, Rule, When};
pub use elements::event_mapping::{EventMapping, EventType};
pub use elements::fan_out::{FanOut, Parent, Recursive, Values};
pub use elements::incremental::{Bound, CursorKind, Incremental, Order};
pub use elements::inject::Inject;
pub use elements::lookup::{Fill, Lookup, OnMiss, Use};
pub use elements::mcp::Mcp;
pub use elements::metadata::{Metadata, Side};
pub use elements::oauth2::{Grant, OAuth2};
pub use elements::pagination::{From as CursorFrom, KeysetKey, Pagination, Stop, Way};
pub use elements::rate_limiting::{BudgetHeaders, BudgetPlaces, RateLimiting, Window};
pub use elements::records::{Expand, Form, Places, Records, Rows, Zip};
pub use elements::request::{Param, Request, Style, Verb};
pub use elements::root::ROOT;
pub use elements::snapshot::{OnlyKeys, Scan};
pub use elements::tests::{Answered, Expect, Recorded, Recording};
pub use elements::token_exchange::TokenExchange;
pub use elements::wait::{Backoff, Unit, Wait};
pub use elements::unpack::Unpack;
pub use elements::webhook::{Algorithm, ArrayPath, Encoding, SignedPart, Timestamp, Verify, Webhook};
pub use elements::xml::Xml;
pub use document::authored::nearest;
pub use pattern::Pattern;
/// What a check of a definition found: every finding, in the order of the elements.
pub type Report = document::authored::Report<Connector>;
pub use template::{RenderError, Scene};
pub use time_format::TimeFormat;
pub use tree::Tree;
