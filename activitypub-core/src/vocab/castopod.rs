//! Podcasts, as Castopod publishes them:
//! <https://github.com/Podcastindex-org/activitypub-spec-work/blob/main/docs/1.0.md>.
//!
//! No context defines these names; see [`bookwyrm`](super::bookwyrm) for what that makes of them.

use super::as2::{Actor, Audio, Object};
use crate::iri::Iri;
use crate::item::One;
use crate::vocabulary;

vocabulary! {
    inherent namespace "_:" as "_" in "https://www.w3.org/ns/activitystreams";

    /// A podcast.
    Podcast: PodcastContent + Actor + Object {
        /// Its feed.
        rss = "rss": Iri,
        /// Its episodes.
        episodes = "episodes": Iri,
        /// A recording that introduces it.
        trailer = "trailer": Iri,
        /// Those who take part in it.
        persons = "persons": Iri,
        /// Who publishes it: a person or an organization, seldom an actor.
        podcast_publisher = "publisher": One<Object>,
        /// Who makes it.
        podcast_author = "author": One<Object>,
        /// Who owns it, with an `email` address to prove that by.
        podcast_owner = "owner": One<Object>,
        /// Who has the rights to it.
        copyright_holder = "copyrightHolder": One<Object>,
        /// That, as it is to be printed.
        copyright_notice = "copyrightNotice": str,
        /// The year these rights began.
        copyright_year = "copyrightYear": u64,
        /// Whether no more episodes will come.
        is_complete = "complete": bool,
        /// Whether it must not be imported elsewhere.
        is_locked = "locked": bool,
    }

    /// An episode of the podcast that it is attributed to.
    PodcastEpisode: PodcastContent + Object {
        /// What it is about: a Note, with the HTML in its `contentMap`.
        episode_description = "description": One<Object>,
        /// The recording.
        audio = "audio": One<Audio>,
        /// The season it is part of.
        part_of_season = "partOfSeason": Iri,
        /// Its number in that season.
        episode_number = "episodeNumber": u64,
        /// The comments on it.
        episode_comments = "comments": Iri,
    }

    /// What podcasts and their episodes have in common.
    abstract PodcastContent: Object {
        /// Whether it is not for children.
        is_explicit = "explicit": bool,
    }

    /// More about recordings.
    extend Audio {
        /// What is said in it.
        transcript = "transcript": Iri,
        /// What is said in it, with the times.
        caption = "caption": Iri,
        /// Its chapters.
        chapters = "chapters": Iri,
    }
}
