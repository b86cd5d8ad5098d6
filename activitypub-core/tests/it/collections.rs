//! The reading of collections, held to a naive one over every collection and page of the corpus.

use activitypub_core::{Collection, CollectionPage, Contents, Object, Typed, Value};
use serde_json::Value as Theirs;

use crate::corpus::documents;

fn count(value: &Theirs) -> usize {
    match value {
        Theirs::Null => 0,
        Theirs::Array(values) => values.iter().filter(|value| !value.is_null()).count(),
        _ => 1,
    }
}

fn naive_count(collection: &Theirs) -> usize {
    let first = &collection["first"];
    let places = [collection, first].map(|of| count(&of["items"]) + count(&of["orderedItems"]));
    places.iter().sum()
}

fn named(value: &Theirs) -> Option<&str> {
    value.as_str().or_else(|| ["href", "id", "@id"].iter().find_map(|name| value[name].as_str()))
}

/// What there is to ask for, but for what is known already.
fn naive_next(collection: &Theirs) -> Option<&str> {
    let first = &collection["first"];
    let is_page = collection["type"].to_string().contains("Page\"") || collection["partOf"].is_string();
    let is_embedded =
        first["items"].is_array() || first["orderedItems"].is_array() || !first["next"].is_null();
    let to_begin = if is_page || is_embedded { None } else { named(first) };
    named(&first["next"]).or_else(|| named(&collection["next"])).or(to_begin)
}

/// Every collection and page in a value, at any depth, as both read it.
fn collections<'a>(ours: &'a Value, theirs: &'a Theirs, found: &mut Vec<(&'a Object, &'a Theirs)>) {
    match (ours, theirs) {
        (Value::Array(ours), Theirs::Array(theirs)) => {
            ours.iter().zip(theirs).for_each(|(ours, theirs)| collections(ours, theirs, found));
        }
        (Value::Object(object), Theirs::Object(members)) => {
            if theirs["type"].to_string().contains("Collection") {
                found.push((object, theirs));
            }
            for (name, value) in object.members() {
                collections(value, &members[name], found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_real_collection_has_the_items_and_the_next_page_that_a_naive_count_finds() {
    let mut seen = (0, 0, 0);
    for (path, bytes) in documents() {
        let (Ok(ours), Ok(theirs)) = (Value::parse(&bytes), serde_json::from_slice::<Theirs>(&bytes)) else {
            continue;
        };
        let mut found = Vec::new();
        collections(&ours, &theirs, &mut found);
        for (object, theirs) in found {
            let contents = Collection::of(object).contents();
            let here = contents.items().count();
            assert_eq!(here, naive_count(theirs), "{path}: {object}");
            assert_eq!(contents.total(), theirs["totalItems"].as_u64(), "{path}: {object}");
            let next = contents.next().map(|next| next.as_str());
            let expected = naive_next(theirs);
            let is_whole = here > 0 && contents.total().is_some_and(|total| here as u64 >= total);
            let is_known = expected == named(theirs) || (is_whole && !object.is::<CollectionPage>());
            assert!(next == expected || (next.is_none() && is_known), "{path}: {next:?}, not {expected:?}");
            seen = (seen.0 + 1, seen.1 + here, seen.2 + usize::from(next.is_some()));
        }
    }
    let (collections, items, next) = seen;
    println!("{collections} collections and pages with {items} items, {next} with a page to ask for");
    assert!(collections == 0 || (collections > 150 && items > 200 && next > 30), "{seen:?}");
}

#[test]
fn real_collections_are_followed_where_a_person_would_follow_them() {
    let documents = documents();
    let table = [
        (
            "pleroma/ordered-collection-followers.json",
            0,
            Some("http://localhost:4001/users/fuser2/followers?page=2"),
        ),
        ("w3c/collection-core-ex21b.json", 1, Some("http://example.org/foo?page=2")),
        ("w3c/collection-page-vocabulary-ex97.json", 3, Some("http://example.org/collection?page=2")),
        ("w3c/collection-vocabulary-ex74.json", 0, Some("http://example.org/collection?page=0")),
        (
            "funkwhale/collection-page-serializers-test-collection-page-serializer-can-validate-chi-18.json",
            1,
            None,
        ),
        ("fedify/collection-inline-paged-collection.json", 1, Some("https://example.com/inline-paged/a")),
        ("mobilizon/ordered-collection-mobilizon-members-collection.json", 2, None),
        ("lemmy/collection-group-followers.json", 0, None),
        (
            "mastodon/ordered-collection-masto-closed-followers.json",
            0,
            Some("http://localhost:4001/users/masto_closed/followers?page=1"),
        ),
        ("mastodon/collection-spec-fetch-featured-collection-when-the-collection-is-inlined-6.json", 1, None),
        (
            "plume/ordered-collection-page-outbox-collection-page-4.json",
            0,
            Some("https://plu.me/~/BlogName/outbox?page=3"),
        ),
    ];
    for (path, items, next) in table {
        let Some(bytes) = documents.get(path) else {
            assert!(documents.is_empty(), "{path} is gone");
            continue;
        };
        let value = Value::parse(bytes).expect(path);
        let contents = Contents::of(&value);
        assert_eq!(contents.items().count(), items, "{path}");
        assert_eq!(contents.next().map(|next| next.as_str()), next, "{path}");
    }
}
