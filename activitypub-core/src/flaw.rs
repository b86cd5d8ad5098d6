//! [`Flaw`]: what is wrong with a document, where, and what to write instead. None of it makes a document
//! unreadable.
//!
//! Each chapter below checks one object in one pass; here is the walk that leads to every object of a
//! document.

mod act;
mod activity;
mod actor;
mod authority;
mod class;
mod collection;
mod context;
mod host;
mod id;
mod key;
mod markup;
mod poll;
mod rule;
mod shape;
mod size;
mod text;

use std::fmt;

pub use self::rule::Rule;

use self::authority::Authority;
use crate::iri::Iri;
use crate::item::{self, Item};
use crate::place::Place;
use crate::property::TWIN;
use crate::scalar::literal;
use crate::spelling;
use crate::value::Value;
use crate::view::{Kind, Typed};
use crate::vocab::as2::Object;
use crate::vocab::{self, Vocabulary};

/// The most flaws of one severity that are listed: enough to act on, and no more than a reader can use of
/// what a hostile document could produce. Each severity has its own, so that a thousand hints hide no danger.
const MOST: usize = 100;

/// The most characters of a value that a message repeats.
const MOST_QUOTED: usize = 60;

/// Something in a document that is not as it should be: where, what, and what to write instead.
///
/// ```
/// # use activitypub_core::{Object, Severity};
/// let delete = Object::parse(br#"{"@context": "https://www.w3.org/ns/activitystreams",
///     "type": "Delete", "id": "https://a.example/1#delete",
///     "actor": "https://a.example/ada", "object": "https://b.example/bob"}"#)?;
/// let flaws = delete.check();
/// assert_eq!(flaws[0].path, "/object");
/// assert_eq!(flaws[0].rule.code(), "T16");
/// assert_eq!(flaws[0].severity, Severity::Danger);
/// # Ok::<(), activitypub_core::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flaw {
    /// Where: the names and numbers that lead to it, as a JSON Pointer (RFC 6901). Where these would be very
    /// long, those of what encloses it.
    pub path: String,
    /// Which rule it breaks.
    pub rule: Rule,
    /// How bad that is.
    pub severity: Severity,
    /// What stands there, and what to write instead: a sentence or two.
    pub message: String,
}

/// How bad a [`Flaw`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// It works, but some reader may stumble over it.
    Hint,
    /// This is not read, or some servers refuse it.
    Warning,
    /// A statement about what is another's, or one that two readers understand differently: whoever receives
    /// it must not believe it.
    Danger,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Danger => "danger",
        })
    }
}

impl fmt::Display for Flaw {
    /// One line: `danger T16 at /object: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, rule, severity, message } = self;
        match path.as_str() {
            "" => write!(f, "{severity} {rule}: {message}"),
            path => write!(f, "{severity} {rule} at {}: {message}", path.escape_debug()),
        }
    }
}

/// The flaws found so far.
#[derive(Default)]
struct Flaws {
    found: Vec<Flaw>,
    hints: usize,
    warnings: usize,
    dangers: usize,
}

impl Flaws {
    fn add(&mut self, place: &Place<'_>, rule: Rule, severity: Severity, message: impl Into<String>) {
        self.add_at(|| place.pointer(), rule, severity, message);
    }

    fn add_at(
        &mut self,
        path: impl FnOnce() -> String,
        rule: Rule,
        severity: Severity,
        message: impl Into<String>,
    ) {
        let count = match severity {
            Severity::Hint => &mut self.hints,
            Severity::Warning => &mut self.warnings,
            Severity::Danger => &mut self.dangers,
        };
        if *count < MOST {
            *count += 1;
            self.found.push(Flaw { path: path(), rule, severity, message: message.into() });
        }
    }

    fn hint(&mut self, place: &Place<'_>, rule: Rule, message: impl Into<String>) {
        self.add(place, rule, Severity::Hint, message);
    }

    fn warning(&mut self, place: &Place<'_>, rule: Rule, message: impl Into<String>) {
        self.add(place, rule, Severity::Warning, message);
    }

    fn danger(&mut self, place: &Place<'_>, rule: Rule, message: impl Into<String>) {
        self.add(place, rule, Severity::Danger, message);
    }
}

/// An object of the document, and what it is part of.
struct Node<'a> {
    object: &'a Object,
    /// Those of other crates that count.
    vocabularies: &'a [&'static Vocabulary],
    place: Place<'a>,
    parent: Option<&'a Self>,
    /// The property of the parent that it stands in, by its term if that is known; nothing for the document itself.
    term: &'a str,
    /// On whose word it stands here: the authority of the nearest object around it that has one.
    speaker: Option<&'a Authority>,
}

impl<'a> Node<'a> {
    fn is_document(&self) -> bool {
        self.parent.is_none()
    }

    fn is<V: Typed<Kind: Kind>>(&self) -> bool {
        let by = |vocabulary| vocab::is_a(self.object, V::Kind::NAME, vocabulary);
        self.object.is::<V>() || self.vocabularies.iter().copied().any(by)
    }

    fn has_type(&self, name: &str) -> bool {
        self.object.types().any(|of| vocab::type_name(of) == name)
    }

    /// The object around this one, if this one stands in its property `term`.
    fn parent_by(&self, term: &str) -> Option<&'a Self> {
        self.parent.filter(|_| self.term == term)
    }

    /// Whether what stands under a name holds a text for each language, so that the names in there are tags.
    fn is_by_language(&self, name: &str) -> bool {
        let mut declared = self.vocabularies.iter().flat_map(|vocabulary| vocabulary.rows());
        let stem = name.strip_suffix(TWIN);
        spelling::term(name).is_some_and(|known| known.is_twin)
            || stem.is_some_and(|stem| declared.any(|row| row.is_text && row.term.is_spelled(stem)))
    }

    /// The value of a property by its term, and the place of it as it is written there.
    fn property(&'a self, term: &'a str) -> Option<(Place<'a>, &'a Value)> {
        let value = self.object.member(term)?;
        let written = self.object.members().find(|(_, other)| std::ptr::eq(*other, value));
        Some((self.place.member(written.map_or(term, |(name, _)| name)), value))
    }

    /// The value of a property that has one, which is the first where there are several.
    fn single(&'a self, term: &'a str) -> Option<(Place<'a>, &'a Value)> {
        let (place, value) = self.property(term)?;
        let first = item::values(value).iter().find(|value| !value.is_null())?;
        Some((place, literal(first)))
    }
}

pub(crate) fn check(object: &Object, vocabularies: &[&'static Vocabulary]) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    let document = Node { object, vocabularies, place: Place::TOP, parent: None, term: "", speaker: None };
    check_object(&document, &mut flaws);
    flaws.found
}

fn check_object(node: &Node<'_>, flaws: &mut Flaws) {
    context::check(node, flaws);
    shape::check(node, flaws);
    id::check(node, flaws);
    class::check(node, flaws);
    text::check(node, flaws);
    size::check(node, flaws);
    collection::check(node, flaws);
    poll::check(node, flaws);
    activity::check(node, flaws);
    actor::check(node, flaws);
    key::check(node, flaws);
    authority::check(node, flaws);
    act::check(node, flaws);

    let own = Authority::of_object(node.object);
    let speaker = own.as_ref().or(node.speaker);
    for (name, value) in node.object.members() {
        let term = spelling::term(name).map_or(name, |known| known.name);
        if term != "@context" && !node.is_by_language(name) {
            check_value(node, term, node.place.member(name), value, speaker, flaws);
        }
    }
}

fn check_value(
    parent: &Node<'_>,
    term: &str,
    place: Place<'_>,
    value: &Value,
    speaker: Option<&Authority>,
    flaws: &mut Flaws,
) {
    match value {
        Value::Object(object) if let Some(keyword) = item::container_keyword(object) => {
            if let Some(value) = object.member(keyword) {
                check_value(parent, term, place.member(keyword), value, speaker, flaws);
            }
        }
        Value::Object(object) => {
            let vocabularies = parent.vocabularies;
            check_object(&Node { object, vocabularies, place, parent: Some(parent), term, speaker }, flaws);
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                check_value(parent, term, place.item(at), value, speaker, flaws);
            }
        }
        _ => {}
    }
}

/// The values of a property as its getters read them: of an array each, of a list or set of JSON-LD too, of
/// anything else itself; with their places.
fn each<'a>(place: &'a Place<'a>, value: &'a Value) -> impl Iterator<Item = (Place<'a>, &'a Value)> {
    let is_array = value.as_array().is_some() && item::container(value).is_none();
    let places = move |(at, value)| (if is_array { place.item(at) } else { *place }, literal(value));
    item::values(value).iter().enumerate().map(places).filter(|(_, value)| !value.is_null())
}

/// The id of what a value refers to.
fn id_of(value: &Value) -> Option<&str> {
    Item::new(value).id().map(Iri::as_str)
}

/// The ids of what a property refers to.
fn ids_in<'a>(object: &'a Object, term: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    object.member(term).map_or(&[][..], item::values).iter().filter_map(id_of)
}

/// A value in a sentence: what it is, and the beginning of it.
fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {}", shortened(number.as_str())),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => format!("the text {}", quoted(text)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(object) => match object.members().next() {
            None => "an empty object".to_owned(),
            Some(_) => "an object".to_owned(),
        },
    }
}

/// The beginning of a text between quotation marks, with what cannot be seen made visible.
fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
