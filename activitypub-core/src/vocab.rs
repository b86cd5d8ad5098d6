//! The vocabularies, one file each, and what the table of them says about a name.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::shape::Shape;
use crate::value::Value;
use crate::view::Kind;
use as2::Object;

pub mod as2;
pub mod fep;
pub mod mastodon;
pub mod miscellany;
pub mod security;

/// A vocabulary as data: what `vocabulary!` was given.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, in other crates too")]
pub struct Vocabulary {
    /// The IRI that its terms continue.
    pub namespace: &'static str,
    /// The prefix that stands for the namespace in a context.
    pub prefix: &'static str,
    /// The published context that defines its terms, if there is one that servers know.
    pub context: Option<&'static str>,
    /// Its types.
    pub types: &'static [Type],
    /// Its properties.
    pub terms: &'static [Row],
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
    pub name: &'static str,
    /// Other names for the same.
    pub synonyms: &'static [&'static str],
    /// The type that has it.
    pub domain: &'static str,
    /// Whether a bare string in it is an IRI.
    pub reference: bool,
    pub(crate) fits: fn(&Value) -> bool,
}

impl Row {
    #[doc(hidden)]
    pub const fn of<S: Shape + ?Sized>(
        name: &'static str,
        synonyms: &'static [&'static str],
        domain: &'static str,
    ) -> Self {
        Self { name, synonyms, domain, reference: S::REFERENCE, fits: S::fits }
    }
}

/// Every vocabulary of this crate.
pub const ALL: &[&Vocabulary] = &[
    &as2::VOCABULARY,
    &miscellany::VOCABULARY,
    &security::VOCABULARY,
    &security::multikey::VOCABULARY,
    &security::did::VOCABULARY,
    &mastodon::VOCABULARY,
    &mastodon::schema::VOCABULARY,
    &fep::VOCABULARY,
];

/// Every kind, as the `K` of an [`As<K>`](crate::As).
pub mod kind {
    pub use super::as2::kind::*;
    pub use super::mastodon::kind::*;
    pub use super::mastodon::schema::kind::*;
    pub use super::miscellany::kind::*;
    pub use super::security::kind::*;
    pub use super::security::multikey::kind::*;
}

static TYPES: LazyLock<HashMap<&str, &[&str]>> = LazyLock::new(|| {
    let types = ALL.iter().flat_map(|vocabulary| vocabulary.types);
    types.map(|of| (of.name, of.ancestors)).collect()
});

static TERMS: LazyLock<HashMap<&str, &Row>> = LazyLock::new(|| {
    let rows = ALL.iter().flat_map(|vocabulary| vocabulary.terms);
    rows.flat_map(|row| std::iter::once(&row.name).chain(row.synonyms).map(move |name| (*name, row)))
        .collect()
});

/// What a property called `name` looks like, if some vocabulary declares it.
pub(crate) fn term(name: &str) -> Option<&'static Row> {
    TERMS.get(local_name(name)).copied()
}

/// What an object of no declared type is taken for, by a property that only such objects have
/// ([FEP-2277](https://w3id.org/fep/2277)).
const BY_PROPERTY: [(&str, &str); 2] = [("Activity", "actor"), ("Actor", "inbox")];

/// Whether an object is a `K`, by its types or, where none of them is declared, by its properties.
pub(crate) fn matches<K: Kind>(object: &Object) -> bool {
    if K::NAME == "Object" {
        return true;
    }
    let mut declared = false;
    for name in object.types().map(local_name) {
        if name == K::NAME {
            return true;
        }
        if let Some(ancestors) = ancestors::<K>(name) {
            if ancestors.contains(&K::NAME) {
                return true;
            }
            declared = true;
        }
    }
    !declared
        && BY_PROPERTY.iter().any(|(kind, property)| *kind == K::NAME && object.member(property).is_some())
}

fn ancestors<K: Kind>(name: &str) -> Option<&'static [&'static str]> {
    TYPES.get(name).copied().or_else(|| {
        let own = K::VOCABULARY.types.iter().find(|of| of.name == name);
        own.map(|of| of.ancestors)
    })
}

/// The name without the namespace or prefix it may be written with: `as:Note` is a `Note`.
#[doc(hidden)]
pub fn local_name(name: &str) -> &str {
    let Some(colon) = name.find(':') else { return name };
    for vocabulary in ALL {
        if let Some(local) = name.strip_prefix(vocabulary.namespace) {
            return local;
        }
        if name.get(..colon) == Some(vocabulary.prefix) {
            return name.get(colon + 1..).unwrap_or(name);
        }
    }
    name
}
