//! HTTP signatures in two dialects: the draft that nearly every server speaks, and the standard it became.
//!
//! Both modules have the same functions in the same order: `parse` a request's signatures, build the `base`
//! that is signed, `sign` a request. What they share stands here: how a [`Message`] is read, and the
//! [`Claim`] that a signature makes about it.

pub(crate) mod cavage;
pub(crate) mod rfc9421;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use activitypub_core::{Iri, Origin};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST};
use http::{HeaderMap, HeaderName, Method, request};

use crate::digest::{CONTENT_DIGEST, DIGEST};
use crate::error::Refusal;
use crate::key::KeyType;

pub(crate) const SIGNATURE: HeaderName = HeaderName::from_static("signature");
pub(crate) const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");

/// Longer than any signature that names its components once: a line of 8 KiB.
pub(crate) const MAX_FIELD: usize = 8 * 1024;
/// More components than any peer covers.
pub(crate) const MAX_COMPONENTS: usize = 32;

/// Fields of which a second one would be read by some and ignored by others.
const SINGLE: [HeaderName; 7] =
    [HOST, DATE, DIGEST, CONTENT_DIGEST, CONTENT_TYPE, CONTENT_LENGTH, AUTHORIZATION];

/// The way in which a request is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// [draft-cavage-http-signatures-12](https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12):
    /// what nearly every server sends and accepts.
    Cavage,
    /// [RFC 9421](https://www.rfc-editor.org/rfc/rfc9421), HTTP Message Signatures.
    Rfc9421,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cavage => "draft-cavage-http-signatures-12",
            Self::Rfc9421 => "RFC 9421",
        })
    }
}

/// A part of a request that every signature must cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// GET or POST: the method.
    Method,
    /// Path and query.
    Target,
    /// The host, and the port if it is not the default.
    Authority,
    /// When it was signed.
    Time,
    /// The digest of the body.
    Digest,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "method",
            Self::Target => "path and query",
            Self::Authority => "host",
            Self::Time => "time of signing",
            Self::Digest => "digest of the body",
        })
    }
}

/// What one signature says of a request, not yet verified.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) key_id: Box<str>,
    /// The type of key that the named algorithm needs; nothing where the algorithm is left to the key.
    pub(crate) key_type: Option<KeyType>,
    pub(crate) covered: Covered,
    pub(crate) times: Times,
    /// The bytes that were signed.
    pub(crate) base: String,
    pub(crate) signature: Vec<u8>,
}

/// When a signature was made, by what it covers; seconds since 1970.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    pub(crate) created: Option<u64>,
    pub(crate) date: Option<u64>,
    pub(crate) expires: Option<u64>,
}

/// The parts of a request that a signature binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Covered(u8);

impl Covered {
    pub(crate) const METHOD: Self = Self(1);
    pub(crate) const PATH: Self = Self(1 << 1);
    pub(crate) const QUERY: Self = Self(1 << 2);
    pub(crate) const TARGET: Self = Self::PATH.and(Self::QUERY);
    pub(crate) const AUTHORITY: Self = Self(1 << 3);
    pub(crate) const TIME: Self = Self(1 << 4);
    pub(crate) const DIGEST: Self = Self(1 << 5);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn add(&mut self, other: Self) {
        *self = self.and(other);
    }

    /// The floor: what a signature must cover, whatever its sender thinks.
    pub(crate) fn check(self, with_digest: bool) -> Result<(), Refusal> {
        let floor = [
            (Self::METHOD, Part::Method),
            (Self::TARGET, Part::Target),
            (Self::AUTHORITY, Part::Authority),
            (Self::TIME, Part::Time),
            (Self::DIGEST, Part::Digest),
        ];
        let needed =
            if with_digest { &floor[..] } else { floor.split_last().map_or(&[][..], |(_, rest)| rest) };
        let missing = needed.iter().find(|(bits, _)| self.0 & bits.0 != bits.0);
        missing.map_or(Ok(()), |(_, part)| Err(Refusal::NotCovered(*part)))
    }

    /// What covering a field binds.
    fn field(name: &str) -> Self {
        match name {
            "host" => Self::AUTHORITY,
            "date" => Self::TIME,
            "digest" | "content-digest" => Self::DIGEST,
            _ => Self::default(),
        }
    }
}

/// A request as signatures see it: on its way out, or in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) method: &'a Method,
    /// Path and query as on the wire.
    pub(crate) target: &'a str,
    /// Whom it is for, by configuration on the way in; never by what the request says.
    pub(crate) origin: &'a Origin,
    /// The Host field, or what HTTP/2 has for one.
    host: &'a str,
    headers: &'a HeaderMap,
}

impl<'a> Message<'a> {
    /// A request that arrived at `origin`, if it is for `origin`, and says so in one way only.
    pub(crate) fn incoming(parts: &'a request::Parts, origin: &'a Origin) -> Result<Self, Refusal> {
        for name in SINGLE {
            if parts.headers.get_all(&name).iter().nth(1).is_some() {
                return Err(Refusal::RepeatedField(name));
            }
        }
        // In HTTP/2 the authority stands in the target, and in HTTP/1.1 a proxy's client may put one there as
        // well.
        let in_target = parts.uri.authority().map(http::uri::Authority::as_str);
        let in_field = text(&parts.headers, &HOST)?;
        for named in in_target.iter().chain(&in_field) {
            if !is_authority_of(named, origin) {
                return Err(Refusal::ForeignAuthority {
                    named: (*named).into(),
                    ours: origin.authority().into(),
                });
            }
        }
        let host = in_field.or(in_target).ok_or(Refusal::NoHost)?;
        let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        Ok(Self { method: &parts.method, target, origin, host, headers: &parts.headers })
    }

    /// A request that will go to `origin`, all fields but the signature's in place.
    pub(crate) fn outgoing(parts: &'a request::Parts, target: &'a str, origin: &'a Origin) -> Self {
        Self { method: &parts.method, target, origin, host: origin.authority(), headers: &parts.headers }
    }

    /// The one line of a field that is no list, if the request has it.
    pub(crate) fn text(&self, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
        text(self.headers, name)
    }

    /// All lines of a field that is a list.
    pub(crate) fn lines(&self, name: HeaderName) -> impl Iterator<Item = Result<&'a str, Refusal>> + use<'a> {
        let lines = self.headers.get_all(&name).iter();
        lines.map(move |value| value.to_str().map_err(|_| Refusal::NotText(name.clone())))
    }

    pub(crate) fn has(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }

    /// When the Date field says that the request was made.
    pub(crate) fn date(&self) -> Result<Option<u64>, Refusal> {
        let Some(text) = self.text(&DATE)? else { return Ok(None) };
        let flaw = "it is not an HTTP date";
        let date = httpdate::parse_http_date(text).map_err(|_| Refusal::malformed(DATE, flaw))?;
        let date = date.duration_since(std::time::UNIX_EPOCH).map_err(|_| Refusal::malformed(DATE, flaw))?;
        Ok(Some(date.as_secs()))
    }

    /// Writes a field's value as both dialects sign it: lines trimmed, and joined by a comma and a blank.
    pub(crate) fn write_field(&self, name: &str, base: &mut String) -> Result<(), Refusal> {
        if name == "host" {
            base.push_str(self.host);
            return Ok(());
        }
        let mut lines = self.headers.get_all(name).iter().peekable();
        if lines.peek().is_none() {
            return Err(Refusal::MissingComponent(name.into()));
        }
        while let Some(value) = lines.next() {
            let value = value.to_str().map_err(|_| match name.parse() {
                Ok(name) => Refusal::NotText(name),
                Err(_) => Refusal::MissingComponent(name.into()),
            })?;
            base.push_str(value.trim());
            if lines.peek().is_some() {
                base.push_str(", ");
            }
        }
        Ok(())
    }
}

/// Whether a body must be covered by digest: whatever has one, and whatever is sent to change something.
pub(crate) fn needs_digest(method: &Method, body: &[u8]) -> bool {
    !body.is_empty() || !(method == Method::GET || method == Method::HEAD)
}

/// Holds the names in a signature to their number and to appearing once.
pub(crate) fn check_names<'a>(names: &(impl Iterator<Item = &'a str> + Clone)) -> Result<(), Refusal> {
    for (index, name) in names.clone().enumerate() {
        if index == MAX_COMPONENTS {
            return Err(Refusal::TooMany("covered components"));
        }
        if names.clone().take(index).any(|other| other == name) {
            return Err(Refusal::RepeatedComponent(name.into()));
        }
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let value = headers.get(name).map(|value| value.to_str().map_err(|_| Refusal::NotText(name.clone())));
    value.transpose()
}

/// Whether a Host field, as somebody wrote it, means this origin.
fn is_authority_of(named: &str, origin: &Origin) -> bool {
    // Nearly always it is written as we would write it.
    named == origin.authority()
        || Iri::new(&format!("{}://{named}", origin.scheme())).origin().as_ref() == Some(origin)
            && !named.contains(['/', '?', '#'])
}

/// A path and query as they go on the wire: never without a path.
pub(crate) fn wire_target(uri: &http::Uri) -> Cow<'_, str> {
    match uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str) {
        target if target.starts_with('/') => Cow::Borrowed(target),
        query => Cow::Owned(format!("/{query}")),
    }
}
