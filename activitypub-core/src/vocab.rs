//! The vocabularies, one file each, and what the table of them says about a name.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::Term;
use crate::shape::Shape;
use crate::spelling;
use crate::value::Value;
use crate::view::Kind;
use as2::Object;

pub mod as2;
pub mod bite;
pub mod bookwyrm;
pub mod castopod;
pub mod event;
pub mod fedibird;
pub mod fep;
pub mod forgefed;
pub mod funkwhale;
pub mod gotosocial;
pub mod lemmy;
pub mod litepub;
pub mod mastodon;
pub mod miscellany;
pub mod misskey;
pub mod ostatus;
pub mod peertube;
pub mod pixelfed;
pub mod schema;
pub mod security;
pub mod valueflows;
pub mod vcard;

/// A vocabulary as data: what [`vocabulary!`](crate::vocabulary) was given.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, in other crates too")]
pub struct Vocabulary {
    /// The IRI that its terms continue.
    pub namespace: &'static str,
    /// What else is written for the namespace: another IRI, or another prefix with its colon.
    pub spellings: &'static [&'static str],
    /// The prefix that stands for the namespace in a context.
    pub prefix: &'static str,
    /// The published context that defines its terms, if there is one that servers know.
    pub context: Option<&'static str>,
    /// Its types.
    pub types: &'static [Type],
    /// Its properties, by the type that has them.
    pub terms: &'static [&'static [Row]],
}

/// A type of a vocabulary.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, in other crates too")]
pub struct Type {
    /// Its name in documents.
    pub name: &'static str,
    /// The names of all its ancestors.
    pub ancestors: &'static [&'static str],
    /// Whether it only stands for others.
    pub is_abstract: bool,
}

/// A property of a vocabulary.
#[derive(Debug)]
#[non_exhaustive]
pub struct Row {
    /// Its term in documents.
    pub term: Term,
    /// The type that has it.
    pub domain: &'static str,
    /// Whether a bare string in it is an IRI.
    pub is_reference: bool,
    /// Whether it has a twin by language: `contentMap` of `content`.
    pub is_text: bool,
    /// Whether the order of its values counts.
    pub is_ordered: bool,
    pub(crate) names: Names,
    pub(crate) fits: fn(&Value) -> bool,
    read: fn(&Object, &Term) -> String,
}

/// The names of a property, as they are written.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, in other crates too")]
pub struct Names {
    /// Its term.
    pub term: Term,
    /// The same as it stands before a value: quoted, with its colon.
    pub quoted: &'static str,
    /// The name of its twin by language, if it has one.
    pub twin: &'static str,
    /// The same as it stands before a value.
    pub twin_quoted: &'static str,
}

impl Vocabulary {
    /// Its properties.
    pub fn rows(&self) -> impl Iterator<Item = &'static Row> {
        self.terms.iter().copied().flatten()
    }

    /// The name without this vocabulary's namespace or prefix, where it has one: `as:Note` is a `Note`.
    pub fn local_name<'a>(&self, name: &'a str) -> &'a str {
        let prefixed = || name.strip_prefix(self.prefix)?.strip_prefix(':');
        let spelled = || self.spellings.iter().find_map(|spelling| name.strip_prefix(spelling));
        name.strip_prefix(self.namespace).or_else(prefixed).or_else(spelled).unwrap_or(name)
    }

    /// Whether what stands before a name is this vocabulary's namespace or prefix.
    pub(crate) fn is_spelled(&self, namespace: &str) -> bool {
        namespace == self.namespace
            || namespace.strip_suffix(':') == Some(self.prefix)
            || self.spellings.contains(&namespace)
    }

    /// Its type of this name, in whatever spelling.
    pub(crate) fn declared(&self, name: &str) -> Option<&'static Type> {
        let name = self.local_name(name);
        self.types.iter().find(|of| of.name == name)
    }
}

impl Row {
    #[doc(hidden)]
    pub const fn of<S: Shape + ?Sized>(names: Names, domain: &'static str) -> Self {
        Self {
            term: names.term,
            domain,
            is_reference: S::REFERENCE,
            is_text: S::IN_LANGUAGES,
            is_ordered: S::ORDERED,
            names,
            fits: S::fits,
            read: |object, term| format!("{:?}", S::get(object, term)),
        }
    }

    /// What the getter of this property gives for an object, as it is shown for debugging.
    pub fn read<K>(&self, object: &crate::As<K>) -> String {
        (self.read)(object.as_object(), &self.term)
    }

    /// Every name its value may stand under: the term, then those that are read where it is missing.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.term.name).chain(self.term.also.iter().chain(self.term.synonyms).copied())
    }
}

/// Every vocabulary of this crate.
pub const ALL: &[&Vocabulary] = &[
    &as2::VOCABULARY,
    &as2::ldp::VOCABULARY,
    &miscellany::VOCABULARY,
    &security::VOCABULARY,
    &security::multikey::VOCABULARY,
    &security::did::VOCABULARY,
    &security::data_integrity::VOCABULARY,
    &mastodon::VOCABULARY,
    &ostatus::VOCABULARY,
    &schema::VOCABULARY,
    &schema::fields::VOCABULARY,
    &vcard::VOCABULARY,
    &misskey::VOCABULARY,
    &misskey::firefish::VOCABULARY,
    &misskey::sharkey::VOCABULARY,
    &fedibird::VOCABULARY,
    &litepub::VOCABULARY,
    &gotosocial::VOCABULARY,
    &lemmy::VOCABULARY,
    &peertube::VOCABULARY,
    &pixelfed::VOCABULARY,
    &fep::quotes::VOCABULARY,
    &fep::featured::VOCABULARY,
    &fep::featured::actors::VOCABULARY,
    &fep::webfinger::VOCABULARY,
    &fep::inverse::VOCABULARY,
    &fep::migration::VOCABULARY,
    &fep::discovery::VOCABULARY,
    &fep::conversations::VOCABULARY,
    &fep::identity::VOCABULARY,
    &fep::portable::VOCABULARY,
    &fep::mfm::VOCABULARY,
    &fep::services::VOCABULARY,
    &forgefed::VOCABULARY,
    &forgefed::draft::VOCABULARY,
    &event::VOCABULARY,
    &event::ical::VOCABULARY,
    &event::fep_8a8e::VOCABULARY,
    &funkwhale::VOCABULARY,
    &bookwyrm::VOCABULARY,
    &castopod::VOCABULARY,
    &valueflows::VOCABULARY,
    &valueflows::om2::VOCABULARY,
    &bite::VOCABULARY,
];

/// Every kind, as the `K` of an [`As<K>`](crate::As).
pub mod kind {
    pub use crate::view::ObjectOrLink;

    pub use super::as2::kind::*;
    pub use super::bite::kind::*;
    pub use super::bookwyrm::kind::*;
    pub use super::castopod::kind::*;
    pub use super::event::fep_8a8e::kind::*;
    pub use super::event::kind::*;
    pub use super::fep::featured::kind::*;
    pub use super::fep::identity::kind::*;
    pub use super::fep::quotes::kind::*;
    pub use super::fep::services::kind::*;
    pub use super::forgefed::draft::kind::*;
    pub use super::forgefed::kind::*;
    pub use super::funkwhale::kind::*;
    pub use super::gotosocial::kind::*;
    pub use super::lemmy::kind::*;
    pub use super::litepub::kind::*;
    pub use super::mastodon::kind::*;
    pub use super::miscellany::kind::*;
    pub use super::misskey::kind::*;
    pub use super::peertube::kind::*;
    pub use super::pixelfed::kind::*;
    pub use super::schema::fields::kind::*;
    pub use super::schema::kind::*;
    pub use super::security::data_integrity::kind::*;
    pub use super::security::kind::*;
    pub use super::security::multikey::kind::*;
    pub use super::valueflows::kind::*;
    pub use super::valueflows::om2::kind::*;
}

/// Each type, and the vocabulary that declares it.
static TYPES: LazyLock<HashMap<&str, (&Vocabulary, &Type)>> = LazyLock::new(|| {
    let types =
        |vocabulary: &'static Vocabulary| vocabulary.types.iter().map(move |of| (of.name, (vocabulary, of)));
    ALL.iter().flat_map(|vocabulary| types(vocabulary)).collect()
});

/// A type of a vocabulary of this crate, in whatever spelling.
pub(crate) fn declared(name: &str) -> Option<&'static Type> {
    TYPES.get(type_name(name)).map(|(_, of)| *of)
}

/// The ancestors of a type: as this vocabulary has them, which may be another crate's, else as any of this one.
fn ancestors(name: &str, vocabulary: &Vocabulary) -> Option<&'static [&'static str]> {
    let here = TYPES.get(name).copied();
    let of_it = here.filter(|(declaring, _)| std::ptr::eq(*declaring, vocabulary)).map(|(_, of)| of);
    let of = of_it.or_else(|| vocabulary.declared(name)).or_else(|| here.map(|(_, of)| of));
    of.map(|of| of.ancestors)
}

/// The properties of each name: several vocabularies may mean several things by one.
static TERMS: LazyLock<HashMap<&str, Vec<&Row>>> = LazyLock::new(|| {
    let mut terms: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in ALL.iter().flat_map(|vocabulary| vocabulary.rows()) {
        terms.entry(row.term.name).or_default().push(row);
    }
    terms
});

/// What the properties of one object look like, by its types.
pub(crate) struct Terms<'a> {
    /// Everything that the object is.
    kinds: HashSet<&'static str>,
    has_type: bool,
    vocabularies: &'a [&'static Vocabulary],
}

impl<'a> Terms<'a> {
    /// Asks for the types of the object once, since it may have as many as properties. Beside the vocabularies of this
    /// crate these count.
    pub(crate) fn of(object: &Object, vocabularies: &'a [&'static Vocabulary]) -> Self {
        let mut kinds: HashSet<&str> = HashSet::new();
        for name in object.types() {
            let theirs = vocabularies.iter().filter_map(|vocabulary| vocabulary.declared(name));
            for of in theirs.chain(declared(name)) {
                kinds.insert(of.name);
                kinds.extend(of.ancestors);
            }
        }
        if kinds.is_empty() {
            let by_property = BY_PROPERTY.iter().filter(|(_, property)| object.member(property).is_some());
            kinds.extend(by_property.map(|(kind, _)| *kind));
        }
        kinds.extend(OF_ALL);
        Self { kinds, has_type: object.types().next().is_some(), vocabularies }
    }

    /// The property called `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&'static Row> {
        let theirs = || {
            self.vocabularies.iter().find_map(|vocabulary| {
                let rows: Vec<_> = vocabulary.rows().filter(|row| row.term.is_spelled(name)).collect();
                self.fitting(&rows)
            })
        };
        theirs().or_else(|| self.fitting(TERMS.get(spelling::term(name)?.name)?))
    }

    /// The one of the type that the object is of, else, if it has no type at all, the only one there is. What one type
    /// means by a name goes before what all objects mean by it.
    fn fitting(&self, rows: &[&'static Row]) -> Option<&'static Row> {
        match rows {
            [only] if !self.has_type => Some(only),
            rows => {
                let fitting = rows.iter().filter(|row| self.kinds.contains(row.domain));
                fitting.min_by_key(|row| OF_ALL.contains(&row.domain)).copied()
            }
        }
    }
}

/// What everything is.
const OF_ALL: [&str; 2] = ["Object", "ObjectOrLink"];

/// What an object of no declared type is taken for, by a property that only such objects have
/// ([FEP-2277](https://w3id.org/fep/2277)).
const BY_PROPERTY: [(&str, &str); 2] = [("Activity", "actor"), ("Actor", "inbox")];

/// Whether an object is a `K`, by its types or, where none of them is declared, by its properties.
pub(crate) fn matches<K: Kind>(object: &Object) -> bool {
    is_a(object, K::NAME, K::VOCABULARY)
}

/// The same of the kind called `kind` that this vocabulary declares, if none of this crate does.
pub(crate) fn is_a(object: &Object, kind: &str, vocabulary: &Vocabulary) -> bool {
    if OF_ALL.contains(&kind) {
        return true;
    }
    let mut declared = false;
    for name in object.types() {
        let theirs = if name.contains(':') { vocabulary.declared(name) } else { None };
        let name = theirs.map_or_else(|| type_name(name), |of| of.name);
        if name == kind {
            return true;
        }
        if let Some(ancestors) = ancestors(name, vocabulary) {
            if ancestors.contains(&kind) {
                return true;
            }
            declared = true;
        }
    }
    !declared && BY_PROPERTY.iter().any(|(name, property)| *name == kind && object.member(property).is_some())
}

/// The name of a type without the namespace or prefix that it may be written with, where that is of a vocabulary of
/// this crate that has the type: `as:Person` is a `Person`, `schema:Person` is not.
pub(crate) fn type_name(name: &str) -> &str {
    // Most names with a colon are of nobody here: one look tells.
    if !name.contains(':') || local_name(name) == name {
        return name;
    }
    ALL.iter().find_map(|vocabulary| vocabulary.declared(name)).map_or(name, |of| of.name)
}

/// The name without the namespace or prefix of a vocabulary of this crate that it may be written with.
pub(crate) fn local_name(name: &str) -> &str {
    let end = name.rfind([':', '#', '/']).map_or(0, |at| at + 1);
    match name.split_at_checked(end) {
        Some((namespace, local)) if NAMESPACES.contains(namespace) => local,
        _ => name,
    }
}

/// All that stands before the names of the vocabularies.
static NAMESPACES: LazyLock<HashSet<Cow<'_, str>>> = LazyLock::new(|| {
    let spelled = |vocabulary: &'static Vocabulary| {
        let spellings = vocabulary.spellings.iter().chain([&vocabulary.namespace]);
        spellings
            .map(|spelling| Cow::Borrowed(*spelling))
            .chain([Cow::Owned(format!("{}:", vocabulary.prefix))])
    };
    ALL.iter().flat_map(|vocabulary| spelled(vocabulary)).collect()
});
