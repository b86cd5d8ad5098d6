//! The blog's own tables, in the same SQLite file as the federation's.
//!
//! Being in one file is the point: that a post is published and that its followers are still to be told becomes true in
//! one transaction, or not at all. The functions of the modules below take a connection, so they run inside the
//! federation's transactions as well as outside of them.

pub mod blocks;
pub mod posts;
pub mod reading;
pub mod responses;
pub mod sessions;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::error::Error;

/// The file, opened for the pages and the admin.
#[derive(Debug, Clone)]
pub struct Db {
    connection: Arc<Mutex<Connection>>,
}

impl Db {
    /// Opens `path`, creates it when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// SQLite's, or [`Error::Newer`] when a later version of the blog has written the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        migrate(&mut connection)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Reads, off the threads that answer requests.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.with(move |connection| read(connection)).await
    }

    /// Writes in one transaction, off the threads that answer requests.
    ///
    /// # Errors
    /// Those of `write`; then nothing of it is written.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        self.with(move |connection| {
            // At once a writer's transaction: one that reads first and then finds another writer there cannot wait.
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let written = write(&transaction)?;
            transaction.commit()?;
            Ok::<_, rusqlite::Error>(written)
        })
        .await
    }

    /// Runs `work`, off the threads that answer requests.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn with<T: Send + 'static, E: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Error>
    where
        Error: From<E>,
    {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            // A transaction rolls itself back while a panic unwinds, so the connection is sound after one.
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(done.await.map_err(|_| Error::Stopped)??)
    }
}

/// What is remembered under `key`.
///
/// # Errors
/// SQLite's.
pub fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM blog_meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

/// Remembers `value` under `key`.
///
/// # Errors
/// SQLite's.
pub fn set_meta(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO blog_meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        params![key, value],
    )?;
    Ok(())
}

/// The steps from an empty file to today's tables. One that was released is never changed; the next is added below it.
const MIGRATIONS: &[&str] = &[include_str!("db/1.sql")];

fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Not `PRAGMA user_version`: the file belongs to the federation as well.
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS blog_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;",
    )?;
    let version = meta(&transaction, "schema")?.and_then(|version| version.parse().ok()).unwrap_or(0);
    if version > MIGRATIONS.len() {
        return Err(Error::Newer { version });
    }
    for step in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    set_meta(&transaction, "schema", &MIGRATIONS.len().to_string())?;
    transaction.commit()?;
    Ok(())
}

/// A column of whole seconds since 1970.
fn moment(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp::from_second(row.get(column)?).unwrap_or_default())
}

/// The same where there may be none.
fn moment_or_none(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let seconds: Option<i64> = row.get(column)?;
    Ok(seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()))
}
