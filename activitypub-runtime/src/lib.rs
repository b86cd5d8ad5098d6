#![doc = include_str!("../README.md")]

mod actors;
mod axum;
mod builder;
pub mod client;
mod context;
mod courier;
mod delivery;
mod error;
mod federation;
pub mod fetch;
mod gate;
pub mod guard;
mod handler;
mod inbox;
pub mod keys;
mod local;
mod negotiate;
mod objects;
mod outbox;
mod router;
mod store;
mod template;
mod transition;

pub use activitypub_core as as2;
pub use activitypub_policy as policy;
pub use activitypub_sig as sig;
pub use activitypub_webfinger as webfinger;

pub use activitypub_policy::Blocklist;
pub use activitypub_sig::Verified;

pub use builder::FederationBuilder;
pub use context::{Context, Undone};
pub use error::{Error, HereFault, NetworkFault, PeerFault, Refused, Result};
pub use federation::Federation;
pub use handler::Handler;
pub use objects::Served;
pub use store::{DeadLetter, LaneStatus, Page, Sqlite, StoreError, Undelivered};
pub use template::{Params, TemplateError};
