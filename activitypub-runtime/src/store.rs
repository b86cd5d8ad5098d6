//! What a server's federation remembers, in one SQLite file.
//!
//! One thread owns the connection that writes. It commits many units of work with one `fsync`, each in a savepoint of
//! its own, so that a unit is durable when [`Sqlite::commit`] returns and a failing one takes nothing else with it.
//! Reads run beside it on connections that cannot write: one for the library, one for the application, so that a
//! slow report of the application does not hold up an inbox.
//!
//! The tables are named `ap_*`; every other name in the file is the application's, `PRAGMA user_version` included.
//! <https://www.sqlite.org/wal.html>

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OpenFlags};
use thiserror::Error;
use tokio::sync::Notify;

mod cache;
mod column;
mod dead_letter;
mod follow;
mod key;
mod publication;
mod queue;
mod received;
mod schema;
mod thread;
mod undelivered;
mod unit;

pub(crate) use cache::CachedDocument;
pub use dead_letter::DeadLetter;
pub(crate) use follow::{Answer, FollowState, Follower, Following};
pub(crate) use key::{KeyKind, StoredKey};
pub(crate) use publication::{LocalObject, ObjectState, OutboxEntry};
pub use queue::LaneStatus;
pub(crate) use queue::{Claim, Hot, Settled, Settlement};
pub(crate) use received::{RemoteObject, Sight};
pub use undelivered::Undelivered;
pub(crate) use unit::{Committed, Unit};

use thread::{Thread, Threads};

/// A SQLite database: the store of a server that runs on one machine.
///
/// The application's own tables live in the same file, so that a post and its deliveries are one transaction. Cloning
/// is cheap; the threads end with the last clone.
#[derive(Clone)]
pub struct Sqlite {
    threads: Arc<Threads>,
    /// Rung when deliveries were enqueued or lanes woken.
    bell: Arc<Notify>,
}

impl Sqlite {
    /// Opens the database, creates it where there is none (readable by its owner only: it holds private keys), and
    /// brings its tables to this version.
    ///
    /// # Errors
    /// When the file cannot be opened or is no database, or when a newer version of this library has written it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if path == Path::new(":memory:") {
            return Self::in_memory();
        }
        create_private(path)?;
        let mut writer = connect(path)?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        writer.pragma_update(None, "synchronous", "full")?;
        writer.pragma_update(None, "wal_autocheckpoint", 4000)?;
        schema::migrate(&mut writer)?;
        Self::with_threads(Threads {
            writer: Thread::start("activitypub-write", writer)?,
            reader: Some(Thread::start("activitypub-read", connect(path)?)?),
            application: Some(Thread::start("activitypub-app", connect(path)?)?),
        })
    }

    /// A database that is gone with its last clone. For tests.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        schema::migrate(&mut connection)?;
        Self::with_threads(Threads {
            writer: Thread::start("activitypub-store", connection)?,
            reader: None,
            application: None,
        })
    }

    fn with_threads(threads: Threads) -> Result<Self, StoreError> {
        Ok(Self { threads: Arc::new(threads), bell: Arc::default() })
    }

    /// Reads with the application's own SQL, on a connection of its own that cannot write.
    ///
    /// The closure sees one snapshot. What it reads is what units that have returned have written.
    ///
    /// # Errors
    /// What the closure returns; also when it panics or tries to write.
    pub async fn with<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.application().read(move |connection| thread::read_only(connection, read)).await
    }

    /// Writes a unit, all of it or nothing; it is on disk when this returns.
    pub(crate) async fn commit(&self, unit: Unit) -> Result<Committed, StoreError> {
        let rings = unit.delivers();
        let committed = self.threads.writer.write(move |tx| unit.apply(tx)).await?;
        if rings && committed == Committed::Done {
            self.bell.notify_one();
        }
        Ok(committed)
    }

    /// Resolves when there may be something to deliver that there was not before.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Forgets what has had its time, a bounded amount of it at once; whether there is more.
    ///
    /// What is kept how long stands with each table in `store/schema.rs`.
    pub(crate) async fn sweep(&self, now: SystemTime) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let swept = [received::sweep(tx, now)?, queue::sweep(tx, now)?];
            Ok(swept.contains(&true))
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.reader().read(read).await
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.writer.write(move |tx| write(tx).map(thread::Applied::keep)).await
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}

/// Some of many rows, and where the next ones begin.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// In the order of the listing.
    pub items: Vec<T>,
    /// What to pass as `before` for the rows that follow; `None` at the end.
    pub next: Option<i64>,
}

impl<T> Page<T> {
    /// Of up to `limit + 1` rows, each with its position.
    fn of(mut rows: Vec<(i64, T)>, limit: usize) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|(position, _)| *position);
        Self { items: rows.into_iter().map(|(_, item)| item).collect(), next }
    }
}

/// Why the store did not do as it was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite refused a statement.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The transaction in which this unit was one of several did not reach the disk.
    #[error("the database could not commit: {0}")]
    Commit(Arc<rusqlite::Error>),
    /// A newer version of this library has migrated the file; running an older one on it would lose what it added.
    #[error("the database has schema {found}, this version knows only up to {known}")]
    Newer {
        /// The schema of the file.
        found: i64,
        /// The newest schema this version knows.
        known: i64,
    },
    /// The closure that the application staged for this unit returned an error.
    #[error("the application's own write failed: {0}")]
    Application(#[source] rusqlite::Error),
    /// A closure panicked; nothing of its unit is left.
    #[error("a closure run by the store panicked")]
    Panicked,
    /// The file could not be created, or a thread not started.
    #[error("the store could not be opened: {0}")]
    Open(#[from] std::io::Error),
    /// The store's thread has ended.
    #[error("the store is closed")]
    Closed,
}

/// How many prepared statements a connection keeps: all that are in this library.
const STATEMENTS: usize = 128;

/// A path is a path here, never one of SQLite's `file:` URIs with settings of their own.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// SQLite gives the files beside the database (`-wal`, `-shm`) the permissions of the database itself.
fn create_private(path: &Path) -> Result<(), std::io::Error> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests;
