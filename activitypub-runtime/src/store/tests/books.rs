//! Followers, publications, keys, caches and dead letters.

use activitypub_core::Iri;
use zeroize::Zeroizing;

use super::*;

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
    assert_eq!(
        reply(answer("ada", Some(&follow), true)).await,
        Committed::Unasked,
        "before anything was sent"
    );
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
    assert_eq!(
        reply(answer("ada", Some(&follow), false)).await,
        Committed::Done,
        "they may change their mind"
    );
    assert_eq!(
        reply(answer("ada", Some(&follow), true)).await,
        Committed::Unasked,
        "but then have to be asked again"
    );
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
    assert_eq!(store.outbox("greeter", None, 10).await.unwrap().items, [entry(1, true)], "public ones only");
    assert_eq!(store.outbox_entry(&entry(2, false).id).await.unwrap(), Some(entry(2, false)));
    assert_eq!(store.featured("greeter").await.unwrap(), std::slice::from_ref(&object));

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
async fn the_cache_holds_only_so_much() {
    let store = Sqlite::in_memory().unwrap();
    // As if it had been filled up to the last row.
    store
        .write(|tx| {
            let mut insert = tx.prepare("INSERT INTO ap_document (id, fetched, body) VALUES (?1, 0, x'')")?;
            for n in 0..cache::DOCUMENTS {
                insert.execute([format!("https://many.example/{n}")])?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let document = |name: &str, bytes: usize| CachedDocument {
        id: id(name),
        body: vec![b' '; bytes].into(),
        fetched: now(),
    };
    for name in ["ada", "bob", "ada"] {
        store.cache_document(document(name, name.len())).await.unwrap();
    }
    store.cache_document(document("bob", 7)).await.unwrap();
    store.cache_document(document("long", 70_000)).await.unwrap();
    assert!(count(&store, "SELECT COUNT(*) FROM ap_document").await <= cache::DOCUMENTS);
    let cached = async |iri: &Iri| store.cached_document(iri).await.unwrap();
    assert_eq!(cached(Iri::new("https://many.example/0")).await, None, "it was the oldest");
    assert!(cached(Iri::new("https://many.example/9")).await.is_some());
    assert_eq!(cached(&id("ada")).await, Some(document("ada", 3)));
    assert_eq!(cached(&id("bob")).await, Some(document("bob", 7)));
    assert_eq!(cached(&id("long")).await, None, "it is too long to keep");
    store.forget_document(&id("bob")).await.unwrap();
    apply(&store, |unit| unit.forget_actor(id("ada"))).await;
    assert_eq!((cached(&id("ada")).await, cached(&id("bob")).await), (None, None));
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
