//! Resolves names and keeps only addresses that may be spoken to; the connection goes to one of exactly those.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::policy::Reach;

/// Every address of the name is one we may not speak to.
#[derive(Debug, thiserror::Error)]
#[error("the name resolves to no address that may be spoken to")]
pub(crate) struct Closed;

/// The machine's resolver behind the judgement of addresses.
pub(crate) struct Resolver(pub(crate) Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let open = permitted(reach, found)?;
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

fn permitted(reach: Reach, mut found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Closed> {
    found.retain(|address| reach.permits(address.ip()));
    if found.is_empty() { Err(Closed) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_judged_addresses_are_connected_to() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let mixed = addresses(&["10.0.0.1:0", "8.8.8.8:0", "[::1]:0", "[2606:4700::1111]:0"]);
        assert_eq!(permitted(Reach::Public, mixed.clone()).unwrap(), addresses(&["8.8.8.8:0", "[2606:4700::1111]:0"]));
        assert_eq!(permitted(Reach::Local, mixed).unwrap(), addresses(&["8.8.8.8:0", "[::1]:0", "[2606:4700::1111]:0"]));
        assert!(permitted(Reach::Public, addresses(&["127.0.0.1:0"])).is_err());
    }
}
