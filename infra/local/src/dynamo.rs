//! The tables: a DynamoDB server in this process, and the tables in it.
//!
//! [`crate::chain`] starts it on a loopback listener. Streams stay off, because they make writes slower with every row.
//! Nothing here knows what the rows mean; `store` does.

use std::path::Path;

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus},
};
use dynoxide::Database;
use store::{TABLES, TableSpec};

use crate::Error;

/// The attribute that says when a row means nothing any more, in seconds since 1970.
const EXPIRES: &str = "exp";

/// The database in a file, or in memory; rows long expired are forgotten at the start.
pub(crate) fn open(file: Option<&Path>) -> Result<Database, Error> {
    let failed = |error: dynoxide::DynoxideError| Error::Tables(error.to_string());
    let Some(file) = file else { return Database::memory().map_err(failed) };
    let path = file.to_str().ok_or_else(|| Error::Tables(format!("{} is not unicode", file.display())))?;
    let database = Database::new(path).map_err(failed)?;
    database.sweep_ttl().map_err(failed)?;
    Ok(database)
}

/// Makes every table that is missing.
pub(crate) async fn prepare(client: &Client, prefix: &str) -> Result<(), Error> {
    let listed = Box::pin(client.list_tables().send()).await.map_err(|error| Error::aws("ListTables", error))?;
    for table in &TABLES {
        let name = format!("{prefix}{}", table.name);
        if !listed.table_names().contains(&name) {
            create(client, &name).await?;
        }
        expire(client, &name, table).await?;
    }
    Ok(())
}

async fn create(client: &Client, name: &str) -> Result<(), Error> {
    let mut call = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for (attribute, role) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let failed = |error| Error::Tables(format!("{name}: {error}"));
        let defined = AttributeDefinition::builder().attribute_name(attribute).attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder().attribute_name(attribute).key_type(role);
        call = call.attribute_definitions(defined.build().map_err(failed)?).key_schema(key.build().map_err(failed)?);
    }
    Box::pin(call.send()).await.map(drop).map_err(|error| Error::aws(format!("CreateTable {name}"), error))
}

async fn expire(client: &Client, name: &str, table: &TableSpec) -> Result<(), Error> {
    if !table.expires {
        return Ok(());
    }
    let described = Box::pin(client.describe_time_to_live().table_name(name).send()).await;
    let described = described.map_err(|error| Error::aws(format!("DescribeTimeToLive {name}"), error))?;
    let status = described.time_to_live_description.and_then(|description| description.time_to_live_status);
    if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
        return Ok(());
    }
    let settings = TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES).build();
    let settings = settings.map_err(|error| Error::Tables(format!("{name}: {error}")))?;
    let updated = Box::pin(client.update_time_to_live().table_name(name).time_to_live_specification(settings).send()).await;
    updated.map(drop).map_err(|error| Error::aws(format!("UpdateTimeToLive {name}"), error))
}
