//! Where a request may go, when a stranger wrote the URL.
//!
//! Nearly every URL this crate requests was found in somebody else's document, and the machine it runs on sees networks
//! that its author does not: a database on loopback, a cloud's metadata service, the neighbours of a rack. So there is a
//! list of what is allowed, not of what is not: https, port 443, a host that is a name of the public DNS, and an
//! [address](Guard::address) out in the internet. [`HttpClient`](crate::client::HttpClient) is the only door through
//! which requests leave, and the guard stands behind it, deliveries included.

mod address;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use activitypub_core::Origin;
use thiserror::Error;

/// What opens the guard.
pub mod danger {
    /// Lets requests reach this very machine: for tests, and for a network of servers on one computer.
    ///
    /// On a server that strangers can write to, it lets them make requests to everything else that runs there.
    #[derive(Clone, Copy, Debug)]
    #[expect(clippy::exhaustive_structs, reason = "a value one writes out, like a signature")]
    pub struct Loopback;
}

/// Judges origins before a name is resolved, and addresses before one is connected to.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    loopback: Option<danger::Loopback>,
}

impl Guard {
    /// Only https, only port 443, only names of the public DNS, only addresses out in the internet.
    #[must_use]
    pub fn strict() -> Self {
        Self::default()
    }

    /// [`strict`](Self::strict), and besides: the hosts `127.0.0.0/8`, `[::1]`, `localhost` and `*.localhost`, on any
    /// port, by https or http. A public name that resolves to loopback stays refused.
    #[must_use]
    pub fn loopback(danger: danger::Loopback) -> Self {
        Self { loopback: Some(danger) }
    }

    /// Whether a request to this origin may be made at all; its addresses are still to be judged.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn origin(&self, origin: &Origin) -> Result<(), Blocked> {
        if self.loopback.is_some() && is_loopback_host(origin.host()) {
            return Ok(());
        }
        if let Some(address) = literal(origin.host()) {
            return Err(Blocked::Literal(address));
        }
        if !origin.is_public_name() {
            return Err(Blocked::Name(origin.host().into()));
        }
        if !origin.is_https() {
            return Err(Blocked::Scheme);
        }
        match origin.port() {
            None => Ok(()),
            Some(port) => Err(Blocked::Port(port)),
        }
    }

    /// Whether an address that a public name resolved to may be connected to.
    ///
    /// Addresses that carry an IPv4 address inside are judged by that one too.
    ///
    /// # Errors
    /// Names the range the address is in.
    pub fn address(&self, address: IpAddr) -> Result<(), Blocked> {
        match address::special_use(address) {
            None => Ok(()),
            Some(range) => Err(Blocked::Address { address, range }),
        }
    }

    /// The addresses of a host that needs no resolver, because its name says them; none unless loopback is open.
    ///
    /// RFC 6761 §6.3: a resolver must not ask anybody for `localhost`, or whoever answers says what it means.
    pub(crate) fn own_addresses(&self, host: &str) -> Option<[IpAddr; 2]> {
        (self.loopback.is_some() && is_localhost_name(host))
            .then_some([IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)])
    }
}

/// Why the guard lets a request not go.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Blocked {
    /// Not https.
    #[error("only https is requested")]
    Scheme,
    /// Not 443.
    #[error("port {0} is not requested, only 443")]
    Port(u16),
    /// An IP address where a name must stand, in whatever spelling.
    #[error("the host is an address, {0}, not a name")]
    Literal(IpAddr),
    /// Not a name of the public DNS.
    #[error("{0} is not a name of the public DNS")]
    Name(Box<str>),
    /// Not an address of the internet at large.
    #[error("{address} is not an address of the internet at large: {range}")]
    Address {
        /// What the host resolved to.
        address: IpAddr,
        /// What the range is for.
        range: &'static str,
    },
}

/// The address, where the host of an [`Origin`] is one; an origin has brought every spelling into this form.
fn literal(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[') {
        Some(bracketed) => bracketed.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None => host.parse().ok().map(IpAddr::V4),
    }
}

fn is_loopback_host(host: &str) -> bool {
    literal(host).map_or_else(|| is_localhost_name(host), |address| address.is_loopback())
}

fn is_localhost_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(guard: &Guard, url: &str) -> Result<(), Blocked> {
        guard.origin(&Origin::parse(url).unwrap())
    }

    #[test]
    fn strict_lets_https_to_public_names_through() {
        for url in ["https://example.org", "https://EXAMPLE.org:443/", "https://xn--bcher-kva.example"] {
            assert_eq!(judge(&Guard::strict(), url), Ok(()), "{url}");
            assert_eq!(judge(&Guard::loopback(danger::Loopback), url), Ok(()), "{url}");
        }
    }

    #[test]
    fn an_address_is_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "127.0.0.1.",
            "１２７.0.0.1",
            "[::1]",
            "[0::1]",
            "1.1.1.1",
            "[2606:4700::1111]",
        ] {
            let judged = judge(&Guard::strict(), &format!("https://{host}"));
            assert!(matches!(judged, Err(Blocked::Literal(_))), "{host}: {judged:?}");
        }
    }

    #[test]
    fn strict_refuses_what_is_no_public_name() {
        for host in ["localhost", "LocalHost.", "app.localhost", "intranet", "metadata"] {
            let judged = judge(&Guard::strict(), &format!("https://{host}"));
            assert!(matches!(judged, Err(Blocked::Name(_))), "{host}: {judged:?}");
        }
    }

    #[test]
    fn strict_refuses_other_schemes_and_ports() {
        assert_eq!(judge(&Guard::strict(), "http://example.org"), Err(Blocked::Scheme));
        for port in [22, 25, 80, 6379, 8443] {
            assert_eq!(
                judge(&Guard::strict(), &format!("https://example.org:{port}")),
                Err(Blocked::Port(port))
            );
        }
    }

    #[test]
    fn loopback_opens_loopback_and_nothing_else() {
        let guard = Guard::loopback(danger::Loopback);
        for url in [
            "http://127.0.0.1:3000",
            "https://127.8.7.6",
            "http://[::1]:22",
            "https://localhost:41000",
            "http://a.localhost",
            "http://127.1:1",
        ] {
            assert_eq!(judge(&guard, url), Ok(()), "{url}");
        }
        for url in [
            "http://example.org",
            "https://example.org:8443",
            "http://10.0.0.1",
            "https://[::ffff:127.0.0.1]",
            "https://[::]",
            "https://0.0.0.0",
            "https://169.254.169.254",
            "http://localhost.example",
            "http://notlocalhost",
        ] {
            assert!(judge(&guard, url).is_err(), "{url}");
        }
        assert!(
            guard.address(IpAddr::V4(Ipv4Addr::LOCALHOST)).is_err(),
            "a public name must not resolve to loopback"
        );
    }

    #[test]
    fn localhost_is_resolved_without_asking() {
        assert!(Guard::strict().own_addresses("localhost").is_none());
        let guard = Guard::loopback(danger::Loopback);
        assert_eq!(guard.own_addresses("a.localhost").unwrap()[0], IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(guard.own_addresses("example.org").is_none());
    }
}
