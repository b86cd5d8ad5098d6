//! `@context`: what a document must say for the properties it uses to mean something. JSON-LD 1.1 §3.1.
//!
//! A builder adds what each property needs as it is set, so the context of a document holds what is used in
//! it and nothing else. Nothing here is ever fetched.

pub(crate) mod iris;
pub(crate) mod meaning;

use crate::property::{Defined, TWIN, Term};
use crate::value::Value;
use crate::vocab::Vocabulary;
use crate::vocab::as2::Object;

/// The context of Activity Streams, which every document has.
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// Whether an address is that of Activity Streams. Older documents name it with http, with a `#`, or both.
pub(crate) fn is_activity_streams(address: &str) -> bool {
    matches!(address.trim_end_matches('#'), ACTIVITY_STREAMS | "http://www.w3.org/ns/activitystreams")
}

const KEY: &str = "@context";

/// Sees to it that a property means something in this document.
pub(crate) fn require(object: &mut Object, term: &Term, reference: bool, ordered: bool) {
    require_as(object, term, term.name, reference, ordered.then_some("@list"));
}

/// The same of a property's twin by language: `contentMap` of `content`.
pub(crate) fn require_by_language(object: &mut Object, term: &Term) {
    require_as(object, term, &format!("{}{TWIN}", term.name), false, Some("@language"));
}

fn require_as(object: &mut Object, term: &Term, name: &str, reference: bool, container: Option<&str>) {
    match term.defined {
        Defined::By(vocabulary) => {
            if let Some(iri) = declare(object, term.name, vocabulary) {
                define(object, name, &iri, reference, container);
            }
        }
        Defined::Within(Vocabulary { context: Some(context), .. }, _) => include(object, context),
        Defined::Within(_, iri) | Defined::As(iri) => define(object, name, iri, reference, container),
    }
}

/// Sees to it that a type of a vocabulary means something in this document.
pub(crate) fn require_type(object: &mut Object, name: &str, vocabulary: &Vocabulary) {
    if let Some(iri) = declare(object, name, vocabulary) {
        define(object, name, &iri, false, None);
    }
}

/// Includes the context that defines the names of a vocabulary; where there is none, declares its prefix and
/// gives the IRI that is left to be defined.
fn declare(object: &mut Object, name: &str, vocabulary: &Vocabulary) -> Option<String> {
    if let Some(context) = vocabulary.context {
        include(object, context);
        return None;
    }
    define(object, vocabulary.prefix, vocabulary.namespace, false, None);
    // A name that is written with the prefix, such as `ical:status`, has its meaning by that.
    if name.split_once(':').is_some_and(|(prefix, _)| prefix == vocabulary.prefix) {
        return None;
    }
    let stands_for_it = |iri: &str| iri == vocabulary.namespace || vocabulary.spellings.contains(&iri);
    match definition(object, vocabulary.prefix).and_then(Value::as_str) {
        Some(iri) if stands_for_it(iri) => Some(format!("{}:{name}", vocabulary.prefix)),
        // The prefix is taken.
        _ => Some(format!("{}{name}", vocabulary.namespace)),
    }
}

/// Moves the context of an object that becomes part of another one up to that one.
pub(crate) fn lift(inner: &mut Object, outer: &mut Object) {
    for entry in entries(inner.remove(KEY)) {
        match entry {
            Value::String(url) => include(outer, &url),
            Value::Object(terms) => {
                for (name, definition) in terms.members() {
                    define_as(outer, name, definition.clone());
                }
            }
            _ => {}
        }
    }
}

/// Names a published context. A document without any context is Activity Streams already.
fn include(object: &mut Object, url: &str) {
    let here = object.member(KEY).map(Value::one_or_many);
    let present = match here {
        None => url == ACTIVITY_STREAMS,
        Some(entries) => entries.iter().any(|entry| entry.as_str().is_some_and(|entry| same(entry, url))),
    };
    if present {
        return;
    }
    let mut entries = entries_or_default(object);
    let at = entries.iter().take_while(|entry| entry.as_str().is_some()).count();
    entries.insert(at, Value::from(url));
    store(object, entries);
}

/// Says in place what a name means.
pub(crate) fn define(object: &mut Object, name: &str, iri: &str, reference: bool, container: Option<&str>) {
    if definition(object, name).is_some() {
        return;
    }
    let mut expanded = Object::new();
    expanded.insert("@id", iri);
    if reference {
        expanded.insert("@type", "@id");
    }
    if let Some(container) = container {
        expanded.insert("@container", container);
    }
    let is_plain = !reference && container.is_none();
    let definition = if is_plain { Value::from(iri) } else { Value::Object(expanded) };
    define_as(object, name, definition);
}

fn define_as(object: &mut Object, name: &str, definition: Value) {
    if self::definition(object, name).is_some() {
        return;
    }
    let mut entries = entries_or_default(object);
    match entries.last_mut() {
        // Not where another spelling of the name is defined, which would be overwritten.
        Some(Value::Object(terms)) if terms.as_members().get(name).is_none() => {
            terms.insert(name, definition)
        }
        _ => {
            let mut terms = Object::new();
            terms.insert(name, definition);
            entries.push(Value::Object(terms));
        }
    }
    store(object, entries);
}

/// What a name is defined as: in the last map that has it, which JSON-LD lets win.
fn definition<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let entries = object.member(KEY).map_or(&[][..], Value::one_or_many);
    let definitions = entries.iter().filter_map(Value::as_object).flat_map(Object::members);
    definitions.filter(|(term, _)| *term == name).last().map(|(_, definition)| definition)
}

fn same(written: &str, url: &str) -> bool {
    written == url || (url == ACTIVITY_STREAMS && is_activity_streams(written))
}

fn entries(context: Option<Value>) -> Vec<Value> {
    match context {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(entries)) => entries,
        Some(entry) => vec![entry],
    }
}

fn entries_or_default(object: &mut Object) -> Vec<Value> {
    let mut entries = entries(object.remove(KEY));
    if entries.is_empty() {
        entries.push(Value::from(ACTIVITY_STREAMS));
    }
    entries
}

/// Puts the context in front, where readers expect it; one alone stands bare.
fn store(object: &mut Object, mut entries: Vec<Value>) {
    let context = match entries.pop() {
        Some(only) if entries.is_empty() => only,
        Some(last) => {
            entries.push(last);
            Value::Array(entries)
        }
        None => return,
    };
    object.members_mut().insert_first(KEY, context);
}

/// Starts the context of a new document.
pub(crate) fn begin(object: &mut Object) {
    object.members_mut().insert_first(KEY, Value::from(ACTIVITY_STREAMS));
}
