//! The reading of addresses, held to what the raw addresses of real Notes say, and the stripping of blind ones to a
//! naive one.

use std::collections::BTreeMap;
use std::fs;

use activitypub_core::{Audience, Object, Parsed, Visibility};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value as Theirs, json};

use crate::corpus::{documents, shared};

/// The addresses in some terms of an object.
fn addresses<'a>(object: &'a Theirs, terms: &[&str]) -> Vec<&'a str> {
    let values = terms.iter().flat_map(|term| match &object[term] {
        Theirs::Array(values) => values.iter().collect(),
        value => vec![value],
    });
    values
        .filter_map(|value| match value {
            Theirs::String(address) => Some(address.as_str()),
            value => ["href", "id", "@id"].iter().find_map(|name| value[name].as_str()),
        })
        .collect()
}

/// Scheme and host, as written.
fn origin(url: &str) -> Vec<&str> {
    url.split('/').take(3).collect()
}

/// What the raw addresses say: of a Create those of its object.
fn naive_visibility(document: &Theirs) -> Visibility {
    const ALL: &[&str] = &["to", "cc", "bto", "bcc", "audience"];
    let is_create = document["type"] == "Create";
    let inside = Some(&document["object"]).filter(|inside| is_create && !addresses(inside, ALL).is_empty());
    let object = inside.unwrap_or(document);
    let is_public = |address: &&str| {
        *address == "Public" || address.ends_with("activitystreams#Public") || *address == "as:Public"
    };
    let mut owners = addresses(object, &["attributedTo", "actor", "audience", "id"]);
    owners.extend(addresses(document, &["actor"]));
    let is_followers = |address: &&str| {
        let looks_like_it = address.trim_end_matches('/').ends_with("/followers")
            || address.contains("/followers.json")
            || address.contains("/followers/index");
        looks_like_it && owners.iter().any(|owner| origin(owner) == origin(address))
    };
    if addresses(object, &["to"]).iter().any(is_public) {
        Visibility::Public
    } else if addresses(object, ALL).iter().any(is_public) {
        Visibility::Unlisted
    } else if object["directMessage"] != true && addresses(object, ALL).iter().any(is_followers) {
        Visibility::Followers
    } else {
        Visibility::Direct
    }
}

#[test]
fn every_real_note_is_as_visible_as_its_raw_addresses_say() {
    let Some(shared) = shared() else { return };
    let index = fs::read_to_string(shared.join("corpus/INDEX.tsv")).expect("readable");
    let documents = documents();
    let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for line in index.lines() {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or_default();
        let (path, system, kind) = (column(), column(), column());
        let Some(bytes) = documents.get(path).filter(|_| matches!(kind, "note" | "create-note")) else {
            continue;
        };
        let parsed = Parsed::parse(bytes.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let theirs: Theirs = serde_json::from_slice(bytes).expect("JSON");
        let visibility = Audience::effective(&parsed).visibility(None);
        assert_eq!(visibility, naive_visibility(&theirs), "{path}: {}", *parsed);
        *counts.entry((system, format!("{visibility:?}"))).or_default() += 1;
    }
    for ((system, visibility), count) in &counts {
        println!("{system}\t{visibility}\t{count}");
    }
    assert!(counts.values().sum::<usize>() > 300, "{counts:?}");
}

const BLIND: [&str; 7] = [
    "bto",
    "bcc",
    "as:bto",
    "as:bcc",
    "https://www.w3.org/ns/activitystreams#bto",
    "https://www.w3.org/ns/activitystreams#bcc",
    "http://www.w3.org/ns/activitystreams#bcc",
];

fn naively_stripped(value: Theirs, is_language_map: bool) -> Theirs {
    match value {
        Theirs::Array(values) => values.into_iter().map(|value| naively_stripped(value, false)).collect(),
        Theirs::Object(members) => {
            let is_kept =
                |name: &str, value: &Theirs| !BLIND.contains(&name) || is_language_map && value.is_string();
            let members = members.into_iter().filter(|(name, value)| is_kept(name, value));
            let strip = |(name, value): (String, Theirs)| {
                let is_language_map =
                    ["contentMap", "nameMap", "summaryMap"].contains(&&*name) && value.is_object();
                (name, naively_stripped(value, is_language_map))
            };
            Theirs::Object(members.map(strip).collect())
        }
        value => value,
    }
}

fn is_stripped_as_naively(text: &[u8]) -> bool {
    let Ok(mut object) = Object::parse(text) else { return false };
    object.strip_blind();
    let theirs = naively_stripped(serde_json::from_slice(text).expect("JSON"), false);
    let written = object.to_string();
    assert_eq!(serde_json::from_str::<Theirs>(&written).expect("JSON"), theirs, "{written}");
    true
}

#[test]
fn blind_recipients_alone_are_stripped_from_real_documents() {
    let stripped = documents().into_iter().filter(|(_, bytes)| is_stripped_as_naively(bytes)).count();
    assert!(shared().is_none() || stripped > 1000, "{stripped}");
}

fn nested() -> impl Strategy<Value = Theirs> {
    let name = prop_oneof![
        prop::sample::select(&BLIND[..]),
        prop::sample::select(
            &["to", "object", "tag", "@context", "contentMap", "nameMap", "en", "x", "schema:bto", "btos"][..]
        ),
    ];
    let scalar =
        prop_oneof![Just(json!("a")), Just(json!(1)), Just(json!(null)), Just(json!([])), Just(json!({}))];
    scalar.prop_recursive(6, 48, 5, move |inner| {
        let object = vec((name.clone(), inner.clone()), 0..5).prop_map(|members| {
            Theirs::Object(
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
            )
        });
        prop_oneof![1 => vec(inner, 0..4).prop_map(Theirs::Array), 3 => object]
    })
}

proptest! {
    #[test]
    fn blind_recipients_alone_are_stripped_wherever_they_stand(value in nested()) {
        is_stripped_as_naively(value.to_string().as_bytes());
    }
}
