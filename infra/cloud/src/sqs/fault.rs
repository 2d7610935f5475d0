//! The errors of SQS, in its own words.
//!
//! Each function gives one error under both of its names. Operations call these; nothing else spells an error code.

use crate::refusal::Refusal;

/// The queue named is not there.
pub(crate) fn no_queue() -> Refusal {
    let message = "The specified queue does not exist.";
    Refusal::coded("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", message)
}

/// A queue of that name has another value for `attribute`.
pub(crate) fn name_taken(attribute: &str) -> Refusal {
    let message =
        format!("A queue already exists with the same name and a different value for attribute {attribute}");
    Refusal::coded("QueueNameExists", "QueueAlreadyExists", message)
}

/// A parameter is there and wrong.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::coded("InvalidParameterValueException", "InvalidParameterValue", message.into())
}

/// A parameter is there and wrong, in the form that quotes it.
pub(crate) fn invalid_value(parameter: &str, value: impl std::fmt::Display, reason: &str) -> Refusal {
    invalid(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

/// A parameter belongs to the other kind of queue.
pub(crate) fn wrong_kind(parameter: &str, value: impl std::fmt::Display) -> Refusal {
    invalid_value(parameter, value, "The request include parameter that is not valid for this queue type.")
}

/// A required parameter is not there.
pub(crate) fn missing(parameter: &str) -> Refusal {
    let message = format!("The request must contain the parameter {parameter}.");
    Refusal::coded("MissingRequiredParameterException", "MissingParameter", message)
}

/// An attribute of a queue that does not exist.
pub(crate) fn unknown_attribute(name: &str) -> Refusal {
    Refusal::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

/// An attribute of a queue with a value it cannot have.
pub(crate) fn invalid_attribute(name: &str) -> Refusal {
    Refusal::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}."))
}

/// A body holds characters that XML does not allow.
pub(crate) fn invalid_contents() -> Refusal {
    let message = "Invalid characters found in body; allowed are \
                   #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    Refusal::new("InvalidMessageContents", message)
}

/// Not a receipt handle this queue ever gave.
pub(crate) fn bad_handle(handle: &str) -> Refusal {
    let handle: String = handle.chars().take(200).collect();
    let message = format!("The input receipt handle \"{handle}\" is not a valid receipt handle.");
    Refusal::new("ReceiptHandleIsInvalid", message)
}

/// The handle's time is over, on a FIFO queue.
pub(crate) fn expired_handle(handle: &str) -> Refusal {
    invalid_value("ReceiptHandle", handle, "The receipt handle has expired.")
}

/// The message is not being worked on by whoever holds this handle.
pub(crate) fn not_in_flight() -> Refusal {
    let message = "The specified message is not in flight.";
    Refusal::coded("MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", message)
}

/// No entries.
pub(crate) fn empty_batch() -> Refusal {
    let message = "There should be at least one entry in the request.";
    Refusal::coded("EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", message)
}

/// More than ten entries.
pub(crate) fn too_many_entries(count: usize) -> Refusal {
    let message = format!("Maximum number of entries per request are 10. You have sent {count}.");
    Refusal::coded("TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", message)
}

/// Two entries with one id.
pub(crate) fn repeated_entry(id: &str) -> Refusal {
    let code = "AWS.SimpleQueueService.BatchEntryIdsNotDistinct";
    Refusal::coded("BatchEntryIdsNotDistinct", code, format!("Id {id} repeated."))
}

/// An entry's id is not 1 to 80 letters, digits, hyphens and underscores.
pub(crate) fn bad_entry_id() -> Refusal {
    let message = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. \
                   It can be at most 80 letters long.";
    Refusal::coded("InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", message)
}

/// All entries together are over the limit.
pub(crate) fn batch_too_long(limit: usize, size: usize) -> Refusal {
    let message = format!("Batch requests cannot be longer than {limit} bytes. You have sent {size} bytes.");
    Refusal::coded("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", message)
}
