//! Into the queue.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use activitypub_core::Iri;
use rusqlite::{OptionalExtension, Transaction};

use super::time;
use crate::delivery::lanes::Lane;
use crate::delivery::{Class, Delivery, Recipient};
use crate::store::column::{Moment, order};
use crate::store::{StoreError, undelivered};

/// A delivery to no more than this many is a conversation, and goes before what goes to everyone.
const FEW: usize = 8;

/// How far such a delivery is moved forward among the lanes that are due.
const HEAD_START: Duration = Duration::from_secs(60);

/// How many items a lane holds before only what takes something back is added to it; of that, once more as many.
const LANE_ITEMS: i64 = 10_000;

/// An address longer than this is nobody's.
const ADDRESS_BYTES: usize = 2048;

pub(in crate::store) fn enqueue(
    tx: &Transaction<'_>,
    delivery: &Delivery,
    now: SystemTime,
) -> Result<(), StoreError> {
    let ordered = order(&delivery.order);
    let retracts = delivery.class == Class::Retraction;
    if retracts {
        tx.prepare_cached(
            "UPDATE ap_body SET withdrawn = 1 WHERE ordered = ?1 AND local = ?2 AND class <> 'retraction'",
        )?
        .execute((ordered, &delivery.local))?;
    }
    tx.prepare_cached(
        "INSERT INTO ap_body (activity, local, ordered, class, created, expires, withdrawn, pending, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7)",
    )?
    .execute((
        delivery.activity.as_str(),
        &delivery.local,
        ordered,
        class_name(delivery.class),
        Moment(now),
        Moment(now + delivery.class.lifetime()),
        &*delivery.body,
    ))?;
    let body = tx.last_insert_rowid();

    let due = if delivery.to.len() <= FEW { now.checked_sub(HEAD_START).unwrap_or(now) } else { now };
    let mut pending = 0_i64;
    let mut seen = HashSet::new();
    for recipient in delivery.to.iter().filter(|recipient| seen.insert(*recipient)) {
        let Some(address) = address(tx, recipient, now)? else {
            undelivered::remember_unaddressable(tx, recipient.iri(), &delivery.activity, now)?;
            continue;
        };
        if address.lane_takes(retracts, now) {
            insert_item(tx, &address, body, due)?;
            pending += 1;
        }
    }
    if pending == 0 {
        tx.prepare_cached("DELETE FROM ap_body WHERE id = ?1")?.execute([body])?;
    } else {
        tx.prepare_cached("UPDATE ap_body SET pending = ?2 WHERE id = ?1")?.execute((body, pending))?;
    }
    Ok(())
}

fn insert_item(
    tx: &Transaction<'_>,
    address: &Address,
    body: i64,
    due: SystemTime,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_item (lane, address, body, attempts, not_before) VALUES (?1, ?2, ?3, 0, 0)",
    )?
    .execute((address.lane, address.id, body))?;
    add_to_lane(tx, address.lane, due)
}

pub(super) fn add_to_lane(tx: &Transaction<'_>, lane: i64, due: SystemTime) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE ap_lane SET pending = pending + 1,
         due = MIN(COALESCE(due, ?3), MAX(?2, COALESCE(retry_at, 0))) WHERE id = ?1",
    )?
    .execute((lane, Moment(due), i64::MAX))?;
    Ok(())
}

/// Where an item goes, and what is known of the host there.
pub(super) struct Address {
    pub(super) id: i64,
    pub(super) lane: i64,
    pending: i64,
    host: Lane,
}

impl Address {
    fn lane_takes(&self, retracts: bool, now: SystemTime) -> bool {
        if retracts {
            self.pending < 2 * LANE_ITEMS
        } else if self.host.is_dormant(now) {
            self.pending == 0
        } else {
            self.pending < LANE_ITEMS
        }
    }
}

/// `None` when nothing can be delivered there.
pub(super) fn address(
    tx: &Transaction<'_>,
    recipient: &Recipient,
    now: SystemTime,
) -> Result<Option<Address>, StoreError> {
    let (url, is_actor) = (recipient.iri(), matches!(recipient, Recipient::Actor(_)));
    let mut select = tx.prepare_cached(
        "SELECT a.id, a.lane, l.pending, l.down_since FROM ap_address a JOIN ap_lane l ON l.id = a.lane
         WHERE a.url = ?1 AND a.actor = ?2",
    )?;
    let mut known = || {
        select.query_row((url.as_str(), is_actor), |row| {
            let host = Lane { down_since: time(row, 3)?, ..Lane::default() };
            Ok(Address { id: row.get(0)?, lane: row.get(1)?, pending: row.get(2)?, host })
        })
    };
    if let Some(address) = known().optional()? {
        return Ok(Some(address));
    }
    let Some(origin) = url.origin().filter(|_| is_sound(url)) else { return Ok(None) };
    let origin = origin.to_string();
    tx.prepare_cached(
        "INSERT INTO ap_lane (origin, pending, failures, touched) VALUES (?1, 0, 0, ?2) ON CONFLICT DO NOTHING",
    )?
    .execute((&origin, Moment(now)))?;
    tx.prepare_cached(
        "INSERT INTO ap_address (lane, url, actor) SELECT id, ?2, ?3 FROM ap_lane WHERE origin = ?1",
    )?
    .execute((&origin, url.as_str(), is_actor))?;
    Ok(Some(known()?))
}

/// What a stranger wrote and a log line, a terminal and a shell can stand to see.
fn is_sound(url: &Iri) -> bool {
    let url = url.as_str();
    url.len() <= ADDRESS_BYTES
        && !url.contains(|c: char| {
            c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '`')
        })
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Reaction => "reaction",
        Class::Post => "post",
        Class::Retraction => "retraction",
        Class::Lasting => "lasting",
    }
}
