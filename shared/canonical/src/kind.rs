//! The canonical types: what each needs and in which form, what its key is, and how its changes are ordered.
//!
//! All of it is said in `schemas/`, one file per type and version; here the files are named and asked.

use std::sync::LazyLock;

use document::{Item, Value};
use fault::Finding;

use crate::schema::{Judge, Schema, lacks, lint};

/// How changes of one key must arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Only the newest state matters: newer versions overtake.
    Latest,
    /// Every change, one after the other.
    Strict,
}

/// One canonical type at one version of its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// The version of its schema.
    pub version: u32,
    /// The field whose value is the key where a definition names no other.
    pub key: &'static str,
    /// Fields that must be present and not null.
    pub required: Vec<&'static str>,
    /// The order rule a flow has unless it says otherwise.
    pub order: Order,
    /// Everything the schema says.
    pub schema: &'static Schema,
}

/// The texts of the schemas: of each type every version there was, the newest last.
const TEXTS: [&[&str]; 12] = [
    &[include_str!("../schemas/stocklevel/1.json")],
    &[include_str!("../schemas/order/1.json")],
    &[include_str!("../schemas/product/1.json")],
    &[include_str!("../schemas/contact/1.json")],
    &[include_str!("../schemas/call/1.json")],
    &[include_str!("../schemas/invoice/1.json")],
    &[include_str!("../schemas/price/1.json")],
    &[include_str!("../schemas/customer/1.json")],
    &[include_str!("../schemas/shipment/1.json")],
    &[include_str!("../schemas/return/1.json")],
    &[include_str!("../schemas/payment/1.json")],
    &[include_str!("../schemas/location/1.json")],
];

static SCHEMAS: LazyLock<Vec<Vec<Schema>>> = LazyLock::new(|| {
    let read = |text: &&str| Schema::parse(text).expect("the files are part of the program, and a test reads each");
    TEXTS.iter().map(|versions| versions.iter().map(read).collect()).collect()
});

/// Every version of every type, the newest of a type last.
static VERSIONS: LazyLock<Vec<Kind>> = LazyLock::new(|| SCHEMAS.iter().flatten().map(Kind::new).collect());

/// Every canonical type at its newest version.
pub static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| SCHEMAS.iter().filter_map(|versions| versions.last()).map(Kind::new).collect());

impl Kind {
    fn new(schema: &'static Schema) -> Self {
        Self { name: &schema.name, version: schema.version, key: &schema.key, required: schema.required().collect(), order: schema.order, schema }
    }

    /// The type of a name, at its newest version.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The type by which an event of a version is judged: always its own version, however old.
    ///
    /// # Errors
    /// A finding where this version, or the type, is not known here. A newer one is not guessed at: it may have taken
    /// meaning away, and the event is kept until who knows it is deployed.
    pub fn at(name: &str, version: u32) -> Result<&'static Kind, Finding> {
        VERSIONS.iter().find(|kind| kind.name == name && kind.version == version).ok_or_else(|| {
            let (message, hint) = match Self::of(name) {
                None => ("the type is not known here".to_owned(), "use one of the canonical types"),
                Some(kind) if version > kind.version => (format!("version {version} of {} is newer than any known here, {}", kind.name, kind.version), "deploy the version that sent it, then send it again"),
                Some(kind) => (format!("{} has no version {version}", kind.name), "state a version from 1 to the newest"),
            };
            Finding::error("canonical_version_unknown", "/canonicalVersion", message, hint)
        })
    }

    /// Everything wrong with the fields, each with its pointer: what is lacking, then what has another form.
    #[must_use]
    pub fn check(&self, fields: &Value) -> Vec<Finding> {
        self.check_item(Item::Tree(fields))
    }

    /// The same of any value; nothing is copied while nothing is wrong.
    #[must_use]
    pub fn check_item(&self, fields: Item<'_>) -> Vec<Finding> {
        Judge::new(self.schema, true).findings(fields)
    }

    /// Every field that is there in another form than its own.
    #[must_use]
    pub fn misformed(&self, fields: &Value) -> Vec<Finding> {
        Judge::new(self.schema, false).findings(Item::Tree(fields))
    }

    /// Every required field that is absent or null.
    #[must_use]
    pub fn lacking(&self, fields: &Value) -> Vec<Finding> {
        let absent = |name: &&&'static str| matches!(fields.get(name), None | Some(Value::Null));
        self.required.iter().filter(absent).map(|name| lacks(self.name, name)).collect()
    }

    /// A warning for every field the model has no name for, wherever it is: it is taken as it is, and nobody looks for it.
    #[must_use]
    pub fn lint(&self, fields: Item<'_>) -> Vec<Finding> {
        lint(self.schema, fields)
    }
}
