//! Sample systems that keep state, count calls and misbehave on request.
