//! Whom the blog follows, and what they wrote: the tables `blog_following` and `blog_received`.

use activitypub::as2::{UntrustedHtml, UntrustedHtmlBuf};
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::moment;
use super::responses::{Person, read_person};

/// Texts that are kept to be read; the oldest go first.
const KEPT: u32 = 500;

/// Somebody the blog follows, or wants to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Who.
    pub person: Person,
    /// What they say to it.
    pub standing: Standing,
}

/// What somebody says to being followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    Pending,
    /// Yes.
    Accepted,
    /// No, or no more.
    Rejected,
}

impl Standing {
    /// As it stands in the table and on the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

/// Something they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub author: Person,
    /// The text.
    pub content: UntrustedHtmlBuf,
    /// Its page; any text until [`crate::html::web_url`] has looked at it.
    pub url: String,
    /// When it was written, as its server says.
    pub published: Timestamp,
}

/// Notes that `person` was asked.
///
/// # Errors
/// SQLite's, here and below.
pub fn ask(connection: &Connection, person: &Person, at: Timestamp) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO blog_following (actor, name, handle, profile, standing, since) VALUES (?1, ?2, ?3, ?4, 'pending', ?5)
         ON CONFLICT (actor) DO UPDATE SET name = ?2, handle = ?3, profile = ?4, standing = 'pending'",
        params![person.actor, person.name, person.handle, person.profile, at.as_second()],
    )?;
    Ok(())
}

/// `actor` has answered.
pub fn set_standing(connection: &Connection, actor: &str, standing: Standing) -> rusqlite::Result<()> {
    connection
        .execute("UPDATE blog_following SET standing = ?2 WHERE actor = ?1", [actor, standing.as_str()])?;
    Ok(())
}

/// Somebody is called something else now.
pub fn rename(connection: &Connection, person: &Person) -> rusqlite::Result<()> {
    let Person { actor, name, handle, profile } = person;
    for table in ["blog_following", "blog_received"] {
        let sql = format!("UPDATE {table} SET name = ?2, handle = ?3, profile = ?4 WHERE actor = ?1");
        connection.execute(&sql, [actor, name, handle, profile])?;
    }
    Ok(())
}

/// `actor` is not followed any more, and what they wrote is not kept.
pub fn forget(connection: &Connection, actor: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_following WHERE actor = ?1", [actor])?;
    connection.execute("DELETE FROM blog_received WHERE actor = ?1", [actor])?;
    Ok(())
}

/// Whether `actor` lets the blog follow them.
pub fn follows(connection: &Connection, actor: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM blog_following WHERE actor = ?1 AND standing = 'accepted'")?
        .exists([actor])
}

/// Everybody the blog follows or asked.
pub fn following(connection: &Connection) -> rusqlite::Result<Vec<Followed>> {
    let mut query = connection.prepare_cached("SELECT * FROM blog_following ORDER BY handle")?;
    let followed = query.query_map([], |row| {
        let standing: String = row.get("standing")?;
        let standing = match standing.as_str() {
            "accepted" => Standing::Accepted,
            "rejected" => Standing::Rejected,
            _ => Standing::Pending,
        };
        Ok(Followed { person: read_person(row)?, standing })
    })?;
    followed.collect()
}

/// Keeps something to read.
pub fn add(connection: &Connection, received: &Received) -> rusqlite::Result<()> {
    let Received { id, author, content, url, published } = received;
    connection.execute(
        "INSERT INTO blog_received (id, actor, name, handle, profile, content, url, published)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING",
        params![
            id,
            author.actor,
            author.name,
            author.handle,
            author.profile,
            content.as_untrusted_str(),
            url,
            published.as_second()
        ],
    )?;
    connection.execute(
        "DELETE FROM blog_received WHERE id IN (SELECT id FROM blog_received ORDER BY published DESC LIMIT -1 OFFSET ?1)",
        [KEPT],
    )?;
    Ok(())
}

/// The author of `id`, and nobody else, changed it.
pub fn edit(connection: &Connection, id: &str, actor: &str, content: &UntrustedHtml) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE blog_received SET content = ?3 WHERE id = ?1 AND actor = ?2",
        params![id, actor, content.as_untrusted_str()],
    )?;
    Ok(())
}

/// The author of `id`, and nobody else, took it back.
pub fn delete(connection: &Connection, id: &str, actor: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_received WHERE id = ?1 AND actor = ?2", [id, actor])?;
    Ok(())
}

/// The latest `limit` of what is kept, newest first.
pub fn latest(connection: &Connection, limit: u32) -> rusqlite::Result<Vec<Received>> {
    let mut query =
        connection.prepare_cached("SELECT * FROM blog_received WHERE actor NOT IN (SELECT actor FROM blog_silenced) ORDER BY published DESC, id LIMIT ?1")?;
    let received = query.query_map([limit], |row| {
        Ok(Received {
            id: row.get("id")?,
            author: read_person(row)?,
            content: UntrustedHtmlBuf::from(row.get::<_, String>("content")?),
            url: row.get("url")?,
            published: moment(row, "published")?,
        })
    })?;
    received.collect()
}
