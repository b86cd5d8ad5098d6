//! LitePub, the vocabulary of Pleroma and its forks: <http://litepub.social/ns>.

use super::as2::Object;
use crate::vocabulary;

vocabulary! {
    inherent namespace "http://litepub.social/ns#" as "litepub";

    /// Properties of every object.
    extend Object {
        /// Whether it is for those alone whom its author names.
        direct_message = "directMessage": bool,
    }
}
