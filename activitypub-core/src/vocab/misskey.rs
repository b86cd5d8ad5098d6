//! Misskey's vocabulary, which its forks share: <https://misskey-hub.net/ns>.

use super::as2::{Actor, Like, Object};
use super::mastodon::Emoji;
use crate::iri::Iri;
use crate::item::One;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://misskey-hub.net/ns#" as "misskey";

    /// How a custom emoji may be used.
    abstract EmojiLicense {
        /// That in words.
        free_text = "freeText": str,
    }

    /// Properties of every object.
    extend Object {
        /// What it quotes, as Misskey reads it; [`quote`](crate::As::quote) writes it too.
        misskey_quote = "_misskey_quote": Iri,
        /// The markup (MFM) that its `content` was made from.
        misskey_content = "_misskey_content": str,
        /// How many have chosen this option of a poll.
        misskey_votes = "_misskey_votes": u64,
    }

    /// More about reactions: Misskey writes every one of them as a Like.
    extend Like {
        /// The reaction: an emoji, or the name of a custom one between colons.
        misskey_reaction = "_misskey_reaction": str,
    }

    /// More about custom emoji.
    extend Emoji {
        /// How it may be used.
        misskey_license = "_misskey_license": One<EmojiLicense>,
    }

    /// Properties of every actor.
    extend Actor {
        /// The markup (MFM) that its `summary` was made from.
        misskey_summary = "_misskey_summary": str,
        /// What it tells those who begin to follow it.
        misskey_followed_message = "_misskey_followedMessage": str,
        /// Whether only people who are logged in should see what it posts.
        misskey_require_signin_to_view_contents = "_misskey_requireSigninToViewContents": bool,
        /// How old what it posts has to be for followers alone to see it, in milliseconds: a Unix time where
        /// it is positive, an age where it is negative.
        misskey_make_notes_followers_only_before = "_misskey_makeNotesFollowersOnlyBefore": i64,
        /// The same for nobody but itself to see it.
        misskey_make_notes_hidden_before = "_misskey_makeNotesHiddenBefore": i64,
        /// Whether it is a cat.
        is_cat = "isCat": bool,
    }
}

/// What Firefish added: <https://joinfirefish.org/ns>.
pub mod firefish {
    use super::Actor;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://joinfirefish.org/ns#" as "firefish";

        /// Properties of every actor.
        extend Actor {
            /// Whether what it says is to be shown as a cat would say it.
            speak_as_cat = "speakAsCat": bool,
        }
    }
}

/// What Sharkey added: <https://joinsharkey.org/ns>.
pub mod sharkey {
    use super::{Actor, One};
    use crate::vocab::as2::Image;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://joinsharkey.org/ns#" as "sharkey";

        /// Properties of every actor.
        extend Actor {
            /// A picture to show behind its profile. Akkoma has it too.
            background_url = "backgroundUrl": One<Image>,
            /// Its name at [ListenBrainz](https://listenbrainz.org).
            listenbrainz = "listenbrainz": str,
            /// Whether it keeps to itself when it was last seen.
            hide_online_status = "hideOnlineStatus": bool,
            /// Whether its server has a feed of its public posts.
            enable_rss = "enableRss": bool,
        }
    }
}
