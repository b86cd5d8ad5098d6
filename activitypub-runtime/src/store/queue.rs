//! The delivery queue: lanes, items and the bodies they share.
//!
//! Nothing is locked or leased while it is under way: one process delivers from one file, and what it has claimed it
//! keeps in memory. A row leaves when its result is on disk; until then a restart finds it due.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use activitypub_core::{IriBuf, Origin};
use activitypub_sig::Dialect;
use bytes::Bytes;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::column::Moment;
use super::{Sqlite, StoreError};
use crate::delivery::Recipient;
use crate::delivery::lanes::{LONGEST_PAUSE, Lane, Waiting};

mod claim;
mod enqueue;
mod settle;

pub(super) use enqueue::enqueue;

/// How many items of one lane are looked at to find one that can be sent.
const LOOKED_AT: i64 = 1024;

/// A host in backoff is not probed more often than this because it was heard of.
const WAKE_INTERVAL: Duration = Duration::from_secs(60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a lane is remembered that nothing waits in: which dialect it speaks, and whether it was down.
const LANE_REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A lane that is being worked on.
#[derive(Clone, Debug)]
pub(crate) struct Hot {
    /// What is known of the host, ahead of the store.
    pub(crate) lane: Lane,
    /// Item and order of what is under way.
    pub(crate) under_way: Vec<(i64, i64)>,
    /// Nothing else can be sent until something comes back or is added.
    pub(crate) drained: bool,
}

/// One item to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Its number.
    pub(crate) item: i64,
    /// The number of its lane.
    pub(crate) lane: i64,
    /// How often it has failed as itself.
    pub(crate) attempts: u32,
    /// To whom.
    pub(crate) to: Recipient,
    /// The local actor who signs.
    pub(crate) local: String,
    /// What is sent.
    pub(crate) bytes: Bytes,
}

/// What there is to do now.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// The lanes of the items, as stored, or as they were passed in; `drained` is up to date.
    pub(crate) lanes: HashMap<i64, Hot>,
    /// The items to be sent.
    pub(crate) items: Vec<Claim>,
    /// What is to be settled without being sent.
    pub(crate) settlement: Settlement,
    /// When a lane that nothing was claimed from is due next.
    pub(crate) next: Option<SystemTime>,
}

/// Results, to be written together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settlement {
    /// What became of items, with the number of the lane.
    pub(crate) items: Vec<(i64, Settled)>,
    /// What is known of hosts now.
    pub(crate) lanes: HashMap<i64, Lane>,
    /// Lanes whose next time is to be worked out again.
    pub(crate) stale: HashSet<i64>,
}

/// What became of an item.
#[derive(Clone, Debug)]
pub(crate) enum Settled {
    /// It is out of the queue, and that is all.
    Done,
    /// It is out of the queue, and that is remembered with the reason.
    Undelivered(String),
    /// It stays.
    Again {
        /// How often it has failed as itself.
        attempts: u32,
        /// Not before then.
        not_before: Option<SystemTime>,
    },
    /// It is for this inbox.
    Readdressed(IriBuf),
}

/// A host that things wait for and that does not take them.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct LaneStatus {
    /// Its origin.
    pub origin: String,
    /// How many items wait.
    pub waiting: u64,
    /// How many times in a row it was found down.
    pub failures: u32,
    /// Since when.
    pub down_since: Option<SystemTime>,
    /// When it is tried next.
    pub next_attempt: Option<SystemTime>,
    /// When something was delivered last.
    pub last_ok: Option<SystemTime>,
    /// What went wrong last.
    pub last_error: Option<String>,
}

impl Settlement {
    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.lanes.is_empty() && self.stale.is_empty()
    }
}

impl Sqlite {
    /// Up to `room` items that may be sent at `now`, of lanes in the order in which they became due, beside what is under
    /// way in the `hot` lanes. No more than `probes` of them go to hosts that were down.
    pub(crate) async fn claim(
        &self,
        now: SystemTime,
        hot: HashMap<i64, Hot>,
        room: usize,
        probes: usize,
    ) -> Result<Claims, StoreError> {
        self.read(move |connection| claim::claim(connection, now, &hot, room, probes)).await
    }

    /// Writes results.
    pub(crate) async fn settle(&self, now: SystemTime, settlement: Settlement) -> Result<(), StoreError> {
        self.write(move |tx| settle::settle(tx, now, settlement)).await
    }

    /// A sign of life from a host: if it is in backoff, it is tried again now. Costs a read if it is not.
    pub(crate) async fn wake(&self, origin: &Origin, now: SystemTime) -> Result<bool, StoreError> {
        let origin = origin.to_string();
        let before = Moment(now.checked_sub(WAKE_INTERVAL).unwrap_or(now));
        let asleep = {
            let origin = origin.clone();
            self.read(move |connection| {
                Ok(connection
                    .prepare_cached(
                        "SELECT 1 FROM ap_lane WHERE origin = ?1 AND pending > 0 AND failures > 0 AND touched <= ?2",
                    )?
                    .exists((origin, before))?)
            })
            .await?
        };
        if asleep {
            self.write(move |tx| {
                let lane = tx
                    .prepare_cached(
                        "UPDATE ap_lane SET due = ?2, retry_at = NULL, touched = ?2 WHERE origin = ?1 RETURNING id",
                    )?
                    .query_row((origin, Moment(now)), |row| row.get::<_, i64>(0))
                    .optional()?;
                tx.prepare_cached("UPDATE ap_item SET not_before = 0 WHERE lane = ?1 AND not_before > 0")?
                    .execute([lane])?;
                Ok(())
            })
            .await?;
            self.bell.notify_one();
        }
        Ok(asleep)
    }

    /// How many deliveries wait.
    pub(crate) async fn waiting(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut select = connection.prepare_cached("SELECT COALESCE(SUM(pending), 0) FROM ap_lane")?;
            Ok(select.query_row([], |row| row.get::<_, i64>(0))?.unsigned_abs())
        })
        .await
    }

    /// The hosts that things wait for and that were found down, those that were down for longest first.
    pub(crate) async fn lanes_in_trouble(&self, limit: usize) -> Result<Vec<LaneStatus>, StoreError> {
        self.read(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT origin, pending, failures, down_since, due, last_ok, last_error FROM ap_lane
                 WHERE due IS NOT NULL AND failures > 0 ORDER BY down_since LIMIT ?1",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = select.query_map([limit], |row| {
                Ok(LaneStatus {
                    origin: row.get(0)?,
                    waiting: row.get::<_, i64>(1)?.unsigned_abs(),
                    failures: row.get(2)?,
                    down_since: time(row, 3)?,
                    next_attempt: time(row, 4)?,
                    last_ok: time(row, 5)?,
                    last_error: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

pub(super) fn sweep(tx: &Transaction<'_>, now: SystemTime) -> Result<bool, StoreError> {
    const ROWS: i64 = 2000;
    let before = |age: Duration| Moment(now.checked_sub(age).unwrap_or(now));
    // A time that no pause explains was written by a clock that was wrong.
    let misdated = tx
        .prepare_cached("UPDATE ap_lane SET due = ?1, retry_at = NULL WHERE due > ?2")?
        .execute((Moment(now), Moment(now + LONGEST_PAUSE)))?;
    let addresses = tx
        .prepare_cached(
            "DELETE FROM ap_address WHERE id IN (SELECT ap_address.id FROM ap_lane JOIN ap_address
             ON ap_address.lane = ap_lane.id WHERE ap_lane.pending = 0 AND ap_lane.touched <= ?1 LIMIT ?2)",
        )?
        .execute((before(DAY), ROWS))?;
    let lanes = tx
        .prepare_cached(
            "DELETE FROM ap_lane WHERE id IN (SELECT id FROM ap_lane WHERE pending = 0 AND touched <= ?1 LIMIT ?2)",
        )?
        .execute((before(LANE_REMEMBERED), ROWS))?;
    Ok(misdated + addresses + lanes > 0)
}

fn read_lane(row: &Row<'_>) -> rusqlite::Result<Lane> {
    let dialect = row.get::<_, Option<String>>(6)?.and_then(|name| dialect_of_name(&name));
    Ok(Lane {
        failures: row.get(1)?,
        retry_at: time(row, 2)?,
        down_since: time(row, 3)?,
        last_ok: time(row, 4)?,
        last_error: row.get(5)?,
        dialect: dialect.zip(time(row, 7)?),
        failed_at: None,
    })
}

fn read_waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        item: row.get(0)?,
        order: row.get(1)?,
        not_before: row.get::<_, Moment>(2)?.0,
        expires: row.get::<_, Moment>(3)?.0,
        withdrawn: row.get(4)?,
    })
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<SystemTime>> {
    Ok(row.get::<_, Option<Moment>>(column)?.map(|Moment(time)| time))
}

fn dialect_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Rfc9421 => "rfc9421",
        _ => "cavage",
    }
}

fn dialect_of_name(name: &str) -> Option<Dialect> {
    match name {
        "cavage" => Some(Dialect::Cavage),
        "rfc9421" => Some(Dialect::Rfc9421),
        _ => None,
    }
}
