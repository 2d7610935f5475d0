//! The definition language: draft, check, connector.
