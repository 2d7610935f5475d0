//! What the other system says, as people are shown it: the beginning, without our secrets.

use crate::{Config, Session};

/// The beginning of what the other system says.
const MESSAGE_BYTES: usize = 200;

/// The beginning of what is said, as it may be shown.
pub(crate) fn shown(config: &Config, session: Option<&Session>, said: &str) -> String {
    let issued = session.into_iter().flat_map(|session| std::iter::once(&session.token).chain(&session.refresh));
    let issued = Config::new(issued.enumerate().map(|(index, secret)| (index.to_string(), secret.clone())));
    let mut text = issued.redact(&config.redact(said));
    // What it says goes to terminals and logs.
    text = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    text.truncate(text.floor_char_boundary(MESSAGE_BYTES));
    text
}
