//! The contexts that are published for extensions, and where the tables of these differ and why.

use activitypub_core::vocab::{event, fep, forgefed, funkwhale, valueflows};

use super::differences::Contexts;

pub(super) static PUBLISHED: [Contexts; 13] = [
    Contexts {
        files: &["vectors/jsonld-contexts/forgefed.jsonld"],
        tables: &[&forgefed::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/gotosocial.json"],
        tables: &[&fep::quotes::VOCABULARY],
        absent: &[],
        // The request names the quote by it, so it is not part of what is asked for.
        beyond: &["quote"],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/fep-7aa9.json"],
        tables: &[&fep::featured::VOCABULARY],
        absent: &[],
        // Forgotten there; those who send it define it themselves.
        beyond: &["featuredCollections"],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/webfinger.json"],
        tables: &[&fep::webfinger::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/fep-5711.json"],
        tables: &[&fep::inverse::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-7628.jsonld"],
        tables: &[&fep::migration::VOCABULARY],
        // Everybody writes the one of Activity Streams.
        absent: &["movedTo"],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-844e.jsonld"],
        tables: &[&fep::discovery::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-c390.jsonld"],
        tables: &[&fep::identity::VOCABULARY],
        absent: &[],
        // Names of Activity Streams, on another type.
        beyond: &["subject", "alsoKnownAs"],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/fep-ef61.json"],
        tables: &[&fep::portable::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-c16b.jsonld"],
        tables: &[&fep::mfm::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-8a8e.jsonld"],
        tables: &[&event::fep_8a8e::VOCABULARY],
        absent: &[
            // Values of `eventStatus`, and their class.
            "EventCancelled",
            "EventMovedOnline",
            "EventPostponed",
            "EventRescheduled",
            "EventScheduled",
            "EventStatusType",
            "EventTentative",
            // Names of schema.org that it takes over.
            "category",
            "eventStatus",
            // Names of Mobilizon that it takes over.
            "externalParticipationUrl",
            "joinMode",
            "timezone",
        ],
        beyond: &[],
        // References are not marked as such, or as addresses.
        otherwise: &["attendees", "organizers", "requiredJoinVisibility"],
    },
    Contexts {
        files: &["corpus/_contexts/funkwhale.json"],
        tables: &[&funkwhale::VOCABULARY],
        // A name that others have for the same.
        absent: &["license"],
        // A name of Activity Streams, on another type.
        beyond: &["followers"],
        otherwise: &[
            // Marked as a Link, which is an object.
            "cover", // Texts here, references with PeerTube.
            "category", "language",
        ],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/feps/fep-0837.jsonld"],
        tables: &[&valueflows::VOCABULARY, &valueflows::om2::VOCABULARY],
        absent: &[],
        // Came later.
        beyond: &["minimumQuantity"],
        // References are not marked as such.
        otherwise: &[
            "availableQuantity",
            "publishes",
            "reciprocal",
            "resourceConformsTo",
            "resourceQuantity",
            "satisfies",
            "stipulates",
            "stipulatesReciprocal",
        ],
    },
];
