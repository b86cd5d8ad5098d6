//! What local actors have published: their outboxes, the objects the library serves, and what they feature.

use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use bytes::Bytes;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::column::{Id, Moment};
use super::follow::rows_for;
use super::{Committed, Page, Sqlite, StoreError};

/// An activity of a local actor, in their outbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OutboxEntry {
    /// The local actor's name.
    pub(crate) local: String,
    /// The activity's id.
    pub(crate) id: IriBuf,
    /// What it was done to. When that object is deleted, so is this entry.
    pub(crate) object: Option<IriBuf>,
    /// Whether strangers may see it.
    pub(crate) public: bool,
    /// The activity as it is served.
    pub(crate) body: Bytes,
}

/// An object of a local actor, to be served by the library.
#[derive(Clone, Debug)]
pub(crate) struct LocalObject {
    /// Its id.
    pub(crate) id: IriBuf,
    /// The local actor's name.
    pub(crate) local: String,
    /// Its type, which a tombstone repeats.
    pub(crate) kind: String,
    /// The object as it is served.
    pub(crate) body: Bytes,
}

/// An object of a local actor, or what is left of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StoredObject {
    /// Its type, or the type it had.
    pub(crate) kind: String,
    /// What it is now.
    pub(crate) state: ObjectState,
}

/// What has become of a local object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ObjectState {
    /// It is served so.
    Live(Bytes),
    /// It was deleted then.
    Gone(SystemTime),
}

const ENTRY: &str = "SELECT seq, local, id, object, public, body FROM ap_outbox";

impl Sqlite {
    /// The public activities of a local actor, the latest first.
    pub(crate) async fn outbox(
        &self,
        local: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<OutboxEntry>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&format!(
                "{ENTRY} WHERE local = ?1 AND public = 1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
            ))?;
            let rows = select.query_map((local, before.unwrap_or(i64::MAX), rows_for(limit)), read_entry)?;
            Ok(Page::of(rows.collect::<Result<_, _>>()?, limit))
        })
        .await
    }

    /// How many public activities a local actor's outbox holds.
    pub(crate) async fn outbox_count(&self, local: &str) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM ap_outbox WHERE local = ?1 AND public = 1", local).await
    }

    /// The activity of this id, public or not.
    pub(crate) async fn outbox_entry(&self, id: &Iri) -> Result<Option<OutboxEntry>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&format!("{ENTRY} WHERE id = ?1"))?;
            Ok(select.query_row([id.as_str()], read_entry).optional()?.map(|(_, entry)| entry))
        })
        .await
    }

    /// The object of this id.
    pub(crate) async fn object(&self, id: &Iri) -> Result<Option<StoredObject>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut select =
                connection.prepare_cached("SELECT kind, gone, body FROM ap_object WHERE id = ?1")?;
            let object = select.query_row([id.as_str()], |row| {
                let kind = row.get(0)?;
                let state = match row.get::<_, Option<Moment>>(1)? {
                    Some(Moment(time)) => ObjectState::Gone(time),
                    None => ObjectState::Live(row.get::<_, Vec<u8>>(2)?.into()),
                };
                Ok(StoredObject { kind, state })
            });
            Ok(object.optional()?)
        })
        .await
    }

    /// What a local actor features, in their order.
    pub(crate) async fn featured(&self, local: &str) -> Result<Vec<IriBuf>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let mut select = connection
                .prepare_cached("SELECT object FROM ap_featured WHERE local = ?1 ORDER BY position")?;
            let rows = select.query_map([local], |row| Ok(row.get::<_, Id>(0)?.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

pub(super) fn append_outbox(
    tx: &Transaction<'_>,
    entry: &OutboxEntry,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    let new = tx
        .prepare_cached(
            "INSERT INTO ap_outbox (local, id, object, public, published, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute((
            &entry.local,
            entry.id.as_str(),
            entry.object.as_ref().map(|id| id.as_str()),
            entry.public,
            Moment(now),
            &*entry.body,
        ))?;
    Ok(if new == 1 { Committed::Done } else { Committed::Repeat })
}

/// Takes what was said of an object out of the outbox; something newer is about to be.
pub(super) fn withdraw(tx: &Transaction<'_>, object: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_outbox WHERE object = ?1")?.execute([object.as_str()])?;
    Ok(())
}

pub(super) fn put_object(
    tx: &Transaction<'_>,
    object: &LocalObject,
    now: SystemTime,
) -> Result<Committed, StoreError> {
    let put = tx
        .prepare_cached(
            "INSERT INTO ap_object (id, local, kind, published, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, updated = excluded.published, body = excluded.body
             WHERE gone IS NULL",
        )?
        .execute((object.id.as_str(), &object.local, &object.kind, Moment(now), &*object.body))?;
    Ok(if put == 1 { Committed::Done } else { Committed::Gone })
}

pub(super) fn delete_object(tx: &Transaction<'_>, id: &Iri, now: SystemTime) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE ap_object SET gone = ?2, body = NULL WHERE id = ?1 AND gone IS NULL")?
        .execute((id.as_str(), Moment(now)))?;
    withdraw(tx, id)?;
    tx.prepare_cached("DELETE FROM ap_featured WHERE object = ?1")?.execute([id.as_str()])?;
    Ok(())
}

pub(super) fn feature(tx: &Transaction<'_>, local: &str, object: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO ap_featured (local, object) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute((local, object.as_str()))?;
    Ok(())
}

pub(super) fn unfeature(tx: &Transaction<'_>, local: &str, object: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_featured WHERE local = ?1 AND object = ?2")?
        .execute((local, object.as_str()))?;
    Ok(())
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<(i64, OutboxEntry)> {
    let entry = OutboxEntry {
        local: row.get(1)?,
        id: row.get::<_, Id>(2)?.0,
        object: row.get::<_, Option<Id>>(3)?.map(|Id(id)| id),
        public: row.get(4)?,
        body: row.get::<_, Vec<u8>>(5)?.into(),
    };
    Ok((row.get(0)?, entry))
}
