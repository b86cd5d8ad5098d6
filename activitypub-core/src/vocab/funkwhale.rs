//! Music, as Funkwhale shares it: <https://docs.funkwhale.audio/specs/federation/index.html>.

use super::as2::{Audio, Collection, Link, Object, ObjectOrLink};
use crate::iri::Iri;
use crate::item::{List, One};
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://funkwhale.audio/ns#" as "fw" in "https://funkwhale.audio/ns";

    /// Recordings of somebody. Whoever follows it gets to know what is added.
    Library: Collection + Object {
        /// Those who follow it.
        collection_followers = "followers" @ "https://www.w3.org/ns/activitystreams#followers": Iri,
    }

    /// A musician, or several under one name.
    Artist: MusicEntity + Object {}

    /// An album.
    Album: ByArtists + MusicEntity + Object {
        /// The date it came out, such as `1984-07-27`.
        album_released = "released": str,
        /// Its cover, a picture.
        album_cover = "cover": One<Link>,
    }

    /// A piece on an album.
    Track: ByArtists + MusicEntity + Object {
        /// The album it is on.
        album = "album": One<Album>,
        /// Its place on its disc, from 1.
        track_position = "position": u64,
        /// The disc it is on, from 1.
        track_disc = "disc": u64,
    }

    /// What [MusicBrainz](https://musicbrainz.org) knows.
    abstract MusicEntity: Object {
        /// Its MBID there.
        musicbrainz_id = "musicbrainzId": str,
    }

    /// What artists make.
    abstract ByArtists: MusicEntity + Object {
        /// Who made it, in the order they are named in.
        artists = "artists": List<Artist>,
    }

    /// A recording that was uploaded.
    extend Audio {
        /// The library it is in.
        music_library = "library": One<Library>,
        /// What it is a recording of.
        track = "track": One<Track>,
        /// How long its file is, in bytes.
        file_size = "size": u64,
        /// The album it is on, for what is published without a `track`.
        audio_album = "album": One<Album>,
        /// Its place on its disc, from 1, for what is published without a `track`.
        audio_position = "position": u64,
        /// The disc it is on, from 1, for what is published without a `track`.
        audio_disc = "disc": u64,
    }

    /// Properties of every object.
    extend Object {
        /// Who has the rights to it, as it is to be printed.
        copyright = "copyright": str,
    }

    /// Properties of recordings, and of Links to their files.
    extend ObjectOrLink {
        /// In bits per second.
        bitrate = "bitrate": u64,
    }
}
