//! Every table: its name, and whether rows expire.

/// One table. All have `pk` and `sk`, both strings; a key schema cannot be changed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// The name after the deployment's prefix.
    pub name: &'static str,
    /// Whether rows carry `exp`, seconds since 1970, after which they mean nothing.
    pub expires: bool,
}

/// Every table.
pub const TABLES: [TableSpec; 8] = [
    TableSpec { name: "slots", expires: true },
    TableSpec { name: "conn_state", expires: true },
    TableSpec { name: "parked", expires: false },
    TableSpec { name: "dead", expires: true },
    TableSpec { name: "events", expires: true },
    TableSpec { name: "cursors", expires: false },
    TableSpec { name: "due", expires: false },
    TableSpec { name: "core", expires: false },
];
