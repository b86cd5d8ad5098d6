//! [`ParseError`]: why a document was refused.

use thiserror::Error;

/// Why a document was refused. Offsets count bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseError {
    /// More bytes than [`Limits::size`](crate::Limits::size).
    #[error("the document has {size} bytes, more than {limit}")]
    TooLarge {
        /// Its length.
        size: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Not UTF-8 throughout, as JSON has to be.
    #[error("the document is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// The first byte that is not.
        at: usize,
    },
    /// A byte order mark, which JSON must not begin with.
    #[error("the document begins with a byte order mark")]
    ByteOrderMark,
    /// The document ends inside a value.
    #[error("the document ends where {expected} should be")]
    UnexpectedEnd {
        /// What was missing.
        expected: &'static str,
    },
    /// Something that JSON does not have there.
    #[error("{expected} should be at byte {at}")]
    Unexpected {
        /// What JSON has there.
        expected: &'static str,
        /// Where.
        at: usize,
    },
    /// Half of a surrogate pair: no character.
    #[error("a lone surrogate ends at byte {at}")]
    LoneSurrogate {
        /// The byte after it.
        at: usize,
    },
    /// More after the document.
    #[error("the document is over before byte {at}, but there is more")]
    TrailingData {
        /// Where it begins.
        at: usize,
    },
    /// Deeper nested than [`Limits::depth`](crate::Limits::depth).
    #[error("more than {limit} levels of nesting at byte {at}")]
    TooDeep {
        /// The most levels that are read.
        limit: u8,
        /// Where the first level too many begins.
        at: usize,
    },
    /// A text, a number, an array or an object longer than its [limit](crate::Limits).
    #[error("more than {limit} in one {what} at byte {at}")]
    TooLong {
        /// Which of them.
        what: &'static str,
        /// Bytes of a text or number, items of an array, properties of an object.
        limit: usize,
        /// Where the limit was found to be passed.
        at: usize,
    },
    /// A name stands twice in one object: readers disagree about which one counts.
    #[error("{name:?} stands twice in the object at byte {at}")]
    DuplicateKey {
        /// The name, unescaped.
        name: Box<str>,
        /// Where the object begins.
        at: usize,
    },
    /// One property stands in one object in two spellings, such as `id` and `@id`.
    #[error("{first:?} and {second:?} are one property, both in the object at byte {at}")]
    TwoSpellings {
        /// The one that stands first.
        first: Box<str>,
        /// The other.
        second: Box<str>,
        /// Where the object begins.
        at: usize,
    },
    /// JSON, but not an object, which every ActivityPub document is.
    #[error("the document is not an object")]
    NotAnObject,
}
