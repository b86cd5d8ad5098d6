//! What the store promises, whatever comes in whatever order, and across a crash.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

use activitypub_core::{Iri, IriBuf, Origin};
use bytes::Bytes;
use rusqlite::params;
use zeroize::Zeroizing;

use super::*;
use crate::delivery::lanes::Lane;
use crate::delivery::{Class, Delivery, Recipient};

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
        let name = format!("activitypub-store-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
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
async fn nobody_can_use_up_the_id_of_anothers_activity() {
    let store = Sqlite::in_memory().unwrap();
    assert_eq!(commit(&store, |unit| unit.first_sight(sight("likes/1", "mallory"))).await, Committed::Done);
    assert_eq!(commit(&store, |unit| unit.first_sight(sight("likes/1", "ada"))).await, Committed::Done);
    apply(&store, |unit| unit.undo(id("likes/1"), id("mallory"))).await;
    assert!(store.sight(&id("likes/1"), &id("mallory")).await.unwrap().is_none());
    let kept = store.sight(&id("likes/1"), &id("ada")).await.unwrap().unwrap();
    assert_eq!((kept.kind.as_str(), kept.object), ("Like", Some(id("notes/1"))));
}

#[tokio::test]
async fn an_activity_that_was_undone_before_it_came_has_no_effect() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| unit.undo(id("likes/1"), id("ada"))).await;
    assert_eq!(commit(&store, |unit| unit.first_sight(sight("likes/1", "ada"))).await, Committed::Gone);
}

#[tokio::test]
async fn only_the_owner_changes_or_deletes_an_object() {
    let store = Sqlite::in_memory().unwrap();
    assert_eq!(commit(&store, |unit| unit.create_remote(note(Some(1), "bob"))).await, Committed::Done);
    for (attempt, committed) in [
        ("create", commit(&store, |unit| unit.create_remote(note(Some(9), "mallory"))).await),
        ("update", commit(&store, |unit| unit.update_remote(note(Some(9), "mallory"))).await),
        ("delete", commit(&store, |unit| unit.delete_remote(id("notes/1"), id("mallory"))).await),
    ] {
        assert_eq!(committed, Committed::NotTheirs, "{attempt}");
    }
    assert_eq!(store.remote_object(&id("notes/1")).await.unwrap().unwrap(), note(Some(1), "bob"));
}

#[tokio::test]
async fn a_delete_of_what_never_came_holds_only_against_its_sender() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| unit.delete_remote(id("notes/1"), id("mallory"))).await;
    assert_eq!(commit(&store, |unit| unit.create_remote(note(None, "mallory"))).await, Committed::Gone);
    assert_eq!(commit(&store, |unit| unit.create_remote(note(None, "bob"))).await, Committed::Done);
}

#[tokio::test]
async fn create_updates_and_delete_end_alike_in_every_order() {
    const STEPS: [&str; 4] = ["create", "first update", "second update", "delete"];
    let mut orders = 0;
    for order in permutations(&STEPS) {
        for delete in [true, false] {
            let store = Sqlite::in_memory().unwrap();
            // Everything comes twice.
            for step in order.iter().chain(&order).filter(|step| delete || **step != "delete") {
                let _ = commit(&store, |unit| match *step {
                    "create" => unit.create_remote(note(None, "bob")),
                    "first update" => unit.update_remote(note(Some(1), "bob")),
                    "second update" => unit.update_remote(note(Some(2), "bob")),
                    _ => unit.delete_remote(id("notes/1"), id("bob")),
                })
                .await;
            }
            let known = store.remote_object(&id("notes/1")).await.unwrap();
            assert_eq!(known, (!delete).then(|| note(Some(2), "bob")), "{order:?}");
            assert_eq!(store.is_gone(&id("notes/1"), &id("bob")).await.unwrap(), delete, "{order:?}");
            orders += 1;
        }
    }
    assert_eq!(orders, 48);
}

fn permutations<'a>(steps: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some((first, rest)) = steps.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, *first);
            all.push(longer);
        }
    }
    all
}

#[tokio::test]
async fn marks_of_what_cannot_be_undone_are_swept_after_a_month_and_others_stay() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| unit.first_sight(sight("likes/1", "ada"))).await;
    apply(&store, |unit| unit.first_sight(Sight { kind: "Create".into(), ..sight("creates/1", "ada") })).await;
    apply(&store, |unit| unit.create_remote(note(None, "ada"))).await;
    apply(&store, |unit| unit.delete_remote(id("notes/1"), id("ada"))).await;
    apply(&store, |unit| unit.delete_remote(id("notes/2"), id("ada"))).await;
    store.sweep(now() + 29 * DAY).await.unwrap();
    assert!(store.sight(&id("creates/1"), &id("ada")).await.unwrap().is_some());
    assert!(store.is_gone(&id("notes/2"), &id("ada")).await.unwrap());
    store.sweep(now() + 31 * DAY).await.unwrap();
    assert!(store.sight(&id("creates/1"), &id("ada")).await.unwrap().is_none());
    assert!(!store.is_gone(&id("notes/2"), &id("ada")).await.unwrap());
    assert!(store.sight(&id("likes/1"), &id("ada")).await.unwrap().is_some(), "it may still be undone");
    assert!(store.is_gone(&id("notes/1"), &id("ada")).await.unwrap(), "we held it");
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
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let mut units = vec![spawn(Box::new(|unit| unit.write(move |_| held.recv().map_err(|_| rusqlite::Error::InvalidQuery))))];
    for n in 0..100 {
        units.push(spawn(Box::new(move |unit| unit.put_follower(follower(&n.to_string(), false)))));
    }
    // A second connection sees what is committed; the last unit looks through it.
    let other = Connection::open(folder.file("db")).unwrap();
    let (look, seen) = std::sync::mpsc::channel();
    while store.threads.writer.waiting() < 100 {
        tokio::task::yield_now().await;
    }
    units.push(spawn(Box::new(move |unit| {
        unit.write(move |_| {
            let followers: i64 = other.query_row("SELECT COUNT(*) FROM ap_follower", [], |row| row.get(0))?;
            look.send(followers).map_err(|_| rusqlite::Error::InvalidQuery)
        });
    })));
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
            unit.write(|tx| tx.execute_batch("CREATE TABLE posts (n INTEGER) STRICT; INSERT INTO posts VALUES (7)"));
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
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.file(file)).unwrap().permissions());
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
        let row: (i64, i64) =
            connection.query_row("SELECT n, m FROM ap_thing", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (1, 2));
    }
    let user_version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(user_version, 42, "that one is the application's");
}

#[tokio::test]
async fn followers_are_paged_counted_and_reached_once_per_inbox() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| {
        for n in 0..5 {
            unit.put_follower(follower(&format!("shared-{n}"), true));
            unit.put_follower(follower(&format!("own-{n}"), false));
        }
        unit.put_follower(Follower { accepted: false, ..follower("pending", false) });
    })
    .await;
    assert_eq!(store.follower_count("greeter").await.unwrap(), 10);
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store.followers("greeter", before, 4).await.unwrap();
        seen.extend(page.items.into_iter().map(|follower| follower.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 10);
    assert_eq!(seen.first(), Some(&id("own-4")), "the latest first");

    let first = store.follower_inboxes("greeter", None, 4).await.unwrap();
    let rest = store.follower_inboxes("greeter", first.last().cloned(), 4).await.unwrap();
    let inboxes: Vec<_> = first.iter().chain(&rest).map(|inbox| inbox.as_str()).collect();
    assert_eq!(inboxes.len(), 6, "five of their own and a shared one: {inboxes:?}");
    assert!(inboxes.is_sorted());

    apply(&store, |unit| {
        unit.accept_follower("greeter", &id("pending"));
        unit.remove_follower("greeter", &id("own-1"));
        // Asking again does not take back what was granted.
        unit.put_follower(Follower { accepted: false, ..follower("own-2", false) });
        unit.forget_actor(id("own-3"));
    })
    .await;
    assert_eq!(store.follower_count("greeter").await.unwrap(), 9);
    assert!(store.follower("greeter", &id("own-2")).await.unwrap().unwrap().accepted);
    assert!(store.follower("greeter", &id("own-3")).await.unwrap().is_none());
}

#[tokio::test]
async fn following_is_reached_only_by_an_answer_to_what_was_asked() {
    let store = Sqlite::in_memory().unwrap();
    let follow: IriBuf = "https://here.example/follows/1".into();
    let answer = |from: &str, named: Option<&IriBuf>, accepted| Answer {
        local: "greeter".into(),
        target: id(from),
        follow: named.cloned(),
        accepted,
    };
    let reply = async |answer: Answer| commit(&store, |unit| unit.answer_following(answer)).await;
    assert_eq!(reply(answer("ada", Some(&follow), true)).await, Committed::Unasked, "before anything was sent");
    apply(&store, |unit| {
        unit.put_following(Following {
            local: "greeter".into(),
            target: id("ada"),
            inbox: id("ada/inbox"),
            follow: follow.clone(),
            state: FollowState::Pending,
        });
    })
    .await;
    assert_eq!(reply(answer("mallory", Some(&follow), true)).await, Committed::Unasked);
    assert_eq!(reply(answer("ada", Some(&id("follows/other")), true)).await, Committed::Unasked);
    assert_eq!(store.following_count("greeter").await.unwrap(), 0);
    assert_eq!(reply(answer("ada", Some(&follow), true)).await, Committed::Done);
    assert_eq!(reply(answer("ada", None, true)).await, Committed::Repeat);
    assert_eq!(store.following_count("greeter").await.unwrap(), 1);
    assert_eq!(reply(answer("ada", Some(&follow), false)).await, Committed::Done, "they may change their mind");
    assert_eq!(reply(answer("ada", Some(&follow), true)).await, Committed::Unasked, "but then have to be asked again");
    let state = store.following_by_follow(&follow).await.unwrap().unwrap().state;
    assert_eq!(state, FollowState::Rejected);
    assert!(store.followings("greeter", None, 10).await.unwrap().items.is_empty());
    apply(&store, |unit| unit.remove_following("greeter", &id("ada"))).await;
    assert!(store.following("greeter", &id("ada")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_deleted_object_leaves_a_tombstone_and_nothing_else() {
    let store = Sqlite::in_memory().unwrap();
    let object: IriBuf = "https://here.example/notes/1".into();
    let put = |body: &'static str| LocalObject {
        id: object.clone(),
        local: "greeter".into(),
        kind: "Note".into(),
        body: body.into(),
    };
    let entry = |n: u32, public| OutboxEntry {
        local: "greeter".into(),
        id: format!("https://here.example/activities/{n}").into(),
        object: Some(object.clone()),
        public,
        body: "{}".into(),
    };
    apply(&store, |unit| {
        unit.put_object(put("first"));
        unit.append_outbox(entry(1, true));
        unit.append_outbox(entry(2, false));
        unit.feature("greeter", &object);
    })
    .await;
    assert_eq!(commit(&store, |unit| unit.append_outbox(entry(1, true))).await, Committed::Repeat);
    assert_eq!(commit(&store, |unit| unit.put_object(put("second"))).await, Committed::Done);
    let stored = store.object(&object).await.unwrap().unwrap();
    assert_eq!(stored.state, ObjectState::Live("second".into()));
    assert_eq!((stored.published, stored.updated), (now(), Some(now())));
    assert_eq!(store.outbox("greeter", None, 10).await.unwrap().items, [entry(1, true)], "public ones only");
    assert_eq!(store.outbox_entry(&entry(2, false).id).await.unwrap(), Some(entry(2, false)));
    assert_eq!(store.featured("greeter").await.unwrap(), [object.clone()]);

    apply(&store, |unit| unit.delete_object(object.clone())).await;
    let stored = store.object(&object).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.kind.as_str()), (ObjectState::Gone(now()), "Note"));
    assert_eq!(store.outbox_count("greeter").await.unwrap(), 0);
    assert!(store.outbox_entry(&entry(2, false).id).await.unwrap().is_none());
    assert!(store.featured("greeter").await.unwrap().is_empty());
    assert_eq!(commit(&store, |unit| unit.put_object(put("again"))).await, Committed::Gone);
}

#[tokio::test]
async fn one_key_of_a_kind_is_in_use_and_none_shows_in_debug() {
    let store = Sqlite::in_memory().unwrap();
    let key = |pem: &str, at| StoredKey {
        local: "greeter".into(),
        kind: KeyKind::Rsa,
        pem: Zeroizing::new(pem.into()),
        created: at,
        retired: None,
    };
    apply(&store, |unit| unit.add_key(key("secret one", now()))).await;
    let mut second = Unit::at(now());
    second.add_key(key("secret two", now() + DAY));
    assert!(store.commit(second).await.is_err(), "there would be two");
    apply(&store, |unit| {
        unit.retire_keys("greeter");
        unit.add_key(key("secret two", now() + DAY));
    })
    .await;
    let keys = store.keys("greeter").await.unwrap();
    let seen: Vec<_> = keys.iter().map(|key| (key.pem.as_str(), key.retired)).collect();
    assert_eq!(seen, [("secret two", None), ("secret one", Some(now()))]);
    assert!(!format!("{keys:?}").contains("secret"));
}

#[tokio::test]
async fn caches_hold_only_so_much() {
    let store = Sqlite::in_memory().unwrap();
    // As if the table had been filled up to the last row.
    store
        .write(|tx| {
            let mut insert = tx.prepare("INSERT INTO ap_remote_key (id, fetched, until) VALUES (?1, 0, 0)")?;
            for n in 0..cache::KEYS {
                insert.execute([format!("https://many.example/{n}")])?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let missing = |n: u32| CachedKey { id: id(&n.to_string()), fetched: now(), found: KeyFound::Missing { until: now() + DAY } };
    for n in 0..10 {
        store.cache_key(missing(n)).await.unwrap();
    }
    let key = CachedKey { found: KeyFound::Key { owner: id("ada"), pem: "PEM".into() }, ..missing(3) };
    store.cache_key(key.clone()).await.unwrap();
    assert!(count(&store, "SELECT COUNT(*) FROM ap_remote_key").await <= cache::KEYS);
    assert!(store.cached_key(Iri::new("https://many.example/0")).await.unwrap().is_none());
    assert_eq!(store.cached_key(&id("3")).await.unwrap(), Some(key));
    assert_eq!(store.cached_key(&id("4")).await.unwrap(), Some(missing(4)));

    let document = |bytes: usize| CachedDocument { id: id("ada"), body: vec![b' '; bytes].into(), fetched: now() };
    store.cache_document(document(70_000)).await.unwrap();
    assert!(store.cached_document(&id("ada")).await.unwrap().is_none(), "too long to keep");
    store.cache_document(document(7)).await.unwrap();
    assert_eq!(store.cached_document(&id("ada")).await.unwrap(), Some(document(7)));
    apply(&store, |unit| unit.forget_actor(id("ada"))).await;
    assert!(store.cached_document(&id("ada")).await.unwrap().is_none());
    assert!(store.cached_key(&id("3")).await.unwrap().is_none());
}

#[tokio::test]
async fn dead_letters_are_kept_with_their_bytes() {
    let store = Sqlite::in_memory().unwrap();
    let letter = DeadLetter {
        activity: id("activities/1"),
        actor: id("ada"),
        body: Bytes::from_static(b"{ \"as\": \"it came\" }"),
        error: "the handler failed".into(),
        at: now(),
    };
    for _ in 0..3 {
        store.bury(letter.clone()).await.unwrap();
    }
    let page = store.dead_letters(None, 2).await.unwrap();
    assert_eq!(page.items, [letter.clone(), letter.clone()]);
    assert_eq!(store.dead_letters(page.next, 2).await.unwrap().items, [letter]);
}

/// Claims as the worker does, and settles everything as delivered.
async fn deliver_all(store: &Sqlite, now: SystemTime) -> Vec<String> {
    let mut delivered = Vec::new();
    loop {
        let claims = store.claim(now, HashMap::new(), 100, 100).await.unwrap();
        if claims.items.is_empty() && claims.settlement.is_empty() {
            return delivered;
        }
        let mut settlement = claims.settlement;
        for claim in claims.items {
            let (Recipient::Inbox(to) | Recipient::Actor(to)) = claim.to;
            delivered.push(to.to_string());
            settlement.items.push((claim.item, Settled::Done));
        }
        store.settle(now, settlement).await.unwrap();
    }
}

#[tokio::test]
async fn a_post_to_thirty_thousand_hosts_is_one_body_and_an_item_each() {
    let store = Sqlite::in_memory().unwrap();
    let mut post = delivery("notes/1", Class::Post, &[]);
    post.body = vec![b'x'; 2000].into();
    post.to = (0..30_000).map(|n| Recipient::Inbox(format!("https://host-{n}.example/inbox").into())).collect();
    post.to.extend(post.to.clone().into_iter().take(1000));
    apply(&store, |unit| unit.deliver(post)).await;
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_body").await, 1);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_item").await, 30_000, "each host once");
    let pages = "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE 'ap_item%' OR name = 'ap_body'";
    if let Ok(bytes) = store.with(move |connection| connection.query_row(pages, [], |row| row.get::<_, i64>(0))).await {
        assert!(bytes < 3_000_000, "{bytes} bytes");
    }
    let claims = store.claim(now(), HashMap::new(), 256, 64).await.unwrap();
    assert_eq!(claims.items.len(), 256, "the rest stays where it is");
    assert_eq!(deliver_all(&store, now()).await.len(), 30_000);
    for rows in ["SELECT COUNT(*) FROM ap_item", "SELECT COUNT(*) FROM ap_body", "SELECT SUM(pending) FROM ap_lane"] {
        assert_eq!(count(&store, rows).await, 0, "{rows}");
    }
}

#[tokio::test]
async fn what_is_said_to_few_goes_before_what_is_said_to_all() {
    let store = Sqlite::in_memory().unwrap();
    let all: Vec<String> = (0..100).map(|n| format!("https://host-{n}.example/inbox")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &all));
        unit.deliver(delivery("notes/2", Class::Post, &["https://friend.example/inbox"]));
    })
    .await;
    assert_eq!(deliver_all(&store, now()).await.first().unwrap(), "https://friend.example/inbox");
}

#[tokio::test]
async fn a_retraction_takes_back_what_still_waits() {
    let store = Sqlite::in_memory().unwrap();
    let inbox = ["https://a.example/inbox"];
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &inbox));
        unit.deliver(delivery("notes/2", Class::Post, &inbox));
        unit.deliver(Delivery { body: "delete".into(), ..delivery("notes/1", Class::Retraction, &inbox) });
    })
    .await;
    let claims = store.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    let bodies: Vec<_> = claims.items.iter().map(|claim| &*claim.bytes).collect();
    assert_eq!(bodies, [&b"{}"[..], b"delete"], "the second note, and the delete of the first");
    assert_eq!(deliver_all(&store, now()).await.len(), 2);
    assert!(store.undelivered(None, 10).await.unwrap().items.is_empty(), "nobody misses it");
}

#[tokio::test]
async fn what_expires_is_given_up_by_its_class() {
    for (class, days) in [(Class::Reaction, 2), (Class::Post, 7), (Class::Retraction, 30), (Class::Lasting, 30)] {
        let store = Sqlite::in_memory().unwrap();
        apply(&store, |unit| unit.deliver(delivery("notes/1", class, &["https://a.example/inbox"]))).await;
        let claims = store.claim(now() + days * DAY - Duration::from_secs(1), HashMap::new(), 10, 10).await.unwrap();
        assert_eq!(claims.items.len(), 1, "{class:?}");
        assert_eq!(deliver_all(&store, now() + days * DAY).await.len(), 0, "{class:?}");
        let given_up = store.undelivered(None, 10).await.unwrap().items;
        assert_eq!(given_up.first().unwrap().origin, "https://a.example", "{class:?}");
        assert_eq!(store.waiting().await.unwrap(), 0, "{class:?}");
    }
}

#[tokio::test]
async fn an_address_nobody_can_have_is_set_aside_and_the_rest_goes_out() {
    let store = Sqlite::in_memory().unwrap();
    let long = format!("https://h.example/{}", "x".repeat(64 * 1024));
    let poison = [
        "https://h.example/'); DROP TABLE ap_item;--",
        "https://h.example/\u{0}",
        "https://h.example/\r\nX: y",
        "javascript:alert(1)",
        "https://user@h.example/inbox",
        "",
        &long,
        "https://sound.example/inbox",
    ];
    apply(&store, |unit| unit.deliver(delivery("notes/1", Class::Post, &poison))).await;
    assert_eq!(store.waiting().await.unwrap(), 1);
    assert_eq!(deliver_all(&store, now()).await, ["https://sound.example/inbox"]);
    let set_aside = store.undelivered(None, 20).await.unwrap().items;
    assert_eq!(set_aside.len(), poison.len() - 1);
    assert!(set_aside.iter().all(|undelivered| undelivered.address.as_str().len() <= 2048));
}

#[tokio::test]
async fn a_damaged_row_does_not_hold_up_its_lane() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/one"]));
        unit.deliver(delivery("notes/2", Class::Post, &["https://a.example/two"]));
    })
    .await;
    apply(&store, |unit| {
        unit.write(|tx| tx.execute("DELETE FROM ap_address WHERE url = ?1", params!["https://a.example/one"]).map(drop));
    })
    .await;
    assert_eq!(deliver_all(&store, now()).await, ["https://a.example/two"]);
    assert_eq!(store.waiting().await.unwrap(), 0);
}

#[tokio::test]
async fn a_cancelled_host_is_sent_nothing_and_its_bodies_go() {
    let store = Sqlite::in_memory().unwrap();
    let both = ["https://a.example/inbox", "https://b.example/inbox"];
    apply(&store, |unit| {
        unit.deliver(delivery("notes/1", Class::Post, &both));
        unit.deliver(delivery("notes/2", Class::Post, &both[..1]));
    })
    .await;
    let claims = store.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    apply(&store, |unit| unit.cancel_lane(Origin::parse("https://a.example").unwrap())).await;
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_body").await, 1);
    // What was under way when it was cancelled is settled all the same, and takes nothing else with it.
    let under_way = claims.items.iter().filter(|claim| claim.to == Recipient::Inbox(both[0].into()));
    let items = under_way.map(|claim| (claim.item, Settled::Done)).collect();
    store.settle(now(), Settlement { items, ..Settlement::default() }).await.unwrap();
    assert_eq!(store.waiting().await.unwrap(), 1);
    assert_eq!(deliver_all(&store, now()).await, ["https://b.example/inbox"]);
}

#[tokio::test]
async fn a_dormant_host_keeps_one_item_as_a_probe_and_what_takes_something_back() {
    let store = Sqlite::in_memory().unwrap();
    let inbox = ["https://dead.example/inbox"];
    apply(&store, |unit| unit.deliver(delivery("notes/0", Class::Lasting, &inbox))).await;
    let claims = store.claim(now(), HashMap::new(), 10, 10).await.unwrap();
    let down = Lane { failures: 9, down_since: Some(now() - 8 * DAY), retry_at: Some(now() + DAY / 2), ..Lane::default() };
    let lanes = claims.lanes.keys().map(|lane| (*lane, down.clone())).collect();
    store.settle(now(), Settlement { lanes, ..Settlement::default() }).await.unwrap();
    for n in 1..10 {
        let order = format!("notes/{n}");
        apply(&store, |unit| unit.deliver(delivery(&order, Class::Post, &inbox))).await;
    }
    apply(&store, |unit| unit.deliver(delivery("notes/-1", Class::Retraction, &inbox))).await;
    assert_eq!(store.waiting().await.unwrap(), 2);
    let trouble = store.lanes_in_trouble(10).await.unwrap();
    let trouble = trouble.first().unwrap();
    assert_eq!((trouble.origin.as_str(), trouble.waiting, trouble.failures), ("https://dead.example", 2, 9));
    assert_eq!(trouble.next_attempt, Some(now() + DAY / 2));
}

#[tokio::test]
async fn a_clock_that_was_wrong_does_not_park_a_lane() {
    let store = Sqlite::in_memory().unwrap();
    let mut unit = Unit::at(now() + 400 * DAY);
    unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/inbox"]));
    let _ = store.commit(unit).await.unwrap();
    assert!(store.claim(now(), HashMap::new(), 10, 10).await.unwrap().items.is_empty());
    store.sweep(now()).await.unwrap();
    assert_eq!(store.claim(now(), HashMap::new(), 10, 10).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn lanes_and_addresses_that_nothing_waits_for_are_forgotten() {
    let store = Sqlite::in_memory().unwrap();
    apply(&store, |unit| unit.deliver(delivery("notes/1", Class::Post, &["https://a.example/inbox"]))).await;
    deliver_all(&store, now()).await;
    store.sweep(now() + 2 * DAY).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_address").await, 0);
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_lane").await, 1, "which dialect it speaks is worth a month");
    store.sweep(now() + 31 * DAY).await.unwrap();
    assert_eq!(count(&store, "SELECT COUNT(*) FROM ap_lane").await, 0);
}
