//! What fediverse servers take from schema.org: <https://schema.org>.

use super::as2::{Actor, Event, Image, Object, Place, Transitive, Video};
use crate::item::{List, One};
use crate::scalar::Sequence;
use crate::time::Timestamp;
use crate::vocabulary;
use fields::PropertyValue;

vocabulary! {
    inherent namespace "http://schema.org/" | "https://schema.org/" | "http://schema.org#" | "schema:" as "sc";

    /// A postal address, each part of it in words.
    PostalAddress: Object {
        /// Street and number.
        street_address = "streetAddress": str,
        /// The town.
        address_locality = "addressLocality": str,
        /// The region.
        address_region = "addressRegion": str,
        /// The postal code.
        postal_code = "postalCode": str,
        /// The country: its name, or its code of ISO 3166-1.
        address_country = "addressCountry": str,
    }

    /// Where an event takes place on the network, at its `url`. Gancio and
    /// [FEP-8a8e](https://w3id.org/fep/8a8e) have it.
    VirtualLocation: Object {}

    /// That somebody has watched the video `object`; what PeerTube tells the origin of a video.
    WatchAction: Object + Transitive {
        /// `CompletedActionStatus` once they have finished.
        action_status = "actionStatus": str,
    }

    /// How often something was done with something; the `result` of PeerTube's View.
    InteractionCounter: Object {
        /// What was done: `WatchAction`.
        interaction_type = "interactionType": str,
        /// How often.
        user_interaction_count = "userInteractionCount": u64,
    }

    /// A part of a video; `name` is its title.
    abstract Chapter: Object {
        /// Where it starts, in seconds.
        start_offset = "startOffset": f64,
        /// Where it ends, in seconds.
        end_offset = "endOffset": f64,
    }

    /// Properties of every object.
    extend Object {
        /// The language it is in: an object whose `identifier` is a tag of BCP 47 and whose `name` is for
        /// people. PeerTube and Lemmy have it.
        language = "language" @ "http://schema.org/inLanguage": One<Object>,
        /// The language it is in, a tag of BCP 47. Event servers have it.
        in_language = "inLanguage": str,
        /// What programs know it by, among others of its kind: `en` for a language, `15` for a category.
        identifier = "identifier": str,
        /// The license it is under: an address or a name.
        license = "license": str,
        /// Its chapters, where it is what a video's [`hasParts`](crate::As::has_parts) leads to.
        has_part = "hasPart": List<Chapter>,
    }

    /// More about videos. PeerTube has these.
    extend Video {
        /// What it is about: an object with a number as `identifier` and a `name`.
        category = "category": One<Object>,
        /// The license it is under: an object with a number as `identifier` and a `name`.
        licence = "licence" @ "http://schema.org/license": One<Object>,
        /// When it was published first, of videos that are older than their document.
        originally_published_at = "originallyPublishedAt" @ "http://schema.org/datePublished": Timestamp,
        /// When its file was uploaded, which may be replaced.
        upload_date = "uploadDate": Timestamp,
        /// The document that lists its chapters.
        has_parts = "hasParts": One<Object>,
        /// Whether it is broadcast live.
        is_live_broadcast = "isLiveBroadcast": bool,
    }

    /// More about pictures.
    extend Image {
        /// What the camera has noted: a field for each tag of Exif, `name` being the name of the tag.
        exif_data = "exifData": List<PropertyValue>,
    }

    /// More about places.
    extend Place {
        /// Where it is: a [PostalAddress], a [VirtualLocation], and with some event servers a text.
        address = "address": One<Object>,
    }

    /// More about events.
    extend Event {
        /// What it is about, in words such as `MEETING` that event servers share.
        event_category = "category": Sequence<str>,
        /// How many can take part.
        maximum_attendee_capacity = "maximumAttendeeCapacity": u64,
        /// How many more can take part.
        remaining_attendee_capacity = "remainingAttendeeCapacity": u64,
        /// What has become of it, such as `EventScheduled` or `EventCancelled`.
        event_status = "eventStatus": str,
    }

    /// Properties of every actor.
    extend Actor {
        /// The languages that are spoken there, as [`language`](crate::As::language) has one. Lemmy has it on
        /// communities and servers, and takes it as an array only.
        spoken_languages = "language" @ "http://schema.org/inLanguage": List<Object>,
        /// What it is about, in one line of plain text, where Lemmy has the long form as `summary`.
        description = "description": str,
        /// An address of e-mail.
        email = "email": str,
    }
}

/// Fields of profiles, as Mastodon declares them: <https://docs.joinmastodon.org/spec/activitypub/#PropertyValue>.
///
/// Its namespace is not the one that schema.org has, but everybody's by now.
pub mod fields {
    use super::Object;
    use crate::text::Html;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "http://schema.org#" | "http://schema.org/" | "https://schema.org/" | "sc:" as "schema";

        /// A field of a profile, with a `name`.
        PropertyValue: Object {
            /// What the field says; HTML.
            value = "value": Html,
        }
    }
}
