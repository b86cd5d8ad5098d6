//! Pixelfed's vocabulary: <https://pixelfed.github.io/docs-next/spec/ActivityPub.html>.
//!
//! Its `commentsEnabled` is [PeerTube's](crate::As::comments_enabled).

use super::as2::{Object, Place, Transitive};
use crate::iri::Iri;
use crate::item::One;
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://pixelfed.org/ns#" as "pixelfed";

    /// A picture or video, its `attachment`, that is shown for a day. In an Add it has no more than an `object`,
    /// a `bear:` URI to fetch it by.
    Story: Object + Transitive {
        /// How long it is shown each time, in seconds.
        story_duration = "duration" @ "https://www.w3.org/ns/activitystreams#duration": u64,
        /// When it disappears.
        expires_at = "expiresAt": Timestamp,
        /// Whether it may be replied to.
        story_can_reply = "can_reply": bool,
        /// Whether it may be reacted to.
        story_can_react = "can_react": bool,
    }

    /// Who may do what with a post: Public, or the text `[]` for nobody.
    abstract PostCapabilities {
        /// Who may announce it.
        may_announce = "announce" @ "http://pixelfed.org/ns#canAnnounce": Iri,
        /// Who may like it.
        may_like = "like" @ "http://pixelfed.org/ns#canLike": Iri,
        /// Who may reply to it.
        may_reply = "reply" @ "http://pixelfed.org/ns#canReply": Iri,
    }

    /// Properties of every object.
    extend Object {
        /// Who may do what with it. On actors the property of that name says
        /// [what they can do](crate::As::capabilities).
        post_capabilities = "capabilities": One<PostCapabilities>,
    }

    /// More about places.
    extend Place {
        /// The country it is in, in words.
        country = "country": str,
    }
}
