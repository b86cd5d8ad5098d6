//! What Misskey and others take from vCard: <https://www.w3.org/TR/vcard-rdf/>.
//!
//! Documents have these names with the prefix, which the context of Activity Streams declares.

use super::as2::Actor;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://www.w3.org/2006/vcard/ns#" as "vcard" in "https://www.w3.org/ns/activitystreams";

    /// Properties of every actor.
    extend Actor {
        /// When it was born: a date, such as `2001-02-22`.
        vcard_bday = "vcard:bday": str,
        /// Where it lives, in its own words.
        vcard_address = "vcard:Address": str,
    }
}
