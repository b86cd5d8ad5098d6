//! Lemmy's vocabulary, which other servers of communities share: <https://join-lemmy.org/docs/contributors/05-federation.html>,
//! <https://join-lemmy.org/context.json>.
//!
//! A Group is a community and announces what happens in it ([FEP-1b12](https://w3id.org/fep/1b12)). What Lemmy
//! takes from elsewhere is in [`schema`](super::schema), [`peertube`](super::peertube) and
//! [`mastodon`](super::mastodon).

use super::as2::{Activity, Actor, Block, Group, Object, Transitive};
use crate::iri::Iri;
use crate::item::List;
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://join-lemmy.org/ns#" as "lemmy";

    /// Several communities together; those are what it is `following`.
    Feed: Actor + Object {}

    /// `actor`, a moderator, wants no more replies to `object`.
    Lock: Activity + Object + Transitive {}

    /// `actor`, a moderator, warns the author of `object`; `summary` says why.
    Warn: Activity + Object + Transitive {}

    /// What moderators of a community sort its posts by; in its `tag`, and in that of posts.
    CommunityPostTag: Object {
        /// What programs know it by in its community.
        post_tag_name = "preferredUsername" @ "https://www.w3.org/ns/activitystreams#preferredUsername": str,
        /// The color to show it in.
        color = "color": str,
    }

    /// The same as PieFed has it.
    CommunityTag: Object {
        /// What it is called.
        display_name = "display_name": str,
        /// The color of its name, such as `#000000`.
        text_color = "text_color": str,
        /// The color behind its name, such as `#eeeeee`.
        background_color = "background_color": str,
        /// Whether pictures of posts that have it are to be blurred.
        blur_images = "blur_images": bool,
    }

    /// Properties of every object.
    extend Object {
        /// Whether it is pinned in its community, as the servers around Lemmy write it. Lemmy itself adds the
        /// post to [`featured`](crate::As::featured).
        stickied = "stickied": bool,
        /// Whether it speaks for the moderators.
        distinguished = "distinguished": bool,
    }

    /// More about moderation.
    extend Activity {
        /// Whether all that the actor concerned has posted is to be removed as well.
        remove_data = "removeData": bool,
    }

    /// More about bans, which are Blocks by a moderator.
    extend Block {
        /// When it ends; newer versions write `endTime`.
        ban_expires = "expires" @ "https://www.w3.org/ns/activitystreams#endTime": Timestamp,
    }

    /// More about communities.
    extend Group {
        /// The tags of its posts, as PieFed has them.
        tags_for_posts = "lemmy:tagsForPosts": List<CommunityTag>,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether only moderators may post there.
        posting_restricted_to_mods = "postingRestrictedToMods": bool,
        /// Its moderators, in older documents; newer ones have that collection in `attributedTo`.
        moderators = "moderators": Iri,
        /// Its address in [Matrix](https://matrix.org), such as `@iris:chat.example`.
        matrix_user_id = "matrixUserId": str,
    }
}
