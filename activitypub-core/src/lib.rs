#![doc = include_str!("../README.md")]

mod audience;
mod builder;
mod collection;
mod context;
mod error;
mod flaw;
mod html;
mod iri;
mod item;
mod jcs;
#[cfg(feature = "json-ld")]
mod json_ld;
mod macros;
mod parsed;
mod place;
mod plain;
mod property;
mod read;
mod scalar;
mod shape;
mod spelling;
mod text;
mod time;
mod value;
mod view;
pub mod vocab;
mod write;

pub use audience::{Audience, Mentioned, PUBLIC, Visibility, is_public};
pub use builder::{Builder, Concrete, Edit};
pub use collection::Contents;
pub use context::ACTIVITY_STREAMS;
pub use error::ParseError;
pub use flaw::{Flaw, Rule, Severity};
#[cfg(feature = "html")]
pub use html::SafeHtml;
pub use html::{UntrustedHtml, UntrustedHtmlBuf};
pub use iri::{Iri, IriBuf, Origin, OriginError};
pub use item::{Item, Items, List, Many, One};
pub use jcs::JcsError;
#[cfg(feature = "json-ld")]
pub use json_ld::JsonLdError;
pub use parsed::Parsed;
pub use plain::one_line;
pub use property::{Defined, Property, Term};
pub use read::Limits;
pub use scalar::{Scalar, Scalars, Sequence, Values};
pub use shape::{Put, Shape};
pub use text::{Html, LanguageText, Text, TextRef};
pub use time::{Closed, Timestamp, TimestampError};
pub use value::{Number, Value};
pub use view::{As, Is, Kind, Typed};
pub use vocab::kind;

pub use vocab::as2::{
    Accept, Activity, Actor, Add, Announce, Any, Application, Arrive, Article, Audio, Block, Collection,
    CollectionPage, Create, Delete, Dislike, Document, Endpoints, Event, Flag, Follow, Group, Ignore, Image,
    IntransitiveActivity, Invite, Join, Leave, Like, Link, Listen, Measured, Mention, Move, Note, Object,
    ObjectOrLink, Offer, OrderedCollection, OrderedCollectionPage, Organization, Page, Person, Place,
    Profile, Question, Read, Reject, Relationship, Remove, Service, TentativeAccept, TentativeReject,
    Tombstone, Transitive, Travel, Undo, Update, Video, View,
};
pub use vocab::bookwyrm::{Comment, Edition, Quotation, Review};
pub use vocab::castopod::{Podcast, PodcastEpisode};
pub use vocab::fep::featured::{FeatureAuthorization, FeatureRequest, FeaturedCollection, FeaturedItem};
pub use vocab::fep::identity::VerifiableIdentityStatement;
pub use vocab::fep::quotes::{QuoteAuthorization, QuoteRequest};
pub use vocab::forgefed::draft::{Grant, Project, Revoke, Team};
pub use vocab::forgefed::{Branch, Commit, Push, Repository, Ticket};
pub use vocab::funkwhale::{Album, Artist, Library, Track};
pub use vocab::gotosocial::{
    AnnounceAuthorization, AnnounceRequest, InteractionAuthorization, InteractionPolicy, InteractionRule,
    LikeAuthorization, LikeRequest, ReplyAuthorization, ReplyRequest,
};
pub use vocab::lemmy::{Feed, Lock};
pub use vocab::litepub::{ChatMessage, EmojiReact};
pub use vocab::mastodon::Emoji;
pub use vocab::miscellany::Hashtag;
pub use vocab::peertube::{Playlist, PlaylistElement};
pub use vocab::pixelfed::Story;
pub use vocab::schema::fields::PropertyValue;
pub use vocab::schema::{PostalAddress, VirtualLocation};
pub use vocab::security::data_integrity::DataIntegrityProof;
pub use vocab::security::multikey::Multikey;
pub use vocab::security::{Key, RsaSignature2017};
