//! What came from others, and whose it is.
//!
//! An activity is known by its id *and* its actor, so nobody can use up another's id. An object is known by its id
//! alone, and belongs to whoever it was first authentically seen from; the payload of a later activity never says whose
//! an object is. All of it is safe to repeat and to reorder: Create, Update and Delete of one object end in the same
//! state in whatever order they arrive.

use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, IriBuf};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::column::{Id, Moment, mark, mark_of};
use super::{Committed, Sqlite, StoreError};

/// How long a mark is kept that only guards against redelivery.
const REDELIVERY: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A longer id is not kept: it would be no use to an Undo.
const ID_BYTES: usize = 2048;

/// A longer type is not kept: nobody has a handler for it.
const KIND_BYTES: usize = 128;

/// How many rows one sweep removes of a kind.
const SWEEP: i64 = 2000;

/// An activity that is about to have its effect.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// Its id.
    pub(crate) id: IriBuf,
    /// The verified actor.
    pub(crate) actor: IriBuf,
    /// Its type, as in `Like`.
    pub(crate) kind: String,
    /// The id of what it was done to, for its Undo.
    pub(crate) object: Option<IriBuf>,
}

/// An activity that had its effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sighted {
    /// Its type.
    pub(crate) kind: String,
    /// The id of what it was done to.
    pub(crate) object: Option<IriBuf>,
    /// When it came.
    pub(crate) at: SystemTime,
}

/// An object of someone else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RemoteObject {
    /// Its id.
    pub(crate) id: IriBuf,
    /// The actor it belongs to.
    pub(crate) owner: IriBuf,
    /// Its type, as in `Note`.
    pub(crate) kind: String,
    /// Its `updated`, or else its `published`: which version this is.
    pub(crate) updated: Option<SystemTime>,
}

impl Sqlite {
    /// What is known of an activity of this actor, unless it was undone.
    pub(crate) async fn sight(&self, id: &Iri, actor: &Iri) -> Result<Option<Sighted>, StoreError> {
        let mark = mark_of(id, actor);
        self.read(move |connection| {
            let mut select =
                connection.prepare_cached("SELECT kind, object, at FROM ap_activity WHERE mark = ?1")?;
            let sighted = select.query_row([mark], |row| {
                Ok(Sighted {
                    kind: row.get(0)?,
                    object: row.get::<_, Option<Id>>(1)?.map(|Id(id)| id),
                    at: row.get::<_, Moment>(2)?.0,
                })
            });
            Ok(sighted.optional()?)
        })
        .await
    }

    /// Who owns an object of someone else, as long as it is known and not deleted.
    pub(crate) async fn owner_of(&self, id: &Iri) -> Result<Option<IriBuf>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| Ok(known(connection, &id)?.map(|object| object.owner))).await
    }
}

pub(super) fn first_sight(
    tx: &Transaction<'_>,
    sight: &Sight,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    let mark = mark_of(&sight.id, &sight.actor);
    if gone(tx, mark)? {
        return Ok(Committed::Gone);
    }
    let object = sight.object.as_ref().map(|id| id.as_str()).filter(|id| id.len() <= ID_BYTES);
    let until = (!can_be_undone(&sight.kind)).then(|| Moment(now + REDELIVERY));
    let new = tx
        .prepare_cached(
            "INSERT INTO ap_activity (mark, kind, object, at, until) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute((mark, short(&sight.kind), object, Moment(now), until))?;
    Ok(if new == 1 { Committed::Done } else { Committed::Repeat })
}

pub(super) fn create(
    tx: &Transaction<'_>,
    object: &RemoteObject,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    match known(tx, &object.id)? {
        Some(known) if known.owner != object.owner => Ok(Committed::NotTheirs),
        Some(_) => Ok(Committed::Repeat),
        None => put(tx, object, now),
    }
}

pub(super) fn update(
    tx: &Transaction<'_>,
    object: &RemoteObject,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    match known(tx, &object.id)? {
        Some(known) if known.owner != object.owner => Ok(Committed::NotTheirs),
        // Some servers send updates that do not say when; those cannot be put in order, and the latest to come counts.
        Some(RemoteObject { updated: Some(known), .. })
            if object.updated.is_some_and(|updated| updated <= known) =>
        {
            Ok(Committed::Stale)
        }
        _ => put(tx, object, now),
    }
}

pub(super) fn delete(
    tx: &Transaction<'_>,
    id: &Iri,
    owner: &Iri,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    let known = known(tx, id)?;
    if known.as_ref().is_some_and(|known| known.owner != *owner) {
        return Ok(Committed::NotTheirs);
    }
    if gone(tx, mark_of(id, owner))? {
        return Ok(Committed::Gone);
    }
    tx.prepare_cached("DELETE FROM ap_remote WHERE mark = ?1")?.execute([mark(id)])?;
    bury(tx, mark_of(id, owner), known.is_none().then(|| now + REDELIVERY))?;
    Ok(Committed::Done)
}

pub(super) fn undo(
    tx: &Transaction<'_>,
    activity: &Iri,
    actor: &Iri,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    let mark = mark_of(activity, actor);
    if gone(tx, mark)? {
        return Ok(Committed::Repeat);
    }
    tx.prepare_cached("DELETE FROM ap_activity WHERE mark = ?1")?.execute([mark])?;
    bury(tx, mark, Some(now + REDELIVERY))?;
    Ok(Committed::Done)
}

pub(super) fn sweep(tx: &Transaction<'_>, now: SystemTime) -> Result<bool, StoreError> {
    let activities = tx
        .prepare_cached(
            "DELETE FROM ap_activity WHERE mark IN (SELECT mark FROM ap_activity WHERE until <= ?1 LIMIT ?2)",
        )?
        .execute((Moment(now), SWEEP))?;
    let tombstones = tx
        .prepare_cached(
            "DELETE FROM ap_tombstone WHERE mark IN (SELECT mark FROM ap_tombstone WHERE until <= ?1 LIMIT ?2)",
        )?
        .execute((Moment(now), SWEEP))?;
    Ok(activities + tombstones > 0)
}

/// Whether an Undo may still come that needs to know what was done. Of an unknown type it may.
fn can_be_undone(kind: &str) -> bool {
    !matches!(
        kind,
        "Accept"
            | "Add"
            | "Create"
            | "Delete"
            | "Flag"
            | "Move"
            | "Read"
            | "Reject"
            | "Remove"
            | "Undo"
            | "Update"
            | "View"
    )
}

fn short(kind: &str) -> &str {
    if kind.len() <= KIND_BYTES { kind } else { "" }
}

fn put(tx: &Transaction<'_>, object: &RemoteObject, now: SystemTime) -> Result<Committed, StoreError> {
    if gone(tx, mark_of(&object.id, &object.owner))? {
        return Ok(Committed::Gone);
    }
    tx.prepare_cached(
        "INSERT INTO ap_remote (mark, owner, kind, at, updated) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET updated = COALESCE(excluded.updated, updated)",
    )?
    .execute((
        mark(&object.id),
        object.owner.as_str(),
        short(&object.kind),
        Moment(now),
        object.updated.map(Moment),
    ))?;
    Ok(Committed::Done)
}

/// What is known of an object of someone else, unless it was deleted.
pub(super) fn known(connection: &Connection, id: &Iri) -> Result<Option<RemoteObject>, StoreError> {
    let mut select =
        connection.prepare_cached("SELECT owner, kind, updated FROM ap_remote WHERE mark = ?1")?;
    let known = select.query_row([mark(id)], |row| {
        Ok(RemoteObject {
            id: id.to_owned(),
            owner: row.get::<_, Id>(0)?.0,
            kind: row.get(1)?,
            updated: row.get::<_, Option<Moment>>(2)?.map(|Moment(time)| time),
        })
    });
    Ok(known.optional()?)
}

/// Whether it was deleted or undone by the actor of this mark.
pub(super) fn gone(connection: &Connection, mark: [u8; 16]) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM ap_tombstone WHERE mark = ?1")?.exists([mark])?)
}

/// A tombstone for good stays for good.
fn bury(tx: &Transaction<'_>, mark: [u8; 16], until: Option<SystemTime>) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_tombstone (mark, until) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET until = CASE WHEN until IS NULL THEN NULL ELSE excluded.until END",
    )?
    .execute((mark, until.map(Moment)))?;
    Ok(())
}
