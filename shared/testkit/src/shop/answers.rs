//! What a shop answers to its clients.

use document::{Value, object};

use super::Shop;
use super::pages::Page;
use crate::{Answer, Request};

impl Shop {
    /// Answers one request.
    pub(crate) fn respond(&mut self, request: &Request) -> Answer {
        if request.header("x-shopify-access-token") != Some(self.options.token.as_str()) {
            return refused(401, "[API] the access token is not valid");
        }
        let limit = match self.options.bucket {
            None => "1/40".to_owned(),
            Some(bucket) => {
                let fits = self.bucket.take(bucket, self.options.clock.now_ms());
                let limit = format!("{}/{}", self.bucket.calls(), bucket.size);
                if !fits {
                    return refused(429, "too many calls").with("retry-after", "2.0").with("x-shopify-shop-api-call-limit", limit);
                }
                limit
            }
        };
        let answer = self.resource(request).unwrap_or_else(|reason| refused(400, &reason));
        answer.with("x-shopify-shop-api-call-limit", limit).with("x-shopify-api-version", "2026-01")
    }

    fn resource(&self, request: &Request) -> Result<Answer, String> {
        let inner = request.path.strip_prefix(Self::BASE).and_then(|path| path.strip_prefix('/')).and_then(|path| path.strip_suffix(".json"));
        let Some(resource) = inner else { return Ok(refused(404, "not found")) };
        if request.method != "GET" {
            return Ok(refused(406, "this sample shop is only read"));
        }
        match resource {
            "shop" => Ok(self.about()),
            "products" => self.products(request),
            "orders" => self.orders(request),
            "inventory_items" => self.inventory_items(request),
            "inventory_levels" => self.inventory_levels(request),
            "locations" => Ok(self.locations()),
            _ => Ok(self.one(resource).unwrap_or_else(|| refused(404, "not found"))),
        }
    }

    fn about(&self) -> Answer {
        let shop = object([
            ("id", Some(690_933_842.into())),
            ("name", Some("Sample shop".into())),
            ("domain", Some(self.options.domain.as_str().into())),
            ("myshopify_domain", Some(self.options.domain.as_str().into())),
            ("currency", Some(self.options.currency.as_str().into())),
            ("iana_timezone", Some("Europe/Stockholm".into())),
        ]);
        Answer::json(200, &object([("shop", Some(shop))]))
    }

    fn products(&self, request: &Request) -> Result<Answer, String> {
        let page = Page::read(request)?;
        let (since, ids) = (page.instant("updated_at_min")?, page.ids("ids"));
        let wanted = self.goods.products.values().filter(|product| since.is_none_or(|since| whole_seconds(product.updated_ms) >= since));
        let wanted = wanted.filter(|product| ids.as_ref().is_none_or(|ids| ids.contains(&product.id)));
        Ok(page.answer(request, "products", wanted.map(|product| ((product.id, 0), self.product(product))).collect()))
    }

    fn orders(&self, request: &Request) -> Result<Answer, String> {
        let page = Page::read(request)?;
        let (since, until, ids) = (page.instant("updated_at_min")?, page.instant("updated_at_max")?, page.ids("ids"));
        let status = page.filter("status").unwrap_or("open").to_owned();
        let wanted = self.goods.orders.values().filter(|order| {
            let updated = whole_seconds(order.updated_ms);
            let fits = match status.as_str() {
                "any" => true,
                "cancelled" => order.cancelled_ms.is_some(),
                "closed" => false,
                _ => order.cancelled_ms.is_none(),
            };
            fits && since.is_none_or(|since| updated >= since) && until.is_none_or(|until| updated <= until) && ids.as_ref().is_none_or(|ids| ids.contains(&order.id))
        });
        Ok(page.answer(request, "orders", wanted.map(|order| ((whole_seconds(order.updated_ms), order.id), self.order(order))).collect()))
    }

    fn inventory_items(&self, request: &Request) -> Result<Answer, String> {
        let page = Page::read(request)?;
        let Some(ids) = page.ids("ids") else { return Ok(refused(422, "ids is required")) };
        let variants = self.goods.products.values().flat_map(|product| &product.variants);
        let wanted = variants.filter(|variant| ids.contains(&variant.inventory_item_id));
        Ok(page.answer(request, "inventory_items", wanted.map(|variant| ((variant.inventory_item_id, 0), self.inventory_item(variant))).collect()))
    }

    fn inventory_levels(&self, request: &Request) -> Result<Answer, String> {
        let page = Page::read(request)?;
        let (items, places, since) = (page.ids("inventory_item_ids"), page.ids("location_ids"), page.instant("updated_at_min")?);
        if items.is_none() && places.is_none() {
            return Ok(refused(422, "inventory_item_ids or location_ids is required"));
        }
        let mut rows = Vec::new();
        for variant in self.goods.products.values().flat_map(|product| &product.variants) {
            let item_id = variant.inventory_item_id;
            for (location_id, level) in &variant.levels {
                let listed = items.as_ref().is_none_or(|ids| ids.contains(&item_id)) && places.as_ref().is_none_or(|ids| ids.contains(location_id));
                if listed && since.is_none_or(|since| whole_seconds(level.updated_ms) >= since) {
                    rows.push(((item_id, *location_id), self.inventory_level(item_id, *location_id, level)));
                }
            }
        }
        Ok(page.answer(request, "inventory_levels", rows))
    }

    fn locations(&self) -> Answer {
        let places = self.goods.locations.iter().map(|(id, name)| object([("id", Some((*id).into())), ("name", Some(name.as_str().into())), ("active", Some(true.into()))]));
        Answer::json(200, &object([("locations", Some(Value::Array(places.collect())))]))
    }

    fn one(&self, resource: &str) -> Option<Answer> {
        let (kind, id) = resource.split_once('/')?;
        let id: i64 = id.parse().ok()?;
        match kind {
            "products" => Some(Answer::json(200, &object([("product", Some(self.product(self.goods.products.get(&id)?)))]))),
            "orders" => Some(Answer::json(200, &object([("order", Some(self.order(self.goods.orders.values().find(|order| order.id == id)?)))]))),
            _ => None,
        }
    }
}

fn refused(status: u16, reason: &str) -> Answer {
    Answer::json(status, &object([("errors", Some(reason.into()))]))
}

/// What a timestamp without fractions shows.
fn whole_seconds(ms: i64) -> i64 {
    ms.div_euclid(1000) * 1000
}
