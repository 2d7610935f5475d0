//! Which URLs may be spoken to. Pure; decides from `url::Url` alone, the same value the client then uses.
//!
//! A literal address never reaches the resolver, so it is judged here.

use std::net::IpAddr;

use engine::ExchangeError;
use url::{Host, Url};

use crate::is_public;

/// Ports of the guarded client.
const PORTS: [u16; 3] = [443, 8443, 80];

/// Header names that decide where a request ends or whom it is for: the client alone writes them.
const OURS: [&str; 5] = ["host", "content-length", "transfer-encoding", "connection", "upgrade"];

/// Whom a client may speak to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The public internet over https.
    Public,
    /// Also this machine, also plain http, at any port.
    Local,
}

impl Reach {
    /// Whether an address may be connected to.
    pub(crate) fn permits(self, address: IpAddr) -> bool {
        match self {
            Reach::Public => is_public(address),
            Reach::Local => is_public(address) || address.to_canonical().is_loopback(),
        }
    }

    /// Judges everything about a URL that is known before its name is resolved.
    pub(crate) fn judge(self, url: &Url) -> Result<(), ExchangeError> {
        let scheme = url.scheme() == "https" || (self == Reach::Local && url.scheme() == "http");
        let port = self == Reach::Local || url.port_or_known_default().is_some_and(|port| PORTS.contains(&port));
        let nobody = url.username().is_empty() && url.password().is_none();
        let host = match url.host() {
            Some(Host::Ipv4(address)) => self.permits(address.into()),
            Some(Host::Ipv6(address)) => self.permits(address.into()),
            Some(Host::Domain(name)) => !name.is_empty(),
            None => false,
        };
        if scheme && port && nobody && host { Ok(()) } else { Err(ExchangeError::Forbidden) }
    }
}

/// Whether a request may carry a header of this name.
pub(crate) fn may_carry(name: &str) -> bool {
    !OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text is a URL this reach speaks to.
    fn permitted(reach: Reach, text: &str) -> bool {
        Url::parse(text).is_ok_and(|url| reach.judge(&url).is_ok())
    }

    #[test]
    fn public_https_is_permitted() {
        for text in ["https://shop.example/a?b#c", "https://shop.example.:443/", "https://shop.example:8443/", "https://shop.example:80/", "https://8.8.8.8/", "https://[2606:4700::1111]/", "https://xn--bcher-kva.example/"] {
            assert!(permitted(Reach::Public, text), "{text}");
        }
    }

    #[test]
    fn other_schemes_ports_and_user_names_are_refused() {
        for text in [
            "http://shop.example/", "ftp://shop.example/", "file:///etc/passwd", "gopher://shop.example/", "data:text/plain,x", "https://shop.example:22/", "https://shop.example:9001/",
            "https://user@shop.example/", "https://user:word@shop.example/", "https://:word@shop.example/", "https://shop.example:443@127.0.0.1/",
        ] {
            assert!(!permitted(Reach::Public, text), "{text}");
        }
    }

    #[test]
    fn a_closed_address_is_refused_however_it_is_written() {
        for host in [
            "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7F.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0.0.0x1", "127.0x1", "0", "0.0.0.0", "00000177.1",
            "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "１２７.0.0.1", "%31%32%37.0.0.1", "127.0.0.1%2e", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
            "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.16689662", "169.254.43518", "①⑥⑨.②⑤④.①⑥⑨.②⑤④", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]",
            "[64:ff9b::169.254.169.254]", "[2002:a9fe:a9fe::]", "10.0.0.1", "167772161", "012.0.0.1", "0xa.1", "172.16.0.1", "192.168.1.1", "3232235777", "0300.0250.1.1", "100.64.0.1", "[fe80::1]",
        ] {
            for reach in [Reach::Public, Reach::Local] {
                let loopback = Url::parse(&format!("https://{host}/")).is_ok_and(|url| match url.host() {
                    Some(Host::Ipv4(address)) => address.is_loopback(),
                    Some(Host::Ipv6(address)) => IpAddr::from(address).to_canonical().is_loopback(),
                    _ => panic!("{host} is not seen as an address"),
                });
                assert_eq!(permitted(reach, &format!("https://{host}/")), reach == Reach::Local && loopback, "{host} {reach:?}");
            }
        }
    }

    #[test]
    fn every_numeric_spelling_of_a_closed_address_is_refused() {
        for address in [[127, 0, 0, 1], [127, 8, 9, 10], [10, 0, 0, 7], [169, 254, 169, 254], [172, 31, 255, 1], [192, 168, 0, 1], [0, 0, 0, 0], [100, 100, 0, 1], [224, 0, 0, 251_u32]] {
            let write = |part: u32, base: usize| [format!("{part}"), format!("0{part:o}"), format!("0x{part:x}"), format!("0X{part:X}"), format!("0000{part:o}")][base].clone();
            let joined = |parts: &[u32]| parts.iter().fold(0, |sum, part| sum << 8 | part);
            for bases in 0..625_usize {
                let base = |place: u32| bases / 5_usize.pow(place) % 5;
                let [a, b, c, d] = [0, 1, 2, 3].map(|place| write(address[place as usize], base(place)));
                let three = format!("{a}.{b}.{}", write(joined(&address[2..]), base(2)));
                let two = format!("{a}.{}", write(joined(&address[1..]), base(1)));
                let one = write(joined(&address), base(0));
                for host in [format!("{a}.{b}.{c}.{d}"), format!("{a}.{b}.{c}.{d}."), three, two, one] {
                    assert!(!permitted(Reach::Public, &format!("https://{host}/")), "{host}");
                }
            }
        }
    }

    #[test]
    fn the_local_client_speaks_plain_http_with_this_machine_at_any_port() {
        for text in ["http://127.0.0.1:4264/", "http://localhost:9000/", "http://[::1]:1/", "https://shop.example/"] {
            assert!(permitted(Reach::Local, text), "{text}");
        }
        assert!(!permitted(Reach::Local, "ftp://127.0.0.1/") && !permitted(Reach::Local, "http://user@127.0.0.1/"));
    }

    #[test]
    fn headers_that_frame_a_request_are_not_carried() {
        for (name, carried) in [("Authorization", true), ("content-type", true), ("Host", false), ("CONTENT-LENGTH", false), ("Transfer-Encoding", false)] {
            assert_eq!(may_carry(name), carried, "{name}");
        }
    }
}
