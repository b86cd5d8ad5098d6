//! Documents and keys of others, as fetched: a cache that strangers fill, and therefore bounded.
//!
//! Each fetch takes the next number; rows whose number is too far back are gone. So a table never holds more rows than
//! that, and nothing has to be counted.

use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use bytes::Bytes;
use rusqlite::{OptionalExtension, Transaction};

use super::column::{Id, Moment};
use super::{Sqlite, StoreError};

/// How many documents are kept at most.
const DOCUMENTS: i64 = 20_000;

/// The longest document that is kept; actors are a few KiB.
const DOCUMENT_BYTES: usize = 64 * 1024;

/// How many keys, found or missing, are kept at most.
pub(super) const KEYS: i64 = 50_000;

/// A document as it was fetched from its id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CachedDocument {
    /// Where it was fetched, which is its id.
    pub(crate) id: IriBuf,
    /// Its bytes.
    pub(crate) body: Bytes,
    /// When.
    pub(crate) fetched: SystemTime,
}

/// A key as it was confirmed, or the fact that there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CachedKey {
    /// The key's id.
    pub(crate) id: IriBuf,
    /// When it was looked for.
    pub(crate) fetched: SystemTime,
    /// What was found.
    pub(crate) found: KeyFound,
}

/// What looking for a key came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum KeyFound {
    /// A public key, confirmed to be its owner's.
    Key {
        /// The actor whose it is.
        owner: IriBuf,
        /// SubjectPublicKeyInfo in PEM.
        pem: String,
    },
    /// Nothing, and there is no use in asking again before `until`.
    Missing {
        /// When to ask again.
        until: SystemTime,
    },
}

impl Sqlite {
    /// A document, if it was fetched and not evicted since. How old it may be is for the caller to judge.
    pub(crate) async fn cached_document(&self, id: &Iri) -> Result<Option<CachedDocument>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut select =
                connection.prepare_cached("SELECT fetched, body FROM ap_document WHERE id = ?1")?;
            let document = select.query_row([id.as_str()], |row| {
                let (fetched, body) = (row.get::<_, Moment>(0)?.0, row.get::<_, Vec<u8>>(1)?);
                Ok(CachedDocument { id: id.clone(), body: body.into(), fetched })
            });
            Ok(document.optional()?)
        })
        .await
    }

    /// Keeps a document, unless it is too long to be worth keeping.
    pub(crate) async fn cache_document(&self, document: CachedDocument) -> Result<(), StoreError> {
        if document.body.len() > DOCUMENT_BYTES {
            return Ok(());
        }
        self.write(move |tx| {
            tx.prepare_cached("INSERT OR REPLACE INTO ap_document (id, fetched, body) VALUES (?1, ?2, ?3)")?
                .execute((document.id.as_str(), Moment(document.fetched), &*document.body))?;
            let oldest = tx.last_insert_rowid().saturating_sub(DOCUMENTS);
            tx.prepare_cached("DELETE FROM ap_document WHERE seq <= ?1")?.execute([oldest])?;
            Ok(())
        })
        .await
    }

    /// Forgets a document.
    pub(crate) async fn forget_document(&self, id: &Iri) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM ap_document WHERE id = ?1")?.execute([id.as_str()])?;
            Ok(())
        })
        .await
    }

    /// A key, or that there was none, if it was looked for and not evicted since.
    pub(crate) async fn cached_key(&self, id: &Iri) -> Result<Option<CachedKey>, StoreError> {
        let id = id.to_owned();
        self.read(move |connection| {
            let mut select = connection
                .prepare_cached("SELECT fetched, owner, pem, until FROM ap_remote_key WHERE id = ?1")?;
            let key = select.query_row([id.as_str()], |row| {
                let fetched = row.get::<_, Moment>(0)?.0;
                let found = match (row.get::<_, Option<Id>>(1)?, row.get::<_, Option<String>>(2)?) {
                    (Some(Id(owner)), Some(pem)) => KeyFound::Key { owner, pem },
                    _ => KeyFound::Missing {
                        until: row.get::<_, Option<Moment>>(3)?.map_or(fetched, |Moment(time)| time),
                    },
                };
                Ok(CachedKey { id: id.clone(), fetched, found })
            });
            Ok(key.optional()?)
        })
        .await
    }

    /// Keeps a key, or that there is none.
    pub(crate) async fn cache_key(&self, key: CachedKey) -> Result<(), StoreError> {
        self.write(move |tx| {
            let (owner, pem, until) = match &key.found {
                KeyFound::Key { owner, pem } => (Some(owner.as_str()), Some(pem.as_str()), None),
                KeyFound::Missing { until } => (None, None, Some(Moment(*until))),
            };
            tx.prepare_cached(
                "INSERT OR REPLACE INTO ap_remote_key (id, owner, pem, fetched, until) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((key.id.as_str(), owner, pem, Moment(key.fetched), until))?;
            let oldest = tx.last_insert_rowid().saturating_sub(KEYS);
            tx.prepare_cached("DELETE FROM ap_remote_key WHERE seq <= ?1")?.execute([oldest])?;
            Ok(())
        })
        .await
    }

    /// Forgets a key.
    pub(crate) async fn forget_key(&self, id: &Iri) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM ap_remote_key WHERE id = ?1")?.execute([id.as_str()])?;
            Ok(())
        })
        .await
    }
}

pub(super) fn forget_actor(tx: &Transaction<'_>, actor: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_document WHERE id = ?1")?.execute([actor.as_str()])?;
    tx.prepare_cached("DELETE FROM ap_remote_key WHERE owner = ?1")?.execute([actor.as_str()])?;
    Ok(())
}
