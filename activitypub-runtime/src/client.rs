//! The one door through which requests leave.
//!
//! Everything this workspace asks of the network (documents, keys, WebFinger, deliveries) goes through
//! [`HttpClient::send`]. [`Reqwest`] is the implementation for the internet; an in-memory network implements the same
//! method.

mod reqwest;
mod resolver;

use std::time::Duration;

use activitypub_core::Iri;
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use thiserror::Error;
use url::Url;

pub use self::reqwest::{BuildError, Reqwest, ReqwestBuilder};
use crate::guard::Blocked;

/// Sends one request and reads its answer.
///
/// What an implementation owes its callers, who count on all of it:
///
/// * Exactly the request that was given is made. The URI is absolute, in normal form ([`target`] makes it) and goes out
///   as it stands, because it may have been signed.
/// * A redirect is an answer, not an order.
/// * An answer is `Ok` whatever its status says.
/// * [`Limits`] hold: bytes are counted as they come out of the content coding, and the time runs from the call until the
///   last byte of the body, names, handshakes and all.
/// * What leads nowhere a stranger may send us is refused before a connection is made; see [`Guard`](crate::guard::Guard).
#[async_trait]
pub trait HttpClient: std::fmt::Debug + Send + Sync {
    /// Sends `request`, and returns the answer with its body decoded and without `Content-Encoding`.
    ///
    /// # Errors
    /// When there is no complete answer, or the request may not be made.
    async fn send(&self, request: Request<Bytes>, limits: &Limits) -> Result<Response<Bytes>, ClientError>;
}

/// How much of an answer is taken, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "three numbers that a caller may well write out")]
pub struct Limits {
    /// The longest body, in decoded bytes. Of an answer that is not a success (2xx) at most 1 KiB is ever taken.
    pub body: usize,
    /// From the call to the last byte.
    pub time: Duration,
    /// What becomes of a success with a longer body. Anything else is [cut](Overflow::Cut).
    pub overflow: Overflow,
}

/// What becomes of an answer with a longer body than is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an answer is either of use when incomplete or not")]
pub enum Overflow {
    /// [`ClientError::TooLong`]: half a document is no document.
    Refuse,
    /// The rest is not read, and it is no error if the body cannot be read at all: only the status matters.
    Cut,
}

impl Limits {
    /// For an object, an actor, a key: 1 MiB, the cap Mastodon puts on what it fetches.
    pub const DOCUMENT: Self = Self { body: 1 << 20, time: Self::TIME, overflow: Overflow::Refuse };
    /// For a page of a collection, which may embed its items: 2 MiB.
    pub const PAGE: Self = Self { body: 2 << 20, ..Self::DOCUMENT };
    /// For WebFinger, host-meta and NodeInfo: 64 KiB.
    pub const JRD: Self = Self { body: 64 << 10, ..Self::DOCUMENT };
    /// For what an inbox answers to a delivery: 1 KiB of it, to be logged.
    pub const DELIVERY: Self = Self { body: 1 << 10, time: Self::TIME, overflow: Overflow::Cut };

    const TIME: Duration = Duration::from_secs(10);

    /// How much of an answer with this status is taken, and what becomes of more.
    pub(crate) fn for_status(&self, status: http::StatusCode) -> (usize, Overflow) {
        const EXPLANATION: usize = 1 << 10;
        if status.is_success() {
            (self.body, self.overflow)
        } else {
            (self.body.min(EXPLANATION), Overflow::Cut)
        }
    }
}

/// The URI under which what a stranger wrote is requested: in normal form, without its fragment.
///
/// The URI is to be signed and sent as it is returned.
///
/// ```
/// # use activitypub::client::target;
/// # use activitypub_core::Iri;
/// let uri = target(Iri::new("https://Example.ORG/users/ada#main-key"))?;
/// assert_eq!(uri.to_string(), "https://example.org/users/ada");
/// # Ok::<(), activitypub::client::TargetError>(())
/// ```
///
/// # Errors
/// When it is not an https or http URL, or one that two readers could read differently.
pub fn target(iri: &Iri) -> Result<Uri, TargetError> {
    const LONGEST: usize = 2048;

    let text = iri.without_fragment().as_str();
    if text.len() > LONGEST {
        return Err(TargetError::TooLong);
    }
    // RFC 3986 leaves these out; some readers drop them, some encode them, and a few act on them.
    let unsound = |c: char| {
        c.is_control()
            || c.is_whitespace()
            || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    if let Some(c) = text.chars().find(|&c| unsound(c)) {
        return Err(TargetError::Character(c));
    }
    let origin = iri.origin().ok_or(TargetError::Origin)?;
    let url = Url::parse(text).map_err(|_| TargetError::Origin)?;
    // `victim.example.` is the same host to DNS, and another one to certificates, cookies and block lists.
    if url.host_str() != Some(origin.host()) {
        return Err(TargetError::TrailingDot);
    }
    url.as_str().parse().map_err(|_| TargetError::NotNormal)
}

/// Why an IRI cannot be requested.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TargetError {
    /// Longer than 2048 bytes.
    #[error("the URL is longer than 2048 bytes")]
    TooLong,
    /// A character that has no place in a URL.
    #[error("{0:?} cannot stand in a URL")]
    Character(char),
    /// Neither https nor http, with user information, or without a sound host.
    #[error("not an https or http URL with a sound host")]
    Origin,
    /// The host ends in a dot.
    #[error("the host ends in a dot")]
    TrailingDot,
    /// It would not go out as it is written, and it may have been signed as it is written.
    #[error("the URL is not in normal form")]
    NotNormal,
}

/// Why there is no answer.
///
/// It can be kept and compared, and its text says what happened without a chain of sources.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The URL cannot be requested.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Neither GET nor POST.
    #[error("{0} is not a method of federation")]
    Method(Method),
    /// The `Host` header names another host than the URL.
    #[error("the Host header names another host than the URL")]
    Host,
    /// The guard let it not go.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The name has no address, or nobody said.
    #[error("the host has no address: {0}")]
    Unresolved(Box<str>),
    /// No connection, or no trust in who is at its end.
    #[error("no connection: {0}")]
    Connect(Box<str>),
    /// Time is up.
    #[error("no complete answer within {0:?}")]
    Timeout(Duration),
    /// The body is longer than the limit, in bytes.
    #[error("the body is longer than {0} bytes")]
    TooLong(usize),
    /// A content coding that was not asked for, or several on top of each other.
    #[error("the body is in a content coding that was not asked for")]
    Coding,
    /// The answer broke off, or is not HTTP.
    #[error("the answer is broken: {0}")]
    Broken(Box<str>),
}

impl ClientError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unresolved(_) | Self::Connect(_) | Self::Timeout(_) | Self::Broken(_) => true,
            Self::Target(_)
            | Self::Method(_)
            | Self::Host
            | Self::Blocked(_)
            | Self::TooLong(_)
            | Self::Coding => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_goes_out_in_normal_form() {
        for (written, sent) in [
            ("https://example.org", "https://example.org/"),
            ("HTTPS://EXAMPLE.org:443/a?b#c", "https://example.org/a?b"),
            ("https://bücher.example/ö", "https://xn--bcher-kva.example/%C3%B6"),
            ("https://example.org/a/../b/./c", "https://example.org/b/c"),
            ("https://example.org/?q=%7Ba%7D&x=[1]", "https://example.org/?q=%7Ba%7D&x=[1]"),
            ("https://example.org/@ada/1;x=y'z", "https://example.org/@ada/1;x=y'z"),
            ("http://127.1:3000/", "http://127.0.0.1:3000/"),
        ] {
            let uri = target(Iri::new(written)).unwrap();
            assert_eq!(uri.to_string(), sent);
            assert_eq!(Url::parse(sent).unwrap().as_str(), sent, "normal form is a fixed point");
        }
    }

    #[test]
    fn what_two_readers_could_read_differently_is_no_target() {
        for (text, error) in [
            ("https://user@example.org/", TargetError::Origin),
            ("https://victim.example@evil.example/", TargetError::Origin),
            ("//evil.example/", TargetError::Origin),
            ("file:///etc/passwd", TargetError::Origin),
            ("data:application/activity+json,{}", TargetError::Character('{')),
            ("gopher://example.org/", TargetError::Origin),
            ("ftp://example.org/", TargetError::Origin),
            ("javascript:alert(1)", TargetError::Origin),
            ("https:\\\\evil.example/", TargetError::Character('\\')),
            ("https://victim.example\\@evil.example/", TargetError::Character('\\')),
            ("https://example.org/a b", TargetError::Character(' ')),
            ("https://example.org/\r\nX: y", TargetError::Character('\r')),
            (" https://example.org/", TargetError::Character(' ')),
            ("https://example.org/\0", TargetError::Character('\0')),
            ("https://example.org/\"", TargetError::Character('"')),
            ("https://example.org./", TargetError::TrailingDot),
            ("https://[fe80::1%25eth0]/", TargetError::Origin),
            ("", TargetError::Origin),
        ] {
            assert_eq!(target(Iri::new(text)), Err(error), "{text:?}");
        }
        let long = format!("https://example.org/{}", "a".repeat(2048));
        assert_eq!(target(Iri::new(&long)), Err(TargetError::TooLong));
    }

    #[test]
    fn of_an_error_little_is_taken() {
        let (body, overflow) = Limits::DOCUMENT.for_status(http::StatusCode::NOT_FOUND);
        assert_eq!((body, overflow), (1024, Overflow::Cut));
        assert_eq!(Limits::DOCUMENT.for_status(http::StatusCode::OK), (1 << 20, Overflow::Refuse));
    }
}
