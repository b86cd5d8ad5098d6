//! `@context`: what a document must say for the properties it uses to mean something. JSON-LD 1.1 §3.1.
//!
//! A builder adds what each property needs as it is set, so the context of a document holds what is used in
//! it and nothing else. Nothing here is ever fetched.

pub(crate) mod iris;
#[cfg_attr(
    not(any(feature = "json-ld", test)),
    expect(dead_code, reason = "until `check` tells the findings")
)]
pub(crate) mod meaning;

use crate::property::{Defined, Term};
use crate::value::Value;
use crate::vocab::Vocabulary;
use crate::vocab::as2::Object;

/// The context of Activity Streams, which every document has.
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// The same as some older documents name it.
const ACTIVITY_STREAMS_HTTP: &str = "http://www.w3.org/ns/activitystreams";

const KEY: &str = "@context";

/// Sees to it that a property means something in this document.
pub(crate) fn require(object: &mut Object, term: &Term, reference: bool, ordered: bool) {
    match term.defined {
        Defined::By(vocabulary) => {
            if let Some(iri) = declare(object, term.name, vocabulary) {
                define(object, term.name, &iri, reference, ordered);
            }
        }
        Defined::As(iri) => define(object, term.name, iri, reference, ordered),
    }
}

/// Sees to it that a type of a vocabulary means something in this document.
pub(crate) fn require_type(object: &mut Object, name: &str, vocabulary: &Vocabulary) {
    if let Some(iri) = declare(object, name, vocabulary) {
        define(object, name, &iri, false, false);
    }
}

/// Includes the context that defines the names of a vocabulary; where there is none, declares its prefix and
/// gives the IRI that is left to be defined.
fn declare(object: &mut Object, name: &str, vocabulary: &Vocabulary) -> Option<String> {
    if let Some(context) = vocabulary.context {
        include(object, context);
        return None;
    }
    define(object, vocabulary.prefix, vocabulary.namespace, false, false);
    // A name that is written with the prefix, such as `ical:status`, has its meaning by that.
    let has_prefix = name.split_once(':').is_some_and(|(prefix, _)| prefix == vocabulary.prefix);
    (!has_prefix).then(|| format!("{}:{name}", vocabulary.prefix))
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
    let here = object.member(KEY).map(as_entries);
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
pub(crate) fn define(object: &mut Object, name: &str, iri: &str, reference: bool, ordered: bool) {
    if is_defined(object, name) {
        return;
    }
    let mut expanded = Object::new();
    expanded.insert("@id", iri);
    if reference {
        expanded.insert("@type", "@id");
    }
    if ordered {
        expanded.insert("@container", "@list");
    }
    let definition = if reference || ordered { Value::Object(expanded) } else { Value::from(iri) };
    define_as(object, name, definition);
}

fn define_as(object: &mut Object, name: &str, definition: Value) {
    if is_defined(object, name) {
        return;
    }
    let mut entries = entries_or_default(object);
    match entries.last_mut() {
        Some(Value::Object(terms)) => terms.insert(name, definition),
        _ => {
            let mut terms = Object::new();
            terms.insert(name, definition);
            entries.push(Value::Object(terms));
        }
    }
    store(object, entries);
}

fn is_defined(object: &Object, name: &str) -> bool {
    object.member(KEY).map(as_entries).is_some_and(|entries| {
        entries.iter().filter_map(Value::as_object).any(|terms| terms.members().any(|(term, _)| term == name))
    })
}

fn same(written: &str, url: &str) -> bool {
    written == url || (url == ACTIVITY_STREAMS && written == ACTIVITY_STREAMS_HTTP)
}

fn as_entries(context: &Value) -> &[Value] {
    match context {
        Value::Array(entries) => entries,
        entry => std::slice::from_ref(entry),
    }
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
