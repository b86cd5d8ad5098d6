//! What the store promises, whatever comes in whatever order, and across a crash.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

use activitypub_core::IriBuf;
use bytes::Bytes;

use super::*;
use crate::delivery::{Class, Delivery, Recipient};

mod books;
mod queue;
mod received;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn id(path: &str) -> IriBuf {
    format!("https://remote.example/{path}").into()
}

/// A directory that goes with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("activitypub-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn sight(activity: &str, actor: &str) -> Sight {
    Sight { id: id(activity), actor: id(actor), kind: "Like".into(), object: Some(id("notes/1")) }
}

fn note(updated: Option<u64>, owner: &str) -> RemoteObject {
    let updated = updated.map(|seconds| now() + Duration::from_secs(seconds));
    RemoteObject { id: id("notes/1"), owner: id(owner), kind: "Note".into(), updated }
}

fn follower(name: &str, shared: bool) -> Follower {
    Follower {
        local: "greeter".into(),
        id: id(name),
        inbox: id(&format!("{name}/inbox")),
        shared_inbox: shared.then(|| id("inbox")),
        follow: id(&format!("{name}/follows/1")),
        accepted: true,
    }
}

fn delivery(order: &str, class: Class, to: &[&str]) -> Delivery {
    Delivery {
        activity: id("activities/1"),
        body: Bytes::from_static(b"{}"),
        local: "greeter".into(),
        order: id(order),
        class,
        to: to.iter().map(|inbox| Recipient::Inbox((*inbox).into())).collect(),
    }
}

async fn commit(store: &Sqlite, stage: impl FnOnce(&mut Unit)) -> Committed {
    let mut unit = Unit::at(now());
    stage(&mut unit);
    store.commit(unit).await.unwrap()
}

async fn apply(store: &Sqlite, stage: impl FnOnce(&mut Unit)) {
    assert_eq!(commit(store, stage).await, Committed::Done);
}

async fn count(store: &Sqlite, sql: &'static str) -> i64 {
    store.with(move |connection| connection.query_row(sql, [], |row| row.get(0))).await.unwrap()
}

#[tokio::test]
async fn an_activity_that_comes_three_times_at_once_has_one_effect() {
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("db")).unwrap();
    let create = "CREATE TABLE app_likes (n INTEGER) STRICT";
    apply(&store, |unit| unit.write(move |tx| tx.execute_batch(create))).await;
    let arrival = || {
        commit(&store, |unit| {
            unit.first_sight(sight("likes/1", "ada"));
            unit.write(|tx| tx.execute("INSERT INTO app_likes VALUES (1)", []).map(drop));
        })
    };
    let (a, b, c) = tokio::join!(arrival(), arrival(), arrival());
    let mut outcomes = [a, b, c];
    outcomes.sort_by_key(|committed| *committed != Committed::Done);
    assert_eq!(outcomes, [Committed::Done, Committed::Repeat, Committed::Repeat]);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM app_likes").await, 1);
}

#[tokio::test]
async fn a_unit_that_fails_leaves_nothing_and_harms_no_other() {
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("db")).unwrap();
    let failing = async {
        let mut unit = Unit::at(now());
        unit.put_follower(follower("eve", false));
        unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/inbox"]));
        unit.write(|tx| tx.execute("INSERT INTO no_such_table VALUES (1)", []).map(drop));
        store.commit(unit).await
    };
    let panicking = async {
        let mut unit = Unit::at(now());
        unit.put_follower(follower("eve", false));
        unit.write(|_| panic!("as a handler might"));
        store.commit(unit).await
    };
    let sound = commit(&store, |unit| unit.put_follower(follower("ada", false)));
    let (failing, panicking, sound) = tokio::join!(failing, panicking, sound);
    assert!(matches!(failing, Err(StoreError::Application(_))), "{failing:?}");
    assert!(matches!(panicking, Err(StoreError::Panicked)), "{panicking:?}");
    assert_eq!(sound, Committed::Done);
    let followers = store.followers("greeter", None, 10).await.unwrap().items;
    assert_eq!(followers, [follower("ada", false)]);
    assert_eq!(store.waiting().await.unwrap(), 0);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_body").await, 0);
}

#[tokio::test]
async fn what_is_asked_while_the_disk_is_busy_shares_a_commit() {
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("db")).unwrap();
    let spawn = |stage: Box<dyn FnOnce(&mut Unit) + Send>| {
        let store = store.clone();
        tokio::spawn(async move { commit(&store, stage).await })
    };
    let (begin, mut begun) = tokio::sync::mpsc::channel(1);
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let mut units = vec![spawn(Box::new(|unit| {
        unit.write(move |_| {
            let told = begin.blocking_send(()).is_ok() && held.recv().is_ok();
            told.then_some(()).ok_or(rusqlite::Error::InvalidQuery)
        });
    }))];
    begun.recv().await.unwrap();
    for n in 0..100 {
        units.push(spawn(Box::new(move |unit| unit.put_follower(follower(&n.to_string(), false)))));
    }
    // A second connection sees what is committed; the last unit looks through it.
    let other = Connection::open(folder.file("db")).unwrap();
    let (look, seen) = std::sync::mpsc::channel();
    units.push(spawn(Box::new(move |unit| {
        unit.write(move |_| {
            let followers: i64 = other.query_row("SELECT COUNT(*) FROM ap_follower", [], |row| row.get(0))?;
            look.send(followers).map_err(|_| rusqlite::Error::InvalidQuery)
        });
    })));
    while store.threads.writer.waiting() < 101 {
        tokio::task::yield_now().await;
    }
    hold.send(()).unwrap();
    for unit in units {
        assert_eq!(unit.await.unwrap(), Committed::Done);
    }
    assert_eq!(seen.recv().unwrap(), 0, "the hundred before it were not on disk yet");
    assert_eq!(store.follower_count("greeter").await.unwrap(), 100);
}

#[tokio::test]
async fn what_was_committed_survives_a_crash() {
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("db")).unwrap();
    apply(&store, |unit| {
        unit.first_sight(sight("follows/1", "ada"));
        unit.put_follower(follower("ada", false));
        unit.deliver(delivery("follows/1", Class::Post, &["https://a.example/inbox"]));
    })
    .await;
    // What the files hold while the first store has them open is what a killed process leaves.
    for file in ["db", "db-wal"] {
        std::fs::copy(folder.file(file), folder.file(&file.replace("db", "crashed"))).unwrap();
    }
    let revived = Sqlite::open(folder.file("crashed")).unwrap();
    assert_eq!(revived.follower_count("greeter").await.unwrap(), 1);
    assert_eq!(commit(&revived, |unit| unit.first_sight(sight("follows/1", "ada"))).await, Committed::Repeat);
    let claims = revived.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    assert_eq!(claims.items.len(), 1);
    let check: String = revived
        .with(|connection| connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
        .await
        .unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn the_application_reads_its_own_tables_and_cannot_write_through_a_read() {
    let folder = Folder::new();
    for store in [Sqlite::open(folder.file("db")).unwrap(), Sqlite::in_memory().unwrap()] {
        apply(&store, |unit| {
            unit.write(|tx| {
                tx.execute_batch("CREATE TABLE posts (n INTEGER) STRICT; INSERT INTO posts VALUES (7)")
            });
        })
        .await;
        assert_eq!(count(&store, "SELECT n FROM posts").await, 7);
        let written = store.with(|connection| connection.execute("DELETE FROM posts", [])).await;
        assert!(matches!(written, Err(StoreError::Database(_))), "{written:?}");
        let panicked = store.with(|_| -> rusqlite::Result<()> { panic!("as a template might") }).await;
        assert!(matches!(panicked, Err(StoreError::Panicked)));
        assert_eq!(count(&store, "SELECT n FROM posts").await, 7);
        apply(&store, |unit| unit.write(|tx| tx.execute("DELETE FROM posts", []).map(drop))).await;
    }
}

#[test]
fn a_new_database_is_for_its_owner_only() {
    let folder = Folder::new();
    let _store = Sqlite::open(folder.file("db")).unwrap();
    #[cfg(unix)]
    for file in ["db", "db-wal", "db-shm"] {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(folder.file(file)).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let folder = Folder::new();
    drop(Sqlite::open(folder.file("db")).unwrap());
    let connection = Connection::open(folder.file("db")).unwrap();
    connection.execute("UPDATE ap_schema SET version = 1000", []).unwrap();
    let refused = Sqlite::open(folder.file("db")).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 1000, known: 1 }), "{refused}");
    let version: i64 = connection.query_row("SELECT version FROM ap_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(version, 1000);
}

#[test]
fn an_older_database_is_migrated_once_and_a_failing_step_changes_nothing() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "user_version", 42).unwrap();
    let first = "CREATE TABLE ap_thing (n INTEGER) STRICT; INSERT INTO ap_thing VALUES (1)";
    let second = "ALTER TABLE ap_thing ADD COLUMN m INTEGER; UPDATE ap_thing SET m = n + 1";
    schema::migrate_by(&mut connection, &[first]).unwrap();
    let failed = schema::migrate_by(&mut connection, &[first, second, "NOT SQL"]);
    assert!(failed.is_err());
    for _ in 0..2 {
        schema::migrate_by(&mut connection, &[first, second]).unwrap();
        let row: (i64, i64) = connection
            .query_row("SELECT n, m FROM ap_thing", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!(row, (1, 2));
    }
    let user_version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(user_version, 42, "that one is the application's");
}
