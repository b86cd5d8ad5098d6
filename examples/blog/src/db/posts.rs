//! What is published: the table `blog_posts`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use super::{moment, moment_or_none};

/// A post that is, or was, out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The last part of its address.
    pub slug: String,
    /// Its file, without `.md`.
    pub file: String,
    /// Its last good text; empty once deleted.
    pub source: String,
    /// When it went out.
    pub published: Timestamp,
    /// When its text last changed.
    pub updated: Option<Timestamp>,
    /// When it was deleted.
    pub deleted: Option<Timestamp>,
}

/// The posts that are out.
///
/// # Errors
/// SQLite's, here and below.
pub fn published(connection: &Connection) -> rusqlite::Result<Vec<Row>> {
    let mut query =
        connection.prepare_cached("SELECT * FROM blog_posts WHERE deleted IS NULL ORDER BY file")?;
    query.query_map([], row)?.collect()
}

/// The addresses of deleted posts.
pub fn graves(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = connection.prepare_cached("SELECT slug FROM blog_posts WHERE deleted IS NOT NULL")?;
    query.query_map([], |row| row.get(0))?.collect()
}

/// The post at `slug`, deleted or not.
pub fn find(connection: &Connection, slug: &str) -> rusqlite::Result<Option<Row>> {
    connection.prepare_cached("SELECT * FROM blog_posts WHERE slug = ?1")?.query_row([slug], row).optional()
}

/// `wanted`, or where that was ever used, `wanted-2`, `wanted-3`…
///
/// A post that comes back after it was deleted is a new post: servers that obeyed the deletion refuse its old address.
pub fn free_slug(connection: &Connection, wanted: &str) -> rusqlite::Result<String> {
    let mut slug = wanted.to_owned();
    let mut number = 2;
    while find(connection, &slug)?.is_some() {
        slug = format!("{wanted}-{number}");
        number += 1;
    }
    Ok(slug)
}

/// A new post is out.
pub fn publish(
    connection: &Connection,
    slug: &str,
    file: &str,
    source: &str,
    at: Timestamp,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO blog_posts (slug, file, source, published) VALUES (?1, ?2, ?3, ?4)",
        params![slug, file, source, at.as_second()],
    )?;
    Ok(())
}

/// The text of a post changed.
pub fn edit(connection: &Connection, slug: &str, source: &str, at: Timestamp) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE blog_posts SET source = ?2, updated = ?3 WHERE slug = ?1 AND deleted IS NULL",
        params![slug, source, at.as_second()],
    )?;
    Ok(())
}

/// A post is gone, and its text with it.
pub fn delete(connection: &Connection, slug: &str, at: Timestamp) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE blog_posts SET source = '', deleted = ?2 WHERE slug = ?1 AND deleted IS NULL",
        params![slug, at.as_second()],
    )?;
    Ok(())
}

fn row(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        slug: row.get("slug")?,
        file: row.get("file")?,
        source: row.get("source")?,
        published: moment(row, "published")?,
        updated: moment_or_none(row, "updated")?,
        deleted: moment_or_none(row, "deleted")?,
    })
}
