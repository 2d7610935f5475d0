//! The queues: versioned messages over SQS.
