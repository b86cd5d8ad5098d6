//! Names that a document's own `@context` gives another meaning than the one they are read with. JSON-LD 1.1 §4.1,
//! §4.2; Activity Streams 2.0 §2.1 forbids it for its own terms.
//!
//! A document is read by its terms. This finds, in its contexts and in those of the objects inside, everything that
//! makes a JSON-LD processor read it differently. Published contexts are taken for what their addresses say; nothing
//! is fetched. What only an extension defines is no finding under another IRI: servers differ too much about those.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use super::iris::{NAMESPACE, OURS, PREFIXES, is_as_good, is_guarded, is_namespace, name_of, parts};
use super::{KEY, is_activity_streams};
use crate::place::Place;
use crate::spelling;
use crate::value::Value;
use crate::vocab::{self, as2::Object};

/// How many findings are told: more say nothing new, and each carries the path that leads to it.
const MOST: usize = 32;

/// How many definitions are followed from one name to the next: as many as a context that is read has names.
const CHAIN: usize = 256;

/// The longest IRI that is put together: longer than that of any term.
const IRI: usize = 256;

/// A name that means something else, or something it should not, and where a document says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renaming {
    /// Where: the names and numbers that lead to it, as a JSON Pointer (RFC 6901). Where these would be very long, those
    /// of what encloses it.
    pub(crate) path: String,
    /// The name.
    pub(crate) name: Box<str>,
    /// What is wrong with it.
    pub(crate) change: Change,
}

/// What is wrong with a name in a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A term or type of Activity Streams or of the security vocabulary, or `id` or `type`, is defined as another.
    Redefined,
    /// Another name is defined as one of their terms or types.
    Alias,
    /// Another name than `id` and `type` is defined as a keyword.
    Keyword,
    /// A prefix that every document means alike is defined as another.
    Prefix,
    /// `@vocab` gives names that nothing defines a namespace other than that of Activity Streams.
    Vocabulary,
    /// `@base` decides what relative references are relative to.
    Base,
    /// `@import` brings in another context.
    Import,
    /// A definition moves what stands under the name, or hides it: `@reverse`, `@nest`, a context of its own, a
    /// container that puts something between, `@json`.
    Structure,
    /// A context of another world takes the place of Activity Streams, or `null` that of any.
    Replaced,
    /// `@graph`, `@included`, `@reverse` or `@nest` stands in the document itself.
    Graph,
}

impl fmt::Display for Renaming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} {}", self.path, self.name, self.change)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redefined => "is defined as something else than the vocabulary says",
            Self::Alias => "is another name for a term of the vocabulary",
            Self::Keyword => "is another name for a keyword of JSON-LD",
            Self::Prefix => "is the prefix of another namespace than everywhere else",
            Self::Vocabulary => "gives names without a definition another namespace",
            Self::Base => "makes references relative to something else than the document",
            Self::Import => "brings in another context",
            Self::Structure => "is defined so that what stands under it belongs elsewhere",
            Self::Replaced => "takes away what the names of Activity Streams mean",
            Self::Graph => "holds objects that no property leads to",
        })
    }
}

/// Contexts that give the names of Activity Streams their own meaning, unless it comes after them.
const OTHER_WORLDS: [&str; 4] =
    ["http://schema.org", "http://schema.org/", "https://schema.org", "https://schema.org/"];

const KEYWORDS: [&str; 12] = [
    "@id",
    "@type",
    "@value",
    "@language",
    "@direction",
    "@list",
    "@set",
    "@index",
    "@graph",
    "@included",
    "@reverse",
    "@nest",
];

/// Every name that a document, or an object inside, gives another meaning; the first [`MOST`] of them.
pub(crate) fn renamed(object: &Object) -> Vec<Renaming> {
    let mut found = Vec::new();
    visit(object, &Scope::default(), &Place::TOP, &mut found);
    found
}

/// Every name that a context anywhere in a document makes stand for one of these IRIs, alone or after a prefix.
pub(crate) fn spellings(object: &Object, iris: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    spell(object, &Scope::default(), iris, &mut found);
    found
}

/// What a name was found to stand for.
#[derive(Clone, Debug)]
enum Meaning<'a> {
    Keyword(&'a str),
    Iri(Cow<'a, str>),
    /// Nothing, or nothing that could be ours.
    Nothing,
}

/// The names that the contexts of an object and of those around it define.
#[derive(Default)]
struct Scope<'a> {
    around: Option<&'a Self>,
    names: HashMap<&'a str, Meaning<'a>>,
}

impl<'a> Scope<'a> {
    fn of(&self, name: &str) -> Option<&Meaning<'a>> {
        self.names.get(name).or_else(|| self.around.and_then(|around| around.of(name)))
    }
}

fn visit(object: &Object, around: &Scope<'_>, place: &Place<'_>, found: &mut Vec<Renaming>) {
    let mut scope = Scope { around: Some(around), names: HashMap::new() };
    if let Some(context) = object.as_members().get(KEY) {
        read_context(context, &mut scope, &place.member(KEY), found);
    }
    // An object without a context of its own adds nothing to look through.
    let scope = if scope.names.is_empty() { around } else { &scope };
    for (name, value) in object.members() {
        if name == KEY {
            continue;
        }
        let place = place.member(name);
        if matches!(name, "@graph" | "@included" | "@reverse" | "@nest") {
            tell(found, &place, name, Change::Graph);
        }
        let types = if name == "type" || name == "@type" { value.one_or_many() } else { &[] };
        for name in types.iter().filter_map(Value::as_str).chain([name]) {
            if is_hidden(name, scope) {
                tell(found, &place, name, Change::Alias);
            }
        }
        visit_value(value, scope, &place, found);
    }
}

fn visit_value(value: &Value, scope: &Scope<'_>, place: &Place<'_>, found: &mut Vec<Renaming>) {
    match value {
        Value::Object(object) => visit(object, scope, place, found),
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                visit_value(value, scope, &place.item(at), found);
            }
        }
        _ => {}
    }
}

/// Whether a prefix of the document's own makes a name one of ours that nobody reads it as.
fn is_hidden(name: &str, scope: &Scope<'_>) -> bool {
    let is_prefixed = name.split_once(':').is_some_and(|(prefix, _)| scope.of(prefix).is_some());
    if !is_prefixed || scope.of(name).is_some() {
        return false;
    }
    let Meaning::Iri(iri) = expand(name, true, scope) else { return false };
    // Of types as of properties: a vocabulary's own prefix, which every reader knows.
    let is_read = |ours: &str| {
        spelling::canonical(name).is_some_and(|known| known.name == ours) || vocab::local_name(name) == ours
    };
    is_guarded(&iri) && name_of(&iri).is_some_and(|ours| !is_read(ours))
}

fn spell(object: &Object, around: &Scope<'_>, iris: &[&str], found: &mut BTreeSet<String>) {
    let mut scope = Scope { around: Some(around), names: HashMap::new() };
    let context = object.as_members().get(KEY).map(Value::one_or_many).unwrap_or_default();
    for terms in context.iter().filter_map(Value::as_object) {
        take(terms, &mut scope);
        for (name, definition) in terms.members() {
            let (meaning, before) = match (name, definition.as_str()) {
                ("@vocab", Some(namespace)) => (expand(namespace, true, &scope), String::new()),
                _ => (scope.of(name).cloned().unwrap_or(Meaning::Nothing), format!("{name}:")),
            };
            let Meaning::Iri(meaning) = meaning else { continue };
            for rest in iris.iter().filter_map(|iri| iri.strip_prefix(&*meaning)) {
                found.insert(if rest.is_empty() { name.to_owned() } else { format!("{before}{rest}") });
            }
        }
    }
    let scope = if scope.names.is_empty() { around } else { &scope };
    // A definition may have a context of its own.
    object.members().for_each(|(_, value)| spell_value(value, scope, iris, found));
}

fn spell_value(value: &Value, scope: &Scope<'_>, iris: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => spell(object, scope, iris, found),
        Value::Array(values) => values.iter().for_each(|value| spell_value(value, scope, iris, found)),
        _ => {}
    }
}

fn tell(found: &mut Vec<Renaming>, place: &Place<'_>, name: &str, change: Change) {
    if found.len() < MOST {
        found.push(Renaming { path: place.pointer(), name: name.into(), change });
    }
}

fn read_context<'a>(context: &'a Value, scope: &mut Scope<'a>, place: &Place<'_>, found: &mut Vec<Renaming>) {
    let entries = context.one_or_many();
    let last = entries.iter().rposition(|entry| entry.as_str().is_some_and(is_activity_streams));
    for (at, entry) in entries.iter().enumerate() {
        let here = place.item(at);
        let here = if context.as_array().is_some() { &here } else { place };
        let overruled = last.is_some_and(|last| at < last);
        match entry {
            Value::Object(terms) => read_terms(terms, scope, here, found),
            Value::String(address) if OTHER_WORLDS.contains(&&**address) && !overruled => {
                tell(found, here, address, Change::Replaced);
            }
            Value::Null if !overruled => tell(found, here, "null", Change::Replaced),
            _ => {}
        }
    }
}

/// Takes every definition of a context into the scope and judges it.
fn read_terms<'a>(terms: &'a Object, scope: &mut Scope<'a>, place: &Place<'_>, found: &mut Vec<Renaming>) {
    take(terms, scope);
    for (name, definition) in terms.members() {
        let place = place.member(name);
        let change = match name {
            "@vocab" => is_other_vocabulary(definition, scope).then_some(Change::Vocabulary),
            "@base" => (!definition.is_null()).then_some(Change::Base),
            "@import" => Some(Change::Import),
            _ if name.starts_with('@') => None,
            _ => judge(name, definition, scope),
        };
        if let Some(change) = change {
            tell(found, &place, name, change);
        }
    }
}

fn take<'a>(terms: &'a Object, scope: &mut Scope<'a>) {
    let mut open: HashMap<&'a str, &'a Value> = terms.members().collect();
    for (name, _) in terms.members().filter(|(name, _)| !name.starts_with('@')) {
        define(name, &mut open, scope, CHAIN);
    }
}

/// Finds out what a name of this context stands for, after the names it stands on. Whoever leads to itself, or
/// leads too far, stands for nothing.
fn define<'a>(name: &str, open: &mut HashMap<&'a str, &'a Value>, scope: &mut Scope<'a>, chain: usize) {
    let Some((name, definition)) = open.remove_entry(name) else { return };
    let written = match definition {
        Value::String(iri) => Some(&**iri),
        Value::Object(definition) => match definition.as_members().get("@id") {
            Some(iri) => iri.as_str(),
            None => Some(name),
        },
        _ => None,
    };
    let meaning = match written.zip(chain.checked_sub(1)) {
        Some((written, chain)) => {
            for other in [written, written.split(':').next().unwrap_or_default()] {
                define(other, open, scope, chain);
            }
            expand(written, written == name, scope)
        }
        None => Meaning::Nothing,
    };
    scope.names.insert(name, meaning);
}

/// What a text means where a definition stands for it. `itself` if it is the very name that is being defined.
fn expand<'a>(written: &'a str, itself: bool, scope: &Scope<'a>) -> Meaning<'a> {
    if written.starts_with('@') {
        return if KEYWORDS.contains(&written) { Meaning::Keyword(written) } else { Meaning::Nothing };
    }
    if !itself && let Some(meaning) = scope.of(written) {
        return meaning.clone();
    }
    if let Some((prefix, local)) = written.split_once(':') {
        if local.starts_with("//") {
            return Meaning::Iri(Cow::Borrowed(written));
        }
        let namespace = match scope.of(prefix) {
            Some(Meaning::Iri(namespace)) => Some(&**namespace),
            Some(_) => None,
            None => PREFIXES.get(prefix).copied(),
        };
        return match namespace {
            Some(namespace) if namespace.len() + local.len() <= IRI => {
                Meaning::Iri(Cow::Owned(format!("{namespace}{local}")))
            }
            Some(_) => Meaning::Nothing,
            None => Meaning::Iri(Cow::Borrowed(written)),
        };
    }
    match (written, OURS.get(written)) {
        _ if itself => Meaning::Nothing,
        ("id", _) => Meaning::Keyword("@id"),
        ("type", _) => Meaning::Keyword("@type"),
        (_, Some(meant)) => Meaning::Iri(Cow::Owned(format!("{}{}", meant.namespace, meant.local))),
        _ => Meaning::Nothing,
    }
}

fn judge(name: &str, definition: &Value, scope: &Scope<'_>) -> Option<Change> {
    let expected = OURS.get(name);
    if let Value::Object(definition) = definition
        && (moves(definition) || (expected.is_some() && is_json(definition)))
    {
        return Some(Change::Structure);
    }
    let meaning = scope.of(name)?;
    let own_iri = name.contains(':').then(|| expand(name, true, scope));
    match (name, meaning) {
        ("id", Meaning::Keyword("@id")) | ("type", Meaning::Keyword("@type")) => None,
        ("id" | "type", _) => Some(Change::Redefined),
        (_, Meaning::Keyword(_)) => Some(Change::Keyword),
        (_, Meaning::Iri(iri)) if is_as_good(name, iri) => None,
        (_, Meaning::Iri(iri)) => match (expected, PREFIXES.get(name), own_iri) {
            (Some(expected), ..) => (parts(iri) != *expected).then_some(Change::Redefined),
            (_, Some(namespace), _) => (!is_namespace(iri, namespace)).then_some(Change::Prefix),
            (.., Some(Meaning::Iri(own))) => {
                let is_ours = name_of(&own).is_some() || name_of(iri).is_some();
                (is_ours && parts(iri) != parts(&own)).then_some(Change::Redefined)
            }
            _ => name_of(iri).is_some_and(|ours| ours != name).then_some(Change::Alias),
        },
        (_, Meaning::Nothing) if expected.is_some() => Some(Change::Redefined),
        (_, Meaning::Nothing) => PREFIXES.contains_key(name).then_some(Change::Prefix),
    }
}

/// Whether a definition has what stands under its name belong elsewhere.
fn moves(definition: &Object) -> bool {
    let containers = definition.as_members().get("@container").map(Value::one_or_many).unwrap_or_default();
    ["@reverse", "@nest", "@context"].iter().any(|key| definition.as_members().get(key).is_some())
        || containers
            .iter()
            .filter_map(Value::as_str)
            .any(|container| matches!(container, "@graph" | "@id" | "@type" | "@index"))
}

/// Whether a definition makes what stands under its name one literal, which nobody looks into.
fn is_json(definition: &Object) -> bool {
    definition.as_members().get("@type").and_then(Value::as_str) == Some("@json")
}

fn is_other_vocabulary(value: &Value, scope: &Scope<'_>) -> bool {
    match value.as_str() {
        Some("" | "_:") => false,
        Some(iri) => match expand(iri, true, scope) {
            Meaning::Iri(iri) => !is_namespace(&iri, NAMESPACE),
            _ => true,
        },
        None => !value.is_null(),
    }
}

#[cfg(test)]
mod tests;
