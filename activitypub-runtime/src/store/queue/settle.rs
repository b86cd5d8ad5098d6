//! Out of the queue for good, or back into it.

use std::collections::HashMap;
use std::time::SystemTime;

use rusqlite::{OptionalExtension, Transaction};

use super::enqueue::{Address, add_to_lane, address};
use super::{LOOKED_AT, Settled, Settlement, dialect_name, read_waiting};
use crate::delivery::Recipient;
use crate::delivery::lanes::{Choice, Lane, Pick};
use crate::store::column::Moment;
use crate::store::{StoreError, undelivered};

pub(super) fn settle(
    tx: &Transaction<'_>,
    now: SystemTime,
    settlement: Settlement,
) -> Result<(), StoreError> {
    let mut lanes: HashMap<i64, i64> =
        settlement.lanes.keys().chain(&settlement.stale).map(|lane| (*lane, 0)).collect();
    let mut bodies = HashMap::new();
    let mut leave = tx.prepare_cached("DELETE FROM ap_item WHERE id = ?1 RETURNING lane, body")?;
    for (item, settled) in settlement.items {
        match settled {
            Settled::Again { attempts, not_before } => {
                let not_before = not_before.map_or(0, |time| Moment(time).millis());
                tx.prepare_cached("UPDATE ap_item SET attempts = ?2, not_before = ?3 WHERE id = ?1")?
                    .execute((item, attempts, not_before))?;
                continue;
            }
            Settled::Readdressed(inbox) => {
                if let Some(to) = address(tx, &Recipient::Inbox(inbox), now)? {
                    readdress(tx, item, &to, now, &mut lanes)?;
                    continue;
                }
                undelivered::remember(
                    tx,
                    item,
                    "the actor's inbox is not one that can be delivered to",
                    now,
                )?;
            }
            Settled::Undelivered(why) => undelivered::remember(tx, item, &why, now)?,
            Settled::Done => {}
        }
        let left = leave.query_row([item], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((lane, body)) = left {
            *lanes.entry(lane).or_insert(0) += 1;
            *bodies.entry(body).or_insert(0) += 1;
        }
    }
    release_bodies(tx, bodies)?;
    for (id, lane) in &settlement.lanes {
        write_lane(tx, *id, lane)?;
    }
    for (lane, left) in lanes {
        reschedule(tx, lane, left, now)?;
    }
    Ok(())
}

/// Works out when a lane is to be looked at next, `left` items having gone.
fn reschedule(tx: &Transaction<'_>, lane: i64, left: i64, now: SystemTime) -> Result<(), StoreError> {
    let mut pick = Pick::new(now, 1, &[]);
    let mut ready = false;
    let mut select = tx.prepare_cached(
        "SELECT i.id, b.ordered, i.not_before, b.expires, b.withdrawn FROM ap_item i JOIN ap_body b ON b.id = i.body
         WHERE i.lane = ?1 ORDER BY i.id LIMIT ?2",
    )?;
    let mut rows = select.query((lane, LOOKED_AT))?;
    while let Some(row) = rows.next()? {
        if pick.offer(&read_waiting(row)?) != Choice::Leave {
            ready = true;
            break;
        }
    }
    // A lane with more to send goes behind those that have been waiting for their turn.
    let due = if ready { Some(now) } else { pick.later() };
    tx.prepare_cached(
        "UPDATE ap_lane SET pending = pending - ?2, due = MAX(?3, COALESCE(retry_at, 0)), touched = ?4 WHERE id = ?1",
    )?
    .execute((lane, left, due.map(Moment), Moment(now)))?;
    Ok(())
}

fn readdress(
    tx: &Transaction<'_>,
    item: i64,
    to: &Address,
    now: SystemTime,
    lanes: &mut HashMap<i64, i64>,
) -> Result<(), StoreError> {
    let from: Option<i64> = tx
        .prepare_cached("SELECT lane FROM ap_item WHERE id = ?1")?
        .query_row([item], |row| row.get(0))
        .optional()?;
    if let Some(from) = from {
        tx.prepare_cached("UPDATE ap_item SET lane = ?2, address = ?3 WHERE id = ?1")?
            .execute((item, to.lane, to.id))?;
        add_to_lane(tx, to.lane, now)?;
        *lanes.entry(from).or_insert(0) += 1;
    }
    Ok(())
}

/// A body leaves with the last item that needs it.
fn release_bodies(tx: &Transaction<'_>, finished: HashMap<i64, i64>) -> Result<(), StoreError> {
    let mut update =
        tx.prepare_cached("UPDATE ap_body SET pending = pending - ?2 WHERE id = ?1 RETURNING pending")?;
    for (body, finished) in finished {
        let pending: Option<i64> = update.query_row((body, finished), |row| row.get(0)).optional()?;
        if pending.is_some_and(|pending| pending <= 0) {
            tx.prepare_cached("DELETE FROM ap_body WHERE id = ?1")?.execute([body])?;
        }
    }
    Ok(())
}

fn write_lane(tx: &Transaction<'_>, id: i64, lane: &Lane) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE ap_lane SET failures = ?2, retry_at = ?3, down_since = ?4, last_ok = ?5, last_error = ?6, dialect = ?7,
         dialect_at = ?8 WHERE id = ?1",
    )?
    .execute((
        id,
        lane.failures,
        lane.retry_at.map(Moment),
        lane.down_since.map(Moment),
        lane.last_ok.map(Moment),
        &lane.last_error,
        lane.dialect.map(|(dialect, _)| dialect_name(dialect)),
        lane.dialect.map(|(_, since)| Moment(since)),
    ))?;
    Ok(())
}
