//! Documents whose `@context` renames terms, read as a JSON-LD processor reads them.

use std::collections::BTreeSet;
use std::fs;

use activitypub_core::vocab::as2::VOCABULARY;
use activitypub_core::{Follow, JsonLdError, Limits, Note, Object, ParseError, Parsed, Value};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::corpus;

const AS: &str = "https://www.w3.org/ns/activitystreams";

fn read(document: &str) -> Result<Parsed, JsonLdError> {
    Parsed::parse_json_ld(document.to_owned(), &Limits::default())
}

/// What a document of Activity Streams with this context besides and these properties is read as, but for its context.
/// It renames something in any case.
fn read_in(context: &Json, properties: &Json) -> Result<Json, JsonLdError> {
    let mut document = properties.clone();
    document["@context"] = json!([AS, {"another": "@id"}, context]);
    let mut object = read(&document.to_string())?.into_object();
    object.remove("@context");
    Ok(object.into())
}

#[test]
fn names_are_read_as_the_context_defines_them() {
    let table = [
        // Swapped.
        (
            json!({"actor": "as:object", "object": "as:actor"}),
            json!({"actor": "https://a.example", "object": "https://b.example"}),
            json!({"object": "https://a.example", "actor": "https://b.example"}),
        ),
        // Other names for keywords.
        (
            json!({"identifier": "@id", "kind": "@type", "id": "as:name", "type": "as:summary"}),
            json!({"identifier": "https://a.example/1", "kind": "Note", "id": "https://b.example", "type": "x"}),
            json!({"id": "https://a.example/1", "type": "Note", "name": "https://b.example", "summary": "x"}),
        ),
        // Other names for terms and types, by prefixes, and in another order than they stand on each other.
        (
            json!({"macht": {"@id": "x:actor", "@type": "@id"}, "x": "https://www.w3.org/ns/activitystreams#", "Notiz": "x:Note"}),
            json!({"type": ["Notiz"], "macht": "https://a.example", "x:content": "Hi"}),
            json!({"type": ["Note"], "actor": "https://a.example", "content": "Hi"}),
        ),
        // Of what has two names, everything counts.
        (
            json!({"macht": "as:actor"}),
            json!({"actor": "https://a.example", "macht": "https://b.example"}),
            json!({"actor": ["https://a.example", "https://b.example"]}),
        ),
        // No longer a name of ours, and nobody else's.
        (
            json!({"content": null, "name": {"@type": "@id"}}),
            json!({"content": "x", "name": "y", "summary": "z"}),
            json!({"_:name": {"id": "y"}, "summary": "z"}),
        ),
        // A name of ours for something else is told by its IRI, what is the document's own keeps its name.
        (
            json!({"ex": "https://ex.example/ns#", "content": "ex:content", "rating": "ex:rating", "Stein": "ex:Stein"}),
            json!({"type": "Stein", "content": "x", "rating": 5, "ex:more": true, "undefined": 1}),
            json!({"type": "Stein", "https://ex.example/ns#content": "x", "rating": 5, "https://ex.example/ns#more": true, "undefined": 1}),
        ),
        // A prefix that everybody means alike, as the name of a property.
        (
            json!({"toot": "https://ex.example/toot"}),
            json!({"toot": "x"}),
            json!({"https://ex.example/toot": "x"}),
        ),
        // Another prefix than everywhere else.
        (
            json!({"as": "https://evil.example/ns#"}),
            json!({"type": "as:Note", "as:content": "x", "summary": "y", "to": "as:Public"}),
            json!({"type": "https://evil.example/ns#Note", "https://evil.example/ns#content": "x", "summary": "y", "to": "https://evil.example/ns#Public"}),
        ),
        // Prefixes that lead nowhere, and one that is used as a name too.
        (
            json!({"as": "nowhere"}),
            json!({"to": "as:Public", "as:content": "x"}),
            json!({"to": "_:nowherePublic", "nowherecontent": "x"}),
        ),
        (
            json!({"as": {"@id": "https://ex.example/#"}}),
            json!({"to": ["as:Public", "https://a.example"], "as:content": "x"}),
            json!({"to": ["https://a.example"]}),
        ),
        (
            json!({"b": {"@id": "https://www.w3.org/ns/activitystreams#"}}),
            json!({"b": "x", "b:content": "y"}),
            json!({"https://www.w3.org/ns/activitystreams#": "x", "b:content": "y"}),
        ),
        // A base for relative references.
        (
            json!({"@base": "https://victim.example/a/"}),
            json!({"id": "n/1", "attributedTo": "/u/alice", "content": "n/1"}),
            json!({"id": "https://victim.example/a/n/1", "attributedTo": "https://victim.example/u/alice", "content": "n/1"}),
        ),
        // Languages, lists, sets and literals.
        (
            json!({"Inhalt": {"@id": "as:content", "@container": "@language"}, "Liste": {"@id": "as:items", "@type": "@id", "@container": "@list"}}),
            json!({
                "Inhalt": {"de": "Hallo", "en": "Hi"},
                "content": {"@value": "Hi"},
                "name": {"@value": "x", "@language": "fr"},
                "published": {"@value": "2026-01-01T00:00:00Z", "@type": "xsd:dateTime"},
                "to": {"@set": ["https://a.example"]},
                "Liste": ["https://b.example", null],
                "cc": [],
            }),
            json!({
                "contentMap": {"de": "Hallo", "en": "Hi"},
                "content": "Hi",
                "nameMap": {"fr": "x"},
                "published": "2026-01-01T00:00:00Z",
                "to": ["https://a.example"],
                "orderedItems": ["https://b.example"],
                "cc": [],
            }),
        ),
        // A context of an object inside ends with it.
        (
            json!({"macht": "as:actor"}),
            json!({
                "object": {"@context": {"macht": "as:target"}, "macht": "https://a.example"},
                "macht": "https://b.example",
                "target": {"@context": [null, {"name": "https://www.w3.org/ns/activitystreams#summary", "text": "as:content"}], "name": "x", "text": "y", "as:cc": "z", "summary": "y"},
            }),
            json!({
                "object": {"target": "https://a.example"},
                "actor": "https://b.example",
                "target": {"summary": "x"},
            }),
        ),
    ];
    for (context, properties, expected) in table {
        assert_eq!(read_in(&context, &properties), Ok(expected), "{context}");
    }
}

#[test]
fn what_moves_objects_to_other_places_is_refused() {
    let smuggled = json!([{"id": "https://victim.example/1", "type": "Note"}]);
    let table = [
        (json!({}), json!({"@graph": smuggled}), "@graph"),
        (json!({}), json!({"@included": smuggled}), "@included"),
        (json!({}), json!({"object": {"@reverse": {"object": smuggled}}}), "@reverse"),
        (json!({"x": "@graph"}), json!({"x": smuggled}), "@graph"),
        (json!({"a": "b", "b": "c", "c": "@included"}), json!({"a": smuggled}), "@included"),
        (json!({"x": "@nest"}), json!({"x": {"actor": "https://a.example"}}), "@nest"),
        (json!({"x": {"@reverse": "as:object"}}), json!({"x": smuggled}), "@reverse"),
        (
            json!({"x": {"@id": "ex:x", "@context": {"y": "@graph"}}}),
            json!({"x": {"y": smuggled}}),
            "@context",
        ),
        (json!({"x": {"@id": "as:object", "@container": "@graph"}}), json!({"x": smuggled}), "@graph"),
        (json!({"x": {"@id": "as:object", "@type": "@json"}}), json!({"x": smuggled}), "@json"),
        (json!({"x": "@value"}), json!({"object": {"x": {}, "@type": "@json"}}), "@json"),
        (json!({"@import": "https://evil.example/"}), json!({}), "@import"),
    ];
    for (context, properties, what) in table {
        match read_in(&context, &properties) {
            Err(JsonLdError::Unsupported(told)) => {
                assert!(told.contains(what), "{context} {properties}: {told}")
            }
            other => panic!("{context} {properties} is read as {other:?}"),
        }
    }
}

#[test]
fn what_is_no_json_ld_is_refused() {
    let table = [
        (json!({"x": 1}), json!({})),
        (json!({"x": {"@id": 1}}), json!({})),
        (json!({"a": "b", "b": "a"}), json!({"a": 1})),
        (json!({"a": "a:b"}), json!({"a": 1})),
        (json!({"a": "@id"}), json!({"actor": "a"})),
        (json!({"as:actor": "as:object"}), json!({})),
        (json!({"x": "@id", "y": "@id"}), json!({"x": "https://a.example", "y": "https://b.example"})),
        (json!({"x": "@id"}), json!({"x": 1})),
        (json!({"x": "@type"}), json!({"x": {}})),
        (json!({"x": "@value"}), json!({"content": {"x": []}})),
        (json!({"x": "@language"}), json!({"content": {"@value": "a", "x": 1}})),
        (json!({"@base": "nowhere"}), json!({})),
        (json!({"@vocab": "@id"}), json!({})),
    ];
    for (context, properties) in table {
        let result = read_in(&context, &properties);
        assert!(
            matches!(result, Err(JsonLdError::Invalid { .. } | JsonLdError::TwoNames { .. })),
            "{context} {properties}: {result:?}"
        );
    }
}

#[test]
fn a_document_that_renames_nothing_is_not_looked_into() {
    for document in [
        r#"{"@context": "https://unknown.example/ns", "type": "Note", "content": "x"}"#,
        r#"{"type": "Note", "undefined": {"@value": []}}"#,
    ] {
        assert_eq!(read(document).unwrap().to_json(), Parsed::parse(document.to_owned()).unwrap().to_json());
    }
}

#[test]
fn a_context_that_is_not_known_is_refused_by_its_address() {
    let address = "https://evil.example/ns".to_owned();
    let error =
        read_in(&json!({"x": {}}), &json!({"object": {"@context": [{"macht": "as:actor"}, address]}}));
    assert_eq!(error, Err(JsonLdError::UnknownContext(address.clone().into())));
    assert!(error.unwrap_err().to_string().contains(&address));
}

#[test]
fn the_bytes_are_those_that_came_and_the_context_is_that_of_the_new_names() {
    let document = r#"{"@context": ["http://www.w3.org/ns/activitystreams#", {"text": "as:content", "rating": "https://ex.example/rating"}],
        "type": "Note", "text": "Hi", "rating": 5, "sensitive": true}"#;
    let parsed = read(document).unwrap();
    assert_eq!(parsed.bytes(), document);
    assert_eq!(parsed.cast::<Note>().unwrap().content().as_html().unwrap(), "Hi");
    let context = parsed.member("@context").cloned().map(Json::from);
    let expected = json!([AS, {
        "as": "https://www.w3.org/ns/activitystreams#",
        "sensitive": "as:sensitive",
        "rating": "https://ex.example/rating",
    }]);
    assert_eq!(context, Some(expected));
    let again = read(&parsed.to_json()).unwrap();
    assert_eq!(*again, *parsed, "what was read renames nothing");
}

#[test]
fn no_context_of_activity_streams_means_none_of_its_names() {
    let parsed = read(
        r#"{"@context": {"@vocab": "https://evil.example/ns#", "id": "@id", "type": "@type"},
        "id": "https://evil.example/1", "type": "Follow", "actor": "https://a.example"}"#,
    );
    let parsed = parsed.unwrap();
    assert!(parsed.cast::<Follow>().is_none());
    assert_eq!(parsed.member("actor"), None);
    assert_eq!(parsed.id().unwrap(), "https://evil.example/1");
}

#[test]
fn what_parsing_refuses_is_refused() {
    assert_eq!(read("[]").unwrap_err(), JsonLdError::Parse(ParseError::NotAnObject));
    let limits = || {
        let mut limits = Limits::default();
        limits.size = 1;
        limits
    };
    assert!(matches!(Parsed::parse_json_ld("{}", &limits()), Err(JsonLdError::Parse(_))));
}

/// Documents that ask for as much work as they can. Seconds would be quadratic work; milliseconds are what it takes.
#[test]
fn hostile_contexts_are_refused_or_grow_no_more_than_their_size() {
    let many =
        |each: &dyn Fn(usize) -> String, count: usize| (0..count).map(each).collect::<Vec<_>>().join(",");
    let with = |context: &str, rest: &str| format!(r#"{{"@context": ["{AS}", {context}], "x": [{rest}]}}"#);
    let terms = |from: usize| many(&|at| format!(r#""t{}": "as:actor""#, from + at), 255);
    let long = "x".repeat(100_000);
    let nested = (0..30).fold("1".to_owned(), |inner, level| {
        format!(r#"{{"@context": {{{}}}, "a": {inner}}}"#, terms(level * 255))
    });
    let table = [
        ("entries", with(&many(&|_| r#"{"a": "as:actor"}"#.to_owned(), 4000), ""), Some("contexts")),
        (
            "addresses",
            with(&many(&|_| format!("{AS:?}"), 100), r#"{"@context": {"a": "@id"}}"#),
            Some("in force"),
        ),
        (
            "contexts",
            with(r#"{"a": "@id"}"#, &many(&|_| r#"{"@context": {"b": "@id"}}"#.to_owned(), 4000)),
            Some("contexts"),
        ),
        (
            "chain",
            with(
                &format!(r#"{{{}, "t255": "@id"}}"#, many(&|at| format!(r#""t{at}": "t{}""#, at + 1), 255)),
                "",
            ),
            Some("stand on"),
        ),
        (
            "chain of entries",
            with(&many(&|at| format!(r#"{{"t{}": "t{at}:{at}", "t0": "as:actor"}}"#, at + 1), 900), ""),
            None,
        ),
        (
            "long prefix",
            with(
                &format!(r#"{{"p": "https://{long}#", "a": "@id"}}"#),
                &many(&|at| format!(r#"{{"p:{at}": 1}}"#), 4000),
            ),
            Some("bytes"),
        ),
        (
            "long base",
            with(
                &format!(r#"{{"@base": "https://b.example/{long}/"}}"#),
                &many(&|at| format!(r#"{{"id": "{at}"}}"#), 4000),
            ),
            Some("bytes"),
        ),
        (
            "a name that stands for a long IRI",
            with(
                &format!(r#"{{"t": "https://b.example/{long}", "a": "@id"}}"#),
                &many(&|_| r#"{"t": 1}"#.to_owned(), 4000),
            ),
            Some("one IRI"),
        ),
        (
            "a name that stands for two IRIs in turn",
            with(
                r#"{"t": "https://b.example/t", "a": "@id"}"#,
                &format!(
                    r#"{{"t": 1}}, {{"@context": {{"t": "https://b.example/{}"}}, "type": [{}]}}"#,
                    "t".repeat(1000),
                    many(&|_| r#""t""#.to_owned(), 4000)
                ),
            ),
            Some("bytes of IRIs"),
        ),
        (
            "names of its own",
            with(r#"{"@vocab": "https://b.example/"}"#, &many(&|at| format!(r#"{{"n{at}": 1}}"#), 4000)),
            Some("its own"),
        ),
        (
            "terms",
            with(
                &many(&|at| format!("{{{}}}", terms(at * 255)), 60),
                &many(&|at| format!(r#"{{"t{at}": "x"}}"#), 4000),
            ),
            None,
        ),
        ("nested", with(r#"{"a": "as:object"}"#, &nested), None),
        (
            "languages",
            with(
                r#"{"a": {"@id": "as:content", "@container": "@language"}}"#,
                &format!(
                    r#"{{"a": [{}]}}"#,
                    many(&|at| format!(r#"{{"l{at}": "x", "actor": "y", "as:object": "z"}}"#), 4000)
                ),
            ),
            None,
        ),
    ];
    for (what, document, refused) in table {
        assert!(document.len() < 1 << 20, "{what} is too large to be read");
        match (read(&document), refused) {
            (Ok(parsed), None) => assert!(parsed.to_json().len() < 16 * document.len(), "{what} grows"),
            (Err(JsonLdError::TooMany { what: told, .. }), Some(refused)) if told.contains(refused) => {}
            (result, _) => panic!("{what}: {:?}", result.map(|_| ())),
        }
    }
}

/// Names and values that contexts and documents make much of, in any arrangement.
fn anything() -> impl Strategy<Value = Json> {
    let words = &[
        "actor",
        "object",
        "id",
        "type",
        "content",
        "contentMap",
        "items",
        "a",
        "b",
        "as",
        "as:actor",
        "a:actor",
        "_:a",
        "@id",
        "@type",
        "@graph",
        "@reverse",
        "@included",
        "@vocab",
        "@base",
        "@value",
        "@list",
        "@set",
        "@language",
        "@container",
        "@context",
        "@none",
        "@json",
        "@foo",
        "",
        ":",
        "https://a.example/#",
        "https://a.example/b",
        "https://www.w3.org/ns/activitystreams",
        "https://www.w3.org/ns/activitystreams#",
    ][..];
    let word = move || prop::sample::select(words).prop_map(str::to_owned);
    let scalar = prop_oneof![word().prop_map(Json::from), Just(Json::Null), Just(json!(1)), Just(json!(AS))];
    scalar.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(word(), inner, 0..5).prop_map(|members| members.into_iter().collect::<Json>()),
        ]
    })
}

/// Terms with sound definitions of them, in any arrangement.
fn terms() -> impl Strategy<Value = Json> {
    let iri =
        "as:actor|as:content|as:items|a|b|a:b|@id|@type|@set|@list|@graph|https://a.example/#|as:|actor";
    let form = prop_oneof![
        Just(json!({})),
        Just(json!({"@type": "@id"})),
        Just(json!({"@type": "@vocab", "@container": "@set"})),
        Just(json!({"@container": "@list"})),
        Just(json!({"@container": "@language"})),
    ];
    let expanded = (iri, form).prop_map(|(iri, mut form)| {
        form["@id"] = iri.into();
        form
    });
    let definition = prop_oneof![iri.prop_map(Json::from), expanded, Just(Json::Null)];
    let name = "actor|content|items|id|type|a|b|as|x";
    btree_map(name, definition, 0..5).prop_map(|terms| terms.into_iter().collect())
}

proptest! {
    #[test]
    fn what_was_read_renames_nothing(
        context in prop_oneof![4 => terms(), 1 => anything()],
        properties in btree_map("a|b|x|as:actor|actor|content|id|type", anything(), 0..4),
        inside in terms(),
    ) {
        let mut document: Json = properties.into_iter().collect();
        document["@context"] = json!([AS, {"another": "@id"}, context]);
        if let Some(object) = document["a"].as_object_mut() {
            object.insert("@context".to_owned(), inside);
        }
        if let Ok(parsed) = read(&document.to_string()) {
            let again = read(&parsed.to_json());
            prop_assert_eq!(again.as_deref(), Ok(&*parsed));
        }
    }
}

#[test]
fn documents_made_to_deceive_are_refused_or_read_without_what_they_smuggle() {
    let Some(shared) = corpus::shared() else { return };
    let table = [
        ("hostile-ctx-alias-id", Ok("https://evil.example/n/1")),
        ("hostile-ctx-alias-type", Ok("https://evil.example/n/1")),
        ("hostile-ctx-base-trick", Ok("https://victim.example/n/1")),
        ("hostile-ctx-redefine-as-prefix", Ok("https://evil.example/n/1")),
        ("hostile-ctx-swap-actor-object", Ok("https://evil.example/a/30")),
        ("hostile-ctx-vocab-hijack", Ok("https://evil.example/n/1")),
        ("hostile-graph-top-level", Err("@graph")),
        ("hostile-included-top-level", Err("@included")),
        ("fedify-jsonld-trick-40", Err("@context")),
        ("fedify-jsonld-trick-44", Err("@graph")),
        ("fedify-jsonld-trick-46", Ok("https://example.com/activities/non-retroactive-graph-alias")),
        ("fedify-jsonld-trick-49", Err("@reverse")),
        ("fedify-jsonld-trick-50", Err("@included")),
        ("fedify-jsonld-trick-52", Err("@graph")),
        ("w3c-other-context", Err("http://schema.org")),
    ];
    for (file, expected) in table {
        let bytes =
            fs::read(shared.join(format!("corpus/_invalid/{file}.json"))).expect("a file can be read");
        match (Parsed::parse_json_ld(bytes, &Limits::default()), expected) {
            (Ok(parsed), Ok(id)) => {
                assert_eq!(parsed.id().expect(file), id, "{file}");
                assert!(parsed.member("@graph").is_none() && parsed.member("@included").is_none());
            }
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{file}: {error}"),
            (result, _) => panic!("{file}: {result:?}"),
        }
    }
}

/// What a value says in the terms of Activity Streams, however it is written.
fn told(value: &Value) -> Json {
    match value {
        Value::Array(values) => {
            let mut values: Vec<_> = values.iter().filter(|value| !value.is_null()).map(told).collect();
            if values.len() == 1 { values.remove(0) } else { values.into() }
        }
        Value::Object(object) => told_of(object),
        Value::String(text) if **text == *"as:Public" => activitypub_core::PUBLIC.into(),
        value => value.clone().into(),
    }
}

fn told_of(object: &Object) -> Json {
    let terms =
        VOCABULARY.rows().map(|row| row.term.name).chain(["id", "contentMap", "nameMap", "summaryMap"]);
    terms
        .filter_map(|name| Some((name.to_owned(), told(object.member(name)?))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Documents that say something else through their contexts, or are refused for what these hold.
const DIFFERENT: [&str; 15] = [
    // They rename something themselves.
    "fedify/create-note-public-audience-normalize-public-audience-bails-out-on-nested-co-10",
    "fedify/note-outgoing-jsonld-normalize-attachment-arrays-leaves-context-subtr-14",
    "fep/note-fep-2277-json-ld-1",
    "fep/person-fep-c390-fep-c390-identity-proofs-1",
    // Values in the long form of JSON-LD, which is the short one afterwards.
    "edge/note-value-objects",
    "fedify/note-outgoing-jsonld-normalize-attachment-arrays-does-not-wrap-json-l-8",
    "fedify/note-vocab-from-json-ld-formats-portable-iris-in-json-ld-co-37",
    // JSON inside.
    "fedify/note-outgoing-jsonld-normalize-attachment-arrays-does-not-traverse-js-9",
    "peertube/video-dj",
    // Contexts or ids that are no JSON-LD.
    "funkwhale/delete-audio-docs-5",
    "mastodon/note-spec-process-status-update-when-the-status-adds-a-unverifiable-quote-throug-26",
    "mastodon/note-spec-process-status-update-when-the-status-has-an-existing-unverified-quote",
    "mastodon/note-spec-process-status-update-when-the-status-has-an-existing-verified-quote-a-21",
    "mastodon/note-spec-quote-request-2",
    "pixelfed/note-set-up-1",
];

/// Every real document is given one more name, which nothing in it uses, and so goes through its contexts.
#[test]
fn real_documents_say_through_their_contexts_what_they_say_without() {
    let (mut read, mut unknown) = (0, 0);
    let mut different = BTreeSet::new();
    for (path, bytes) in corpus::documents() {
        let Ok(plain) = Parsed::parse(bytes) else { continue };
        let mut renaming: Json = plain.clone().into_object().into();
        let entries = match renaming["@context"].take() {
            Json::Array(entries) => entries,
            entry => vec![entry],
        };
        if !entries.contains(&json!(AS)) {
            continue;
        }
        renaming["@context"] = entries.into_iter().chain([json!({"another": "@id"})]).collect();
        match Parsed::parse_json_ld(renaming.to_string(), &Limits::default()) {
            Ok(parsed) if told_of(&parsed) == told_of(&plain) => read += 1,
            Err(JsonLdError::UnknownContext(_)) => unknown += 1,
            result => {
                let known = DIFFERENT.iter().find(|known| path.starts_with(**known));
                different.insert(*known.unwrap_or_else(|| panic!("{path} is read as {result:?}")));
            }
        }
    }
    println!("{read} documents say the same, {unknown} name contexts that are not known");
    if read > 0 {
        assert_eq!(different, BTreeSet::from(DIFFERENT), "a document says the same after all");
    }
}
