//! Servers the author blocked by hand: the table `blog_blocks`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::moment;

/// A blocked server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its host; the block holds for its subdomains as well.
    pub host: String,
    /// Why, for the author's memory.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

/// All of them, by host.
///
/// # Errors
/// SQLite's, here and below.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<Block>> {
    let mut query = connection.prepare_cached("SELECT * FROM blog_blocks ORDER BY host")?;
    query
        .query_map([], |row| {
            Ok(Block { host: row.get("host")?, reason: row.get("reason")?, since: moment(row, "since")? })
        })?
        .collect()
}

/// Blocks `block.host`; a second block of the same host changes the reason.
pub fn add(connection: &Connection, block: &Block) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO blog_blocks (host, reason, since) VALUES (?1, ?2, ?3) ON CONFLICT (host) DO UPDATE SET reason = ?2",
        params![block.host, block.reason, block.since.as_second()],
    )?;
    Ok(())
}

/// Lets `host` in again.
pub fn remove(connection: &Connection, host: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_blocks WHERE host = ?1", [host])?;
    Ok(())
}
