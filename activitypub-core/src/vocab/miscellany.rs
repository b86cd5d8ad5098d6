//! What everybody uses of the Activity Streams namespace without it being in the published context:
//! <https://www.w3.org/wiki/Activity_Streams_extensions>, <https://purl.archive.org/miscellany>.

use super::as2::{Actor, Collection, Link, Measured, Object};
use crate::iri::Iri;
use crate::item::{Many, One};
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://www.w3.org/ns/activitystreams#" as "as";

    /// A Link to what a hashtag stands for; its `name` begins with `#`.
    Hashtag: Link + Measured {}

    /// Properties of every object.
    extend Object {
        /// Whether it should be hidden until somebody asks to see it.
        sensitive = "sensitive": bool,
        /// What it quotes, as Pleroma and Misskey read it; [`quote`](crate::As::quote) writes it too.
        quote_url = "quoteUrl": Iri,
        /// The Dislikes of it. PeerTube has it.
        dislikes = "dislikes": One<Collection>,
        /// The comments on it. PeerTube has it, and nothing in `replies`.
        comments = "comments": One<Collection>,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether a Follow waits for a person to accept it.
        manually_approves_followers = "manuallyApprovesFollowers": bool,
        /// Where it has moved.
        moved_to = "movedTo": Iri,
        /// Other ids of the same somebody, needed for a Move.
        also_known_as = "alsoKnownAs": Many<Object>,
    }
}
