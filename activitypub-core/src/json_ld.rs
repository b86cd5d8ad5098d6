//! [`Parsed::parse_json_ld`]: documents whose `@context` renames terms, read as a JSON-LD processor reads them.
//! [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/), [Processing Algorithms and
//! API](https://www.w3.org/TR/json-ld11-api/) §4 and §5: expansion, then compaction to the names of our vocabularies.
//!
//! What is done here is the part of JSON-LD that says what a name, an id and a bare text mean. What moves objects to
//! other places is refused: `@graph`, `@included`, `@reverse`, `@nest`, `@import`, contexts inside definitions,
//! containers by id, type, index and graph, and `@json`. Where compaction would need a second spelling of a property for
//! some of its values, all its values stand under the one name. The language that a context says all its texts are in
//! stays unsaid. Names and ids under a prefix that everybody means alike, but that a document takes away, are left out: the
//! vocabularies' readers would still know them.

mod definition;
mod naming;
mod pinned;
mod property;
mod reading;
mod written;

use bytes::Bytes;
use thiserror::Error;

use crate::context::meaning::{self, Renaming};
use crate::error::ParseError;
use crate::parsed::Parsed;
use crate::read::Limits;

/// Contexts in all of one document. Real documents have up to nine in one object, and a page of a collection one of
/// those in each of its items.
const CONTEXTS: usize = 1024;

/// Bytes of all IRIs that names and ids are expanded to, for each byte of the document: `as:to` becomes 39 of them. A
/// document that puts a long IRI before each of many names asks for more.
const GROWTH: usize = 16;

/// Why a document was not read through its `@context`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonLdError {
    /// No document at all.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The context at this address is none of those that are known; nothing is fetched.
    #[error("the context {0:?} is not known")]
    UnknownContext(Box<str>),
    /// JSON-LD that moves objects to other places than they stand in.
    #[error("the document makes use of {0}, which is not read")]
    Unsupported(Box<str>),
    /// No JSON-LD.
    #[error("{name:?} should be {expected}")]
    Invalid {
        /// The name in the document or context.
        name: Box<str>,
        /// What JSON-LD has there.
        expected: &'static str,
    },
    /// One property under two names that cannot be told apart.
    #[error("{first:?} and {second:?} are one property")]
    TwoNames {
        /// The one that stands first.
        first: Box<str>,
        /// The other.
        second: Box<str>,
    },
    /// More than a real document has, of something that costs work.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most that are read.
        limit: usize,
    },
    /// What was read has names that mean something else still.
    #[error("the document cannot be told without renaming: {0}")]
    Renamed(Box<str>),
}

impl JsonLdError {
    fn invalid(name: &str, expected: &'static str) -> Self {
        Self::Invalid { name: name.into(), expected }
    }

    fn unsupported(what: &str) -> Self {
        Self::Unsupported(what.into())
    }
}

impl Parsed {
    /// Reads a document, through its `@context` if that renames terms.
    ///
    /// A document that gives no term another meaning is read as [`parse_with`](Self::parse_with) reads it: nearly
    /// every one. Otherwise names are taken for what the context says they are, and the object that this gives has
    /// them under the names of our vocabularies; the bytes stay those that came. What nothing defines is left out.
    ///
    /// Nothing is fetched: the contexts that servers share are known by their addresses.
    ///
    /// ```
    /// # use activitypub_core::{JsonLdError, Follow, Limits, Parsed};
    /// let swapped = r#"{
    ///     "@context": ["https://www.w3.org/ns/activitystreams", {"who": "as:actor", "actor": "as:object"}],
    ///     "type": "Follow",
    ///     "who": "https://a.example/ada",
    ///     "actor": "https://b.example/ben"
    /// }"#;
    /// let parsed = Parsed::parse_json_ld(swapped, &Limits::default())?;
    /// let follow = parsed.cast::<Follow>().expect("it says so itself");
    /// assert!(follow.actor().ids().eq(["https://a.example/ada"]));
    /// assert!(follow.object().ids().eq(["https://b.example/ben"]));
    /// # Ok::<(), JsonLdError>(())
    /// ```
    ///
    /// # Errors
    /// What [`parse_with`](Self::parse_with) refuses, and of what renames terms: contexts whose address is not
    /// known, JSON-LD that moves objects to other places, what is no JSON-LD, and more of it than real documents
    /// have.
    pub fn parse_json_ld(bytes: impl Into<Bytes>, limits: &Limits) -> Result<Self, JsonLdError> {
        let parsed = Self::parse_with(bytes, limits)?;
        if meaning::renamed(&parsed).is_empty() {
            return Ok(parsed);
        }
        let object = reading::read(&parsed, Budget::of(parsed.bytes().len()))?;
        match meaning::renamed(&object).first() {
            None => Ok(parsed.with_object(object)),
            Some(renaming) => Err(renaming.into()),
        }
    }
}

impl From<&Renaming> for JsonLdError {
    fn from(renaming: &Renaming) -> Self {
        Self::Renamed(renaming.to_string().into())
    }
}

/// How much work a document may still ask for.
#[derive(Debug)]
struct Budget {
    contexts: usize,
    written: usize,
    /// What `written` began with.
    limit: usize,
}

impl Budget {
    /// That of a document of so many bytes.
    fn of(size: usize) -> Self {
        let limit = size.saturating_mul(GROWTH);
        Self { contexts: CONTEXTS, written: limit, limit }
    }

    /// One more context.
    fn context(&mut self) -> Result<(), JsonLdError> {
        let left = self.contexts.checked_sub(1);
        self.contexts = left.ok_or(JsonLdError::TooMany { what: "contexts", limit: CONTEXTS })?;
        Ok(())
    }

    /// So many more bytes of IRIs.
    fn write(&mut self, bytes: usize) -> Result<(), JsonLdError> {
        let left = self.written.checked_sub(bytes);
        self.written = left.ok_or(JsonLdError::TooMany { what: "bytes of IRIs", limit: self.limit })?;
        Ok(())
    }
}
