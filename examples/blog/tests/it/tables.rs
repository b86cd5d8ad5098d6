//! The tables: who may change what.

use activitypub::as2::UntrustedHtml;
use blog::db::responses::{self, Kind, Person, Reaction};
use blog::db::{Db, posts, reading};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::pages::reply;

const POST: &str = "https://blog.example/posts/welcome";

fn person(actor: &str) -> Person {
    Person {
        actor: actor.to_owned(),
        name: "N".to_owned(),
        handle: "@n@x.example".to_owned(),
        profile: String::new(),
    }
}

async fn db() -> (TempDir, Db) {
    let dir = TempDir::new().unwrap();
    let db = Db::open(&dir.path().join("blog.db")).unwrap();
    db.write(|tx| posts::publish(tx, "welcome", "welcome", "Text.", Timestamp::now())).await.unwrap();
    (dir, db)
}

#[tokio::test]
async fn only_its_author_changes_or_deletes_a_reply() {
    let (_dir, db) = db().await;
    let first = reply("https://a.example/1", POST, person("https://a.example/u"), "<p>one</p>");
    let again = first.clone();
    assert!(db.write(move |tx| responses::add_reply(tx, &first)).await.unwrap());
    assert!(!db.write(move |tx| responses::add_reply(tx, &again)).await.unwrap(), "once is enough");
    let done = db
        .write(|tx| {
            let html = UntrustedHtml::new("two");
            let now = Timestamp::now();
            Ok([
                responses::edit_reply(tx, "https://a.example/1", "https://evil.example/u", html, now)?,
                responses::delete_reply(tx, "https://a.example/1", "https://evil.example/u", now)?,
                responses::edit_reply(tx, "https://a.example/1", "https://a.example/u", html, now)?,
                responses::delete_reply(tx, "https://a.example/1", "https://a.example/u", now)?,
            ])
        })
        .await
        .unwrap();
    assert_eq!(done, [false, false, true, true]);
    let late = reply("https://a.example/1", POST, person("https://a.example/u"), "<p>one</p>");
    assert!(
        !db.write(move |tx| responses::add_reply(tx, &late)).await.unwrap(),
        "a late copy does not bring it back"
    );
    assert_eq!(db.read(|c| responses::replies_to(c, "welcome", 10)).await.unwrap(), []);
}

#[tokio::test]
async fn one_person_likes_a_post_once_and_takes_only_their_own_back() {
    let (_dir, db) = db().await;
    let like = |actor: &str, activity: &str| Reaction {
        kind: Kind::Like,
        post: "welcome".to_owned(),
        person: person(actor),
        activity: activity.to_owned(),
    };
    let (one, two, other) = (
        like("https://a.example/u", "1"),
        like("https://a.example/u", "2"),
        like("https://b.example/u", "3"),
    );
    let added = db.write(move |tx| {
        let now = Timestamp::now();
        Ok([
            responses::add_reaction(tx, &one, now)?,
            responses::add_reaction(tx, &two, now)?,
            responses::add_reaction(tx, &other, now)?,
        ])
    });
    assert_eq!(added.await.unwrap(), [true, false, true]);
    let undone = db.write(|tx| {
        Ok([
            responses::undo_reaction(tx, "1", "https://b.example/u")?,
            responses::undo_reaction(tx, "1", "https://a.example/u")?,
            responses::undo_reaction_to(tx, Kind::Boost, "welcome", "https://b.example/u")?,
            responses::undo_reaction_to(tx, Kind::Like, "welcome", "https://b.example/u")?,
        ])
    });
    assert_eq!(undone.await.unwrap(), [false, true, false, true]);
}

#[tokio::test]
async fn nothing_is_added_to_a_post_that_is_not_there() {
    let (_dir, db) = db().await;
    db.write(|tx| posts::delete(tx, "welcome", Timestamp::now())).await.unwrap();
    let text = reply("https://a.example/1", POST, person("https://a.example/u"), "<p>one</p>");
    let like = Reaction {
        kind: Kind::Like,
        post: "never".to_owned(),
        person: person("https://a.example/u"),
        activity: "1".to_owned(),
    };
    let added = db.write(move |tx| {
        Ok([responses::add_reply(tx, &text)?, responses::add_reaction(tx, &like, Timestamp::now())?])
    });
    assert_eq!(added.await.unwrap(), [false, false]);
}

#[tokio::test]
async fn whoever_leaves_takes_everything_along() {
    let (_dir, db) = db().await;
    let text = reply("https://a.example/1", POST, person("https://a.example/u"), "<p>one</p>");
    let like = Reaction {
        kind: Kind::Like,
        post: "welcome".to_owned(),
        person: person("https://a.example/u"),
        activity: "1".to_owned(),
    };
    db.write(move |tx| {
        responses::add_reply(tx, &text)?;
        responses::add_reaction(tx, &like, Timestamp::now())?;
        responses::forget(tx, "https://a.example/u", Timestamp::now())
    })
    .await
    .unwrap();
    assert_eq!(db.read(|c| responses::replies_to(c, "welcome", 10)).await.unwrap(), []);
    assert_eq!(db.read(|c| responses::reactions_to(c, "welcome")).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_kept_to_read_has_an_end() {
    let (_dir, db) = db().await;
    db.write(|tx| {
        for number in 0..520 {
            let received = reading::Received {
                id: format!("https://a.example/{number}"),
                author: person("https://a.example/u"),
                content: UntrustedHtml::new("x").to_owned(),
                url: String::new(),
                published: Timestamp::from_second(number).unwrap(),
            };
            reading::add(tx, &received)?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let kept = db.read(|c| reading::latest(c, 1000)).await.unwrap();
    assert_eq!((kept.len(), kept.last().unwrap().id.as_str()), (500, "https://a.example/20"));
}

#[test]
fn a_file_that_a_later_version_wrote_is_left_alone() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("blog.db");
    drop(Db::open(&path).unwrap());
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute("UPDATE blog_meta SET value = '99' WHERE key = 'schema'", [])
        .unwrap();
    assert!(matches!(Db::open(&path), Err(blog::Error::Newer { version: 99 })));
}
