//! Out of the queue, to be sent.

use std::collections::HashMap;
use std::time::SystemTime;

use bytes::Bytes;
use rusqlite::Connection;

use super::{Claim, Claims, Hot, LOOKED_AT, Settled, read_lane, read_waiting, time};
use crate::delivery::Recipient;
use crate::delivery::lanes::{Choice, Pick};
use crate::store::StoreError;
use crate::store::column::{Id, Moment};
use crate::store::follow::rows_for;

/// How many items that are never to be sent are taken out of a lane at once.
const DROPPED: usize = 256;

const DUE_LANES: &str = "SELECT id, failures, retry_at, down_since, last_ok, last_error, dialect, dialect_at
    FROM ap_lane WHERE due <= ?1 AND failures = 0 ORDER BY due LIMIT ?2";

const PROBE_LANES: &str =
    "SELECT id, failures, retry_at, down_since, last_ok, last_error, dialect, dialect_at
    FROM ap_lane WHERE due <= ?1 AND failures > 0 ORDER BY due LIMIT ?2";

pub(super) fn claim(
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
