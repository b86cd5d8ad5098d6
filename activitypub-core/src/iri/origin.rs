//! Origins: who may speak for a URL, and the one place where hosts are compared.
//!
//! <https://url.spec.whatwg.org/#host-parsing>, <https://www.unicode.org/reports/tr46/>, <https://www.rfc-editor.org/rfc/rfc6454#section-4>

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

use super::IriBuf;

/// Scheme, host and port: the unit of authority, and the only thing that compares hosts.
///
/// The host is a domain name in its ASCII form or an IP literal, lower case, without a trailing dot; a default port is
/// not kept. One host therefore has one spelling, however it was written:
///
/// ```
/// # use activitypub_core::Origin;
/// let origin = Origin::parse("https://example.org")?;
/// for spelling in ["HTTPS://EXAMPLE.ORG", "https://example.org.", "https://example.org:443/", "https://ｅxample。org"] {
///     assert_eq!(Origin::parse(spelling)?, origin);
/// }
/// assert_ne!(Origin::parse("http://example.org")?, origin);
/// assert_ne!(Origin::parse("https://example.org:8443")?, origin);
/// assert!(Origin::parse("https://example.org@evil.example").is_err());
/// # Ok::<(), activitypub_core::OriginError>(())
/// ```
///
/// IP literals, `localhost` and `http` are origins too, because a test network runs on loopback;
/// [`is_public_name`](Self::is_public_name) and the scheme tell a caller who faces strangers.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    scheme: Scheme,
    /// `host[:port]`, which starts with the host.
    authority: Box<str>,
    /// Only where it is not the scheme's default.
    port: Option<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Scheme {
    Http,
    Https,
}

impl Origin {
    /// Reads an origin: scheme and authority, and nothing after them but a `/`.
    ///
    /// # Errors
    /// When the scheme is neither `https` nor `http`, the authority is unsound, or a path, query or fragment follows.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let (scheme, authority, rest) = split_url(text)?;
        let origin = Self::new(scheme, authority)?;
        if matches!(rest, "" | "/") { Ok(origin) } else { Err(OriginError::Path) }
    }

    /// The https origin of what stands after the `@` of a handle: `host`, or `host:port`.
    ///
    /// # Errors
    /// When it is anything but a host and a port.
    pub fn of_handle_host(host: &str) -> Result<Self, OriginError> {
        Self::new(Scheme::Https, host)
    }

    /// The origin of a whole URL.
    pub(super) fn of_url(url: &str) -> Result<Self, OriginError> {
        let (scheme, authority, _) = split_url(url)?;
        Self::new(scheme, authority)
    }

    fn new(scheme: Scheme, authority: &str) -> Result<Self, OriginError> {
        let (host, port) = split_authority(authority)?;
        let mut authority = canonical_host(host)?;
        let port = port.filter(|&port| port != scheme.default_port());
        if let Some(port) = port {
            authority.push(':');
            authority.push_str(&port.to_string());
        }
        Ok(Self { scheme, authority: authority.into(), port })
    }

    /// `https` or `http`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// Whether the scheme is `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The host: ASCII, lower case, no trailing dot; an IPv6 address stands in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.port {
            None => &self.authority,
            Some(_) => self.authority.rsplit_once(':').map_or(&*self.authority, |(host, _)| host),
        }
    }

    /// The port, where it is not the scheme's default.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The port a connection uses.
    #[must_use]
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or_else(|| self.scheme.default_port())
    }

    /// `host` or `host:port`, as in a `Host` header and a handle.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The URL of a path on this origin; what cannot stand in a path (`?`, `#`, blanks, …) is percent-encoded.
    ///
    /// ```
    /// # use activitypub_core::Origin;
    /// let origin = Origin::parse("https://example.org")?;
    /// assert_eq!(origin.url("/users/a b?c"), "https://example.org/users/a%20b%3Fc");
    /// # Ok::<(), activitypub_core::OriginError>(())
    /// ```
    #[must_use]
    pub fn url(&self, path: &str) -> IriBuf {
        let root = self.to_string();
        match Url::parse(&root) {
            Ok(mut url) => {
                url.set_path(path);
                String::from(url).into()
            }
            // What `canonical_host` lets through, `Url` reads; the tests hold them together.
            Err(_) => root.into(),
        }
    }

    /// Whether the host is a name that the public DNS could know: no IP literal, not `localhost` or below it, and of
    /// more than one label.
    #[must_use]
    pub fn is_public_name(&self) -> bool {
        let host = self.host();
        let last = host.rsplit('.').next().unwrap_or(host);
        // A name whose last label is a number would have been read as an IPv4 address.
        !host.starts_with('[')
            && last != "localhost"
            && host.contains('.')
            && !last.bytes().all(|b| b.is_ascii_digit())
    }
}

impl Scheme {
    fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        Self::parse(text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.authority)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({self})")
    }
}

/// Why a text names no origin.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OriginError {
    /// Neither `https://` nor `http://`.
    #[error("a URL starts with https:// (or http://)")]
    Scheme,
    /// There is something before an `@`: a host that wants to be taken for another.
    #[error("user information stands before the host")]
    UserInfo,
    /// There is no host.
    #[error("there is no host")]
    NoHost,
    /// This character has no place in a host name, or begins something that is not part of one.
    #[error("{0:?} cannot stand in a host")]
    Character(char),
    /// Longer than any DNS name: 253 bytes in its ASCII form.
    #[error("the host is longer than 253 bytes")]
    TooLong,
    /// A label is empty, longer than 63 bytes, or begins or ends with a hyphen.
    #[error("a label of the host is empty, too long, or begins or ends with a hyphen")]
    Label,
    /// Not an internationalized domain name: UTS #46 refuses it, or its Punycode stands for nothing.
    #[error("the host is not a valid internationalized domain name")]
    Idna,
    /// Not an IP address, though it is written like one.
    #[error("the host is neither a domain name nor an IP address")]
    IpAddress,
    /// Not a number between 1 and 65535.
    #[error("the port is not a number between 1 and 65535")]
    Port,
    /// A path, query or fragment follows where an origin was asked for.
    #[error("an origin ends after its host and port")]
    Path,
}

/// Scheme, authority and the rest of a URL; the authority ends where every reader agrees it does.
fn split_url(text: &str) -> Result<(Scheme, &str, &str), OriginError> {
    let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
    let scheme = if scheme.eq_ignore_ascii_case("https") {
        Scheme::Https
    } else if scheme.eq_ignore_ascii_case("http") {
        Scheme::Http
    } else {
        return Err(OriginError::Scheme);
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    Ok((scheme, authority, rest))
}

fn split_authority(authority: &str) -> Result<(&str, Option<u16>), OriginError> {
    // Readers differ on each of these: a browser takes `\` for `/` and drops tabs and line ends; some decode `%2e` and
    // `%00` before they look at the host, some after.
    let unsound = |c: char| matches!(c, '\\' | '%' | '/' | '?' | '#') || c.is_control() || c.is_whitespace();
    if authority.contains('@') {
        return Err(OriginError::UserInfo);
    }
    if let Some(c) = authority.chars().find(|&c| unsound(c)) {
        return Err(OriginError::Character(c));
    }
    let host_end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']').ok_or(OriginError::IpAddress)? + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(host_end);
    if host.is_empty() {
        return Err(OriginError::NoHost);
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        // RFC 3986 §3.2.3: an empty port is the default one.
        Some("") => None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|&port| port != 0).ok_or(OriginError::Port)?)
        }
        _ => return Err(OriginError::Port),
    };
    Ok((host, port))
}

fn canonical_host(host: &str) -> Result<String, OriginError> {
    /// No host of 253 ASCII bytes needs more than this in Unicode; IDNA is not asked about a megabyte.
    const LONGEST_AS_WRITTEN: usize = 1024;

    if host.len() > LONGEST_AS_WRITTEN {
        return Err(OriginError::TooLong);
    }
    let ascii = match parse_host(host)? {
        Host::Domain(domain) => domain,
        address => return Ok(address.to_string()),
    };
    let domain = ascii.strip_suffix('.').unwrap_or(&ascii);
    if domain.is_empty() {
        return Err(OriginError::NoHost);
    }
    if domain.len() > 253 {
        return Err(OriginError::TooLong);
    }
    // UTS #46 with the rules of STD 3, except that `_` is let through: names of containers and of old servers have it.
    if let Some(c) = domain.chars().find(|&c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.')) {
        return Err(OriginError::Character(c));
    }
    if domain
        .split('.')
        .any(|label| label.is_empty() || label.len() > 63 || label.starts_with('-') || label.ends_with('-'))
    {
        return Err(OriginError::Label);
    }
    Ok(domain.to_owned())
}

fn parse_host(host: &str) -> Result<Host<String>, OriginError> {
    // A plain lower-case name is by far the most usual, and its own canonical form; `xn--` is UTS #46's to judge, and a
    // last label that starts with a digit may be part of an IPv4 address.
    let plain = |host: &str| {
        host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
            && host.split('.').all(|label| !label.starts_with("xn--"))
            && host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
    };
    if plain(host) {
        return Ok(Host::Domain(host.to_owned()));
    }
    Host::parse(host).map_err(|error| match error {
        url::ParseError::EmptyHost => OriginError::NoHost,
        url::ParseError::InvalidIpv4Address | url::ParseError::InvalidIpv6Address => OriginError::IpAddress,
        _ => OriginError::Idna,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iri::Iri;

    fn origin(url: &str) -> Origin {
        Iri::new(url).origin().unwrap_or_else(|| panic!("{url} has no origin"))
    }

    #[test]
    fn spellings_of_one_host_are_one_origin() {
        let victim = origin("https://victim.test/users/a");
        for url in [
            "https://VICTIM.test",
            "HTTPS://victim.TEST/x",
            "https://victim.test./x",
            "https://victim.test:443/",
            "https://victim.test:0443/",
            "https://victim.test:/",
            "https://victim.test?query",
            "https://victim.test#fragment",
            "https://victim。test/",
            "https://victim．test/",
            "https://victim｡test/",
            "https://victim.test。/",
            "https://ｖictim.test/",
            "https://vic\u{ad}tim.test/",
        ] {
            assert_eq!(origin(url), victim, "{url}");
        }
        assert_eq!(origin("https://bücher.example/"), origin("https://XN--BCHER-KVA.example/"));
        assert_eq!(origin("https://bücher.example/"), origin("https://bu\u{308}cher.example/"));
        assert_eq!(
            origin("https://faß.example").host(),
            "xn--fa-hia.example",
            "not transitional: ß is not ss"
        );
    }

    #[test]
    fn addresses_have_one_spelling_each() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
        ] {
            assert_eq!(origin(url).to_string(), "http://127.0.0.1", "{url}");
        }
        for url in ["http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[0::1]:80/"] {
            assert_eq!(origin(url).to_string(), "http://[::1]", "{url}");
        }
        assert_ne!(origin("http://[::1]/"), origin("http://127.0.0.1/"));
        assert_ne!(origin("http://[::ffff:127.0.0.1]/"), origin("http://127.0.0.1/"));
        assert_eq!(origin("http://[::1]:8080/").host(), "[::1]");
        assert_eq!(origin("http://[::1]:8080/").port(), Some(8080));
    }

    #[test]
    fn scheme_port_and_subdomain_tell_origins_apart() {
        let one = origin("https://victim.test/");
        for url in [
            "http://victim.test/",
            "https://victim.test:80/",
            "https://victim.test:8443/",
            "https://www.victim.test/",
            "https://notvictim.test/",
            "https://victim.test.evil/",
            "https://victim.tes/",
            "https://vіctim.test/", // Cyrillic і
        ] {
            assert_ne!(origin(url), one, "{url}");
        }
        assert_eq!(origin("http://victim.test:80/"), origin("http://victim.test/"));
    }

    #[test]
    fn what_is_no_host_is_refused_by_name() {
        for (url, error) in [
            ("https://victim.test@evil.test/", OriginError::UserInfo),
            ("https://user:pass@victim.test/", OriginError::UserInfo),
            ("https://@victim.test/", OriginError::UserInfo),
            ("https://victim.test\\@evil.test/", OriginError::UserInfo),
            ("https://victim.test\\.evil.test/", OriginError::Character('\\')),
            ("https://victim.test%00.evil.test/", OriginError::Character('%')),
            ("https://victim%2etest/", OriginError::Character('%')),
            ("https://victim.test\0.evil.test/", OriginError::Character('\0')),
            ("https://victim\t.test/", OriginError::Character('\t')),
            ("https://victim.test\r\nHost: evil.test/", OriginError::Character('\r')),
            ("https://victim .test/", OriginError::Character(' ')),
            ("https://[fe80::1%25eth0]/", OriginError::Character('%')),
            ("https:///victim.test/", OriginError::NoHost),
            ("https://", OriginError::NoHost),
            ("https://:443/", OriginError::NoHost),
            ("https://./", OriginError::NoHost),
            ("https://victim..test/", OriginError::Label),
            ("https://.victim.test/", OriginError::Label),
            ("https://victim.test../", OriginError::Label),
            ("https://-victim.test/", OriginError::Label),
            ("https://victim-.test/", OriginError::Label),
            ("https://victim!.test/", OriginError::Character('!')),
            ("https://*.test/", OriginError::Character('*')),
            ("https://xn--victim-.test/", OriginError::Idna),
            ("https://xn--.test/", OriginError::Idna),
            ("https://vic\u{200d}tim.test/", OriginError::Idna),
            ("https://victim\u{202e}.test/", OriginError::Idna),
            ("https://victim％00.test/", OriginError::Idna),
            ("https://victim／.test/", OriginError::Idna),
            ("https://victim：443.test/", OriginError::Idna),
            ("https://[::1/", OriginError::IpAddress),
            ("https://[::1::]/", OriginError::IpAddress),
            ("https://256.256.256.256/", OriginError::IpAddress),
            ("https://victim.0x1ffffffff/", OriginError::IpAddress),
            ("https://[::1]x/", OriginError::Port),
            ("https://victim.test:0/", OriginError::Port),
            ("https://victim.test:65536/", OriginError::Port),
            ("https://victim.test:443:443/", OriginError::Port),
            ("https://::1/", OriginError::NoHost),
            ("https://victim.test:+443/", OriginError::Port),
            ("https://victim.test:４４３/", OriginError::Port),
            ("https:victim.test", OriginError::Scheme),
            ("https:\\\\victim.test", OriginError::Scheme),
            (" https://victim.test", OriginError::Scheme),
            ("ht\ntps://victim.test", OriginError::Scheme),
            ("ftp://victim.test/", OriginError::Scheme),
            ("//victim.test/", OriginError::Scheme),
            ("data:,https://victim.test/", OriginError::Scheme),
            ("", OriginError::Scheme),
        ] {
            assert_eq!(Iri::new(url).origin(), None, "{url:?}");
            assert_eq!(Origin::parse(url), Err(error), "{url:?}");
        }
    }

    #[test]
    fn a_host_is_bounded() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert_eq!(Origin::of_handle_host(&longest).unwrap().host().len(), 253);
        assert_eq!(Origin::of_handle_host(&format!("{longest}a")), Err(OriginError::TooLong));
        assert_eq!(Origin::of_handle_host(&format!("{label}a.test")), Err(OriginError::Label));
        assert_eq!(Origin::of_handle_host(&"a.".repeat(1_000_000)), Err(OriginError::TooLong));
        assert_eq!(Origin::of_handle_host(&"ü".repeat(1_000_000)), Err(OriginError::TooLong));
        assert!(
            Origin::of_handle_host(&format!("{}.test", "ü".repeat(63))).is_err(),
            "too long once it is ASCII"
        );
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(Origin::parse("https://victim.test/"), Origin::parse("https://victim.test"));
        for url in [
            "https://victim.test/x",
            "https://victim.test?x",
            "https://victim.test#x",
            "https://victim.test//",
        ] {
            assert_eq!(Origin::parse(url), Err(OriginError::Path), "{url}");
        }
        for host in ["victim.test/", "victim.test/x", "victim.test?x", "victim.test#x", "https://victim.test"]
        {
            assert!(Origin::of_handle_host(host).is_err(), "{host}");
        }
        assert_eq!(
            Origin::of_handle_host("Victim.test:8443").unwrap().to_string(),
            "https://victim.test:8443"
        );
    }

    #[test]
    fn public_names_are_told_from_private_ones() {
        for host in
            ["example.org", "a.b.example", "xn--bcher-kva.example", "localhost.example", "1and1.example"]
        {
            assert!(Origin::of_handle_host(host).unwrap().is_public_name(), "{host}");
        }
        for host in [
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "intranet",
            "127.0.0.1",
            "127.1",
            "1",
            "[::1]",
            "[::1]:8443",
            "0x7f.1",
        ] {
            assert!(!Origin::of_handle_host(host).unwrap().is_public_name(), "{host}");
        }
    }

    #[test]
    fn urls_are_built_not_concatenated() {
        let origin = origin("http://[::1]:8080/");
        assert_eq!(origin.url("/users/ada"), "http://[::1]:8080/users/ada");
        assert_eq!(origin.url("users/ada"), "http://[::1]:8080/users/ada");
        assert_eq!(origin.url("//evil.test/x").origin(), Some(origin.clone()));
        assert_eq!(origin.url("/\\evil.test?a#b").origin(), Some(origin.clone()));
        assert_eq!(origin.url("@evil.test/").origin(), Some(origin));
    }

    #[test]
    fn what_an_origin_displays_is_that_origin_again() {
        for url in
            ["https://bücher.example:8443/", "http://[::1]:8080/", "https://a_b.example", "http://127.1"]
        {
            let origin = origin(url);
            assert_eq!(Origin::parse(&origin.to_string()), Ok(origin.clone()));
            let url = Url::parse(&origin.to_string()).unwrap();
            assert_eq!(url.host_str(), Some(origin.host()));
            assert_eq!((url.scheme(), url.port()), (origin.scheme(), origin.port()));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_and_canonical_is_canonical(text in "(https?://)?\\PC{0,40}") {
            if let Some(origin) = Iri::new(&text).origin() {
                proptest::prop_assert_eq!(Origin::parse(&origin.to_string()), Ok(origin.clone()));
                let url = Url::parse(&text).expect("whatever has an origin here is a URL");
                // Other readers that keep the trailing dot still agree on everything before it.
                proptest::prop_assert_eq!(url.host_str().map(|host| host.trim_end_matches('.')), Some(origin.host()));
            }
        }

        #[test]
        fn plain_names_read_the_same_with_and_without_idna(host in "[a-z0-9-]{1,6}(\\.[a-z0-9-]{1,6}){0,3}") {
            if let Ok(origin) = Origin::of_handle_host(&host) {
                proptest::prop_assert_eq!(Host::parse(&host).map(|host| host.to_string()), Ok(origin.host().to_owned()));
            }
        }
    }
}
