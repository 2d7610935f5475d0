//! What happens in a shop: tests call these, or the control surface does.

use super::Shop;
use super::goods::{FIRST_LOCATION, Level, Line, Order, Product, Variant};

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// The SKU; none for a custom item.
    pub sku: Option<String>,
    /// What it is called.
    pub title: String,
    /// How many.
    pub quantity: i64,
    /// The price of one, as text.
    pub price: String,
}

impl OrderLine {
    /// A line named after its SKU.
    #[must_use]
    pub fn of(sku: &str, quantity: i64, price: &str) -> Self {
        Self { sku: Some(sku.to_owned()), title: format!("Item {sku}"), quantity, price: price.to_owned() }
    }
}

impl Shop {
    /// Adds a product with one variant, without a stock record, and returns the product's id. SKUs may repeat.
    pub fn add_product(&mut self, sku: &str, title: &str, price: &str, at_ms: i64) -> i64 {
        let id = self.goods.id();
        let variant = self.new_variant(sku, "Default Title", price, at_ms);
        let product = Product { id, title: title.to_owned(), created_ms: at_ms, updated_ms: at_ms, revision: 1, variants: vec![variant] };
        self.goods.products.insert(id, product);
        id
    }

    /// Adds a variant to a product; false when there is no such product.
    pub fn add_variant(&mut self, product_id: i64, sku: &str, title: &str, price: &str, at_ms: i64) -> bool {
        let variant = self.new_variant(sku, title, price, at_ms);
        let Some(product) = self.goods.products.get_mut(&product_id) else { return false };
        product.variants.push(variant);
        product.updated_ms = at_ms;
        product.revision += 1;
        true
    }

    /// Sets the stock of a SKU at the first location, adding the product if it is new.
    pub fn set_stock(&mut self, sku: &str, quantity: i64, at_ms: i64) {
        self.set_stock_at(sku, FIRST_LOCATION, quantity, at_ms);
    }

    /// Sets the stock of a SKU at a location, adding either if it is new.
    pub fn set_stock_at(&mut self, sku: &str, location_id: i64, quantity: i64, at_ms: i64) {
        if self.goods.find(sku).is_none() {
            self.add_product(sku, &format!("Item {sku}"), "10.00", at_ms);
        }
        self.goods.locations.entry(location_id).or_insert_with(|| format!("Location {location_id}"));
        self.goods.change(sku, at_ms, |variant| {
            variant.levels.insert(location_id, Level { available: quantity, updated_ms: at_ms });
        });
    }

    /// Removes every stock record of a SKU: from here on the shop has no data for it, which is not zero. The change
    /// happens at the clock's time, or right after the last one if that is later. False when the SKU is unknown.
    pub fn remove_stock_record(&mut self, sku: &str) -> bool {
        let Some((_, variant)) = self.goods.find(sku) else { return false };
        let at_ms = self.options.clock.now_ms().max(variant.updated_ms + 1000);
        self.goods.change(sku, at_ms, |variant| variant.levels.clear())
    }

    /// Sets a price; false when the SKU is unknown.
    pub fn set_price(&mut self, sku: &str, price: &str, at_ms: i64) -> bool {
        self.goods.change(sku, at_ms, |variant| price.clone_into(&mut variant.price))
    }

    /// Places or changes an order; the number may begin with `#`.
    pub fn put_order(&mut self, number: &str, total: &str, at_ms: i64, lines: &[OrderLine]) {
        let number = number.trim_start_matches('#').to_owned();
        let lines = lines.iter().map(|line| Line { id: self.goods.id(), sku: line.sku.clone(), title: line.title.clone(), quantity: line.quantity, price: line.price.clone() }).collect();
        if let Some(order) = self.goods.orders.get_mut(&number) {
            total.clone_into(&mut order.total);
            order.lines = lines;
            order.updated_ms = at_ms;
            order.revision += 1;
            return;
        }
        let order = Order {
            id: self.goods.id(),
            number: number.clone(),
            total: total.to_owned(),
            created_ms: at_ms,
            updated_ms: at_ms,
            cancelled_ms: None,
            financial: "paid".to_owned(),
            fulfillment: None,
            email: format!("buyer-{number}@example.test"),
            revision: 1,
            lines,
        };
        self.goods.orders.insert(number, order);
    }

    /// Sets an order's payment and shipping words; false when there is no such order.
    pub fn set_order_status(&mut self, number: &str, financial: &str, fulfillment: Option<&str>, at_ms: i64) -> bool {
        self.change_order(number, at_ms, |order| {
            financial.clone_into(&mut order.financial);
            order.fulfillment = fulfillment.map(str::to_owned);
        })
    }

    /// Cancels an order; false when there is none.
    pub fn cancel_order(&mut self, number: &str, at_ms: i64) -> bool {
        self.change_order(number, at_ms, |order| {
            order.cancelled_ms = Some(at_ms);
            "refunded".clone_into(&mut order.financial);
        })
    }

    /// Empties the bucket, so that calls fit again.
    pub fn refill_bucket(&mut self) {
        self.bucket = super::bucket::Level::default();
    }

    /// The stock of a SKU over all locations; `None` when there is no record.
    #[must_use]
    pub fn stock(&self, sku: &str) -> Option<i64> {
        self.goods.find(sku)?.1.quantity()
    }

    fn change_order(&mut self, number: &str, at_ms: i64, change: impl FnOnce(&mut Order)) -> bool {
        let Some(order) = self.goods.orders.get_mut(number.trim_start_matches('#')) else { return false };
        change(order);
        order.updated_ms = at_ms;
        order.revision += 1;
        true
    }

    fn new_variant(&mut self, sku: &str, title: &str, price: &str, at_ms: i64) -> Variant {
        Variant {
            id: self.goods.id(),
            sku: sku.to_owned(),
            title: title.to_owned(),
            price: price.to_owned(),
            inventory_item_id: self.goods.id(),
            created_ms: at_ms,
            updated_ms: at_ms,
            levels: std::collections::BTreeMap::new(),
        }
    }
}
