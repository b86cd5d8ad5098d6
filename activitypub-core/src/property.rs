//! [`Property`]: a property of objects, from whatever vocabulary.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::shape::Shape;
use crate::value::{Value, names};
use crate::vocab::Vocabulary;
use crate::vocab::as2::Object;

/// What the name of a property's twin by language ends in.
pub(crate) const TWIN: &str = "Map";

/// A property of objects: the term it has in documents, and by its shape `S` what its values look like.
///
/// [`vocabulary!`](crate::vocabulary) makes one for each property it declares, and anyone can make one:
///
/// ```
/// use activitypub_core::{Note, Property};
///
/// const RATING: Property<f64> = Property::new("rating", "https://books.example/ns#rating");
///
/// let mut note = Note::builder().content("A fine book").build();
/// note.set(RATING, 4.5);
/// assert_eq!(note.get(RATING), Some(4.5));
/// assert!(note.to_string().contains(r#""rating":"https://books.example/ns#rating""#));
/// ```
pub struct Property<S: ?Sized> {
    term: Term,
    shape: PhantomData<fn() -> Box<S>>,
}

/// What a document calls a property, and where that name is defined.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by the macro, in other crates too")]
pub struct Term {
    /// The name in documents.
    pub name: &'static str,
    /// Names of other properties that are written along with it, because servers look for those, and read
    /// where it is missing, in this order.
    pub also: &'static [&'static str],
    /// Names of other properties that are read where all of these are missing, in this order.
    pub synonyms: &'static [&'static str],
    /// What makes the name mean something.
    pub defined: Defined,
}

/// Where a name gets its meaning from.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a name is defined by a vocabulary or by its IRI")]
pub enum Defined {
    /// In a vocabulary.
    By(&'static Vocabulary),
    /// In a vocabulary, as an IRI that does not continue the namespace.
    Within(&'static Vocabulary, &'static str),
    /// By this IRI alone.
    As(&'static str),
}

impl<S: Shape + ?Sized> Property<S> {
    /// The property that `term` names, `iri` being its identity.
    pub const fn new(term: &'static str, iri: &'static str) -> Self {
        Self::declared(Term { name: term, also: &[], synonyms: &[], defined: Defined::As(iri) })
    }

    /// The property of this term: what `vocabulary!` makes, and how a [`Put`](crate::Put) of one's own writes
    /// in a shape that is there already: `object.set(Property::<str>::declared(*property.term()), "…")`.
    pub const fn declared(term: Term) -> Self {
        Self { term, shape: PhantomData }
    }
}

impl<S: ?Sized> Property<S> {
    /// Its term.
    pub const fn term(&self) -> &Term {
        &self.term
    }
}

impl<S: ?Sized> Clone for Property<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for Property<S> {}

impl<S: ?Sized> std::fmt::Debug for Property<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Property({})", self.term.name)
    }
}

impl Term {
    /// The IRI that it stands for.
    pub fn iri(&self) -> String {
        match self.defined {
            Defined::By(vocabulary) => format!("{}{}", vocabulary.namespace, self.name),
            Defined::Within(_, iri) | Defined::As(iri) => iri.to_owned(),
        }
    }

    /// The value of this term in an object, in whatever spelling, or of the first synonym that is there.
    pub fn of<'a>(&self, object: &'a Object) -> Option<&'a Value> {
        let others = || self.also.iter().chain(self.synonyms).find_map(|name| object.member(name));
        let spelled_out = || self.spelled_out(object, "").map(|(_, value)| value);
        object.member(self.name).or_else(spelled_out).or_else(others)
    }

    /// Its twin by language: `contentMap` where this is `content`.
    pub(crate) fn twin<'a>(&self, object: &'a Object) -> Option<&'a Object> {
        let twin = |name: &str| object.twin(name)?.as_object();
        let others = || self.also.iter().chain(self.synonyms).find_map(|name| twin(name));
        let spelled_out = || self.spelled_out(object, TWIN)?.1.as_object();
        twin(self.name).or_else(spelled_out).or_else(others)
    }

    /// The name that a new value is to stand under: another spelling of the term if that is there.
    pub(crate) fn written(&self, object: &Object) -> Cow<'static, str> {
        match self.spelled_out(object, "") {
            Some((name, _)) if object.member(self.name).is_none() => Cow::Owned(name.to_owned()),
            _ => Cow::Borrowed(self.name),
        }
    }

    /// The same of its twin.
    pub(crate) fn written_twin(&self, object: &Object) -> String {
        match self.spelled_out(object, TWIN) {
            Some((name, _)) if object.twin(self.name).is_none() => name.to_owned(),
            _ => format!("{}{TWIN}", self.name),
        }
    }

    /// Whether a name is this term or another spelling of it: with its prefix, or its IRI.
    pub(crate) fn is_spelled(&self, name: &str) -> bool {
        name == self.name
            || match self.defined {
                Defined::By(vocabulary) => vocabulary.local_name(name) == self.name,
                Defined::Within(_, iri) | Defined::As(iri) => name == iri,
            }
    }

    /// The vocabulary that declares it.
    pub(crate) fn vocabulary(&self) -> Option<&'static Vocabulary> {
        match self.defined {
            Defined::By(vocabulary) | Defined::Within(vocabulary, _) => Some(vocabulary),
            Defined::As(_) => None,
        }
    }

    /// The value under another spelling of a name that the reader does not know, because another crate
    /// declares it; of its twin, with the suffix.
    fn spelled_out<'a>(&self, object: &'a Object, suffix: &str) -> Option<(&'a str, &'a Value)> {
        let is_declared_here =
            |vocabulary| names::known(self.name).is_some_and(|known| known.is_of(vocabulary));
        if self.vocabulary().is_some_and(is_declared_here) {
            return None;
        }
        let is_it = |name: &str| name.strip_suffix(suffix).is_some_and(|name| self.is_spelled(name));
        object.members().find(|(name, value)| !value.is_null() && is_it(name))
    }
}
