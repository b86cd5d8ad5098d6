//! The tables, and how an older database becomes a newer one.
//!
//! The version stands in `ap_schema`, not in `PRAGMA user_version`: the file is the application's too, and that pragma
//! is where an application's own migrations look.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::StoreError;

/// Step `n` leads from schema `n` to schema `n + 1`. A step that has been released is never edited.
const STEPS: &[&str] = &[FIRST];

/// Creates the tables or brings them to this version, in one transaction.
///
/// # Errors
/// [`StoreError::Newer`], having changed nothing, when a later version of this library was here.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_by(connection, STEPS)
}

pub(super) fn migrate_by(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&tx)?;
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(step)?;
    }
    tx.execute("UPDATE ap_schema SET version = ?1", [known])?;
    Ok(tx.commit()?)
}

fn version(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    tx.execute_batch("CREATE TABLE IF NOT EXISTS ap_schema (version INTEGER NOT NULL) STRICT")?;
    if let Some(version) = tx.query_row("SELECT version FROM ap_schema", [], |row| row.get(0)).optional()? {
        return Ok(version);
    }
    tx.execute("INSERT INTO ap_schema (version) VALUES (0)", [])?;
    Ok(0)
}

/// Times are milliseconds since 1970. `seq` columns only grow, so they page a listing that changes meanwhile.
const FIRST: &str = "
-- The keys of local actors. A retired key stays, so that its id is never given to another.
CREATE TABLE ap_key (
    id INTEGER PRIMARY KEY,
    local TEXT NOT NULL,
    kind TEXT NOT NULL,
    pem TEXT NOT NULL,
    created INTEGER NOT NULL,
    retired INTEGER
) STRICT;
CREATE UNIQUE INDEX ap_key_current ON ap_key (local, kind) WHERE retired IS NULL;
CREATE INDEX ap_key_local ON ap_key (local);

-- Who follows local actors.
CREATE TABLE ap_follower (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    local TEXT NOT NULL,
    id TEXT NOT NULL,
    inbox TEXT NOT NULL,
    shared_inbox TEXT,
    follow TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (local, id)
) STRICT;
CREATE INDEX ap_follower_page ON ap_follower (local, seq) WHERE accepted = 1;
CREATE INDEX ap_follower_inbox ON ap_follower (local, COALESCE(shared_inbox, inbox)) WHERE accepted = 1;
CREATE INDEX ap_follower_id ON ap_follower (id);

-- Whom local actors follow, or have asked to.
CREATE TABLE ap_following (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    local TEXT NOT NULL,
    target TEXT NOT NULL,
    inbox TEXT NOT NULL,
    follow TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (local, target)
) STRICT;
CREATE INDEX ap_following_page ON ap_following (local, seq) WHERE state = 'accepted';
CREATE INDEX ap_following_target ON ap_following (target);
CREATE INDEX ap_following_follow ON ap_following (follow);

-- The activities of local actors, as they were sent.
CREATE TABLE ap_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    local TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    object TEXT,
    public INTEGER NOT NULL,
    published INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX ap_outbox_page ON ap_outbox (local, seq) WHERE public = 1;
CREATE INDEX ap_outbox_object ON ap_outbox (object);

-- The objects of local actors that the library serves. A deleted one keeps its row, without its body: its id
-- answers 410 for good.
CREATE TABLE ap_object (
    id TEXT NOT NULL PRIMARY KEY,
    local TEXT NOT NULL,
    kind TEXT NOT NULL,
    published INTEGER NOT NULL,
    updated INTEGER,
    gone INTEGER,
    body BLOB
) STRICT;

CREATE TABLE ap_featured (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    local TEXT NOT NULL,
    object TEXT NOT NULL,
    UNIQUE (local, object)
) STRICT;

-- Activities that had their effect, by the mark of (id, actor). Where nobody can undo one (a Create, a Delete), the
-- mark only has to outlive redelivery: until = 30 days. A Like or a Follow stays until it is undone.
CREATE TABLE ap_activity (
    mark BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    object TEXT,
    at INTEGER NOT NULL,
    until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ap_activity_until ON ap_activity (until) WHERE until IS NOT NULL;

-- Objects of others that were accepted, by the mark of their id, and whose they are: whoever else changes or deletes
-- one is refused. They stay until their owner deletes them.
CREATE TABLE ap_remote (
    mark BLOB NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    updated INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ap_remote_owner ON ap_remote (owner);

-- What its owner has deleted or undone, by the mark of (id, actor). For an object we held: for good. For one that never
-- came: 30 days, the time within which it may still come.
CREATE TABLE ap_tombstone (
    mark BLOB NOT NULL PRIMARY KEY,
    until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX ap_tombstone_until ON ap_tombstone (until) WHERE until IS NOT NULL;

-- Documents of others, as fetched. Bounded; the oldest go first.
CREATE TABLE ap_document (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    fetched INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- Delivery. A body is stored once however many hosts it goes to, and leaves with its last item.
CREATE TABLE ap_body (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    activity TEXT NOT NULL,
    local TEXT NOT NULL,
    ordered INTEGER NOT NULL,
    class TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX ap_body_ordered ON ap_body (ordered);

-- One lane per origin. `due` is null where nothing waits; otherwise when to look next. A lane that nothing waits in is
-- forgotten after 30 days.
CREATE TABLE ap_lane (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL UNIQUE,
    pending INTEGER NOT NULL,
    due INTEGER,
    failures INTEGER NOT NULL,
    retry_at INTEGER,
    down_since INTEGER,
    last_ok INTEGER,
    last_error TEXT,
    dialect TEXT,
    dialect_at INTEGER,
    touched INTEGER NOT NULL
) STRICT;
CREATE INDEX ap_lane_due ON ap_lane (due) WHERE due IS NOT NULL AND failures = 0;
CREATE INDEX ap_lane_probe ON ap_lane (due) WHERE due IS NOT NULL AND failures > 0;
CREATE INDEX ap_lane_idle ON ap_lane (touched) WHERE pending = 0;

-- An inbox, or an actor whose inbox is still to be looked up.
CREATE TABLE ap_address (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    lane INTEGER NOT NULL,
    url TEXT NOT NULL,
    actor INTEGER NOT NULL,
    UNIQUE (url, actor)
) STRICT;
CREATE INDEX ap_address_lane ON ap_address (lane);

CREATE TABLE ap_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    lane INTEGER NOT NULL,
    address INTEGER NOT NULL,
    body INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    not_before INTEGER NOT NULL
) STRICT;
CREATE INDEX ap_item_lane ON ap_item (lane);

-- What was given up, both ways, for someone to look at. Bounded; the oldest go first.
CREATE TABLE ap_undelivered (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    address TEXT NOT NULL,
    activity TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE ap_dead_letter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    activity TEXT NOT NULL,
    actor TEXT NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
";
