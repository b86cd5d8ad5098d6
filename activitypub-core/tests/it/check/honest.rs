//! What is found in documents that real servers send, and in the examples of the specification: no danger
//! where there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use activitypub_core::{Parsed, Severity};

use crate::corpus::{documents, shared};

/// Documents that are rightly not believed: the beginning of each path, how many they are, and why.
const DANGEROUS: &[(&str, usize, &str)] = &[
    // Files of test suites, whose hosts were made up one by one, or replaced when they were collected.
    ("akkoma/add-remove-handling", 1, "the actor is of another host than its activity"),
    ("akkoma/remove-add-remove-handling", 1, "the same"),
    ("bridgy-fed/note-activitypub-test-send-dm", 1, "an id on localhost"),
    ("funkwhale/", 11, "a host for each id"),
    (
        "fedify/note-vocab-from-json-ld-formats-portable",
        1,
        "an author whose id is portable, and a note whose id is not",
    ),
    ("ghost/move-fixtures", 1, "who moves and what is moved have two names for one"),
    ("mastodon/", 27, "hosts that play two servers"),
    ("mbin/accept-follow-magazine", 1, "names replaced by numbers"),
    ("mbin/announce-update-person-announce-update-user", 1, "the same"),
    ("mbin/reject-follow-magazine", 1, "the same"),
    ("mbin/update-person-update-user", 1, "the same"),
    ("misskey/application-rendered", 1, "the owner is the actor under another id"),
    ("mobilizon/", 12, "an event's host replaced, and not its participant's"),
    ("pixelfed/undo-follow-test-set-up", 1, "the Follow is of the host that is followed"),
    ("pleroma/note-info-pleroma-site-activity", 4, "made to be refused"),
    ("pleroma/ordered-collection-page-outbox-collection-ids-only", 1, "two hosts for one"),
    ("plume/", 15, "ids of the actors replaced by another host"),
    ("sharkey/application-rendered", 1, "the owner is the actor under another id"),
    ("wordpress/like-class-activitypub-reaction-handler", 1, "the id of the activity is of another host"),
    // Files about the very danger.
    ("fedify/create-note-docs-same-origin-policy", 1, "shows what is not believed"),
    ("fedify/create-vocab-fep-fe34-embedded-cross-origin", 1, "the same"),
    (
        "fedify/create-note-public-audience-normalize-public-audience-bails-out-on",
        1,
        "shows a prefix taken away",
    ),
    ("fedify/note-public-audience-normalize-public-audience-bails-out", 1, "the same"),
    ("fedify/note-outgoing-jsonld-normalize-attachment-arrays", 2, "shows a term taken away"),
    ("fep/note-fep-2277-json-ld", 1, "shows another name for a term"),
    ("fep/person-fep-c390-fep-c390-identity-proofs", 1, "has a `subject` of its own"),
    // Examples in which two ids do not agree.
    ("fep/note-fep-5624-example-reply-object-with-reply-approval", 1, "two hosts for one"),
    ("fep/person-fep-521a-valid-actor", 1, "the scheme stands twice in a controller"),
    ("gnusocial/group", 1, "the key is that of another actor"),
    // Examples that mean it.
    ("fep/multikey-fep-6fcd", 1, "an example of a private key"),
    ("forgefed/patch", 1, "a forge shows what somebody of another sent: ask there"),
    ("forgefed/ticket-update-patches-via-web", 2, "the same"),
    ("generic/create-note-activity-create-dj", 1, "a vote, attributed to the author of the poll"),
    // Examples of Activity Streams, which is older than the rule that an id belongs to its server.
    ("w3c/collection-vocabulary-ex193", 2, "a host for each id"),
    ("w3c/collection-vocabulary-ex194", 1, "the same"),
    ("w3c/like-core-ex19", 1, "the same"),
    ("w3c/like-like-action-core-ex20", 1, "the same"),
    ("w3c/note-core-ex4", 1, "the same"),
];

#[test]
fn honest_documents_are_no_danger() {
    let mut counts: BTreeMap<&str, [BTreeMap<String, usize>; 3]> = BTreeMap::new();
    let (mut dangerous, mut read) = (BTreeMap::<&str, BTreeSet<String>>::new(), 0);
    for (path, bytes) in documents() {
        let Ok(parsed) = Parsed::parse(bytes) else { continue };
        read += 1;
        let system = path.split('/').next().unwrap_or_default();
        for flaw in parsed.check() {
            *counts.entry(flaw.rule.code()).or_default()[flaw.severity as usize]
                .entry(system.to_owned())
                .or_default() += 1;
            if flaw.severity == Severity::Danger {
                let known = DANGEROUS.iter().find(|(known, ..)| path.starts_with(known));
                let (known, ..) = known.unwrap_or_else(|| panic!("{path} is a danger: {flaw}"));
                dangerous.entry(*known).or_default().insert(path.clone());
            }
        }
    }
    for (rule, [hints, warnings, dangers]) in &counts {
        let sum = |systems: &BTreeMap<String, usize>| systems.values().sum::<usize>();
        println!("{rule}: {} hints, {} warnings, dangers: {dangers:?}", sum(hints), sum(warnings));
    }
    println!("{read} documents, {} dangerous", dangerous.values().map(BTreeSet::len).sum::<usize>());
    for (known, count, why) in DANGEROUS.iter().filter(|_| read > 0) {
        let found = dangerous.get(known).map_or(0, BTreeSet::len);
        assert_eq!(found, *count, "documents that are dangerous since {why}: {:#?}", dangerous.get(known));
    }
}

/// The documents under one folder of the W3C's, by their names.
fn examples(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let Some(shared) = shared() else { return BTreeMap::new() };
    let files = fs::read_dir(shared.join(folder)).expect("a folder can be listed");
    let files = files.map(|file| file.expect("a file").path());
    files
        .filter(|file| file.extension().is_some_and(|extension| extension == "json"))
        .filter(|file| file.file_name().is_some_and(|name| name != "manifest.json"))
        .map(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read(&file).expect("a file can be read"))
        })
        .collect()
}

/// Examples that are older than the rule that an id belongs to its server, and have a host for each id.
const A_HOST_FOR_EACH_ID: [&str; 6] = [
    "core-ex19-jsonld.json",
    "core-ex20-jsonld.json",
    "core-ex4-jsonld.json",
    "vocabulary-ex193-jsonld.json",
    "vocabulary-ex193b-jsonld.json",
    "vocabulary-ex194-jsonld.json",
];

#[test]
fn the_examples_of_activity_streams_are_read_and_no_danger() {
    let examples = examples("vectors/as2");
    let (mut flaws, mut dangerous) = (0, Vec::new());
    for (name, bytes) in &examples {
        // A line break stands inside a text.
        if name == "vocabulary-ex196-jsonld.json" {
            assert!(Parsed::parse(bytes.clone()).is_err());
            continue;
        }
        let parsed =
            Parsed::parse(bytes.clone()).unwrap_or_else(|error| panic!("{name} is refused: {error}"));
        let again = Parsed::parse(parsed.to_json()).expect("what we write we read");
        assert_eq!(*again, *parsed, "{name}");
        let theirs: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        assert_eq!(serde_json::Value::from(again.into_object()), theirs, "{name}");
        let found = parsed.check();
        flaws += found.len();
        if found.iter().any(|flaw| flaw.severity == Severity::Danger) {
            dangerous.push(name.as_str());
        }
    }
    println!("{} examples, {flaws} flaws, {} of them dangerous", examples.len(), dangerous.len());
    if !examples.is_empty() {
        assert_eq!(dangerous, A_HOST_FOR_EACH_ID);
    }
}

#[test]
fn the_examples_of_what_is_wrong_are_refused_or_flagged_for_it() {
    let expected: BTreeMap<&str, Option<&str>> = BTreeMap::from([
        ("array-at-top.json", None),
        ("bad-character-set.json", None),
        ("collection-with-non-page-first.json", Some("AS-23")),
        ("content-map-with-invalid-language-tag.json", Some("AS-13")),
        ("name-as-namemap.json", Some("AS-13")),
        ("namemap-as-name.json", Some("AS-13")),
        ("number-as-actor.json", Some("AS-8")),
        ("number-as-content.json", Some("AS-13")),
        ("number-as-context.json", Some("AS-4")),
        ("number-as-id.json", Some("AS-9")),
        ("number-as-name.json", Some("AS-13")),
        ("number-as-object.json", Some("AS-8")),
        ("number-as-type.json", Some("AS-15")),
        ("number-at-top.json", None),
        ("ordered-collection-with-items.json", Some("AS-23")),
        ("ordered-collection-with-non-page-first.json", Some("AS-23")),
        ("other-context.json", Some("AS-4")),
        ("relative-uri-for-url.json", Some("AS-10")),
        ("string-at-top.json", None),
        ("unordered-collection-with-ordered-items.json", Some("AS-23")),
    ]);
    let examples = examples("vectors/as2/fail");
    for (name, bytes) in &examples {
        let rule = expected.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not in the table"));
        match (Parsed::parse(bytes.clone()), rule) {
            (Err(_), None) => {}
            (Ok(parsed), Some(rule)) => {
                let flaws = parsed.check();
                assert!(flaws.iter().any(|flaw| flaw.rule.code() == *rule), "{name}: {flaws:#?}");
            }
            (read, rule) => panic!("{name}: {rule:?}, but {:?}", read.map(|parsed| parsed.check())),
        }
    }
    println!("{} examples of what is wrong", examples.len());
    assert!(examples.is_empty() || examples.len() == expected.len());
}
