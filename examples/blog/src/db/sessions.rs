//! Who is logged in: the table `blog_sessions`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Remembers a session by the hash of its cookie, and forgets those that are over.
///
/// # Errors
/// SQLite's, here and below.
pub fn add(
    connection: &Connection,
    token: &[u8],
    form: &str,
    expires: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_sessions WHERE expires <= ?1", [now.as_second()])?;
    connection.execute(
        "INSERT INTO blog_sessions (token, form, expires) VALUES (?1, ?2, ?3)",
        params![token, form, expires.as_second()],
    )?;
    Ok(())
}

/// What the forms of the session carry, when there is such a session at `now`.
pub fn find(connection: &Connection, token: &[u8], now: Timestamp) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT form FROM blog_sessions WHERE token = ?1 AND expires > ?2")?
        .query_row(params![token, now.as_second()], |row| row.get(0))
        .optional()
}

/// Ends a session.
pub fn remove(connection: &Connection, token: &[u8]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_sessions WHERE token = ?1", [token])?;
    Ok(())
}

/// Ends them all: the password is a new one.
pub fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_sessions", [])?;
    Ok(())
}
