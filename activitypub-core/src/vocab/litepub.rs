//! LitePub, which Pleroma and Akkoma speak: <https://litepub.social>.
//!
//! Each of their servers publishes the context at an address of its own, so documents that are built here
//! define the names themselves.

use super::as2::{Activity, Actor, Endpoints, Object, OrderedCollection, Transitive};
use crate::iri::Iri;
use crate::item::One;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://litepub.social/ns#" as "litepub";

    /// `actor` reacts to `object` with an emoji: `content` is that, or the name of a custom one between colons
    /// ([FEP-c0e0](https://w3id.org/fep/c0e0)).
    EmojiReact: Activity + Object + Transitive {}

    /// A message to one other actor, part of a chat. Lemmy had these too.
    ChatMessage: Object {}

    /// What an actor can do.
    abstract ActorCapabilities {
        /// Whether it takes [ChatMessage]s.
        accepts_chat_messages = "acceptsChatMessages": bool,
    }

    /// Properties of every object.
    extend Object {
        /// Whether it is for those alone who are addressed, whoever else is mentioned. Mastodon reads it too.
        direct_message = "directMessage": bool,
        /// The list of actors that it was sent to.
        list_message = "listMessage": Iri,
        /// How it was before it was edited, each version with its own `updated`.
        former_representations = "formerRepresentations": One<OrderedCollection>,
    }

    /// Properties of every actor.
    extend Actor {
        /// What it can do.
        capabilities = "capabilities": One<ActorCapabilities>,
        /// Whether it is to be left out of lists of actors, as relays and servers themselves are.
        invisible = "invisible": bool,
    }

    /// More addresses.
    extend Endpoints {
        /// Where a client registers.
        oauth_registration_endpoint = "oauthRegistrationEndpoint": Iri,
    }
}
