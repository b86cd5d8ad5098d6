//! IRIs as written, and origins: who may speak for an IRI.
//!
//! An id is compared byte for byte, because that is how the network stores it; a *host* is compared only as part of an
//! [`Origin`], after everything that lets one host be spelled in two ways is gone.
//!
//! <https://www.rfc-editor.org/rfc/rfc3987>, <https://url.spec.whatwg.org/#host-parsing>, <https://www.rfc-editor.org/rfc/rfc6454#section-4>

mod origin;

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use ref_cast::RefCast;
use serde::{Deserialize, Deserializer, Serialize};

pub use self::origin::{Origin, OriginError};

/// An IRI exactly as it was written; borrowed, like `str`.
///
/// Nothing is validated and nothing is normalized: two IRIs are equal when their bytes are.
///
/// ```
/// # use activitypub_core::Iri;
/// let id = Iri::new("https://Example.ORG/users/ada#main-key");
/// assert_eq!(id.as_str(), "https://Example.ORG/users/ada#main-key");
/// assert_eq!(id.without_fragment(), "https://Example.ORG/users/ada");
/// assert_eq!(id.origin().unwrap().to_string(), "https://example.org");
/// ```
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord, RefCast, Serialize)]
#[repr(transparent)]
#[serde(transparent)]
pub struct Iri(str);

impl Iri {
    /// This text as an IRI.
    #[must_use]
    pub fn new(text: &str) -> &Self {
        Self::ref_cast(text)
    }

    /// The IRI as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who may speak for this IRI; `None` unless it is an `https:` or `http:` URL with a sound host.
    #[must_use]
    pub fn origin(&self) -> Option<Origin> {
        Origin::of_url(&self.0).ok()
    }

    /// The IRI up to its `#`: the document in which a key or another part of it is described.
    #[must_use]
    pub fn without_fragment(&self) -> &Self {
        Self::new(self.0.split_once('#').map_or(&self.0, |(document, _)| document))
    }
}

impl ToOwned for Iri {
    type Owned = IriBuf;

    fn to_owned(&self) -> IriBuf {
        IriBuf(self.0.into())
    }
}

impl AsRef<str> for Iri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl AsRef<Self> for Iri {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl<'a> From<&'a str> for &'a Iri {
    fn from(text: &'a str) -> Self {
        Iri::new(text)
    }
}

impl PartialEq<str> for Iri {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<&str> for Iri {
    fn eq(&self, other: &&str) -> bool {
        self.0 == **other
    }
}

impl PartialEq<IriBuf> for Iri {
    fn eq(&self, other: &IriBuf) -> bool {
        self.0 == *other.0
    }
}

impl PartialEq<IriBuf> for &Iri {
    fn eq(&self, other: &IriBuf) -> bool {
        self.0 == *other.0
    }
}

impl fmt::Display for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An owned [`Iri`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct IriBuf(Box<str>);

impl Deref for IriBuf {
    type Target = Iri;

    fn deref(&self) -> &Iri {
        Iri::new(&self.0)
    }
}

impl Borrow<Iri> for IriBuf {
    fn borrow(&self) -> &Iri {
        self
    }
}

impl AsRef<Iri> for IriBuf {
    fn as_ref(&self) -> &Iri {
        self
    }
}

impl AsRef<str> for IriBuf {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for IriBuf {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for IriBuf {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for IriBuf {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Iri> for IriBuf {
    fn from(iri: &Iri) -> Self {
        iri.to_owned()
    }
}

impl From<&Self> for IriBuf {
    fn from(iri: &Self) -> Self {
        iri.clone()
    }
}

impl From<IriBuf> for String {
    fn from(iri: IriBuf) -> Self {
        iri.0.into()
    }
}

impl From<IriBuf> for Box<str> {
    fn from(iri: IriBuf) -> Self {
        iri.0
    }
}

impl PartialEq<Iri> for IriBuf {
    fn eq(&self, other: &Iri) -> bool {
        *self.0 == other.0
    }
}

impl PartialEq<&Iri> for IriBuf {
    fn eq(&self, other: &&Iri) -> bool {
        *self.0 == other.0
    }
}

impl PartialEq<str> for IriBuf {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for IriBuf {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl fmt::Display for IriBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for IriBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<'de> Deserialize<'de> for IriBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn iris_compare_as_written() {
        assert_ne!(Iri::new("https://victim.test/"), Iri::new("https://VICTIM.test/"));
        assert_ne!(Iri::new("https://victim.test/%7Ea"), Iri::new("https://victim.test/~a"));
        let seen = HashMap::from([(IriBuf::from("https://victim.test/a"), 1)]);
        assert_eq!(seen.get(Iri::new("https://victim.test/a")), Some(&1));
    }

    #[test]
    fn an_iri_is_a_json_string() {
        let iri: IriBuf = serde_json::from_str(r#""https://victim.test/\u0061""#).unwrap();
        assert_eq!(iri, "https://victim.test/a");
        assert_eq!(serde_json::to_string(&iri).unwrap(), r#""https://victim.test/a""#);
        assert!(serde_json::from_str::<IriBuf>("1").is_err());
    }
}
