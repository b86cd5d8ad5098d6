//! Fedibird's vocabulary, which other servers of Mastodon's family took over: <http://fedibird.com/ns>.

use super::as2::Object;
use crate::iri::Iri;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://fedibird.com/ns#" as "fedibird";

    /// Properties of every object.
    extend Object {
        /// What it quotes, as Mastodon and Fedibird read it; [`quote`](crate::As::quote) writes it too.
        quote_uri = "quoteUri": Iri,
    }
}
