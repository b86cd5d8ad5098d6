//! Fedibird's vocabulary, which other servers of Mastodon's family took over: <http://fedibird.com/ns>.

use super::as2::{Actor, Collection, Object, ObjectOrLink};
use super::schema::fields::PropertyValue;
use crate::iri::Iri;
use crate::item::{List, One};
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://fedibird.com/ns#" as "fedibird";

    /// Properties of every object.
    extend Object {
        /// What it quotes, as Mastodon and Fedibird read it; [`quote`](crate::As::quote) writes it too.
        quote_uri = "quoteUri": Iri,
        /// The reactions to it: [`EmojiReact`](crate::EmojiReact)s, or Likes with a `content`.
        emoji_reactions = "emojiReactions": One<Collection>,
        /// Who may find it, or what it says, by searching: Public, collections or actors
        /// ([FEP-268d](https://w3id.org/fep/268d)). It goes before [`indexable`](crate::As::indexable); since
        /// an empty array says nothing, nobody is written as its own id.
        searchable_by = "searchableBy": List<ObjectOrLink>,
        /// Other posts it refers to.
        references = "references": One<Collection>,
        /// When it is to be deleted.
        expiry = "expiry": Timestamp,
    }

    /// Properties of every actor.
    extend Actor {
        /// Settings, by the name that Fedibird has for them.
        other_setting = "otherSetting": List<PropertyValue>,
    }
}
