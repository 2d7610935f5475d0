//! The elements of the language, one file each: what it is, how it is read, what can be wrong with it.

pub(crate) mod auth;
pub(crate) mod canonical_map;
pub(crate) mod config;
pub(crate) mod csv;
#[cfg_attr(not(test), expect(dead_code, reason = "read together with `records`"))]
pub(crate) mod decode;
pub(crate) mod deliver;
pub(crate) mod entities;
pub(crate) mod event_mapping;
pub(crate) mod incremental;
pub(crate) mod inject;
pub(crate) mod mcp;
pub(crate) mod metadata;
pub(crate) mod pagination;
pub(crate) mod rate_limiting;
pub(crate) mod records;
pub(crate) mod request;
pub(crate) mod snapshot;
pub(crate) mod unpack;
pub(crate) mod webhook;
pub(crate) mod xml;
