//! The running blog: what its pages, its admin and its watcher share.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Door;
use crate::db::{self, Db, blocks::Block};
use crate::error::Error;
use crate::folder::Folder;
use crate::pages::post::{Answers, REPLIES};
use crate::plan::{self, Change, Plan};
use crate::settings::{Settings, Site};
use crate::shelf::Shelf;

/// The blog. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// What clones of [`App`] share.
#[derive(Debug)]
pub struct Shared {
    /// What the author says about the blog.
    pub settings: Settings,
    /// Where it lives.
    pub site: Site,
    /// Its tables.
    pub db: Db,
    /// Where its pictures are.
    pub media: PathBuf,
    /// Who guesses passwords.
    pub door: Door,
    folder: Mutex<Folder>,
    shelf: RwLock<Arc<Shelf>>,
    desk: RwLock<Arc<Desk>>,
}

/// What the author has to know about the folder.
#[derive(Debug, Default)]
pub struct Desk {
    /// The last plan's problems, waiting files and held deletions.
    pub plan: Plan,
    /// Why the folder cannot be listed.
    pub unreadable: Option<String>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The blog with what is published already on its shelf.
    ///
    /// # Errors
    /// The database's.
    pub async fn new(
        settings: Settings,
        site: Site,
        db: Db,
        posts: PathBuf,
        media: PathBuf,
    ) -> Result<Self, Error> {
        let app = Self(Arc::new(Shared {
            settings,
            site,
            db,
            media,
            door: Door::default(),
            folder: Mutex::new(Folder::new(posts)),
            shelf: RwLock::default(),
            desk: RwLock::default(),
        }));
        app.fill_shelf().await?;
        Ok(app)
    }

    /// The posts that are out.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the author has to know about the folder.
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Watches the folder, a look each second, until the task is dropped.
    pub async fn watch(&self) {
        let mut clock = tokio::time::interval(Duration::from_secs(1));
        loop {
            clock.tick().await;
            if let Err(error) = self.look().await {
                tracing::error!(%error, "the folder's changes could not be published; trying again");
            }
        }
    }

    /// Looks at the folder once, and publishes, updates and deletes what has settled.
    ///
    /// # Errors
    /// The database's; what is not done is done by the next look.
    pub async fn look(&self) -> Result<(), Error> {
        let published = self.db.read(db::posts::published).await?;
        let app = self.clone();
        let looked = tokio::task::spawn_blocking(move || -> io::Result<Plan> {
            let mut folder = app.folder.lock().unwrap_or_else(PoisonError::into_inner);
            folder.look()?;
            Ok(plan::plan(&folder, &published, Timestamp::now()))
        });
        let desk = match looked.await.map_err(|_| Error::Stopped)? {
            Ok(plan) => Desk { plan, unreadable: None },
            Err(error) => Desk { plan: Plan::default(), unreadable: Some(error.to_string()) },
        };
        self.say(&desk);
        let changes = desk.plan.changes.clone();
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(desk);
        if changes.is_empty() {
            return Ok(());
        }
        for change in changes {
            self.apply(change).await?;
        }
        self.fill_shelf().await
    }

    async fn apply(&self, change: Change) -> Result<(), Error> {
        let now = Timestamp::now();
        match change {
            Change::Publish { file, slug, source } => {
                let slug = self
                    .db
                    .write(move |tx| {
                        let slug = db::posts::free_slug(tx, &slug)?;
                        db::posts::publish(tx, &slug, &file, &source, now)?;
                        Ok(slug)
                    })
                    .await?;
                tracing::info!(url = self.site.post(&slug), "published");
            }
            Change::Edit { slug, source } => {
                let url = self.site.post(&slug);
                self.db.write(move |tx| db::posts::edit(tx, &slug, &source, now)).await?;
                tracing::info!(url, "updated");
            }
            Change::Delete { slug } => {
                let url = self.site.post(&slug);
                self.db.write(move |tx| db::posts::delete(tx, &slug, now)).await?;
                tracing::info!(url, "deleted");
            }
        }
        Ok(())
    }

    async fn fill_shelf(&self) -> Result<(), Error> {
        let (rows, graves) = self.db.read(|c| Ok((db::posts::published(c)?, db::posts::graves(c)?))).await?;
        let shelf = tokio::task::spawn_blocking(move || Shelf::new(rows, graves))
            .await
            .map_err(|_| Error::Stopped)?;
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        Ok(())
    }

    /// Puts in the log what was not there at the last look.
    fn say(&self, now: &Desk) {
        let before = self.desk();
        if now.unreadable != before.unreadable {
            match &now.unreadable {
                Some(error) => {
                    tracing::warn!(%error, "the folder of posts cannot be read; everything stays as it is")
                }
                None => tracing::info!("the folder of posts can be read again"),
            }
        }
        for problem in now.plan.problems.iter().filter(|problem| !before.plan.problems.contains(problem)) {
            tracing::warn!("{problem}");
        }
        for file in now.plan.held.iter().filter(|file| !before.plan.held.contains(file)) {
            tracing::warn!(
                file,
                "is gone, but so is the file {} that marks the folder as the blog's own; the post stays",
                Folder::MARK
            );
        }
    }

    /// What readers answered to the post at `slug`, without those from blocked servers.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn answers(&self, slug: String) -> Result<Answers, Error> {
        self.db
            .read(move |c| {
                Ok(Answers {
                    replies: db::responses::replies_to(c, &slug, REPLIES)?,
                    reactions: db::responses::reactions_to(c, &slug)?,
                })
            })
            .await
    }

    /// How many follow the blog.
    ///
    /// # Errors
    /// The database's.
    pub async fn followers(&self) -> Result<u64, Error> {
        Ok(0)
    }

    /// Blocks a server.
    ///
    /// # Errors
    /// The database's.
    pub async fn block(&self, block: Block) -> Result<(), Error> {
        self.db.write(move |tx| db::blocks::add(tx, &block)).await
    }

    /// Lets a server in again.
    ///
    /// # Errors
    /// The database's.
    pub async fn unblock(&self, host: String) -> Result<(), Error> {
        self.db.write(move |tx| db::blocks::remove(tx, &host)).await
    }
}
