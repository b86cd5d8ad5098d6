//! Delivery: every body to every host it is addressed to, once the host can be reached.
//!
//! What waits stands in the store, enqueued in the transaction that gave rise to it; each origin has a *lane*, and how
//! often to try belongs to the lane: a dead host costs a probe now and then, however much waits for it
//! ([`lanes`]). A worker claims what is due, signs it just in time and records what came of it ([`worker`]).
//!
//! Delivery is at least once: after a crash, what was under way is sent again, and receivers know an activity by its id.
//! <https://www.w3.org/TR/activitypub/#server-to-server-interactions>

use std::time::Duration;

use activitypub_core::{Iri, IriBuf};
use activitypub_sig::Dialect;
use async_trait::async_trait;
use bytes::Bytes;

pub(crate) mod lanes;
pub(crate) mod worker;

pub(crate) use lanes::Outcome;
pub(crate) use worker::Worker;

/// A body and all it is to be sent to.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// The activity's id.
    pub(crate) activity: IriBuf,
    /// The activity as it is sent, without `bto` and `bcc`.
    pub(crate) body: Bytes,
    /// The local actor whose key signs.
    pub(crate) local: String,
    /// What it is about: within one of these ids, a host receives in the order of enqueueing.
    pub(crate) order: IriBuf,
    /// How long it matters.
    pub(crate) class: Class,
    /// To whom. Each address is sent to once, however often it stands here.
    pub(crate) to: Vec<Recipient>,
}

/// Where a body goes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Recipient {
    /// To this inbox, shared or not.
    Inbox(IriBuf),
    /// To the inbox of this actor, which is looked up when it is due.
    Actor(IriBuf),
}

impl Recipient {
    /// The id or the inbox.
    pub(crate) fn iri(&self) -> &Iri {
        let (Self::Inbox(iri) | Self::Actor(iri)) = self;
        iri
    }
}

/// How long a delivery matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// A Like, an Announce: 2 days.
    Reaction,
    /// A Create, an Update, and what else is said: 7 days.
    Post,
    /// A Delete or an Undo: 30 days, because one that is lost leaves others with what they should not have. What it takes
    /// back (an earlier delivery of the same [`order`](Delivery::order)) is not sent any more where it still waits.
    Retraction,
    /// A Move, a Block: 30 days.
    Lasting,
}

impl Class {
    /// The class of an activity of this type.
    pub(crate) fn of(kind: &str) -> Self {
        match kind {
            "Like" | "Dislike" | "Announce" | "EmojiReact" | "View" | "Read" => Self::Reaction,
            "Delete" | "Undo" => Self::Retraction,
            "Move" | "Block" => Self::Lasting,
            _ => Self::Post,
        }
    }

    /// How long after being enqueued it is given up.
    pub(crate) fn lifetime(self) -> Duration {
        const DAY: u64 = 24 * 60 * 60;
        Duration::from_secs(match self {
            Self::Reaction => 2 * DAY,
            Self::Post => 7 * DAY,
            Self::Retraction | Self::Lasting => 30 * DAY,
        })
    }
}

/// What carries one body to one inbox; the worker decides when and what next.
#[async_trait]
pub(crate) trait Courier: Send + Sync + 'static {
    /// One signed POST, with policy and guard before it: no redirect, no second try, a deadline of its own.
    async fn post(&self, inbox: &Iri, local: &str, body: &Bytes, dialect: Dialect) -> Outcome;

    /// The inbox of an actor, for [`Recipient::Actor`]; the error says what the failed look-up means for the delivery.
    async fn inbox_of(&self, actor: &Iri, local: &str) -> Result<IriBuf, Outcome>;
}
