//! Which dialect of HTTP signatures a server understands.
//!
//! No document says so. A request that is refused in one dialect is made again in the other, and the answer remembered.
//!
//! <https://swicg.github.io/activitypub-http-signature/#how-to-upgrade-supported-versions>

use std::time::Duration;

use activitypub_core::Origin;
use activitypub_sig::Dialect;

use super::BoundedTtl;

#[derive(Debug)]
pub(super) struct Knock {
    first: Dialect,
    understood: BoundedTtl<Origin, Dialect>,
}

impl Knock {
    pub(super) fn new(first: Dialect) -> Self {
        Self { first, understood: BoundedTtl::new(10_000) }
    }

    /// The dialect to try first.
    pub(super) fn first(&self, origin: &Origin) -> Dialect {
        self.understood.get(origin).unwrap_or(self.first)
    }

    /// The server has answered to this dialect, and not to the other.
    pub(super) fn understood(&self, origin: Origin, dialect: Dialect) {
        // A server that learns the better dialect is tried with it again the next day.
        const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
        self.understood.insert(origin, dialect, REMEMBERED);
    }
}

pub(super) fn other(dialect: Dialect) -> Dialect {
    match dialect {
        Dialect::Cavage => Dialect::Rfc9421,
        _ => Dialect::Cavage,
    }
}
