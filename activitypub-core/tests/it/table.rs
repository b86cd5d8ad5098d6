//! The table against the context of Activity Streams, and against itself.

use std::collections::BTreeSet;
use std::fs;

use activitypub_core::vocab::{ALL, as2};
use serde_json::Value;

use crate::corpus::shared;

const NAMESPACE: &str = "https://www.w3.org/ns/activitystreams#";

/// What the context defines and the table leaves out, and why.
const ABSENT: [&str; 17] = [
    // Neither properties nor types: syntax, and the prefixes of other vocabularies.
    "@vocab",
    "xsd",
    "as",
    "ldp",
    "vcard",
    "id",
    "type",
    // The other half of a text.
    "contentMap",
    "nameMap",
    "summaryMap",
    // Values: who is addressed, and how two are related.
    "Public",
    "IsFollowing",
    "IsFollowedBy",
    "IsContact",
    "IsMember",
    // Left over in the context: no specification says what it is.
    "uploadMedia",
    // Came into the context late; most servers define it themselves, and so does `vocab::miscellany`.
    "alsoKnownAs",
];

fn context() -> Option<serde_json::Map<String, Value>> {
    let file = shared()?.join("vectors/jsonld-contexts/www.w3.org_ns_activitystreams.jsonld");
    let document: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    Some(document["@context"].as_object().unwrap().clone())
}

#[test]
fn every_term_of_the_context_is_in_the_table_or_left_out_for_a_reason() {
    let Some(context) = context() else { return };
    let declared: BTreeSet<&str> = as2::VOCABULARY
        .types
        .iter()
        .map(|of| of.name)
        .chain(
            [&as2::VOCABULARY, &as2::ldp::VOCABULARY]
                .into_iter()
                .flat_map(|of| of.rows())
                .map(|row| row.term.name),
        )
        .collect();
    for term in context.keys().filter(|term| !ABSENT.contains(&term.as_str())) {
        assert!(declared.contains(term.as_str()), "{term} is in the context and not in the table");
    }
}

#[test]
fn every_term_of_the_table_is_in_the_context_with_its_iri_and_kind() {
    let Some(context) = context() else { return };
    for of in as2::VOCABULARY.types.iter().filter(|of| !of.is_abstract) {
        assert_eq!(context[of.name], format!("as:{}", of.name), "{}", of.name);
    }
    for vocabulary in [&as2::VOCABULARY, &as2::ldp::VOCABULARY] {
        for row in vocabulary.rows() {
            let definition = &context[row.term.name];
            let iri = definition["@id"].as_str().or_else(|| definition.as_str()).unwrap();
            let expanded = iri.replace("as:", NAMESPACE).replace("ldp:", "http://www.w3.org/ns/ldp#");
            assert_eq!(expanded, row.term.iri());
            let is_reference = definition["@type"] == "@id";
            // What is a name or a value in documents, whatever the context makes of it.
            let in_documents = match row.term.name {
                // The name of a type, as it stood in `type`.
                "formerType" => false,
                // Always an embedded object.
                "source" => true,
                _ => is_reference,
            };
            assert_eq!(row.is_reference, in_documents, "{} refers to objects", row.term.name);
            let twin = context.get(&format!("{}Map", row.term.name));
            let has_twin = twin.is_some_and(|twin| twin["@container"] == "@language");
            // In natural language by ActivityPub §4.1, which did not reach the context.
            assert_eq!(row.is_text, has_twin || row.term.name == "preferredUsername", "{}", row.term.name);
        }
    }
}

#[test]
fn ancestors_are_declared_and_all_listed() {
    let types = || ALL.iter().flat_map(|vocabulary| vocabulary.types);
    let ancestors = |name: &str| types().find(|of| of.name == name).map(|of| of.ancestors);
    for of in types() {
        for parent in of.ancestors {
            let above =
                ancestors(parent).unwrap_or_else(|| panic!("{parent} of {} is not declared", of.name));
            for ancestor in above {
                // An activity without an object stands under Activity without having one.
                let is_intransitive = *ancestor == "Transitive";
                let is_listed = of.ancestors.contains(ancestor);
                assert!(is_listed || is_intransitive, "{}: {ancestor}, an ancestor of {parent}", of.name);
            }
        }
    }
}

#[test]
fn no_type_is_declared_twice() {
    let mut names = BTreeSet::new();
    for of in ALL.iter().flat_map(|vocabulary| vocabulary.types) {
        assert!(names.insert(of.name), "{} is declared twice", of.name);
    }
}

#[test]
fn a_property_is_declared_once_for_a_type() {
    let mut names = BTreeSet::new();
    for row in ALL.iter().flat_map(|vocabulary| vocabulary.rows()) {
        assert!(
            names.insert((row.term.name, row.domain)),
            "{} of {} is declared twice",
            row.term.name,
            row.domain
        );
    }
}

#[test]
fn a_synonym_is_a_property_of_its_own() {
    let declared: BTreeSet<&str> =
        ALL.iter().flat_map(|vocabulary| vocabulary.rows()).map(|row| row.term.name).collect();
    for row in ALL.iter().flat_map(|vocabulary| vocabulary.rows()) {
        for name in row.names() {
            assert!(declared.contains(name), "{name}, a synonym of {}, is not declared", row.term.name);
        }
    }
}
