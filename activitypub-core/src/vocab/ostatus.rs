//! What Mastodon and others still write for servers of OStatus, the protocol before ActivityPub:
//! <https://www.w3.org/community/ostatus/>.
//!
//! These are identifiers of things as OStatus knew them, and need not lead anywhere.

use super::as2::Object;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://ostatus.org#" as "ostatus";

    /// Properties of every object.
    extend Object {
        /// Its identifier in OStatus, of new objects its `id`.
        atom_uri = "atomUri": str,
        /// The same of what it replies to.
        in_reply_to_atom_uri = "inReplyToAtomUri": str,
        /// The conversation it is part of, often a `tag:` URI.
        conversation = "conversation": str,
    }
}
