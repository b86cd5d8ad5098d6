//! Misskey's vocabulary, which its forks share: <https://misskey-hub.net/ns>.

use super::as2::Object;
use crate::iri::Iri;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://misskey-hub.net/ns#" as "misskey";

    /// Properties of every object.
    extend Object {
        /// What it quotes, as Misskey reads it; [`quote`](crate::As::quote) writes it too.
        misskey_quote = "_misskey_quote": Iri,
    }
}
