//! The API with every family of endpoints: each family in a file, with what they share here.

mod auth;
mod cursors;
mod changes;
mod errors;
mod formats;
mod listing;
mod oauth;
mod nonsense;
mod pages;
mod scroll;
mod shapes;

use document::Value;
use testkit::{Api, ApiOptions, Running};

use crate::client::{Reply, ask};

/// A system with its 250 records.
pub(crate) async fn api() -> Running<Api> {
    Api::start(ApiOptions::default()).await.unwrap()
}

pub(crate) async fn get(api: &Running<Api>, target: &str) -> Reply {
    ask(api.address(), "GET", target, &[], "").await.unwrap()
}

pub(crate) async fn post(api: &Running<Api>, target: &str, body: &str) -> Reply {
    ask(api.address(), "POST", target, &[], body).await.unwrap()
}

/// The value at a path of member names and positions, such as `data.things.nodes`.
pub(crate) fn at(value: &Value, path: &str) -> Value {
    path.split('.').filter(|name| !name.is_empty()).fold(value.clone(), |value, name| match name.parse::<usize>() {
        Ok(index) => value.items().unwrap()[index].clone(),
        Err(_) => value.get(name).unwrap_or_else(|| panic!("no {name} in {value}")).clone(),
    })
}

/// The ids of the records at a path.
pub(crate) fn ids(value: &Value, path: &str) -> Vec<i64> {
    at(value, path).items().unwrap().iter().map(|row| row.get("id").unwrap().as_i64().unwrap()).collect()
}

/// All ids of a system nobody has changed.
pub(crate) fn all() -> Vec<i64> {
    (1..=250).collect()
}

/// The same numbers in order.
pub(crate) fn ordered(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}
