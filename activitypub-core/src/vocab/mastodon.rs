//! Mastodon's vocabulary, which most servers share: <https://docs.joinmastodon.org/spec/activitypub/>.
//!
//! Its experiment with end-to-end encryption (`Device`, `claim`, `cipherText` and the like) was given up and
//! is not here. What Mastodon takes from elsewhere is in [`ostatus`](super::ostatus),
//! [`schema`](super::schema) and [`miscellany`](super::miscellany).

use super::as2::{Actor, Object, Question};
use crate::iri::Iri;
use crate::scalar::{Sequence, Values};
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://joinmastodon.org/ns#" as "toot";

    /// A custom emoji: `name` is the shortcode between colons, `icon` the picture.
    Emoji: Object {}

    /// Properties of every object.
    extend Object {
        /// A blurred stand-in for a picture: <https://blurha.sh>.
        blurhash = "blurhash": str,
        /// The point of a picture that stays visible when it is cropped: how far right and how far up, each
        /// from -1 to 1, the middle being 0.
        focal_point = "focalPoint": Sequence<f64>,
    }

    /// More about polls.
    extend Question {
        /// How many people have voted, which is not how many votes there are where one may choose several.
        voters_count = "votersCount": u64,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether it may be recommended to others.
        discoverable = "discoverable": bool,
        /// Whether its public posts may be searched ([FEP-5feb](https://w3id.org/fep/5feb)); absent means no.
        indexable = "indexable": bool,
        /// What it has pinned to its profile.
        featured = "featured": Iri,
        /// The hashtags it shows on its profile: a collection of [`Hashtag`](crate::Hashtag)s.
        featured_tags = "featuredTags": Iri,
        /// Whether whom it stands for has died.
        memorial = "memorial": bool,
        /// Whether its own server has suspended it.
        suspended = "suspended": bool,
        /// The domains whose pages may say that they are by it; their subdomains are meant too.
        attribution_domains = "attributionDomains": Values<str>,
        /// Whether its profile is to show a tab of what it features.
        show_featured = "showFeatured": bool,
        /// Whether its profile is to show a tab of the media it has posted.
        show_media = "showMedia": bool,
        /// Whether that tab is to show the media of its replies too.
        show_replies_in_media = "showRepliesInMedia": bool,
    }
}
