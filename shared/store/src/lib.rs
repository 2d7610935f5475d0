//! The tables: keys and conditions over DynamoDB.
