//! Whose something is, and what repetition and disorder do to it.

use super::*;

async fn known(store: &Sqlite) -> Option<RemoteObject> {
    store.read(|connection| crate::store::received::known(connection, &id("notes/1"))).await.unwrap()
}

async fn gone(store: &Sqlite, object: &str, actor: &str) -> bool {
    let mark = column::mark_of(&id(object), &id(actor));
    store.read(move |connection| crate::store::received::gone(connection, mark)).await.unwrap()
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
    assert_eq!(known(&store).await.unwrap(), note(Some(1), "bob"));
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
            let left = known(&store).await;
            assert_eq!(left, (!delete).then(|| note(Some(2), "bob")), "{order:?}");
            assert_eq!(gone(&store, "notes/1", "bob").await, delete, "{order:?}");
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
    apply(&store, |unit| unit.first_sight(Sight { kind: "Create".into(), ..sight("creates/1", "ada") }))
        .await;
    apply(&store, |unit| unit.create_remote(note(None, "ada"))).await;
    apply(&store, |unit| unit.delete_remote(id("notes/1"), id("ada"))).await;
    apply(&store, |unit| unit.delete_remote(id("notes/2"), id("ada"))).await;
    store.sweep(now() + 29 * DAY).await.unwrap();
    assert!(store.sight(&id("creates/1"), &id("ada")).await.unwrap().is_some());
    assert!(gone(&store, "notes/2", "ada").await);
    store.sweep(now() + 31 * DAY).await.unwrap();
    assert!(store.sight(&id("creates/1"), &id("ada")).await.unwrap().is_none());
    assert!(!gone(&store, "notes/2", "ada").await);
    assert!(store.sight(&id("likes/1"), &id("ada")).await.unwrap().is_some(), "it may still be undone");
    assert!(gone(&store, "notes/1", "ada").await, "we held it");
}
