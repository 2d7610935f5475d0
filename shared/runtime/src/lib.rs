//! The Lambda shell: cold start, event decoding, the one mapping of faults to answers.
#![doc = include_str!("../README.md")]

pub mod answer;
mod batch;
mod cold;
mod door;
mod aws;
mod clock;
mod counts;
pub mod emf;
pub mod log;
mod serve;
mod settings;
mod shell;

pub use aws::Clients;
pub use batch::{Incoming, answer, incoming, line};
pub use clock::{SystemChance, SystemClock};
pub use cold::start;
pub use counts::Counts;
pub use door::{answered, bearer, headers, json, key_hash, refusal, request_id, scope};
pub use log::{Field, Line};
pub use serve::{Stop, serve_http, serve_queue};
pub use shell::swept;
pub use settings::{Endpoints, Queues, Settings, SettingsError};
