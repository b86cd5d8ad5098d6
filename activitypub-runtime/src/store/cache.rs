//! Documents of others, as fetched: a cache that strangers fill, and therefore bounded.
//!
//! Each fetch takes the next number; rows whose number is too far back are gone. So the table never holds more rows than
//! that, and nothing has to be counted.

use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use bytes::Bytes;
use rusqlite::{OptionalExtension, Transaction};

use super::column::Moment;
use super::{Sqlite, StoreError};

/// How many documents are kept at most.
pub(super) const DOCUMENTS: i64 = 20_000;

/// The longest document that is kept; actors are a few KiB.
const DOCUMENT_BYTES: usize = 64 * 1024;

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
}

pub(super) fn forget_actor(tx: &Transaction<'_>, actor: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_document WHERE id = ?1")?.execute([actor.as_str()])?;
    Ok(())
}
