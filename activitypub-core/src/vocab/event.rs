//! Events, as Mobilizon publishes them: <https://docs.mobilizon.org/5.%20Interoperability/1.activity_pub/>.
//!
//! Other event servers, such as Gancio, take these names over and have none of their own. Addresses,
//! capacities and the like are schema.org's.

use super::as2::{Activity, Actor, Collection, Event, Image, Join, Object, OrderedCollection, Transitive};
use crate::iri::Iri;
use crate::item::{Many, One};
use crate::scalar::Sequence;
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://joinmobilizon.org/ns#" as "mz";

    /// A membership, written like an activity: `actor` is a member of the group `object`.
    Member: Activity + Object + Transitive {
        /// `member`, `moderator`, `administrator`, `creator`, `invited`, `not_approved` or `rejected`.
        member_role = "role": str,
    }

    /// Something a group has to do, written like an activity: `actor` is the group.
    Todo: Activity + Object + Transitive {
        /// The list it stands in.
        todo_list = "todoList": One<TodoList>,
        /// Whether it is done.
        is_done = "status": bool,
    }

    /// A list of things a group has to do; `actor` is the group.
    TodoList: Activity + Object + Transitive {}

    /// A link or document that a group keeps.
    Resource: Object {}

    /// A folder of resources.
    ResourceCollection: Object {}

    /// More about events.
    extend Event {
        /// Who may comment on it: `allow_all`, `closed` or `moderated`.
        replies_moderation_option = "repliesModerationOption": str,
        /// How one takes part: `free`, `restricted` (the organizers accept or reject), `invite`, `external`
        /// or `none` ([FEP-8a8e](https://w3id.org/fep/8a8e) too).
        join_mode = "joinMode": str,
        /// Where one takes part, if that is elsewhere ([FEP-8a8e](https://w3id.org/fep/8a8e) too).
        external_participation_url = "externalParticipationUrl": Iri,
        /// The time zone it takes place in, an IANA name such as `Europe/Rome`
        /// ([FEP-8a8e](https://w3id.org/fep/8a8e) too).
        timezone = "timezone": str,
        /// Whether people without an account can take part.
        anonymous_participation_enabled = "anonymousParticipationEnabled": bool,
        /// Whether it takes place on the network only.
        is_online = "isOnline": bool,
        /// How many take part.
        participant_count = "participantCount": u64,
        /// Whom to ask about it.
        contacts = "contacts": Many<Actor>,
        /// Whether it is not published yet.
        is_draft = "draft": bool,
    }

    /// More about taking part.
    extend Join {
        /// What who wants to take part tells the organizers.
        participation_message = "participationMessage": str,
    }

    /// Properties of every group; on people they are `null`.
    extend Actor {
        /// How one becomes a member: `open`, `moderated` or `invite_only`.
        openness = "openness": str,
        /// How many members it has.
        member_count = "memberCount": u64,
        /// Its members.
        group_members = "members": Iri,
        /// The links and documents it keeps.
        group_resources = "resources": Iri,
        /// What it has to do.
        group_todos = "todos": Iri,
        /// What it has published.
        group_posts = "posts": Iri,
        /// Its events.
        group_events = "events": Iri,
        /// What it talks about.
        group_discussions = "discussions": Iri,
    }
}

/// The status of an event, whose name is written with its prefix:
/// [RFC 5545 §3.8.1.11](https://www.rfc-editor.org/rfc/rfc5545#section-3.8.1.11).
pub mod ical {
    use super::Event;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "http://www.w3.org/2002/12/cal/ical#" as "ical";

        /// More about events.
        extend Event {
            /// `CONFIRMED`, `TENTATIVE` or `CANCELLED`.
            ical_status = "ical:status": str,
        }
    }
}

/// What servers of events have agreed on beyond that: [FEP-8a8e](https://w3id.org/fep/8a8e).
pub mod fep_8a8e {
    use super::{Actor, Collection, Event, Image, Iri, Object, One, OrderedCollection, Sequence, Timestamp};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/8a8e/" as "fep8a8e";

        /// Those who take part, as far as the organizers have confirmed it.
        AttendeesCollection: OrderedCollection + Collection + Object {}

        /// Those who organize it, who may be people without an actor.
        OrganizersCollection: Collection + Object {}

        /// More about events.
        extend Event {
            /// Those who take part.
            attendees = "attendees": One<Collection>,
            /// Those who organize it; `null` says that this is kept secret.
            organizers = "organizers": One<Collection>,
            /// Whether `endTime` is to be shown.
            display_end_time = "displayEndTime": bool,
            /// When it was to start before it was put off.
            previous_start_time = "previousStartTime": Timestamp,
            /// Those whom a Join has to address at least, to be accepted.
            required_join_visibility = "requiredJoinVisibility": Sequence<Iri>,
        }

        /// More about pictures.
        extend Image {
            /// Whether it is the banner of an event.
            is_banner_image = "isBannerImage": bool,
        }

        /// More about who has events.
        extend Actor {
            /// Its events that have not started, the next one first.
            upcoming_events = "upcomingEvents": One<Collection>,
        }
    }
}
