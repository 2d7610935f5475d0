//! Orders that change again and again, on a flow that keeps order.

use canonical::Clock;
use runtime::SystemClock;
use serde_json::Value;
use testkit::{BackOffice, OrderLine, Running, Shop, Webhook};

const ORDERS: usize = 20;
const STATES: usize = 5;
/// Webhooks sent.
pub(crate) const COUNT: usize = ORDERS * STATES;
/// Where the office takes orders.
pub(crate) const WRITE: &str = "/rest/V1/orders";

fn number(order: usize) -> String {
    format!("{}", 1_001 + order)
}

/// Every state of every order with its webhook, in the order in which the shop sends them: the total tells the state.
pub(crate) fn changes(shop: &Running<Shop>) -> Vec<Webhook> {
    let begin = SystemClock.now_ms() - 3_600_000;
    let mut shop = shop.shop();
    let change = |index: usize| {
        let (order, state) = (number(index % ORDERS), index / ORDERS);
        let at = begin + i64::try_from(index).unwrap() * 1_000;
        shop.put_order(&order, &format!("{}.25", state + 1), at, &[OrderLine::of("MUG", 1, "1.50")]);
        shop.webhook_for_order(&order).unwrap()
    };
    (0..COUNT).map(change).collect()
}

/// Each order went through its states one after the other, none skipped, and ended at the last. The same state may come
/// twice in a row: whoever died after a call has not heard of it.
pub(crate) fn arrived(office: &Running<BackOffice>) {
    for order in (0..ORDERS).map(number) {
        let writes = office.backoffice().order_writes(&format!("#{order}"));
        let mut states: Vec<_> = writes.iter().map(|write| serde_json::from_str::<Value>(&write.entity).unwrap()["grand_total"].to_string()).collect();
        let all = states.clone();
        states.dedup();
        let expected: Vec<_> = (1..=STATES).map(|state| format!("{state}.25")).collect();
        let plain: Vec<_> = states.iter().map(|state| state.trim_matches('"').to_owned()).collect();
        assert_eq!(plain, expected, "order {order}: {all:?}");
    }
}
