//! Rows of a shop as the documented JSON.

use document::{Value, object};

use super::Shop;
use super::goods::{Level, Line, Order, Product, Variant};
use crate::moment::rfc3339;

impl Shop {
    /// A product with its variants.
    pub(crate) fn product(&self, product: &Product) -> Value {
        let variants = product.variants.iter().enumerate().map(|(index, variant)| self.variant(product.id, index, variant));
        object([
            ("id", Some(product.id.into())),
            ("admin_graphql_api_id", Some(format!("gid://shopify/Product/{}", product.id).into())),
            ("title", Some(product.title.as_str().into())),
            ("body_html", Some(Value::Null)),
            ("vendor", Some("Sample".into())),
            ("product_type", Some("".into())),
            ("handle", Some(product.title.to_lowercase().replace(' ', "-").into())),
            ("status", Some("active".into())),
            ("tags", Some("".into())),
            ("created_at", Some(self.time(product.created_ms))),
            ("updated_at", Some(self.time(product.updated_ms))),
            ("variants", Some(Value::Array(variants.collect()))),
            ("options", Some(Value::Array(Vec::new()))),
            ("images", Some(Value::Array(Vec::new()))),
        ])
    }

    fn variant(&self, product_id: i64, index: usize, variant: &Variant) -> Value {
        let quantity = variant.quantity();
        let untracked = self.options.untracked_shows_zero.then_some(0);
        object([
            ("id", Some(variant.id.into())),
            ("product_id", Some(product_id.into())),
            ("sku", Some(variant.sku.as_str().into())),
            ("title", Some(variant.title.as_str().into())),
            ("price", Some(variant.price.as_str().into())),
            ("compare_at_price", Some(Value::Null)),
            ("position", Some(i64::try_from(index + 1).unwrap_or(i64::MAX).into())),
            ("inventory_item_id", Some(variant.inventory_item_id.into())),
            ("inventory_quantity", quantity.or(untracked).map(Value::from)),
            ("inventory_management", Some(quantity.map_or(Value::Null, |_| "shopify".into()))),
            ("inventory_policy", Some("deny".into())),
            ("created_at", Some(self.time(variant.created_ms))),
            ("updated_at", Some(self.time(variant.updated_ms))),
        ])
    }

    /// An inventory item.
    pub(crate) fn inventory_item(&self, variant: &Variant) -> Value {
        object([
            ("id", Some(variant.inventory_item_id.into())),
            ("sku", Some(variant.sku.as_str().into())),
            ("tracked", Some((!variant.levels.is_empty()).into())),
            ("created_at", Some(self.time(variant.created_ms))),
            ("updated_at", Some(self.time(variant.updated_ms))),
        ])
    }

    /// The level of an item at a location.
    pub(crate) fn inventory_level(&self, item_id: i64, location_id: i64, level: &Level) -> Value {
        object([
            ("inventory_item_id", Some(item_id.into())),
            ("location_id", Some(location_id.into())),
            ("available", Some(level.available.into())),
            ("updated_at", Some(self.time(level.updated_ms))),
            ("admin_graphql_api_id", Some(format!("gid://shopify/InventoryLevel/{location_id}?inventory_item_id={item_id}").into())),
        ])
    }

    /// An order with its lines.
    pub(crate) fn order(&self, order: &Order) -> Value {
        let money = object([("amount", Some(order.total.as_str().into())), ("currency_code", Some(self.options.currency.as_str().into()))]);
        object([
            ("id", Some(order.id.into())),
            ("admin_graphql_api_id", Some(format!("gid://shopify/Order/{}", order.id).into())),
            ("name", Some(format!("#{}", order.number).into())),
            ("order_number", order.number.parse::<i64>().ok().map(Value::from)),
            ("email", Some(order.email.as_str().into())),
            ("created_at", Some(self.time(order.created_ms))),
            ("updated_at", Some(self.time(order.updated_ms))),
            ("processed_at", Some(self.time(order.created_ms))),
            ("cancelled_at", Some(order.cancelled_ms.map_or(Value::Null, |ms| self.time(ms)))),
            ("closed_at", Some(Value::Null)),
            ("test", Some(false.into())),
            ("currency", Some(self.options.currency.as_str().into())),
            ("total_price", Some(order.total.as_str().into())),
            ("total_price_set", Some(object([("shop_money", Some(money.clone())), ("presentment_money", Some(money))]))),
            ("financial_status", Some(order.financial.as_str().into())),
            ("fulfillment_status", Some(order.fulfillment.as_deref().map_or(Value::Null, Value::from))),
            ("line_items", Some(Value::Array(order.lines.iter().map(line).collect()))),
            ("customer", Some(object([("email", Some(order.email.as_str().into())), ("first_name", Some("Ada".into())), ("last_name", Some("L".into()))]))),
            ("refunds", Some(Value::Array(Vec::new()))),
            ("fulfillments", Some(Value::Array(Vec::new()))),
        ])
    }

    /// Everything, for a comparison: `stock` per SKU (absent where there is no record), `orders` by number, `products`.
    pub(crate) fn view(&self) -> Value {
        let variants = self.goods.products.values().flat_map(|product| &product.variants);
        let stock = variants.filter_map(|variant| Some((variant.sku.clone(), variant.quantity()?.into())));
        let orders = self.goods.orders.iter().map(|(number, order)| (number.clone(), self.order(order)));
        object([
            ("stock", Some(Value::Object(stock.collect()))),
            ("orders", Some(Value::Object(orders.collect()))),
            ("products", Some(Value::Array(self.goods.products.values().map(|product| self.product(product)).collect()))),
        ])
    }

    pub(crate) fn time(&self, ms: i64) -> Value {
        rfc3339(ms, self.options.offset_minutes).into()
    }
}

fn line(line: &Line) -> Value {
    object([
        ("id", Some(line.id.into())),
        ("sku", Some(line.sku.as_deref().map_or(Value::Null, Value::from))),
        ("title", Some(line.title.as_str().into())),
        ("name", Some(line.title.as_str().into())),
        ("quantity", Some(line.quantity.into())),
        ("current_quantity", Some(line.quantity.into())),
        ("price", Some(line.price.as_str().into())),
        ("total_discount", Some("0.00".into())),
    ])
}
