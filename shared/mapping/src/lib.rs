//! Raw records to canonical fields.
