//! Deliveries that were given up, kept for someone to look at.

use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use rusqlite::Transaction;

use super::column::{Id, Moment};
use super::follow::rows_for;
use super::{Page, Sqlite, StoreError};

/// How many are kept.
const KEPT: i64 = 10_000;

/// How much of an address is kept.
const ADDRESS: usize = 256;

/// A delivery that was given up.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Undelivered {
    /// The host's origin.
    pub origin: String,
    /// The inbox, or the actor whose inbox was not found.
    pub address: IriBuf,
    /// The activity's id.
    pub activity: IriBuf,
    /// How often it failed as itself; failures of its host are not counted.
    pub attempts: u32,
    /// Why.
    pub error: String,
    /// When.
    pub at: SystemTime,
}

impl Sqlite {
    /// What was given up, the latest first.
    pub(crate) async fn undelivered(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<Undelivered>, StoreError> {
        self.read(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT seq, origin, address, activity, attempts, error, at FROM ap_undelivered WHERE seq < ?1
                 ORDER BY seq DESC LIMIT ?2",
            )?;
            let rows = select.query_map((before.unwrap_or(i64::MAX), rows_for(limit)), |row| {
                let undelivered = Undelivered {
                    origin: row.get(1)?,
                    address: row.get::<_, Id>(2)?.0,
                    activity: row.get::<_, Id>(3)?.0,
                    attempts: row.get(4)?,
                    error: row.get(5)?,
                    at: row.get::<_, Moment>(6)?.0,
                };
                Ok((row.get(0)?, undelivered))
            })?;
            Ok(Page::of(rows.collect::<Result<_, _>>()?, limit))
        })
        .await
    }
}

/// An item that is about to leave the queue.
pub(super) fn remember(
    tx: &Transaction<'_>,
    item: i64,
    why: &str,
    now: SystemTime,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_undelivered (origin, address, activity, attempts, error, at)
         SELECT l.origin, a.url, b.activity, i.attempts + 1, ?2, ?3
         FROM ap_item i JOIN ap_lane l ON l.id = i.lane JOIN ap_address a ON a.id = i.address
         JOIN ap_body b ON b.id = i.body WHERE i.id = ?1",
    )?
    .execute((item, why, Moment(now)))?;
    forget_oldest(tx)
}

/// Something that was never put into the queue.
pub(super) fn remember_unaddressable(
    tx: &Transaction<'_>,
    address: &Iri,
    activity: &Iri,
    now: SystemTime,
) -> Result<(), StoreError> {
    let address: String = address.as_str().chars().take(ADDRESS).collect();
    tx.prepare_cached(
        "INSERT INTO ap_undelivered (origin, address, activity, attempts, error, at)
         VALUES ('', ?1, ?2, 0, 'this is no address that can be delivered to', ?3)",
    )?
    .execute((address, activity.as_str(), Moment(now)))?;
    forget_oldest(tx)
}

fn forget_oldest(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_undelivered WHERE seq <= ?1")?
        .execute([tx.last_insert_rowid().saturating_sub(KEPT)])?;
    Ok(())
}
