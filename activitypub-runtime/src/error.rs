//! [`Error`]: what went wrong, by whose fault it is.

use std::error::Error as StdError;

use activitypub_core::{IriBuf, OriginError};
use activitypub_policy::{Decision, ListError};
use activitypub_sig::Refusal;
use activitypub_webfinger::{AcctError, ConfirmError};
use http::StatusCode;

use crate::client::BuildError;
use crate::fetch::FetchError;
use crate::keys::KeyError;
use crate::store::StoreError;
use crate::template::TemplateError;

/// What went wrong, by whose fault it is: the peer's, nobody's since policy refused it, the network's, or our own.
///
/// The fault decides what becomes of an activity: a peer's mistake and a refusal are final, a network failure is
/// worth another try, and what failed here is kept for somebody to look at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What the peer sent is wrong.
    #[error(transparent)]
    Peer(#[from] PeerFault),
    /// Policy refuses it.
    #[error("refused by policy: {}", .0.decision.reason())]
    Refused(Box<Refused>),
    /// Something that was needed could not be had from another server.
    #[error(transparent)]
    Network(#[from] NetworkFault),
    /// Something failed here.
    #[error(transparent)]
    Here(#[from] HereFault),
}

/// What is wrong with what a peer sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeerFault {
    /// The request does not prove who made it, or what it carries is no activity.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The key that the request is signed with is not to be had, or is not its owner's.
    #[error(transparent)]
    Key(KeyError),
    /// The body is of no media type of ActivityPub (§7).
    #[error("the body is {0:?}, and an inbox takes application/activity+json")]
    MediaType(String),
    /// The body is longer than an inbox takes.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// How long it may be.
        limit: usize,
    },
    /// An activity of several types of Activity Streams at once: it could be read as the one here and as the other there.
    #[error("the activity is of several types: {0}")]
    SeveralTypes(String),
    /// An inbox on another server than its actor.
    #[error("the inbox {inbox} is not on the server of {actor}")]
    ForeignInbox {
        /// The inbox.
        inbox: IriBuf,
        /// Whose it is said to be.
        actor: IriBuf,
    },
    /// The body did not arrive in ten seconds.
    #[error("the body took longer than ten seconds to arrive")]
    Slow,
    /// The body broke off.
    #[error("the body could not be read")]
    Unreadable,
    /// More of something than an activity has that anybody means to read.
    #[error("{property} holds {count} values, and may hold {limit}")]
    TooMany {
        /// The property.
        property: &'static str,
        /// How many it holds.
        count: usize,
        /// How many it may hold.
        limit: usize,
    },
    /// There is no such actor, object or page.
    #[error("there is nothing here")]
    NotFound,
    /// The activity lacks what it cannot do without (ActivityPub §4.1, §7).
    #[error("the activity has no {0}")]
    Missing(&'static str),
    /// The object is on another server than the actor who makes, changes or deletes it.
    #[error("{object} is not on the server of {actor}, so {actor} has no say in it")]
    ForeignObject {
        /// The object.
        object: IriBuf,
        /// Who acted.
        actor: IriBuf,
    },
    /// The object belongs to somebody else than the actor who makes, changes, deletes or undoes it.
    #[error("{object} does not belong to {actor}")]
    NotOwner {
        /// The object.
        object: IriBuf,
        /// Who acted.
        actor: IriBuf,
    },
    /// An Accept or Reject of something that was never asked.
    #[error("{0} answers a Follow that was never sent")]
    Unasked(IriBuf),
    /// The Follow is for nobody here.
    #[error("{0} is no actor of this server")]
    NobodyHere(IriBuf),
    /// The text is not a handle.
    #[error(transparent)]
    Handle(#[from] AcctError),
}

/// What policy refused, and why.
#[derive(Debug)]
pub struct Refused {
    decision: Decision,
}

/// What could not be had from another server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkFault {
    /// A document.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A key, for now.
    #[error(transparent)]
    Key(KeyError),
    /// A handle and an actor that do not confirm each other.
    #[error(transparent)]
    Handle(#[from] ConfirmError),
    /// As many requests as can be handled at once are being handled.
    #[error("too busy; to be tried again later")]
    Busy,
    /// Policy wants it to be tried later.
    #[error("to be tried again later")]
    Deferred,
}

/// What failed here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HereFault {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The application.
    #[error(transparent)]
    Application(Box<dyn StdError + Send + Sync>),
    /// A block list.
    #[error(transparent)]
    Blocklist(#[from] ListError),
    /// The origin that the federation was built for.
    #[error("the origin of this server: {0}")]
    Origin(#[from] OriginError),
    /// A builder without a store.
    #[error("a federation needs a store: Federation::builder(..).store(Sqlite::open(path)?)")]
    NoStore,
    /// Two actors of one name.
    #[error("there are two actors of the name {0:?}")]
    SameName(String),
    /// A URL template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A template for an actor without exactly one name in braces.
    #[error("{0:?} should have exactly one name in braces, the actor's")]
    ActorTemplate(String),
    /// The HTTP client.
    #[error("the HTTP client cannot be built: {0}")]
    Client(#[from] BuildError),
    /// A key.
    #[error("a key of {actor:?} is unusable: {source}")]
    Key {
        /// The local actor.
        actor: String,
        /// Why.
        source: activitypub_sig::KeyError,
    },
    /// Nobody of this name lives here.
    #[error("there is no actor {0:?} here")]
    NoActor(String),
    /// An activity that is to be sent in the name of somebody else.
    #[error("{named} is not {actor}, who sends the activity")]
    NotOurActor {
        /// The `actor` of the activity.
        named: IriBuf,
        /// Who sends it.
        actor: IriBuf,
    },
    /// The id of something that is to be published here is on another server.
    #[error("{0} is not on this server")]
    NotOurId(IriBuf),
    /// The address to listen on.
    #[error("cannot listen: {0}")]
    Listen(std::io::Error),
    /// Something was to be staged in a unit of work that has ended already.
    #[error("the unit of work is over; nothing can be added to it")]
    WorkIsOver,
    /// What was deleted once is not published again: others remember that it is gone, and so does the store.
    #[error("an object with this id has been deleted, and cannot come back under it")]
    Deleted,
}

/// The result of whatever may fail by somebody's fault.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of the application's own.
    pub fn here(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        HereFault::Application(error.into()).into()
    }

    pub(crate) fn refused(decision: Decision) -> Self {
        Self::Refused(Box::new(Refused { decision }))
    }

    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Network(NetworkFault::Fetch(error)) => error.is_transient(),
            Self::Network(fault) => !matches!(fault, NetworkFault::Handle(_)),
            Self::Here(fault) => matches!(fault, HereFault::Store(_)),
            Self::Peer(_) | Self::Refused(_) => false,
        }
    }

    /// What the peer is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Peer(fault) => fault.status(),
            Self::Refused(_) => StatusCode::FORBIDDEN,
            Self::Network(_) if self.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            // What the activity leads to is not there, or not what it should be.
            Self::Network(_) => StatusCode::BAD_REQUEST,
            Self::Here(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl PeerFault {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refusal(Refusal::Document(_) | Refusal::OtherType(_) | Refusal::NoActor)
            | Self::Missing(_)
            | Self::TooMany { .. }
            | Self::SeveralTypes(_)
            | Self::Unreadable
            | Self::Handle(_) => StatusCode::BAD_REQUEST,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Refusal(_) | Self::Key(_) => StatusCode::UNAUTHORIZED,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound | Self::NobodyHere(_) => StatusCode::NOT_FOUND,
            Self::ForeignObject { .. }
            | Self::ForeignInbox { .. }
            | Self::NotOwner { .. }
            | Self::Unasked(_) => StatusCode::FORBIDDEN,
        }
    }
}

impl Refused {
    /// The decision, with the reasons that led to it.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// What the peer may know of the reasons.
    pub(crate) fn public_reason(&self) -> String {
        let reasons = self.decision.public_reasons().map(|(code, text)| text.unwrap_or(code));
        let reasons: Vec<_> = std::iter::once("refused by policy").chain(reasons).collect();
        reasons.join("; ")
    }
}

impl From<ListError> for Error {
    fn from(error: ListError) -> Self {
        HereFault::Blocklist(error).into()
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        HereFault::Store(error).into()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        PeerFault::Refusal(refusal).into()
    }
}

impl From<FetchError> for Error {
    fn from(error: FetchError) -> Self {
        NetworkFault::Fetch(error).into()
    }
}

impl From<KeyError> for Error {
    /// A key that may yet be had is the network's fault, any other the peer's.
    fn from(error: KeyError) -> Self {
        if error.is_transient() { NetworkFault::Key(error).into() } else { PeerFault::Key(error).into() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::here(error)
    }
}

impl From<AcctError> for Error {
    fn from(error: AcctError) -> Self {
        PeerFault::Handle(error).into()
    }
}
