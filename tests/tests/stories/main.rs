//! One binary, a file per story.

mod a_webhook_reaches_the_destination;
mod tell;
