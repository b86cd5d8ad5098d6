//! What readers on other servers answered: the tables `blog_replies` and `blog_reactions`.

use activitypub::as2::{UntrustedHtml, UntrustedHtmlBuf};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{moment, moment_or_none};

/// Somebody on another server, as that server described them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their actor's id.
    pub actor: String,
    /// What they call themselves.
    pub name: String,
    /// `@user@host`.
    pub handle: String,
    /// The page about them; any text until [`crate::html::web_url`] has looked at it.
    pub profile: String,
}

/// An answer to a post, or to another answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its id.
    pub id: String,
    /// The post it belongs to.
    pub post: String,
    /// What it answers: the post's id, or another reply's.
    pub in_reply_to: String,
    /// Who wrote it.
    pub author: Person,
    /// What they wrote.
    pub content: UntrustedHtmlBuf,
    /// Its page; any text until [`crate::html::web_url`] has looked at it.
    pub url: String,
    /// When it was written, as its server says.
    pub published: Timestamp,
    /// When it was changed.
    pub updated: Option<Timestamp>,
    /// The author of the blog keeps it off the page.
    pub hidden: bool,
    /// The author of the blog wrote it.
    pub ours: bool,
}

/// A like or a boost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Which of the two.
    pub kind: Kind,
    /// The post.
    pub post: String,
    /// Who.
    pub person: Person,
    /// The id of the activity, for when it is undone.
    pub activity: String,
}

/// What a reaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `Like`.
    Like,
    /// `Announce`.
    Boost,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Boost => "boost",
        }
    }
}

/// The post in whose thread the reply `id` stands, if it is one we have.
///
/// # Errors
/// SQLite's, here and below.
pub fn thread_of(connection: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT post FROM blog_replies WHERE id = ?1 AND deleted IS NULL")?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// Adds a reply. `false` when it, or its grave, is here already, or its post is gone.
pub fn add_reply(connection: &Connection, reply: &Reply) -> rusqlite::Result<bool> {
    let rows = connection.execute(
        "INSERT INTO blog_replies (id, post, in_reply_to, actor, name, handle, profile, content, url, published, updated, hidden, ours)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
         WHERE EXISTS (SELECT 1 FROM blog_posts WHERE slug = ?2 AND deleted IS NULL)
         ON CONFLICT (id) DO NOTHING",
        params![
            reply.id,
            reply.post,
            reply.in_reply_to,
            reply.author.actor,
            reply.author.name,
            reply.author.handle,
            reply.author.profile,
            reply.content.as_untrusted_str(),
            reply.url,
            reply.published.as_second(),
            reply.updated.map(Timestamp::as_second),
            reply.hidden,
            reply.ours,
        ],
    )?;
    Ok(rows > 0)
}

/// The author of the reply `id`, and nobody else, changed its text. `false` when there is no such reply of theirs.
pub fn edit_reply(
    connection: &Connection,
    id: &str,
    actor: &str,
    content: &UntrustedHtml,
    at: Timestamp,
) -> rusqlite::Result<bool> {
    let rows = connection.execute(
        "UPDATE blog_replies SET content = ?3, updated = ?4 WHERE id = ?1 AND actor = ?2 AND deleted IS NULL",
        params![id, actor, content.as_untrusted_str(), at.as_second()],
    )?;
    Ok(rows > 0)
}

/// The author of the reply `id`, and nobody else, took it back. `false` when there is no such reply of theirs.
pub fn delete_reply(connection: &Connection, id: &str, actor: &str, at: Timestamp) -> rusqlite::Result<bool> {
    let rows = connection.execute(
        "UPDATE blog_replies SET content = '', name = '', deleted = ?3 WHERE id = ?1 AND actor = ?2 AND deleted IS NULL",
        params![id, actor, at.as_second()],
    )?;
    Ok(rows > 0)
}

/// The author of the blog takes a reply off the page, or puts it back.
pub fn hide_reply(connection: &Connection, id: &str, hidden: bool) -> rusqlite::Result<()> {
    connection.execute("UPDATE blog_replies SET hidden = ?2 WHERE id = ?1", params![id, hidden])?;
    Ok(())
}

/// The reply `id`, if it is here and not deleted.
pub fn reply(connection: &Connection, id: &str) -> rusqlite::Result<Option<Reply>> {
    connection
        .prepare_cached("SELECT * FROM blog_replies WHERE id = ?1 AND deleted IS NULL")?
        .query_row([id], read_reply)
        .optional()
}

/// What `reply` answers, if that is a reply as well.
pub fn parent(connection: &Connection, reply: &Reply) -> rusqlite::Result<Option<Reply>> {
    self::reply(connection, &reply.in_reply_to)
}

/// Whether `id` is a reply that was deleted.
pub fn is_grave(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM blog_replies WHERE id = ?1 AND deleted IS NOT NULL")?
        .exists([id])
}

/// The first `limit` replies to `post` that are not hidden, oldest first.
pub fn replies_to(connection: &Connection, post: &str, limit: u32) -> rusqlite::Result<Vec<Reply>> {
    let mut query = connection.prepare_cached(
        "SELECT * FROM blog_replies WHERE post = ?1 AND deleted IS NULL AND NOT hidden
         AND actor NOT IN (SELECT actor FROM blog_silenced) ORDER BY published, id LIMIT ?2",
    )?;
    query.query_map(params![post, limit], read_reply)?.collect()
}

/// The latest `limit` replies, hidden ones too, newest first.
pub fn latest_replies(connection: &Connection, limit: u32) -> rusqlite::Result<Vec<Reply>> {
    let mut query = connection.prepare_cached(
        "SELECT * FROM blog_replies WHERE deleted IS NULL AND actor NOT IN (SELECT actor FROM blog_silenced)
         ORDER BY published DESC, id LIMIT ?1",
    )?;
    query.query_map([limit], read_reply)?.collect()
}

/// Adds a like or boost, unless that person's is here already or the post is gone.
pub fn add_reaction(connection: &Connection, reaction: &Reaction, at: Timestamp) -> rusqlite::Result<bool> {
    let rows = connection.execute(
        "INSERT INTO blog_reactions (kind, post, actor, activity, name, handle, profile, received)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
         WHERE EXISTS (SELECT 1 FROM blog_posts WHERE slug = ?2 AND deleted IS NULL)
         ON CONFLICT (post, kind, actor) DO NOTHING",
        params![
            reaction.kind.as_str(),
            reaction.post,
            reaction.person.actor,
            reaction.activity,
            reaction.person.name,
            reaction.person.handle,
            reaction.person.profile,
            at.as_second(),
        ],
    )?;
    Ok(rows > 0)
}

/// `actor` takes back the reaction whose activity is `activity`.
pub fn undo_reaction(connection: &Connection, activity: &str, actor: &str) -> rusqlite::Result<bool> {
    Ok(connection
        .execute("DELETE FROM blog_reactions WHERE activity = ?1 AND actor = ?2", [activity, actor])?
        > 0)
}

/// `actor` takes back what they did to `post`, where the activity's id is not the one we know.
///
/// Misskey and others make up a new id for the activity inside an `Undo`.
pub fn undo_reaction_to(
    connection: &Connection,
    kind: Kind,
    post: &str,
    actor: &str,
) -> rusqlite::Result<bool> {
    let rows = connection.execute(
        "DELETE FROM blog_reactions WHERE kind = ?1 AND post = ?2 AND actor = ?3",
        [kind.as_str(), post, actor],
    )?;
    Ok(rows > 0)
}

/// Likes and boosts of `post`, in the order they came.
pub fn reactions_to(connection: &Connection, post: &str) -> rusqlite::Result<Vec<Reaction>> {
    let mut query = connection
        .prepare_cached("SELECT * FROM blog_reactions WHERE post = ?1 AND actor NOT IN (SELECT actor FROM blog_silenced) ORDER BY received, actor LIMIT 2000")?;
    query.query_map([post], read_reaction)?.collect()
}

/// Everybody on other servers of whom something is here.
pub fn actors(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = connection.prepare_cached(
        "SELECT actor FROM blog_replies WHERE NOT ours UNION SELECT actor FROM blog_reactions UNION SELECT actor FROM blog_received",
    )?;
    query.query_map([], |row| row.get(0))?.collect()
}

/// From now on nothing of these people, and of nobody else, is left out of what the functions here give.
pub fn silence_only(connection: &Connection, actors: &[String]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM blog_silenced", [])?;
    actors.iter().try_for_each(|actor| silence(connection, actor))
}

/// From now on nothing of `actor` is given by the functions here.
pub fn silence(connection: &Connection, actor: &str) -> rusqlite::Result<()> {
    connection
        .execute("INSERT INTO blog_silenced (actor) VALUES (?1) ON CONFLICT (actor) DO NOTHING", [actor])?;
    Ok(())
}

/// How many replies, likes and boosts every post has: (post, replies, likes, boosts).
pub fn counts(connection: &Connection) -> rusqlite::Result<Vec<(String, Counts)>> {
    let mut query = connection.prepare_cached(
        "SELECT slug,
                (SELECT count(*) FROM blog_replies WHERE post = slug AND deleted IS NULL AND NOT hidden
                 AND actor NOT IN (SELECT actor FROM blog_silenced)),
                (SELECT count(*) FROM blog_reactions WHERE post = slug AND kind = 'like'
                 AND actor NOT IN (SELECT actor FROM blog_silenced)),
                (SELECT count(*) FROM blog_reactions WHERE post = slug AND kind = 'boost'
                 AND actor NOT IN (SELECT actor FROM blog_silenced))
         FROM blog_posts WHERE deleted IS NULL",
    )?;
    query
        .query_map([], |row| {
            Ok((row.get(0)?, Counts { replies: row.get(1)?, likes: row.get(2)?, boosts: row.get(3)? }))
        })?
        .collect()
}

/// How many answers of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Replies, the author's own included.
    pub replies: u32,
    /// Likes.
    pub likes: u32,
    /// Boosts.
    pub boosts: u32,
}

/// Somebody is called something else now.
pub fn rename(connection: &Connection, person: &Person) -> rusqlite::Result<()> {
    let Person { actor, name, handle, profile } = person;
    for table in ["blog_replies", "blog_reactions"] {
        let sql = format!("UPDATE {table} SET name = ?2, handle = ?3, profile = ?4 WHERE actor = ?1");
        connection.execute(&sql, [actor, name, handle, profile])?;
    }
    Ok(())
}

/// `actor` is gone, and everything of theirs goes with them.
pub fn forget(connection: &Connection, actor: &str, at: Timestamp) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE blog_replies SET content = '', name = '', deleted = ?2 WHERE actor = ?1 AND deleted IS NULL",
        params![actor, at.as_second()],
    )?;
    connection.execute("DELETE FROM blog_reactions WHERE actor = ?1", [actor])?;
    Ok(())
}

fn read_reply(row: &Row<'_>) -> rusqlite::Result<Reply> {
    Ok(Reply {
        id: row.get("id")?,
        post: row.get("post")?,
        in_reply_to: row.get("in_reply_to")?,
        author: read_person(row)?,
        content: UntrustedHtmlBuf::from(row.get::<_, String>("content")?),
        url: row.get("url")?,
        published: moment(row, "published")?,
        updated: moment_or_none(row, "updated")?,
        hidden: row.get("hidden")?,
        ours: row.get("ours")?,
    })
}

fn read_reaction(row: &Row<'_>) -> rusqlite::Result<Reaction> {
    let kind: String = row.get("kind")?;
    Ok(Reaction {
        kind: if kind == Kind::Boost.as_str() { Kind::Boost } else { Kind::Like },
        post: row.get("post")?,
        person: read_person(row)?,
        activity: row.get("activity")?,
    })
}

pub(super) fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        actor: row.get("actor")?,
        name: row.get("name")?,
        handle: row.get("handle")?,
        profile: row.get("profile")?,
    })
}
