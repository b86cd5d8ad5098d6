//! Activity Streams 2.0 and ActivityPub: <https://www.w3.org/TR/activitystreams-vocabulary/>,
//! <https://www.w3.org/TR/activitypub/>.

use std::time::Duration;

use crate::iri::Iri;
use crate::item::{List, Many, One};
use crate::text::{Html, Text};
use crate::time::{Closed, Timestamp};
use crate::view::{As, Is, Typed};
use crate::vocabulary;

/// An object or a Link: what most properties that refer to something take.
pub type ObjectOrLink = As<crate::view::ObjectOrLink>;

vocabulary! {
    inherent namespace "https://www.w3.org/ns/activitystreams#" | "http://www.w3.org/ns/activitystreams#" as "as" in "https://www.w3.org/ns/activitystreams";

    // Core types.

    /// Anything at all: the root of the vocabulary. `#dfn-object`
    Object {
        /// What is attached to it, such as pictures. `#dfn-attachment`
        attachment = "attachment": List<ObjectOrLink>,
        /// Groups it is meant for, or that may see it; [`Audience`](crate::Audience) has all that it is for.
        /// `#dfn-audience`
        audience = "audience": Many<ObjectOrLink>,
        /// Its text, HTML unless `mediaType` says otherwise. `#dfn-content`
        content = "content": Html,
        /// What it belongs to, such as a conversation. `#dfn-context`
        context = "context": Many<ObjectOrLink>,
        /// The program that made it. `#dfn-generator`
        generator = "generator": Many<ObjectOrLink>,
        /// A small picture for it, square by custom. `#dfn-icon`
        icon = "icon": Many<ObjectOrLink>,
        /// A picture for it, of any proportion. `#dfn-image-term`
        image = "image": Many<ObjectOrLink>,
        /// What it replies to. `#dfn-inreplyto`
        in_reply_to = "inReplyTo": Many<ObjectOrLink>,
        /// Where it is or was. `#dfn-location`
        location = "location": Many<ObjectOrLink>,
        /// The replies to it. `#dfn-replies`
        replies = "replies": One<Collection>,
        /// What is mentioned in it: Mentions, hashtags, emoji. `#dfn-tag`
        tag = "tag": List<ObjectOrLink>,
        /// Where people can look at it. `#dfn-url`
        url = "url": Many<ObjectOrLink>,
        /// Those it is primarily for. `#dfn-to`
        to = "to": List<ObjectOrLink>,
        /// Those it is primarily for, privately: never sent. `#dfn-bto`
        bto = "bto": List<ObjectOrLink>,
        /// Those it is also for. `#dfn-cc`
        cc = "cc": List<ObjectOrLink>,
        /// Those it is also for, privately: never sent. `#dfn-bcc`
        bcc = "bcc": List<ObjectOrLink>,
        /// A short form of it; HTML. Mastodon shows it as a content warning. `#dfn-summary`
        summary = "summary": Html,
        /// When it starts. `#dfn-starttime`
        start_time = "startTime": Timestamp,
        /// When it ends. `#dfn-endtime`
        end_time = "endTime": Timestamp,
        /// When it was published. `#dfn-published`
        published = "published": Timestamp,
        /// When it was last changed. `#dfn-updated`
        updated = "updated": Timestamp,
        /// How long it lasts. `#dfn-duration`
        duration = "duration": Duration,
        /// How high above the sea it is, in `units`. `#dfn-altitude`
        altitude = "altitude": f64,
        /// What its `content` was made from, and in which format. ActivityPub §3.3.
        source = "source": One<Object>,
        /// The Likes of it. ActivityPub §5.7.
        likes = "likes": One<Collection>,
        /// The Announces of it. ActivityPub §5.8.
        shares = "shares": One<Collection>,
    }

    /// A qualified reference to something. `#dfn-link`
    Link: Measured {
        /// Where it leads. `#dfn-href`
        href = "href": Iri,
        /// The language of what it leads to, a BCP 47 tag. `#dfn-hreflang`
        hreflang = "hreflang": str,
        /// How what it leads to is related to what it stands in. `#dfn-rel`
        rel = "rel": str,
    }

    /// Something done, being done, or to be done. `#dfn-activity`
    Activity: Object + Transitive {
        /// Who does it. `#dfn-actor`
        actor = "actor": Many<Object>,
        /// What it is done to or where, as a destination: `object` is added to `target`. `#dfn-target`
        target = "target": Many<ObjectOrLink>,
        /// What comes of it. `#dfn-result`
        result = "result": Many<ObjectOrLink>,
        /// Where it comes from: `object` is moved from `origin`. `#dfn-origin`
        origin = "origin": Many<ObjectOrLink>,
        /// What it is done with. `#dfn-instrument`
        instrument = "instrument": Many<ObjectOrLink>,
    }

    /// An activity that is done to nothing, so without an `object`. `#dfn-intransitiveactivity`
    IntransitiveActivity: Activity + Object {}

    /// Several objects, in no order. `#dfn-collection`
    Collection: Object {
        /// How many there are in all. `#dfn-totalitems`
        total_items = "totalItems": u64,
        /// The page with the latest changes. `#dfn-current`
        current = "current": One<CollectionPage>,
        /// The first page. `#dfn-first`
        first = "first": One<CollectionPage>,
        /// The last page. `#dfn-last`
        last = "last": One<CollectionPage>,
        /// What is in it. `#dfn-items`
        items = "items": List<ObjectOrLink>,
    }

    /// Several objects, in order, the newest first in those of ActivityPub. `#dfn-orderedcollection`
    OrderedCollection: Collection + Object {
        /// What is in it, in order. `#dfn-ordereditems`
        ordered_items = "orderedItems" @ "https://www.w3.org/ns/activitystreams#items": List<ObjectOrLink>,
    }

    /// A part of a collection. `#dfn-collectionpage`
    CollectionPage: Collection + Object {
        /// The collection it is a part of. `#dfn-partof`
        part_of = "partOf": One<Collection>,
        /// The next part. `#dfn-next`
        next = "next": One<CollectionPage>,
        /// The part before. `#dfn-prev`
        prev = "prev": One<CollectionPage>,
    }

    /// A part of an ordered collection. `#dfn-orderedcollectionpage`
    OrderedCollectionPage: OrderedCollection + CollectionPage + Collection + Object {
        /// The place of its first item in the whole, from 0. `#dfn-startindex`
        start_index = "startIndex": u64,
    }

    // Activities.

    /// `actor` accepts `object`. `#dfn-accept`
    Accept: Activity + Object + Transitive {}
    /// `actor` accepts `object` for now. `#dfn-tentativeaccept`
    TentativeAccept: Accept + Activity + Object + Transitive {}
    /// `actor` adds `object` to `target`. `#dfn-add`
    Add: Activity + Object + Transitive {}
    /// `actor` calls attention to `object`: a boost. `#dfn-announce`
    Announce: Activity + Object + Transitive {}
    /// `actor` arrives at `location`. `#dfn-arrive`
    Arrive: IntransitiveActivity + Activity + Object {}
    /// `actor` blocks `object`. `#dfn-block`
    Block: Ignore + Activity + Object + Transitive {}
    /// `actor` made `object`. `#dfn-create`
    Create: Activity + Object + Transitive {}
    /// `actor` deleted `object`. `#dfn-delete`
    Delete: Activity + Object + Transitive {}
    /// `actor` dislikes `object`. `#dfn-dislike`
    Dislike: Activity + Object + Transitive {}
    /// `actor` reports `object`. `#dfn-flag`
    Flag: Activity + Object + Transitive {}
    /// `actor` wants to follow `object`. `#dfn-follow`
    Follow: Activity + Object + Transitive {}
    /// `actor` ignores `object`. `#dfn-ignore`
    Ignore: Activity + Object + Transitive {}
    /// `actor` invites `object` to `target`. `#dfn-invite`
    Invite: Offer + Activity + Object + Transitive {}
    /// `actor` joins `object`. `#dfn-join`
    Join: Activity + Object + Transitive {}
    /// `actor` leaves `object`. `#dfn-leave`
    Leave: Activity + Object + Transitive {}
    /// `actor` likes `object`. `#dfn-like`
    Like: Activity + Object + Transitive {}
    /// `actor` listened to `object`. `#dfn-listen`
    Listen: Activity + Object + Transitive {}
    /// `actor` moves `object` from `origin` to `target`. `#dfn-move`
    Move: Activity + Object + Transitive {}
    /// `actor` offers `object` to `target`. `#dfn-offer`
    Offer: Activity + Object + Transitive {}
    /// A question asked; on real servers a poll, an object inside a Create. `#dfn-question`
    Question: IntransitiveActivity + Activity + Object {
        /// The answers of which one may be chosen. `#dfn-oneof`
        one_of = "oneOf": List<ObjectOrLink>,
        /// The answers of which several may be chosen. `#dfn-anyof`
        any_of = "anyOf": List<ObjectOrLink>,
        /// Whether or when it was closed. `#dfn-closed`
        closed = "closed": Closed,
    }
    /// `actor` rejects `object`. `#dfn-reject`
    Reject: Activity + Object + Transitive {}
    /// `actor` rejects `object` for now. `#dfn-tentativereject`
    TentativeReject: Reject + Activity + Object + Transitive {}
    /// `actor` read `object`. `#dfn-read`
    Read: Activity + Object + Transitive {}
    /// `actor` removes `object` from `origin` or `target`. `#dfn-remove`
    Remove: Activity + Object + Transitive {}
    /// `actor` travels from `origin` to `target`. `#dfn-travel`
    Travel: IntransitiveActivity + Activity + Object {}
    /// `actor` undoes the activity `object`. `#dfn-undo`
    Undo: Activity + Object + Transitive {}
    /// `actor` changed `object`. `#dfn-update`
    Update: Activity + Object + Transitive {}
    /// `actor` viewed `object`. `#dfn-view`
    View: Activity + Object + Transitive {}

    // Actors.

    /// A program. `#dfn-application`
    Application: Actor + Object {}
    /// Several actors together. `#dfn-group`
    Group: Actor + Object {}
    /// An organization. `#dfn-organization`
    Organization: Actor + Object {}
    /// A person. `#dfn-person`
    Person: Actor + Object {}
    /// A service of any kind; a bot. `#dfn-service`
    Service: Actor + Object {}

    // Objects.

    /// A text of several paragraphs. `#dfn-article`
    Article: Object {}
    /// A document of any kind. `#dfn-document`
    Document: Object + Measured {}
    /// A sound recording. `#dfn-audio`
    Audio: Document + Object + Measured {}
    /// A picture. `#dfn-image`
    Image: Document + Object + Measured {}
    /// A video. `#dfn-video`
    Video: Document + Object + Measured {}
    /// A web page; a post of Lemmy. `#dfn-page`
    Page: Document + Object + Measured {}
    /// A short text. `#dfn-note`
    Note: Object {}
    /// An event. `#dfn-event`
    Event: Object {}
    /// A place. `#dfn-place`
    Place: Object {
        /// How sure the coordinates are, in percent. `#dfn-accuracy`
        accuracy = "accuracy": f64,
        /// Degrees north. `#dfn-latitude`
        latitude = "latitude": f64,
        /// Degrees east. `#dfn-longitude`
        longitude = "longitude": f64,
        /// How far around the coordinates it reaches, in `units`. `#dfn-radius`
        radius = "radius": f64,
        /// What `radius` and `altitude` are in: `cm`, `feet`, `inches`, `km`, `m` (which it is by default),
        /// `miles`, or an IRI. `#dfn-units`
        units = "units": str,
    }
    /// A description of somebody or something. `#dfn-profile`
    Profile: Object {
        /// What it describes. `#dfn-describes`
        describes = "describes": One<ObjectOrLink>,
    }
    /// How two of them are related. `#dfn-relationship`
    Relationship: Object + Transitive {
        /// The one of them. `#dfn-subject`
        subject = "subject": One<ObjectOrLink>,
        /// How it is related to `object`. `#dfn-relationship-term`
        relationship = "relationship": Many<ObjectOrLink>,
    }
    /// What is left of a deleted object. `#dfn-tombstone`
    Tombstone: Object {
        /// The type it had. `#dfn-formertype`
        former_type = "formerType": str,
        /// When it was deleted. `#dfn-deleted`
        deleted = "deleted": Timestamp,
    }

    // Links.

    /// A Link to somebody mentioned. `#dfn-mention`
    Mention: Link + Measured {}

    // What unrelated types share.

    /// Somebody who acts. ActivityPub §4.1.
    abstract Actor: Object {
        /// What it has done.
        outbox = "outbox": Iri,
        /// Those it follows.
        following = "following": Iri,
        /// Those who follow it.
        followers = "followers": Iri,
        /// What it has liked.
        liked = "liked": Iri,
        /// More collections it has.
        streams = "streams": Many<Collection>,
        /// A short name, the part of its handle before the `@`; not unique anywhere else.
        preferred_username = "preferredUsername": Text,
        /// Addresses that serve it and usually the whole server.
        endpoints = "endpoints": One<Endpoints>,
    }

    /// Addresses that serve an actor and usually the whole server. ActivityPub §4.1.
    abstract Endpoints {
        /// Where to fetch remote objects that need authorization.
        proxy_url = "proxyUrl": Iri,
        /// Where a person gives a client leave to act.
        oauth_authorization_endpoint = "oauthAuthorizationEndpoint": Iri,
        /// Where a client gets its token.
        oauth_token_endpoint = "oauthTokenEndpoint": Iri,
        /// Where a client has a public key signed.
        provide_client_key = "provideClientKey": Iri,
        /// Where a client's key is signed.
        sign_client_key = "signClientKey": Iri,
        /// Where activities for all its followers on this server may be sent at once.
        inbox_of_all = "sharedInbox": Iri,
    }

    /// What has an `object`: most activities, and a Relationship.
    abstract Transitive: Object {
        /// What it is done to. `#dfn-object-term`
        object = "object": Many<ObjectOrLink>,
    }

    /// What has a size on a screen.
    abstract Measured {
        /// In pixels. `#dfn-height`
        height = "height": u64,
        /// In pixels. `#dfn-width`
        width = "width": u64,
    }

    /// What objects and Links have in common.
    extend ObjectOrLink {
        /// Who made it. `#dfn-attributedto`
        attributed_to = "attributedTo": Many<ObjectOrLink>,
        /// The media type of its `content`, or of what it leads to. `#dfn-mediatype`
        media_type = "mediaType": str,
        /// Its name, plain text. `#dfn-name`
        name = "name": Text,
        /// A shorter thing to show in its place. `#dfn-preview`
        preview = "preview": Many<ObjectOrLink>,
    }

}

/// The inbox, whose name the context of Activity Streams takes from the
/// [Linked Data Platform](https://www.w3.org/TR/ldp/).
pub mod ldp {
    use super::{Actor, Iri};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "http://www.w3.org/ns/ldp#"
            | "as:" | "https://www.w3.org/ns/activitystreams#" | "http://www.w3.org/ns/activitystreams#"
            as "ldp" in "https://www.w3.org/ns/activitystreams";

        extend Actor {
            /// Where activities for it are sent. ActivityPub §5.2.
            inbox = "inbox": Iri,
        }
    }
}

impl<K: Is<Actor>> As<K> {
    /// Its [`sharedInbox`](Endpoints::inbox_of_all), where it has one.
    pub fn shared_inbox(&self) -> Option<&Iri> {
        Endpoints::of(self.endpoints()?.object()?).inbox_of_all()
    }
}
