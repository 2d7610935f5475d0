//! The canonical types: what each needs and in which form, what its key is, and how its changes are ordered.

use document::Value;
use fault::Finding;

use crate::form::{self, Field, Form, Form::{Decimal, List, Record, Text}};

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
    /// The forms of its fields; a field that is not named here is taken as it is.
    pub fields: &'static [(&'static str, Form)],
    /// The order rule a flow has unless it says otherwise.
    pub order: Order,
}

const fn kind(name: &'static str, key: &'static str, required: &'static [&'static str], fields: &'static [Field], order: Order) -> Kind {
    Kind { name, version: 1, key, required, fields, order }
}

const STOCKLEVEL: &[Field] = &[("sku", Text), ("quantity", Decimal), ("locationId", Text), ("updatedAt", Text)];
const LINE: &[Field] = &[("sku", Text), ("title", Text), ("quantity", Decimal), ("price", Decimal)];
const CUSTOMER: &[Field] = &[("email", Text), ("firstName", Text), ("lastName", Text)];
const ORDER: &[Field] = &[
    ("orderId", Text), ("status", Text), ("currency", Text), ("totalAmount", Decimal), ("lineItems", List(LINE)), ("customer", Record(CUSTOMER)), ("createdAt", Text),
];
const VARIANT: &[Field] = &[("sku", Text), ("title", Text), ("price", Decimal)];
const PRODUCT: &[Field] = &[("sku", Text), ("title", Text), ("description", Text), ("price", Decimal), ("currency", Text), ("variants", List(VARIANT))];
const CONTACT: &[Field] = &[("email", Text), ("name", Text), ("company", Text)];
const CALL: &[Field] = &[("callId", Text), ("direction", Text), ("duration", Decimal)];
const INVOICE: &[Field] = &[("invoiceId", Text), ("amount", Decimal), ("currency", Text), ("status", Text)];

/// Every canonical type.
pub const KINDS: &[Kind] = &[
    kind("stocklevel", "sku", &["sku", "quantity"], STOCKLEVEL, Order::Latest),
    kind("order", "orderId", &["orderId"], ORDER, Order::Strict),
    kind("product", "sku", &["sku"], PRODUCT, Order::Latest),
    kind("contact", "email", &["email"], CONTACT, Order::Latest),
    kind("call", "callId", &["callId"], CALL, Order::Strict),
    kind("invoice", "invoiceId", &["invoiceId"], INVOICE, Order::Strict),
];

impl Kind {
    /// The type of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Everything wrong with the fields, each with its pointer: what is lacking, then what has another form.
    #[must_use]
    pub fn check(&self, fields: &Value) -> Vec<Finding> {
        let mut findings = self.lacking(fields);
        findings.extend(self.misformed(fields));
        findings
    }

    /// Every field that is there in another form than its own.
    #[must_use]
    pub fn misformed(&self, fields: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        form::judge(self.fields, fields, "", &mut findings);
        findings
    }

    /// Every required field that is absent or null.
    #[must_use]
    pub fn lacking(&self, fields: &Value) -> Vec<Finding> {
        let lacks = |name: &&&str| matches!(fields.get(name), None | Some(Value::Null));
        let finding = |name: &&str| {
            Finding::error("canonical_invalid", format!("/{name}"), format!("{} needs `{name}`", self.name), "map the field; a value that is absent at the source is not an event")
        };
        self.required.iter().filter(lacks).map(finding).collect()
    }
}
