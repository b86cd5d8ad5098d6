//! The tables of extensions against the contexts that are published for them, and that servers send.

mod differences;
mod published;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use activitypub_core::Defined;
use activitypub_core::vocab::{ALL, Row, Vocabulary};
use serde_json::Value;

use crate::corpus::shared;
use differences::{CONTEXTS, Contexts, GIVEN_UP, OTHER_WORDS};
use published::PUBLISHED;

/// What a context says of a name.
struct Definition {
    name: String,
    iri: String,
    is_reference: bool,
}

impl Contexts {
    fn definitions(&self) -> Option<Vec<Definition>> {
        let mut found = Vec::new();
        let mut prefixes = BTreeMap::from([
            ("as".to_owned(), "https://www.w3.org/ns/activitystreams#".to_owned()),
            // Not declared where it is used.
            ("sc".to_owned(), "http://schema.org/".to_owned()),
        ]);
        for file in self.files {
            let bytes = fs::read(shared()?.join(file)).unwrap();
            let document: Value = serde_json::from_slice(&bytes).unwrap();
            collect(&document["@context"], &mut found, &mut prefixes);
        }
        found.retain(|of| !GIVEN_UP.contains(&of.iri.as_str()));
        for definition in &mut found {
            if let Some((prefix, local)) = definition.iri.split_once(':')
                && let Some(namespace) = prefixes.get(prefix)
            {
                definition.iri = format!("{namespace}{local}");
            }
            definition.iri = normal(&definition.iri);
        }
        Some(found)
    }
}

/// The definitions of a context, and of those inside it.
fn collect(context: &Value, found: &mut Vec<Definition>, prefixes: &mut BTreeMap<String, String>) {
    if let Value::Array(entries) = context {
        entries.iter().for_each(|entry| collect(entry, found, prefixes));
    }
    for (name, value) in context.as_object().into_iter().flatten() {
        collect(&value["@context"], found, prefixes);
        let Some(iri) = value["@id"].as_str().or_else(|| value.as_str()) else { continue };
        if iri.ends_with(['#', '/']) {
            prefixes.insert(name.clone(), iri.to_owned());
        } else if !name.starts_with('@') && !iri.starts_with('@') {
            let is_reference = value["@type"] == "@id";
            found.push(Definition { name: name.clone(), iri: iri.to_owned(), is_reference });
        }
    }
}

/// Mastodon's namespace for schema.org ends in `#`.
fn normal(iri: &str) -> String {
    iri.replace("http://schema.org#", "http://schema.org/")
}

fn iri_of_name(vocabulary: &Vocabulary, name: &str) -> String {
    let other = OTHER_WORDS.iter().find(|(word, _)| *word == name && vocabulary.context.is_some());
    let joined = || format!("{}{}", vocabulary.namespace, vocabulary.local_name(name));
    normal(&other.map_or_else(joined, |(_, iri)| (*iri).to_owned()))
}

fn iri_of(vocabulary: &Vocabulary, row: &Row) -> String {
    match row.term.defined {
        Defined::By(_) => iri_of_name(vocabulary, row.term.name),
        _ => normal(&row.term.iri()),
    }
}

fn all() -> impl Iterator<Item = &'static Contexts> {
    CONTEXTS.iter().chain(&PUBLISHED)
}

/// The rows of all tables, with the IRIs they have.
fn rows() -> Vec<(&'static Row, String)> {
    let of = |table: &&'static Vocabulary| {
        let table = *table;
        table.rows().map(move |row| (row, iri_of(table, row)))
    };
    ALL.iter().flat_map(of).collect()
}

/// The types of all tables, with the IRIs they have.
fn types() -> BTreeSet<(&'static str, String)> {
    let of = |table: &&'static Vocabulary| {
        let table = *table;
        table.types.iter().map(move |of| (of.name, iri_of_name(table, of.name)))
    };
    ALL.iter().flat_map(of).collect()
}

#[test]
fn every_name_that_servers_define_is_in_a_table_or_left_out_for_a_reason() {
    let (rows, types) = (rows(), types());
    for contexts in all() {
        let Some(definitions) = contexts.definitions() else { return };
        let mut unused: BTreeSet<&str> = contexts.absent.iter().copied().collect();
        for Definition { name, iri, .. } in &definitions {
            let is_here = rows.iter().any(|(row, of)| row.term.name == name && of == iri)
                || types.contains(&(name.as_str(), iri.clone()));
            let with_iri = format!("{name} {iri}");
            let is_absent = [name.as_str(), with_iri.as_str()].into_iter().any(|absent| {
                unused.remove(absent);
                contexts.absent.contains(&absent)
            });
            assert!(is_here != is_absent, "{name} ({iri}) of {:?} is here: {is_here}", contexts.files);
        }
        assert!(unused.is_empty(), "{unused:?} are not in {:?}", contexts.files);
    }
}

#[test]
fn a_name_refers_to_objects_where_servers_say_so() {
    let rows = rows();
    for contexts in all() {
        let Some(definitions) = contexts.definitions() else { return };
        let mut unused: BTreeSet<&str> = contexts.otherwise.iter().copied().collect();
        for Definition { name, iri, is_reference } in &definitions {
            for (row, _) in rows.iter().filter(|(row, of)| row.term.name == name && of == iri) {
                if row.is_reference != *is_reference {
                    unused.remove(name.as_str());
                    let is_known = contexts.otherwise.contains(&name.as_str());
                    assert!(is_known, "{name} of {:?} refers to objects: {is_reference}", contexts.files);
                }
            }
        }
        assert!(unused.is_empty(), "{unused:?} are alike in {:?}", contexts.files);
    }
}

#[test]
fn every_name_of_a_table_is_defined_by_a_server_or_is_known_not_to_be() {
    for contexts in all() {
        let Some(definitions) = contexts.definitions() else { return };
        let defined: BTreeSet<(&str, &str)> =
            definitions.iter().map(|of| (of.name.as_str(), of.iri.as_str())).collect();
        for table in contexts.tables {
            let types = table.types.iter().filter(|of| !of.is_abstract);
            let names = types
                .map(|of| (of.name, iri_of_name(table, of.name)))
                .chain(table.rows().map(|row| (row.term.name, iri_of(table, row))));
            for (name, iri) in names {
                let is_defined = defined.contains(&(name, &iri));
                let is_known = contexts.beyond.contains(&name);
                assert!(is_defined != is_known, "{name} ({iri}) of {:?}: {is_defined}", contexts.files);
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
    for published in PUBLISHED.iter().filter(|of| of.files[0].starts_with(folder)) {
        for context in published.tables.iter().filter_map(|table| table.context) {
            assert_eq!(format!("{folder}/{}", index[context].as_str().unwrap()), published.files[0]);
        }
    }
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
