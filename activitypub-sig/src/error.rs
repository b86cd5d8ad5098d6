//! Why not: what is wrong with a request, a key or its owner, in the words of the protocols.

use activitypub_core::{IriBuf, ParseError};
use http::HeaderName;
use thiserror::Error;

use crate::http::Part;
use crate::key::{KeyError, KeyType};

/// Why a request is not taken for what it says it is.
///
/// Each variant names the part that is wrong, so that whoever runs the peer can find it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no signature, in any dialect.
    #[error("the request carries no HTTP signature")]
    Unsigned,
    /// A field that must stand alone came twice: readers differ on which one counts.
    #[error("the {0} field appears more than once")]
    RepeatedField(HeaderName),
    /// A field that is needed holds something other than visible ASCII.
    #[error("the {0} field holds bytes that are not visible ASCII")]
    NotText(HeaderName),
    /// A field is not written as its specification says.
    #[error("the {field} field is malformed: {flaw}")]
    Malformed {
        /// The field.
        field: HeaderName,
        /// What is wrong with it.
        flaw: &'static str,
    },
    /// Neither a Host field nor the request target says whom the request is for.
    #[error("the request names no host")]
    NoHost,
    /// The request is for somebody else.
    #[error("the request is for {named:?}, and this is {ours}")]
    ForeignAuthority {
        /// The authority in the request.
        named: Box<str>,
        /// The configured one.
        ours: Box<str>,
    },

    /// A parameter of the signature came twice.
    #[error("the signature parameter {0} appears more than once")]
    RepeatedParameter(Box<str>),
    /// A parameter that the signature needs is not there.
    #[error("the signature parameter {0} is missing")]
    MissingParameter(&'static str),
    /// A parameter of the signature holds what it must not.
    #[error("the signature parameter {name} is malformed: {flaw}")]
    MalformedParameter {
        /// The parameter.
        name: &'static str,
        /// What is wrong with it.
        flaw: &'static str,
    },
    /// The key id is not an absolute `https:` or `http:` IRI.
    #[error("the key id {0:?} is not an https IRI")]
    KeyId(Box<str>),
    /// The signatures of one request name different keys.
    #[error("the request is signed with different keys: {0} and {1}")]
    SeveralKeys(IriBuf, IriBuf),
    /// One component is covered twice.
    #[error("the signature covers {0} twice")]
    RepeatedComponent(Box<str>),
    /// A covered component is not in the request.
    #[error("the signature covers {0}, which the request does not have")]
    MissingComponent(Box<str>),
    /// A covered component is none that this library can rebuild.
    #[error("the signature covers {0}, which is not supported")]
    UnsupportedComponent(Box<str>),
    /// The signature algorithm is none that this library verifies.
    #[error("the signature algorithm {0:?} is not supported")]
    UnsupportedAlgorithm(Box<str>),
    /// The signature does not bind a part of the request that it must bind.
    #[error("the signature does not cover the {0}")]
    NotCovered(Part),
    /// There are more of these than anyone needs.
    #[error("there are too many {0}")]
    TooMany(&'static str),

    /// No digest that can be relied on.
    #[error("the {0} field lists neither SHA-256 nor SHA-512")]
    NoStrongDigest(HeaderName),
    /// The body is not the one the digest was made of.
    #[error("the {algorithm} digest in the {field} field is not that of the body")]
    DigestMismatch {
        /// The field.
        field: HeaderName,
        /// The algorithm.
        algorithm: &'static str,
    },

    /// Signed too long ago.
    #[error("the request was signed {seconds} seconds ago, which is too long")]
    Stale {
        /// How long ago.
        seconds: u64,
    },
    /// Signed in the future: one of the clocks is wrong.
    #[error("the request was signed {seconds} seconds in the future")]
    Future {
        /// How far in the future.
        seconds: u64,
    },
    /// The signature said how long it would be good.
    #[error("the signature expired {seconds} seconds ago")]
    Expired {
        /// How long ago.
        seconds: u64,
    },
    /// The caller brought another key than the request names.
    #[error("the request is signed with the key {named}, not with {given}")]
    OtherKey {
        /// The key id in the request.
        named: IriBuf,
        /// The key it was to be verified with.
        given: IriBuf,
    },
    /// The named algorithm is for keys of another type.
    #[error("the signature is made for an {named} key, and the key is an {key} key")]
    AlgorithmMismatch {
        /// The type of key that the signature's algorithm is for.
        named: KeyType,
        /// The type of the key.
        key: KeyType,
    },
    /// The signature was not made by this key over this request.
    #[error("the signature is not one that the key {0} made of this request")]
    SignatureMismatch(IriBuf),

    /// The document that should hold the key does not.
    #[error("the key {0} is not in its document")]
    NoKey(IriBuf),
    /// The key does not parse, or is too weak.
    #[error("the key {id} is unusable")]
    Key {
        /// The key's id.
        id: IriBuf,
        /// What is wrong with the key.
        source: KeyError,
    },
    /// One id, several keys.
    #[error("the key id {0} stands for different keys in one document")]
    AmbiguousKey(IriBuf),
    /// A key that says of nobody, or of several, that they own it.
    #[error("the key {0} does not name one owner")]
    NoOwner(IriBuf),
    /// The key names an owner, and the document is somebody else's.
    #[error("the key belongs to {claimed}, and the document is that of {document}")]
    OtherOwner {
        /// The owner that the key names.
        claimed: IriBuf,
        /// The id of the owner's document.
        document: IriBuf,
    },
    /// What was fetched for the owner has no id, and so is nobody.
    #[error("the document of {0}, who should own the key, has no id")]
    NoOwnerId(IriBuf),
    /// Key and owner live on different servers.
    #[error("the key {id} is not of the same origin as its owner {owner}")]
    ForeignKey {
        /// The key's id.
        id: IriBuf,
        /// Its owner.
        owner: IriBuf,
    },
    /// The owner does not list the key.
    #[error("{owner} does not list the key {id}")]
    NotListed {
        /// The key's id.
        id: IriBuf,
        /// Who should list it.
        owner: IriBuf,
    },
    /// The owner lists another key under this id.
    #[error("{owner} lists another key under the id {id}")]
    OtherMaterial {
        /// The key's id.
        id: IriBuf,
        /// Who lists it.
        owner: IriBuf,
    },

    /// The signed bytes are not a document.
    #[error("the body is not an ActivityStreams document")]
    Document(#[from] ParseError),
    /// The document is not the one that was signed.
    #[error("the document was read from other bytes than those that were signed")]
    OtherBytes,
    /// The document is well signed and something else.
    #[error("the body is not what was asked for: {0}")]
    OtherType(&'static str),
    /// The activity's id is not a string.
    #[error("the activity's id is not a string")]
    MalformedId,
    /// The activity says of nobody, or of several, that they did it.
    #[error("the activity does not name one actor")]
    NoActor,
    /// The activity is somebody else's than the key that signed it.
    #[error("the activity is by {actor}, and signed by {owner}")]
    OtherActor {
        /// Who is said to have done it.
        actor: IriBuf,
        /// Who signed it.
        owner: IriBuf,
    },
    /// The activity has an id that its actor's server does not give out.
    #[error("the activity's id {id} is not of the same origin as its actor {actor}")]
    ForeignId {
        /// The activity's id.
        id: IriBuf,
        /// Its actor.
        actor: IriBuf,
    },
}

impl Refusal {
    /// Whether the peer may be right after all: a clock that is off, or a key that was replaced since its
    /// documents were read. Reading those again, or waiting, can help; every other refusal stands.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Stale { .. }
                | Self::Future { .. }
                | Self::Expired { .. }
                | Self::AlgorithmMismatch { .. }
                | Self::SignatureMismatch(_)
                | Self::NoKey(_)
                | Self::NotListed { .. }
                | Self::OtherMaterial { .. }
        )
    }

    pub(crate) fn malformed(field: HeaderName, flaw: &'static str) -> Self {
        Self::Malformed { field, flaw }
    }

    pub(crate) fn parameter(name: &'static str, flaw: &'static str) -> Self {
        Self::MalformedParameter { name, flaw }
    }
}

/// Why a request cannot be signed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The request's URI names no host, so nobody could verify the signature.
    #[error("the URI {0} is not absolute")]
    RelativeUri(Box<str>),
    /// The key id cannot be written in a header.
    #[error("the key id {0} cannot stand in a header field")]
    KeyId(IriBuf),
    /// The time lies before 1970, or far beyond us.
    #[error("the time cannot be written in a header field")]
    Time,
    /// A field that is to be signed cannot be.
    #[error("a field of the request cannot be signed")]
    Field(#[source] Refusal),
    /// The engine refused: there is no entropy, or the key is broken.
    #[error("the private key operation failed")]
    Engine,
}
