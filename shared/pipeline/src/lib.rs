//! The use cases behind the verbs, and the slot protocol.
