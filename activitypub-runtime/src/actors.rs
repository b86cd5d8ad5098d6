//! The documents of remote actors, kept for a while.

use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, Object, Parsed};

use crate::error::Result;
use crate::fetch::{Budget, FetchError, Fetcher};
use crate::store::{CachedDocument, Sqlite};

/// How long a document is taken for what its server would say now.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// The documents of remote actors: from the store while fresh, else from their servers.
#[derive(Clone, Debug)]
pub(crate) struct Actors {
    store: Sqlite,
    fetcher: Fetcher,
}

impl Actors {
    pub(crate) fn new(store: Sqlite, fetcher: Fetcher) -> Self {
        Self { store, fetcher }
    }

    /// The document of an actor. What its server cannot be asked for right now may be old.
    pub(crate) async fn find(&self, id: &Iri, now: SystemTime, budget: &mut Budget) -> Result<Object> {
        let cached = self.store.cached_document(id).await?;
        let old = match cached {
            Some(cached) => {
                let document = Parsed::parse(cached.body).ok().map(Parsed::into_object);
                let age = now.duration_since(cached.fetched).unwrap_or_default();
                match document {
                    Some(document) if age < FRESH => return Ok(document),
                    other => other,
                }
            }
            None => None,
        };
        match self.fetcher.fetch(id, budget).await {
            // Whose address leads to another's document is not that other.
            Ok(fetched) if *fetched.id != *id => {
                Err(FetchError::OtherId { id: fetched.id, url: id.to_owned() }.into())
            }
            Ok(fetched) => {
                let body = fetched.document.bytes().clone();
                self.store.cache_document(CachedDocument { id: fetched.id, body, fetched: now }).await?;
                Ok(fetched.document.into_object())
            }
            Err(error) if error.is_transient() => old.ok_or_else(|| error.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Drops what is known of an actor, who changed or is gone.
    pub(crate) async fn forget(&self, id: &Iri) -> Result<()> {
        Ok(self.store.forget_document(id).await?)
    }
}
