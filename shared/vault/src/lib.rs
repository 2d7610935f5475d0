//! Envelope encryption: a data key per tenant and purpose.
