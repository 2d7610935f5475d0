//! Why the client could not be built. What happens to a request is an `ExchangeError` of the engine.

use fault::{Disposition, Fault};

/// The client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The TLS library refuses its settings.
    #[error("tls cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The HTTP library refuses its settings.
    #[error("the client cannot be built")]
    Client(#[from] reqwest::Error),
}

impl Fault for Error {
    fn code(&self) -> &'static str {
        match self {
            Error::Tls(_) | Error::Client(_) => "internal",
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Error::Tls(_) | Error::Client(_) => Disposition::Retry { after: None },
        }
    }
}
