//! PeerTube's vocabulary: <https://docs.joinpeertube.org/api/activitypub>.
//!
//! A video is a Video that is attributed to an account (a Person) and a channel (a Group); its `url` is a list
//! of Links to its page, its files and what helps to get these. Much of it is [schema.org's](super::schema).

use std::time::Duration;

use super::as2::{Activity, Actor, Collection, Link, Object, ObjectOrLink, Transitive, Video, View};
use super::schema::WatchAction;
use crate::iri::Iri;
use crate::item::{List, One};
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://joinpeertube.org/ns#" as "pt";

    /// A list of videos; its pages hold [PlaylistElement]s.
    Playlist: Collection + Object {
        /// Its place among the playlists of its channel, from 1.
        video_channel_position = "videoChannelPosition" @ "https://joinpeertube.org/ns#position": u64,
    }

    /// A video, its `url`, in a playlist.
    PlaylistElement: Section + Object {
        /// Its place in the playlist, from 1.
        position = "position": u64,
        /// Where to stop playing, in seconds.
        stop_timestamp = "stopTimestamp": f64,
    }

    /// A copy, at `url`, of the video `object`, which its server helps to share.
    CacheFile: Object + Transitive {
        /// Until when there is a copy.
        cache_expires = "expires" @ "http://schema.org/expires": Timestamp,
    }

    /// `actor` lets the reply `object` stand under the video `inReplyTo`.
    ApproveReply: Activity + Object + Transitive {}
    /// `actor` does not let the reply `object` stand under the video `inReplyTo`.
    RejectReply: Activity + Object + Transitive {}

    /// How the video or channel `object` is to be played.
    PlayerSettings: Object + Transitive {
        /// What the player looks like.
        theme = "theme": str,
    }

    /// The hash of a segment or torrent, hexadecimal, as `name`; in the `tag` of a Link.
    Infohash: Object {}

    /// What a video that is `sensitive` has that may disturb, as `name`; in its `tag`.
    SensitiveTag: Object {}

    /// Subtitles of a video, at `url`; their language as `identifier` and `name`.
    abstract Subtitles: Object {
        /// Whether a program wrote them.
        automatically_generated = "automaticallyGenerated": bool,
    }

    /// A stretch of a video.
    abstract Section {
        /// Where it starts, in seconds.
        start_timestamp = "startTimestamp": f64,
    }

    /// A stretch of a video that somebody has watched.
    abstract WatchSection: Section {
        /// Where it ends, in seconds.
        end_timestamp = "endTimestamp": f64,
    }

    /// More about videos.
    extend Video {
        /// How often it was watched.
        views = "views": u64,
        /// What has become of it: 1 published, 2 to be transcoded, 3 to be imported, and so on.
        state = "state": u64,
        /// Whether it is not to be published before it is transcoded.
        wait_transcoding = "waitTranscoding": bool,
        /// Whether people may download it.
        download_enabled = "downloadEnabled": bool,
        /// Who may comment on it: 1 everybody, 2 nobody, 3 who its owner approves of each time.
        comments_policy = "commentsPolicy": u64,
        /// Whose replies are approved without asking; `null` where everybody's are.
        reply_approved_for = "canReply": Iri,
        /// Its width divided by its height.
        aspect_ratio = "aspectRatio": f64,
        /// The languages it has subtitles in.
        subtitle_language = "subtitleLanguage" @ "http://schema.org/subtitleLanguage": List<Subtitles>,
        /// Whether a live broadcast can be watched afterwards.
        live_save_replay = "liveSaveReplay": bool,
        /// Whether there will be other live broadcasts at the same address.
        permanent_live = "permanentLive": bool,
        /// How far a live broadcast lags behind: 1 as usual, 2 more, so that viewers can share more, 3 less.
        latency_mode = "latencyMode": u64,
        /// How far one can go back in a live broadcast, in seconds.
        dvr_window = "dvrWindow": u64,
    }

    /// More about views.
    extend View {
        /// Until when they count as watching; without it they have watched.
        view_expires = "expires" @ "http://schema.org/expires": Timestamp,
    }

    /// More about having watched.
    extend WatchAction {
        /// What they have watched of it.
        watch_sections = "watchSections": List<WatchSection>,
    }

    /// More about Links to files.
    extend Link {
        /// In frames a second; 0 where there is sound alone.
        fps = "fps": f64,
        /// How wide each of the pictures is that a storyboard is made of, in pixels.
        tile_width = "tileWidth": u64,
        /// How high each of them is, in pixels.
        tile_height = "tileHeight": u64,
        /// The time from one of them to the next.
        tile_duration = "tileDuration": Duration,
    }

    /// Properties of files, and of Links to files.
    extend ObjectOrLink {
        /// How long the file is, in bytes.
        size = "size": u64,
    }

    /// Properties of every object.
    extend Object {
        /// Its UUID.
        uuid = "uuid": str,
        /// Whether one may comment on it. Lemmy, Pixelfed and event servers have it too.
        comments_enabled = "commentsEnabled": bool,
        /// How to support who made it; Markdown.
        support = "support": str,
        /// The [ApproveReply] that lets this reply stand.
        reply_approval = "replyApproval": Iri,
        /// The [PlayerSettings] of a video or channel.
        player_settings = "playerSettings": One<PlayerSettings>,
    }

    /// Properties of every actor.
    extend Actor {
        /// Its playlists.
        playlists = "playlists": Iri,
    }
}
