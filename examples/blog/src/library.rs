//! What both sides of the blog look things up in: its pages and its federation.

use std::sync::{Arc, PoisonError, RwLock};

use activitypub::as2::{Iri, Origin};
use activitypub::policy::{Blocklist, Hosts, Live, Severity};

use crate::article::Writer;
use crate::db::responses;
use crate::db::{self, Db};
use crate::error::Error;
use crate::settings::{Settings, Site};
use crate::shelf::Shelf;

/// The settings, the tables, the published posts and the blocked servers.
#[derive(Debug)]
pub struct Library {
    /// What the author says about the blog.
    pub settings: Settings,
    /// Where it lives.
    pub site: Site,
    /// Its tables.
    pub db: Db,
    /// How its posts are told to others.
    pub writer: Writer,
    /// The servers that are kept out. The federation holds a clone, so a change counts at once.
    pub hosts: Live<Hosts>,
    shelf: RwLock<Arc<Shelf>>,
}

impl Library {
    /// Opens the tables' contents: the shelf is filled, the blocks are in force.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(settings: Settings, site: Site, db: Db) -> Result<Self, Error> {
        let writer = Writer::new(&settings, &site.url(&format!("/users/{}", crate::ACTOR)));
        let library = Self { settings, site, db, writer, hosts: Live::default(), shelf: RwLock::default() };
        library.fill_shelf().await?;
        library.enforce_blocks().await?;
        Ok(library)
    }

    /// The posts that are out.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the published posts anew.
    ///
    /// # Errors
    /// The database's.
    pub async fn fill_shelf(&self) -> Result<(), Error> {
        let (rows, graves) = self.db.read(|c| Ok((db::posts::published(c)?, db::posts::graves(c)?))).await?;
        let shelf = tokio::task::spawn_blocking(move || Shelf::new(rows, graves))
            .await
            .map_err(|_| Error::Stopped)?;
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        Ok(())
    }

    /// Puts in force what the tables say about servers: the uploaded list, and above it the author's own blocks.
    ///
    /// # Errors
    /// The database's.
    pub async fn enforce_blocks(&self) -> Result<(), Error> {
        let (list, blocks) = self.db.read(|c| Ok((db::meta(c, "blocklist")?, db::blocks::all(c)?))).await?;
        let mut hosts = match list.as_deref().map(Blocklist::mastodon_csv) {
            Some(Ok(list)) => list.into_hosts(),
            // It was understood when it was uploaded.
            Some(Err(error)) => {
                tracing::error!(%error, "the block list is no longer understood, and not in force");
                Hosts::new()
            }
            None => Hosts::new(),
        };
        for block in blocks {
            if let Err(error) = hosts.block(&block.host, block.reason) {
                tracing::error!(host = block.host, %error, "a block is not in force");
            }
        }
        self.hosts.replace(hosts);
        let hosts = self.hosts.clone();
        self.db
            .write(move |tx| {
                let silenced: Vec<_> =
                    responses::actors(tx)?.into_iter().filter(|actor| hides(&hosts, actor)).collect();
                responses::silence_only(tx, &silenced)
            })
            .await
    }

    /// Whether what `actor` writes stays off the pages, because their server is blocked or silenced.
    pub fn hides(&self, actor: &str) -> bool {
        hides(&self.hosts, actor)
    }
}

fn hides(hosts: &Live<Hosts>, actor: &str) -> bool {
    let rule = |origin: Origin| hosts.load().rule_for(origin.host()).map(|(_, rule)| rule.severity);
    Iri::new(actor).origin().and_then(rule).is_some_and(|severity| severity >= Severity::Silence)
}
