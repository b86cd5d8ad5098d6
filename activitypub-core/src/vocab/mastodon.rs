//! Mastodon's vocabulary, which most servers share: <https://docs.joinmastodon.org/spec/activitypub/>.

use super::as2::{Actor, Object};
use crate::iri::Iri;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://joinmastodon.org/ns#" as "toot";

    /// A custom emoji: `name` is the shortcode between colons, `icon` the picture.
    Emoji: Object {}

    /// Properties of every object.
    extend Object {
        /// A blurred stand-in for a picture: <https://blurha.sh>.
        blurhash = "blurhash": str,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether it may be recommended to others.
        discoverable = "discoverable": bool,
        /// Whether its public posts may be searched ([FEP-5feb](https://w3id.org/fep/5feb)); absent means no.
        indexable = "indexable": bool,
        /// What it has pinned to its profile.
        featured = "featured": Iri,
    }
}

/// What of schema.org stands on profiles: <https://docs.joinmastodon.org/spec/activitypub/#PropertyValue>.
pub mod schema {
    use super::Object;
    use crate::text::Html;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "http://schema.org#" as "schema";

        /// A field of a profile, with a `name`.
        PropertyValue: Object {
            /// What the field says; HTML.
            value = "value": Html,
        }
    }
}
