//! The delivery queue: lanes, items and the bodies they share.
//!
//! Nothing is locked or leased while it is under way: one process delivers from one file, and what it has claimed it
//! keeps in memory. A row leaves when its result is on disk; until then a restart finds it due.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, IriBuf, Origin};
use activitypub_sig::Dialect;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::column::{Id, Moment, order};
use super::follow::rows_for;
use super::{Page, Sqlite, StoreError};
use crate::delivery::lanes::{Choice, LONGEST_PAUSE, Lane, Pick, Waiting};
use crate::delivery::{Class, Delivery, Recipient};

/// How many items a lane holds before only what takes something back is added to it; of that, once more as many.
const LANE_ITEMS: i64 = 10_000;

/// How many items of one lane are looked at to find one that can be sent.
const LOOKED_AT: i64 = 1024;

/// How many items that are never to be sent are taken out of a lane at once.
const DROPPED: usize = 256;

/// How many undelivered items are remembered.
const UNDELIVERED: i64 = 10_000;

/// A delivery to no more than this many is a conversation, and goes before what goes to everyone.
const FEW: usize = 8;

/// How far such a delivery is moved forward among the lanes that are due.
const HEAD_START: Duration = Duration::from_secs(60);

/// An address longer than this is nobody's.
const ADDRESS_BYTES: usize = 2048;

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
    /// The number of its body.
    pub(crate) body: i64,
    /// The order it keeps.
    pub(crate) order: i64,
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
        self.read(move |connection| claim(connection, now, &hot, room, probes)).await
    }

    /// Writes results.
    pub(crate) async fn settle(&self, now: SystemTime, settlement: Settlement) -> Result<(), StoreError> {
        self.write(move |tx| settle(tx, now, settlement)).await
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

pub(super) fn enqueue(tx: &Transaction<'_>, delivery: &Delivery, now: SystemTime) -> Result<(), StoreError> {
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
            remember_unaddressable(tx, recipient, delivery, now)?;
            continue;
        };
        if address.lane_takes(retracts, now) {
            insert_item(tx, &address, body, due, now)?;
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

pub(super) fn cancel_lane(tx: &Transaction<'_>, origin: &Origin) -> Result<(), StoreError> {
    let lane: Option<i64> = tx
        .prepare_cached("UPDATE ap_lane SET pending = 0, due = NULL WHERE origin = ?1 RETURNING id")?
        .query_row([origin.to_string()], |row| row.get(0))
        .optional()?;
    let mut delete = tx.prepare_cached("DELETE FROM ap_item WHERE lane = ?1 RETURNING body")?;
    let mut finished = HashMap::new();
    for body in delete.query_map([lane], |row| row.get::<_, i64>(0))? {
        *finished.entry(body?).or_insert(0) += 1;
    }
    release_bodies(tx, finished)
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

const DUE_LANES: &str = "SELECT id, failures, retry_at, down_since, last_ok, last_error, dialect, dialect_at
    FROM ap_lane WHERE due <= ?1 AND failures = 0 ORDER BY due LIMIT ?2";
const PROBE_LANES: &str =
    "SELECT id, failures, retry_at, down_since, last_ok, last_error, dialect, dialect_at
    FROM ap_lane WHERE due <= ?1 AND failures > 0 ORDER BY due LIMIT ?2";

fn claim(
    connection: &Connection,
    now: SystemTime,
    hot: &HashMap<i64, Hot>,
    room: usize,
    probes: usize,
) -> Result<Claims, StoreError> {
    let mut claims = Claims::default();
    let mut bodies = HashMap::new();
    claim_lanes(connection, PROBE_LANES, now, hot, probes.min(room), &mut claims, &mut bodies)?;
    let room = room.saturating_sub(claims.items.len());
    claim_lanes(connection, DUE_LANES, now, hot, room, &mut claims, &mut bodies)?;
    let mut next = connection.prepare_cached(
        "SELECT MIN(due) FROM (SELECT MIN(due) AS due FROM ap_lane WHERE due > ?1 AND failures = 0
         UNION ALL SELECT MIN(due) FROM ap_lane WHERE due > ?1 AND failures > 0)",
    )?;
    claims.next = next.query_row([Moment(now)], |row| time(row, 0))?;
    Ok(claims)
}

fn claim_lanes(
    connection: &Connection,
    lanes: &str,
    now: SystemTime,
    hot: &HashMap<i64, Hot>,
    room: usize,
    claims: &mut Claims,
    bodies: &mut HashMap<i64, (String, Bytes)>,
) -> Result<(), StoreError> {
    let full = claims.items.len() + room;
    let mut select = connection.prepare_cached(lanes)?;
    let mut rows = select.query((Moment(now), rows_for(room + hot.len())))?;
    while let Some(row) = rows.next()? {
        let room = full.saturating_sub(claims.items.len());
        if room == 0 {
            break;
        }
        let id = row.get(0)?;
        let known = hot.get(&id);
        let mut lane = match known {
            Some(hot) => hot.clone(),
            None => Hot { lane: read_lane(row)?, under_way: Vec::new(), drained: false },
        };
        let width = lane.lane.width(now).saturating_sub(lane.under_way.len()).min(room);
        if known.is_some() && (lane.drained || width == 0) {
            continue;
        }
        claim_from(connection, now, id, &mut lane, width, claims, bodies)?;
        if known.is_some() || !lane.under_way.is_empty() {
            claims.lanes.insert(id, lane);
        } else {
            claims.settlement.stale.insert(id);
        }
    }
    Ok(())
}

fn claim_from(
    connection: &Connection,
    now: SystemTime,
    id: i64,
    hot: &mut Hot,
    room: usize,
    claims: &mut Claims,
    bodies: &mut HashMap<i64, (String, Bytes)>,
) -> Result<(), StoreError> {
    let under_way = hot.under_way.clone();
    let mut pick = Pick::new(now, room, &under_way);
    let mut dropped = 0;
    let mut select = connection.prepare_cached(
        "SELECT i.id, b.ordered, i.not_before, b.expires, b.withdrawn, i.attempts, i.body, a.url, a.actor
         FROM ap_item i JOIN ap_body b ON b.id = i.body LEFT JOIN ap_address a ON a.id = i.address
         WHERE i.lane = ?1 ORDER BY i.id LIMIT ?2",
    )?;
    let mut rows = select.query((id, LOOKED_AT))?;
    while let Some(row) = rows.next()? {
        if pick.is_full() || dropped >= DROPPED {
            return Ok(());
        }
        let waiting = read_waiting(row)?;
        let url = row.get::<_, Option<Id>>(7)?;
        match (pick.offer(&waiting), url) {
            (Choice::Leave, _) => {}
            (Choice::Drop, url) | (Choice::Take, url @ None) => {
                dropped += 1;
                // An item without an address is damage: it must not hold up its lane.
                let settled = if waiting.withdrawn || url.is_none() {
                    Settled::Done
                } else {
                    Settled::Undelivered("its time had passed".to_owned())
                };
                claims.settlement.items.push((waiting.item, settled));
            }
            (Choice::Take, Some(Id(url))) => {
                let body = row.get(6)?;
                let (local, bytes) = read_body(connection, bodies, body)?;
                hot.under_way.push((waiting.item, waiting.order));
                claims.items.push(Claim {
                    item: waiting.item,
                    lane: id,
                    body,
                    order: waiting.order,
                    attempts: row.get(5)?,
                    to: if row.get(8)? { Recipient::Actor(url) } else { Recipient::Inbox(url) },
                    local,
                    bytes,
                });
            }
        }
    }
    hot.drained = true;
    Ok(())
}

fn settle(tx: &Transaction<'_>, now: SystemTime, settlement: Settlement) -> Result<(), StoreError> {
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
                remember_undelivered(tx, item, "the actor's inbox is not one that can be delivered to", now)?;
            }
            Settled::Undelivered(why) => remember_undelivered(tx, item, &why, now)?,
            Settled::Done => {}
        }
        // It is not there any more when its host was cancelled meanwhile.
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

/// Where an item goes, and what is known of the host there.
struct Address {
    id: i64,
    lane: i64,
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
fn address(
    tx: &Transaction<'_>,
    recipient: &Recipient,
    now: SystemTime,
) -> Result<Option<Address>, StoreError> {
    let (url, is_actor) = match recipient {
        Recipient::Inbox(url) => (url, false),
        Recipient::Actor(url) => (url, true),
    };
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

fn insert_item(
    tx: &Transaction<'_>,
    address: &Address,
    body: i64,
    due: SystemTime,
    now: SystemTime,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_item (lane, address, body, attempts, not_before) VALUES (?1, ?2, ?3, 0, 0)",
    )?
    .execute((address.lane, address.id, body))?;
    add_to_lane(tx, address.lane, due, now)
}

fn add_to_lane(tx: &Transaction<'_>, lane: i64, due: SystemTime, now: SystemTime) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE ap_lane SET pending = pending + 1, touched = ?3,
         due = MIN(COALESCE(due, ?4), MAX(?2, COALESCE(retry_at, 0))) WHERE id = ?1",
    )?
    .execute((lane, Moment(due), Moment(now), i64::MAX))?;
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
        add_to_lane(tx, to.lane, now, now)?;
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

fn remember_undelivered(
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
    forget_old_undelivered(tx)
}

fn remember_unaddressable(
    tx: &Transaction<'_>,
    recipient: &Recipient,
    delivery: &Delivery,
    now: SystemTime,
) -> Result<(), StoreError> {
    let (Recipient::Inbox(url) | Recipient::Actor(url)) = recipient;
    let url: String = url.as_str().chars().take(ADDRESS_BYTES).collect();
    tx.prepare_cached(
        "INSERT INTO ap_undelivered (origin, address, activity, attempts, error, at)
         VALUES ('', ?1, ?2, 0, 'this is no address that can be delivered to', ?3)",
    )?
    .execute((url, delivery.activity.as_str(), Moment(now)))?;
    forget_old_undelivered(tx)
}

fn forget_old_undelivered(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_undelivered WHERE seq <= ?1")?
        .execute([tx.last_insert_rowid().saturating_sub(UNDELIVERED)])?;
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

fn read_body(
    connection: &Connection,
    bodies: &mut HashMap<i64, (String, Bytes)>,
    body: i64,
) -> Result<(String, Bytes), StoreError> {
    if let Some(read) = bodies.get(&body) {
        return Ok(read.clone());
    }
    let read = connection
        .prepare_cached("SELECT local, bytes FROM ap_body WHERE id = ?1")?
        .query_row([body], |row| Ok((row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?))))?;
    Ok(bodies.entry(body).or_insert(read).clone())
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<SystemTime>> {
    Ok(row.get::<_, Option<Moment>>(column)?.map(|Moment(time)| time))
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Reaction => "reaction",
        Class::Post => "post",
        Class::Retraction => "retraction",
        Class::Lasting => "lasting",
    }
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
