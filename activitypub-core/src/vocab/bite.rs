//! Biting somebody or something: <https://ns.mia.jetzt/as/#Bite>.

use super::as2::{Activity, Object, Transitive};
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://ns.mia.jetzt/as#" | "https://ns.mia.jetzt/as/#" as "mia";

    /// `actor` bites `target`, an actor or an object.
    Bite: Activity + Object + Transitive {}
}
