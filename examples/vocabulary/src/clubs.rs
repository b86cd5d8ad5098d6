//! Clubs that read books together: a vocabulary with a published context, which documents name instead of
//! defining the words one by one. It uses types of another vocabulary, one of Activity Streams and one of ours.

use activitypub_core::{Activity, Actor, Group, Many, Object, One, Transitive, vocabulary};

use crate::books::Book;

vocabulary! {
    namespace "https://clubs.example/ns#" as "clubs" in "https://clubs.example/context.jsonld";

    /// A club; an actor, who can be followed.
    Club: Group + Actor + Object {
        /// What it is reading.
        reads = "reads": One<Book>,
    }

    /// `actor` recommends `object`, to those who know what clubs do.
    Recommend: Activity + Object + Transitive {
        /// The clubs that should read it.
        suited_for = "suitedFor": Many<Club>,
    }
}
