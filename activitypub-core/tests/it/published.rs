//! The tables of extensions against the contexts that are published for them.

use std::collections::BTreeSet;
use std::fs;

use activitypub_core::vocab::{ALL, Row, Vocabulary, event, fep, forgefed, funkwhale, valueflows};
use serde_json::{Map, Value};

use crate::corpus::shared;

/// A published context, the tables it defines the names of, and where they differ and why.
///
/// Names of other namespaces in it are not meant: they are in other tables.
struct Published {
    file: &'static str,
    tables: &'static [&'static Vocabulary],
    /// In the context and not in the tables.
    absent: &'static [&'static str],
    /// In the tables and not in the context.
    beyond: &'static [&'static str],
    /// Refers to objects in the one and not in the other.
    otherwise: &'static [&'static str],
}

const PUBLISHED: [Published; 13] = [
    Published {
        file: "vectors/jsonld-contexts/forgefed.jsonld",
        tables: &[&forgefed::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/gotosocial.json",
        tables: &[&fep::quotes::VOCABULARY],
        absent: &[],
        // The request names the quote by it, so it is not part of what is asked for.
        beyond: &["quote"],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/fep-7aa9.json",
        tables: &[&fep::featured::VOCABULARY],
        // With the other interaction policies.
        absent: &["canFeature"],
        // Forgotten there; those who send it define it themselves.
        beyond: &["featuredCollections"],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/webfinger.json",
        tables: &[&fep::webfinger::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/fep-5711.json",
        tables: &[&fep::inverse::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-7628.jsonld",
        tables: &[&fep::migration::VOCABULARY],
        // Everybody writes the one of Activity Streams.
        absent: &["movedTo"],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-844e.jsonld",
        tables: &[&fep::discovery::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-c390.jsonld",
        tables: &[&fep::identity::VOCABULARY],
        absent: &[],
        // Names of Activity Streams, on another type.
        beyond: &["subject", "alsoKnownAs"],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/fep-ef61.json",
        tables: &[&fep::portable::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-c16b.jsonld",
        tables: &[&fep::mfm::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-8a8e.jsonld",
        tables: &[&event::fep_8a8e::VOCABULARY],
        absent: &[
            // Values of `eventStatus`, and their class.
            "EventCancelled",
            "EventMovedOnline",
            "EventPostponed",
            "EventRescheduled",
            "EventScheduled",
            "EventStatusType",
            "EventTentative",
            // Names of schema.org that it takes over.
            "category",
            "eventStatus",
            // Names of Mobilizon that it takes over.
            "externalParticipationUrl",
            "joinMode",
            "timezone",
        ],
        beyond: &[],
        // References are not marked as such, or as addresses.
        otherwise: &["attendees", "organizers", "requiredJoinVisibility"],
    },
    Published {
        file: "corpus/_contexts/funkwhale.json",
        tables: &[&funkwhale::VOCABULARY],
        // A name that others have for the same.
        absent: &["license"],
        // A name of Activity Streams, on another type.
        beyond: &["followers"],
        // Marked as a Link, which is an object.
        otherwise: &["cover"],
    },
    Published {
        file: "vectors/jsonld-contexts/feps/fep-0837.jsonld",
        tables: &[&valueflows::VOCABULARY, &valueflows::om2::VOCABULARY],
        absent: &[],
        // Came later.
        beyond: &["minimumQuantity"],
        // References are not marked as such.
        otherwise: &[
            "availableQuantity",
            "publishes",
            "reciprocal",
            "resourceConformsTo",
            "resourceQuantity",
            "satisfies",
            "stipulates",
            "stipulatesReciprocal",
        ],
    },
];

impl Published {
    /// The names it defines: each with its IRI, and whether it refers to objects.
    fn definitions(&self) -> Option<Vec<(String, String, bool)>> {
        let bytes = fs::read(shared()?.join(self.file)).unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let context = document["@context"].as_object().unwrap();
        let of = |(name, value): (&String, &Value)| {
            let iri = value["@id"].as_str().or_else(|| value.as_str())?;
            Some((name.clone(), expanded(iri, context), value["@type"] == "@id"))
        };
        Some(context.iter().filter_map(of).collect())
    }

    fn rows(&self) -> impl Iterator<Item = (&'static Row, String)> {
        self.tables.iter().flat_map(|table| table.rows()).map(|row| (row, row.term.iri()))
    }

    fn types(&self) -> impl Iterator<Item = (&'static str, String)> {
        let of = |table: &&'static Vocabulary| {
            let namespace = table.namespace;
            let types = table.types.iter().filter(|of| !of.is_abstract);
            types.map(move |of| (of.name, format!("{namespace}{}", of.name)))
        };
        self.tables.iter().flat_map(of)
    }
}

fn expanded(iri: &str, context: &Map<String, Value>) -> String {
    match iri.split_once(':') {
        Some((prefix, local)) if context.contains_key(prefix) => {
            format!("{}{local}", context[prefix].as_str().unwrap())
        }
        _ => iri.to_owned(),
    }
}

#[test]
fn every_published_name_is_in_a_table_or_left_out_for_a_reason() {
    for published in &PUBLISHED {
        let Some(definitions) = published.definitions() else { return };
        let is_meant = |iri: &str| {
            published
                .tables
                .iter()
                .any(|of| iri.strip_prefix(of.namespace).is_some_and(|name| !name.is_empty()))
        };
        let ours: BTreeSet<(String, String)> = published
            .rows()
            .map(|(row, iri)| (row.term.name.to_owned(), iri))
            .chain(published.types().map(|(name, iri)| (name.to_owned(), iri)))
            .collect();
        for (name, iri, _) in definitions.into_iter().filter(|(_, iri, _)| is_meant(iri)) {
            let is_absent = published.absent.contains(&name.as_str());
            let is_here = ours.contains(&(name.clone(), iri.clone()));
            assert!(is_here != is_absent, "{}: {name} ({iri}) is here: {is_here}", published.file);
        }
    }
}

#[test]
fn every_name_of_a_table_is_published_with_its_iri_and_kind_or_differs_for_a_reason() {
    for published in &PUBLISHED {
        let Some(definitions) = published.definitions() else { return };
        let find = |name: &str| definitions.iter().find(|(published, ..)| published == name);
        for (name, iri) in published.types() {
            let (_, theirs, _) = find(name).unwrap_or_else(|| panic!("{}: {name}", published.file));
            assert_eq!(*theirs, iri, "{}", published.file);
        }
        for (row, iri) in published.rows() {
            let name = row.term.name;
            let is_beyond = published.beyond.contains(&name);
            assert_eq!(find(name).is_none(), is_beyond, "{}: {name} is not published", published.file);
            if let Some((_, theirs, is_reference)) = find(name) {
                assert_eq!(*theirs, iri, "{}", published.file);
                let differs = *is_reference != row.is_reference;
                let may_differ = published.otherwise.contains(&name);
                assert_eq!(differs, may_differ, "{}: {name} refers to objects otherwise", published.file);
            }
        }
    }
}

#[test]
fn a_context_that_documents_name_is_the_one_that_was_compared() {
    let Some(shared) = shared() else { return };
    let folder = "vectors/jsonld-contexts";
    let bytes = fs::read(shared.join(folder).join("index.json")).unwrap();
    let index: Value = serde_json::from_slice(&bytes).unwrap();
    for published in PUBLISHED.iter().filter(|of| of.file.starts_with(folder)) {
        for context in published.tables.iter().filter_map(|table| table.context) {
            assert_eq!(format!("{folder}/{}", index[context].as_str().unwrap()), published.file);
        }
    }
}

#[test]
fn mobilizon_defines_its_names_as_we_do() {
    let Some(shared) = shared() else { return };
    let bytes = fs::read(shared.join("corpus/_contexts/inline-mobilizon-event.json")).unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let context = document["@context"][2].as_object().unwrap();
    let theirs: BTreeSet<&str> = context
        .values()
        .filter_map(|of| of["@id"].as_str()?.strip_prefix("mz:"))
        // Classes of values.
        .filter(|name| !name.ends_with("Type"))
        .collect();
    let ours: BTreeSet<&str> = event::VOCABULARY.rows().map(|row| row.term.name).collect();
    let missing: Vec<_> = theirs.difference(&ours).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // Sent without being defined.
    let undefined = ["contacts", "draft", "externalParticipationUrl", "role", "status", "todoList"];
    assert_eq!(ours.difference(&theirs).copied().collect::<Vec<_>>(), undefined);
}

#[test]
fn names_of_no_namespace_are_those_of_the_context_of_activity_streams() {
    let Some(shared) = shared() else { return };
    let file = shared.join("vectors/jsonld-contexts/www.w3.org_ns_activitystreams.jsonld");
    let document: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let undefined = document["@context"]["@vocab"].as_str().unwrap();
    let of_none: Vec<_> = ALL.iter().filter(|of| of.namespace == undefined).collect();
    assert_eq!(of_none.len(), 2, "BookWyrm and Castopod");
    for row in of_none.iter().flat_map(|of| of.rows()) {
        let is_free = document["@context"].get(row.term.name).is_none();
        assert!(is_free, "{} means something already", row.term.name);
    }
}
