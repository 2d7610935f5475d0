//! A web shop in Shopify's documented shapes: products, stock, orders, pages by cursor, a leaky bucket, webhooks.
//!
//! Tests change it through [`Shop`]'s methods or the control surface; clients only read. It sends nothing by itself:
//! a test builds the webhook a change would cause and posts it where it likes.

mod answers;
mod bucket;
mod changes;
mod command;
mod goods;
mod options;
mod pages;
mod render;
mod webhook;

use std::io;

pub use bucket::Bucket;
pub(crate) use bucket::Level;
pub use changes::OrderLine;
pub use options::ShopOptions;
pub use webhook::Webhook;

use crate::{Answer, Held, Place, Request, Running, System};
use document::Value;
use goods::Goods;

/// A shop.
#[derive(Debug)]
pub struct Shop {
    options: ShopOptions,
    goods: Goods,
    bucket: bucket::Level,
}

impl Shop {
    /// Where its paths begin.
    pub const BASE: &str = "/admin/api/2026-01";

    /// An empty shop.
    #[must_use]
    pub fn new(options: ShopOptions) -> Self {
        Self { options, goods: Goods::default(), bucket: bucket::Level::default() }
    }

    /// Serves an empty shop, or the one kept in the options' data file.
    ///
    /// # Errors
    /// The port is taken, or the state kept cannot be read.
    pub async fn start(options: ShopOptions) -> io::Result<Running<Self>> {
        let place = Place { port: options.port, data: options.data.clone() };
        Running::start(Self::new(options), place).await
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &ShopOptions {
        &self.options
    }
}

impl Running<Shop> {
    /// The shop itself, to read or change.
    #[must_use]
    pub fn shop(&self) -> Held<'_, Shop> {
        self.system()
    }
}

impl System for Shop {
    fn base(&self) -> &'static str {
        Self::BASE
    }

    fn answer(&mut self, request: &Request) -> Answer {
        self.respond(request)
    }

    fn command(&mut self, verb: &str, arguments: &Value) -> Result<Value, String> {
        self.carry_out(verb, arguments)
    }

    fn state(&self) -> Value {
        self.view()
    }

    fn saved(&self) -> String {
        serde_json::to_string(&self.goods).expect("maps of the goods have keys that are text or integers")
    }

    fn restore(&mut self, saved: &str) -> Result<(), String> {
        self.goods = serde_json::from_str(saved).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn clear(&mut self) {
        self.goods = Goods::default();
        self.refill_bucket();
    }
}
