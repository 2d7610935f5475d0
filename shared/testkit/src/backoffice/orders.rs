//! Orders: written whole or in part by their number, and listed.

use document::{Value, object};

use super::BackOffice;
use super::answers::{refused, wrapped};
use super::books::{Order, OrderWrite, exact};
use crate::moment::civil;
use crate::{Answer, Request};

/// What the schema requires of an order.
const REQUIRED: [&str; 4] = ["base_grand_total", "grand_total", "customer_email", "items"];

impl BackOffice {
    /// Every order as the list gives it, by number.
    pub(crate) fn orders(&self) -> Vec<Value> {
        self.books.orders.values().map(|order| exact(&order.entity)).collect()
    }

    /// `GET orders/{entity_id}`.
    pub(crate) fn order_by_id(&self, id: &str) -> Answer {
        match self.books.orders.values().find(|order| order.id.to_string() == id) {
            Some(order) => Answer::json(200, &exact(&order.entity)),
            None => {
                let parameters = object([("fieldName", Some("orderId".into())), ("fieldValue", Some(id.into()))]);
                refused(404, "nothing found where %fieldName = %fieldValue", Some(parameters))
            }
        }
    }

    /// `POST orders` and `PUT orders/create`: members sent replace those held, others stay. An order without a number
    /// gets the next one.
    pub(crate) fn write_order(&mut self, request: &Request) -> Answer {
        let entity = match wrapped(request, "entity") {
            Ok(entity) if entity.entries().is_some() => entity,
            Ok(_) => return refused(400, "%fieldName is not an object", Some(object([("fieldName", Some("entity".into()))]))),
            Err(answer) => return answer,
        };
        let missing = REQUIRED.into_iter().find(|member| entity.get(member).is_none());
        if let Some(member) = missing.filter(|_| self.options.requires_order_members) {
            return refused(400, "%fieldName is required", Some(object([("fieldName", Some(member.into()))])));
        }
        let number = entity.get("increment_id").and_then(Value::plain).filter(|number| !number.is_empty());
        let number = number.unwrap_or_else(|| format!("{:09}", self.books.last_id + 1));
        self.books.last_write += 1;
        self.books.order_writes.push(OrderWrite {
            write: self.books.last_write,
            number: number.clone(),
            call: format!("{} {}", request.method, request.path),
            entity: entity.to_string(),
            idempotency_key: request.header("idempotency-key").map(str::to_owned),
        });
        Answer::json(200, &self.upsert(&number, &entity))
    }

    /// Puts an order in place and gives it as it then stands.
    fn upsert(&mut self, number: &str, entity: &Value) -> Value {
        let now = civil(self.options.clock.now_ms());
        let (id, mut held) = match self.books.orders.get(number) {
            Some(order) => (order.id, exact(&order.entity)),
            None => {
                self.books.last_id += 1;
                let created = object([("entity_id", Some(self.books.last_id.into())), ("created_at", Some(now.as_str().into()))]);
                (self.books.last_id, created)
            }
        };
        held.set("updated_at", now.into());
        for (key, value) in entity.entries().unwrap_or_default() {
            held.set(key, value.clone());
        }
        held.set("entity_id", id.into());
        held.set("increment_id", number.into());
        self.books.orders.insert(number.to_owned(), Order { id, entity: held.to_string() });
        held
    }

    /// Puts an order in place without recording a write, as if it had always been there.
    pub fn put_order(&mut self, number: &str, entity: &Value) {
        self.upsert(number, entity);
    }
}
