//! Access begins at the tenant.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, ReturnConsumedCapacity, WriteRequest};
use canonical::TenantId;

use crate::{Error, Store, attribute::{Row, s}};

/// Everything of one tenant.
#[derive(Clone, Copy)]
pub struct Tenant<'s> {
    pub(crate) store: &'s Store,
    pub(crate) id: &'s TenantId,
}

impl Tenant<'_> {
    /// Whose.
    #[must_use]
    pub fn id(&self) -> &TenantId {
        self.id
    }

    /// A partition key of this tenant.
    pub(crate) fn pk(&self, rest: &str) -> String {
        format!("{}#{rest}", self.id)
    }
}

impl Store {
    pub(crate) async fn get(&self, table: &'static str, pk: String, sk: &str) -> Result<Option<Row>, Error> {
        let call = self.client.get_item().table_name(self.table(table)).key("pk", s(pk)).key("sk", s(sk)).consistent_read(true);
        let answer = call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.map_err(|error| Error::call(table, &error))?;
        self.units.count(table, "get", answer.consumed_capacity());
        Ok(answer.item)
    }

    pub(crate) async fn put(&self, table: &'static str, row: Row) -> Result<(), Error> {
        let call = self.client.put_item().table_name(self.table(table)).set_item(Some(row));
        let answer = call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.map_err(|error| Error::call(table, &error))?;
        self.units.count(table, "put", answer.consumed_capacity());
        Ok(())
    }

    pub(crate) async fn delete(&self, table: &'static str, pk: String, sk: &str) -> Result<(), Error> {
        let call = self.client.delete_item().table_name(self.table(table)).key("pk", s(pk)).key("sk", s(sk));
        let answer = call.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.map_err(|error| Error::call(table, &error))?;
        self.units.count(table, "delete", answer.consumed_capacity());
        Ok(())
    }

    /// Rows of one partition whose sort key lies in `from..=to`, oldest first unless `newest_first`, at most `limit`.
    pub(crate) async fn range(&self, table: &'static str, pk: String, from: &str, to: &str, newest_first: bool, limit: usize) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        let mut start: Option<HashMap<String, AttributeValue>> = None;
        loop {
            let call = self.client.query().table_name(self.table(table)).key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to");
            let call = call.expression_attribute_values(":pk", s(&pk)).expression_attribute_values(":from", s(from)).expression_attribute_values(":to", s(to));
            let call = call.scan_index_forward(!newest_first).consistent_read(true).set_exclusive_start_key(start.take());
            let call = call.limit(i32::try_from((limit - rows.len()).min(1000)).unwrap_or(1000)).return_consumed_capacity(ReturnConsumedCapacity::Total);
            let answer = call.send().await.map_err(|error| Error::call(table, &error))?;
            self.units.count(table, "query", answer.consumed_capacity());
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() || rows.len() >= limit {
                return Ok(rows);
            }
        }
    }

    /// Puts rows of one table in batches of 25; what is left unprocessed is sent again, at most eight times.
    pub(crate) async fn put_batch(&self, table: &'static str, rows: Vec<Row>) -> Result<(), Error> {
        // One key twice in a batch is refused by the table: the later row counts.
        let mut latest: HashMap<(String, String), Row> = HashMap::new();
        for row in rows {
            let key = |name| row.get(name).and_then(|value| value.as_s().ok().cloned()).unwrap_or_default();
            latest.insert((key("pk"), key("sk")), row);
        }
        let mut waiting: Vec<WriteRequest> = Vec::with_capacity(latest.len());
        for row in latest.into_values() {
            let put = PutRequest::builder().set_item(Some(row)).build().map_err(|error| Error::unreadable(table, error.to_string()))?;
            waiting.push(WriteRequest::builder().put_request(put).build());
        }
        let mut rounds = 0;
        while !waiting.is_empty() {
            let batch: Vec<_> = waiting.drain(..waiting.len().min(25)).collect();
            let call = self.client.batch_write_item().request_items(self.table(table), batch).return_consumed_capacity(ReturnConsumedCapacity::Total);
            let answer = call.send().await.map_err(|error| Error::call(table, &error))?;
            for consumed in answer.consumed_capacity() {
                self.units.count(table, "batch_put", Some(consumed));
            }
            let unprocessed: Vec<_> = answer.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if !unprocessed.is_empty() {
                rounds += 1;
                if rounds > 8 {
                    return Err(Error::Unavailable { table, reason: "unprocessed items remain".into() });
                }
                waiting.extend(unprocessed);
            }
        }
        Ok(())
    }
}
