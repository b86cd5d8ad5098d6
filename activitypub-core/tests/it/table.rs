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
        .chain(as2::VOCABULARY.terms.iter().map(|row| row.name))
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
    for row in as2::VOCABULARY.terms {
        let definition = &context[row.name];
        let iri = definition["@id"].as_str().or_else(|| definition.as_str()).unwrap();
        // `inbox` is defined by LDP, and the items of an ordered list are items.
        let expected = match row.name {
            "inbox" => "ldp:inbox".to_owned(),
            "orderedItems" => "as:items".to_owned(),
            name => format!("as:{name}"),
        };
        assert_eq!(iri.replace(NAMESPACE, "as:"), expected);
        let is_reference = definition["@type"] == "@id";
        // What is a name or a value in documents, whatever the context makes of it.
        let in_documents = match row.name {
            // The name of a type, as it stood in `type`.
            "formerType" => false,
            // Always an embedded object.
            "source" => true,
            _ => is_reference,
        };
        assert_eq!(row.reference, in_documents, "{} refers to objects", row.name);
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
fn no_name_is_declared_twice() {
    let mut names = BTreeSet::new();
    for vocabulary in ALL {
        for of in vocabulary.types {
            assert!(names.insert(of.name), "{} is declared twice", of.name);
        }
        for row in vocabulary.terms {
            for name in std::iter::once(&row.name).chain(row.synonyms) {
                assert!(names.insert(name), "{name} is declared twice");
            }
        }
    }
}
