//! Properties from Fediverse Enhancement Proposals: <https://codeberg.org/fediverse/fep>.

use super::as2::Object;
use crate::item::One;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://w3id.org/fep/044f#" as "fep044f";

    /// Properties of every object.
    extend Object {
        /// What it quotes ([FEP-044f](https://w3id.org/fep/044f)). Servers from before that proposal have other names
        /// for it, which are read, and written too.
        quote = "quote" & "quoteUrl" & "quoteUri" & "_misskey_quote": One<Object>,
    }
}
