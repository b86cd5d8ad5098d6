//! What is found in contexts, made up and real.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use super::{Change, MOST, renamed};
use crate::Object;

/// What is found in a document, by where it is found.
fn found(document: &[u8]) -> Vec<(String, Change)> {
    let Ok(object) = Object::parse(document) else { return Vec::new() };
    renamed(&object).into_iter().map(|finding| (finding.path, finding.change)).collect()
}

#[test]
fn a_long_way_to_a_finding_is_not_told_in_full() {
    let name = "x".repeat(2000);
    let document = format!(r#"{{"{name}": {{"y": {{"@context": {{"actor": "as:object"}}}}}}}}"#);
    assert_eq!(found(document.as_bytes()), [(String::new(), Change::Redefined)]);
}

/// What is found in a document of Activity Streams with this context besides.
fn found_in(context: &str) -> Option<Change> {
    let document = format!(
        r#"{{"@context": ["https://www.w3.org/ns/activitystreams", {context}], "type": "Note", "content": "x"}}"#
    );
    Object::parse(document.as_bytes()).unwrap();
    found(document.as_bytes()).pop().map(|(_, change)| change)
}

#[test]
fn a_name_with_another_meaning_is_found() {
    let table = [
        (r#"{"actor": "as:object"}"#, Change::Redefined),
        (r#"{"actor": {"@id": "as:object", "@type": "@id"}}"#, Change::Redefined),
        (r#"{"actor": "object"}"#, Change::Redefined),
        (r#"{"actor": null}"#, Change::Redefined),
        (r#"{"actor": {"@type": "@id"}}"#, Change::Redefined),
        (r#"{"actor": "@id"}"#, Change::Keyword),
        (r#"{"Note": "https://evil.example/Note"}"#, Change::Redefined),
        (r#"{"contentMap": {"@id": "as:summary", "@container": "@language"}}"#, Change::Redefined),
        (r#"{"publicKeyPem": "as:content"}"#, Change::Redefined),
        (r#"{"as:actor": "as:object"}"#, Change::Redefined),
        (r#"{"id": "as:name"}"#, Change::Redefined),
        (r#"{"type": "@id"}"#, Change::Redefined),
        (r#"{"macht": "as:actor"}"#, Change::Alias),
        (r#"{"macht": "http://www.w3.org/ns/activitystreams#actor"}"#, Change::Alias),
        (r#"{"macht": "ldp:inbox"}"#, Change::Alias),
        (r#"{"macht": "actor"}"#, Change::Alias),
        (r#"{"x": "https://www.w3.org/ns/activitystreams#", "macht": {"@id": "x:actor"}}"#, Change::Alias),
        (r#"{"macht": "x:actor", "x": "y", "y": "https://www.w3.org/ns/activitystreams#"}"#, Change::Alias),
        (
            r#"{"x": "https://www.w3.org/ns/"}, {"macht": "x:activitystreams#actor"}, {"x": null}"#,
            Change::Alias,
        ),
        (
            r#"{"x": "ex:x"}, {"x": "https://www.w3.org/ns/activitystreams#"}, {"macht": "x:actor"}"#,
            Change::Alias,
        ),
        (r#"{"identifier": "@id"}"#, Change::Keyword),
        (r#"{"a": "b"}, {"b": "c", "c": "@graph"}"#, Change::Keyword),
        (r#"{"text": "@value"}"#, Change::Keyword),
        (r#"{"as": "https://evil.example/ns#"}"#, Change::Prefix),
        (r#"{"as": "https://www.w3.org/ns/activitystreams/"}"#, Change::Prefix),
        (r#"{"toot": "https://evil.example/ns#"}"#, Change::Prefix),
        (r#"{"sec": null}"#, Change::Prefix),
        (r#"{"@vocab": "https://evil.example/ns#"}"#, Change::Vocabulary),
        (r#"{"@base": "https://victim.example/"}"#, Change::Base),
        (r#"{"@import": "https://evil.example/"}"#, Change::Import),
        (r#"{"x": {"@reverse": "as:object"}}"#, Change::Structure),
        (r#"{"x": {"@id": "ex:x", "@nest": "y"}}"#, Change::Structure),
        (r#"{"x": {"@id": "ex:x", "@context": {"actor": "as:object"}}}"#, Change::Structure),
        (r#"{"x": {"@id": "ex:x", "@container": ["@graph", "@set"]}}"#, Change::Structure),
        (r#"{"object": {"@id": "as:object", "@type": "@json"}}"#, Change::Structure),
        (r#"null"#, Change::Replaced),
        (r#""https://schema.org/""#, Change::Replaced),
    ];
    for (context, change) in table {
        assert_eq!(found_in(context), Some(change), "{context}");
    }
}

#[test]
fn a_name_with_the_meaning_it_has_anyway_is_not_found() {
    for context in [
        r#"{"id": "@id", "type": "@type"}"#,
        r#"{"actor": {"@id": "as:actor", "@type": "@id"}}"#,
        r#"{"actor": "http://www.w3.org/ns/activitystreams#actor"}"#,
        r#"{"inbox": "ldp:inbox"}, {"inbox": "as:inbox"}"#,
        r#"{"as:actor": {"@type": "@id"}}"#,
        r#"{"orderedItems": {"@id": "as:items", "@container": "@list"}}"#,
        r#"{"as": "https://www.w3.org/ns/activitystreams#", "Hashtag": "as:Hashtag", "sensitive": "as:sensitive"}"#,
        r#"{"schema": "http://schema.org/", "PropertyValue": "schema:PropertyValue", "value": "schema:value"}"#,
        r#"{"sc": "http://schema.org#", "language": "sc:inLanguage", "expires": "as:endTime"}"#,
        r#"{"sc": "http://schema.org#", "location": {"@id": "sc:location", "@type": "sc:Place"}, "Place": "sc:Place"}"#,
        r#"{"canReply": "pt:canReply"}, {"canReply": "https://gotosocial.org/ns#canReply"}"#,
        r#"{"focalPoint": {"@id": "toot:focalPoint", "@container": "@list"}, "@language": "en", "@version": 1.1}"#,
        r#"{"@vocab": "_:"}, {"@vocab": null}, {"@vocab": "https://www.w3.org/ns/activitystreams#"}"#,
        r#"{"chat": {"@id": "ex:chat", "@type": "@json"}}"#,
        r#""https://evil.example/context", 42"#,
    ] {
        assert_eq!(found_in(context), None, "{context}");
    }
}

#[test]
fn contexts_inside_are_read_in_the_light_of_those_around() {
    let document = br#"{
        "@context": {"x": "https://www.w3.org/ns/activitystreams#"},
        "object": [{"a/b": {"@context": [{"macht": "x:actor"}], "@reverse": {}}}, {"@context": {"macht": "ex:actor"}}]
    }"#;
    let expected = [
        ("/object/0/a~1b/@context/0/macht".to_owned(), Change::Alias),
        ("/object/0/a~1b/@reverse".to_owned(), Change::Graph),
    ];
    assert_eq!(found(document), expected);
}

#[test]
fn no_more_is_told_than_anybody_reads() {
    let terms: Vec<String> = (0..200).map(|term| format!(r#""t{term}": "@id""#)).collect();
    assert_eq!(found(format!(r#"{{"@context": {{{}}}}}"#, terms.join(",")).as_bytes()).len(), MOST);
}

/// The documents in which something is found, of these folders of the shared corpus, with the first finding.
fn of_corpus(wanted: fn(&str) -> bool) -> Option<BTreeMap<String, (String, Change)>> {
    let corpus = PathBuf::from(env::var_os("FEDI_SHARED")?).join("corpus");
    let mut all = BTreeMap::new();
    for folder in fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()) {
        let system = folder.file_name().unwrap().to_string_lossy().into_owned();
        if folder.is_dir() && wanted(&system) {
            for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let first = found(&fs::read(&file).unwrap()).into_iter().next();
                let name = file.file_name().unwrap().to_string_lossy();
                all.extend(first.map(|first| (format!("{system}/{name}"), first)));
            }
        }
    }
    Some(all)
}

fn check(found: Option<BTreeMap<String, (String, Change)>>, expected: &[(&str, &str, Change)]) {
    let Some(found) = found else { return };
    let expected = expected.iter().map(|(document, path, change)| {
        let document =
            found.keys().find(|found| found.starts_with(document)).map_or(*document, |found| found);
        (document.to_owned(), ((*path).to_owned(), *change))
    });
    assert_eq!(found, expected.collect());
}

#[test]
fn real_documents_rename_nothing_but_where_they_show_how() {
    check(
        of_corpus(|system| !system.starts_with('_')),
        &[
            // A proposal that shows a document which only a JSON-LD processor understands.
            ("fep/note-fep-2277-json-ld-1", "/@context/1/foo", Change::Alias),
            // A proposal with a `subject` of its own.
            ("fep/person-fep-c390-fep-c390-identity-proofs-1", "/@context/3/subject", Change::Redefined),
            // Documents with which a library tests its own reading of contexts.
            (
                "fedify/note-outgoing-jsonld-normalize-attachment-arrays-does-not-traverse-js-9",
                "/content/@value/@context/attachment",
                Change::Redefined,
            ),
            (
                "fedify/note-outgoing-jsonld-normalize-attachment-arrays-leaves-context-subtr-14",
                "/@context/1/attachment",
                Change::Redefined,
            ),
            (
                "fedify/note-public-audience-normalize-public-audience-bails-out-when-the-rew-11",
                "/@context/as",
                Change::Prefix,
            ),
            (
                "fedify/create-note-public-audience-normalize-public-audience-bails-out-on-nested-co-10",
                "/object/@context/as",
                Change::Prefix,
            ),
        ],
    );
}

#[test]
fn documents_made_to_deceive_by_their_context_are_found() {
    check(
        of_corpus(|system| system == "_invalid"),
        &[
            ("_invalid/fedify-jsonld-trick-40", "/@context/1/meta", Change::Structure),
            ("_invalid/fedify-jsonld-trick-44", "/@context/1/a", Change::Keyword),
            ("_invalid/fedify-jsonld-trick-46", "/@context/2/b", Change::Keyword),
            ("_invalid/fedify-jsonld-trick-49", "/@context/1/rev", Change::Keyword),
            ("_invalid/fedify-jsonld-trick-50", "/@context/1/inc", Change::Keyword),
            ("_invalid/fedify-jsonld-trick-52", "/@context/1/graph", Change::Keyword),
            ("_invalid/hostile-ctx-alias-id", "/@context/1/realId", Change::Keyword),
            ("_invalid/hostile-ctx-alias-type", "/@context/1/kind", Change::Keyword),
            ("_invalid/hostile-ctx-base-trick", "/@context/1/@base", Change::Base),
            ("_invalid/hostile-ctx-redefine-as-prefix", "/@context/0/as", Change::Prefix),
            ("_invalid/hostile-ctx-swap-actor-object", "/@context/1/actor", Change::Redefined),
            ("_invalid/hostile-ctx-vocab-hijack", "/@context/@vocab", Change::Vocabulary),
            ("_invalid/hostile-graph-top-level", "/@graph", Change::Graph),
            ("_invalid/hostile-included-top-level", "/@included", Change::Graph),
            ("_invalid/w3c-other-context", "/@context", Change::Replaced),
        ],
    );
}

#[test]
fn a_name_of_ours_under_a_prefix_of_the_documents_own_is_found_where_it_stands() {
    let finding = |path: &str| vec![(path.to_owned(), Change::Alias)];
    for (members, expected) in [
        (r#"{"p":"https://www.w3.org/ns/activitystreams#"},"p:actor":1"#, finding("/p:actor")),
        (r#"{"p":"as:"},"x":[{"p:actor":1}]"#, finding("/x/0/p:actor")),
        (
            r#"{"w":"https://www.w3.org/ns/"},"w:activitystreams#actor":1"#,
            finding("/w:activitystreams#actor"),
        ),
        (r#"{"p":"as:"},"type":["Note","p:Delete"]"#, finding("/type")),
        (r#"{"p":"as:"},"actor":"p:actor","p:unheard":1,"type":"p:Unheard""#, Vec::new()),
        (r#"{"as":"https://www.w3.org/ns/activitystreams#"},"as:actor":1,"type":"as:Note""#, Vec::new()),
        (r#"{"p":"https://p.example/ns#"},"p:actor":1,"q:actor":1"#, Vec::new()),
    ] {
        assert_eq!(found(format!(r#"{{"@context":{members}}}"#).as_bytes()), expected, "{members}");
    }
}
