//! The canonical types: what each needs, what its key is, and how its changes are ordered.

use document::Value;
use fault::Finding;

/// How changes of one key must arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Only the newest state matters: newer versions overtake.
    Latest,
    /// Every change, one after the other.
    Strict,
}

/// One canonical type at its current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The name.
    pub name: &'static str,
    /// The version of its schema.
    pub version: u32,
    /// The field whose value is the key where a definition names no other.
    pub key: &'static str,
    /// Fields that must be present and not null.
    pub required: &'static [&'static str],
    /// The order rule a flow has unless it says otherwise.
    pub order: Order,
}

const fn kind(name: &'static str, key: &'static str, required: &'static [&'static str], order: Order) -> Kind {
    Kind { name, version: 1, key, required, order }
}

/// Every canonical type.
pub const KINDS: &[Kind] = &[
    kind("stocklevel", "sku", &["sku", "quantity"], Order::Latest),
    kind("order", "orderId", &["orderId"], Order::Strict),
    kind("product", "sku", &["sku"], Order::Latest),
    kind("contact", "email", &["email"], Order::Latest),
    kind("call", "callId", &["callId"], Order::Strict),
    kind("invoice", "invoiceId", &["invoiceId"], Order::Strict),
];

impl Kind {
    /// The type of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Every required field that is absent or null, with its pointer.
    #[must_use]
    pub fn check(&self, fields: &Value) -> Vec<Finding> {
        let lacks = |name: &&&str| matches!(fields.get(name), None | Some(Value::Null));
        let finding = |name: &&str| {
            Finding::error("canonical_invalid", format!("/{name}"), format!("{} needs `{name}`", self.name), "map the field; a value that is absent at the source is not an event")
        };
        self.required.iter().filter(lacks).map(finding).collect()
    }
}
