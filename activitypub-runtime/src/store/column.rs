//! How times and ids are written in a row.

use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, IriBuf};
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sha2::{Digest, Sha256};

/// A time, to the millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Moment(pub(super) SystemTime);

impl Moment {
    pub(super) fn millis(self) -> i64 {
        let millis = |since: Duration| i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        self.0.duration_since(SystemTime::UNIX_EPOCH).map_or_else(|before| -millis(before.duration()), millis)
    }

    fn from_millis(millis: i64) -> Self {
        let distance = Duration::from_millis(millis.unsigned_abs());
        let time = if millis < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        Self(time.unwrap_or(SystemTime::UNIX_EPOCH))
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.millis().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self::from_millis)
    }
}

/// An IRI of a row.
pub(super) struct Id(pub(super) IriBuf);

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|text| Self(text.into()))
    }
}

/// What stands for an id where the id itself is never read back: 16 bytes however long the id is.
///
/// A stranger chooses ids; finding two with the same mark takes 2⁶⁴ hashes.
pub(super) fn mark(id: &Iri) -> [u8; 16] {
    truncated(Sha256::new().chain_update(id.as_str()))
}

/// What stands for an id *as far as this actor is concerned*, so that nobody can take an id from its owner.
pub(super) fn mark_of(id: &Iri, actor: &Iri) -> [u8; 16] {
    truncated(Sha256::new().chain_update(mark(id)).chain_update(actor.as_str()))
}

/// The key within which a lane keeps its order.
pub(super) fn order(id: &Iri) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = mark(id);
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn truncated(digest: Sha256) -> [u8; 16] {
    let digest: [u8; 32] = digest.finalize().into();
    let mut mark = [0; 16];
    mark.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    mark
}
