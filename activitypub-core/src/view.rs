//! [`As<K>`], one transparent view over the JSON of an object: the object seen as a `K`.
//!
//! An object is the JSON that came. `As<kind::Note>` (written [`Note`](crate::Note)) lays the getters of a
//! Note over it and costs nothing; an object of several types can be seen as each of them.

use std::fmt;
use std::marker::PhantomData;

use ref_cast::RefCast;

use crate::flaw::{self, Flaw};
use crate::iri::Iri;
use crate::property::Property;
use crate::shape::{Put, Shape};
use crate::value::{Members, Value};
use crate::vocab::as2::Object;
use crate::vocab::{self, Vocabulary};

/// The JSON of an object, seen as a `K`.
///
/// Borrowed (`&As<K>`) it is a view into a larger document, owned it is a document of its own. Reading never
/// changes it; [`set`](Self::set) changes one property and nothing else.
#[derive(RefCast)]
#[repr(transparent)]
pub struct As<K> {
    members: Members,
    kind: PhantomData<fn() -> K>,
}

/// A kind of object that a type name in a document stands for: what the `K` of [`As<K>`] may be.
///
/// `vocabulary!` implements it for each type it declares.
pub trait Kind: Sized + 'static {
    /// The name, as a document's `type` has it.
    const NAME: &'static str;
    /// The vocabulary that declares it.
    const VOCABULARY: &'static Vocabulary;
}

/// This kind may stand wherever the view `V` is asked for: `kind::Create: Is<Activity>`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not a `{V}`",
    label = "not of this type, nor of one that it stands for",
    note = "a table of `vocabulary!` names *all* ancestors of a type: `Book: Document + Object + Measured`"
)]
pub trait Is<V> {}

impl<K: Kind> Is<As<K>> for K {}
impl<K: Kind> Is<As<ObjectOrLink>> for K {}

/// What a property may hold that takes objects and Links alike, and where the properties stand that both
/// have: `name`, `attributedTo`, `preview`, `mediaType`.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum ObjectOrLink {}

/// A view: some `As<K>`. It lets `cast::<Note>()` be written with the name of the view.
pub trait Typed: sealed::Sealed + Sized + 'static {
    /// The `K` of this `As<K>`.
    type Kind;

    /// Sees an object as this view, whatever its type says.
    fn of(object: &Object) -> &Self;

    /// The same, to be changed.
    fn of_mut(object: &mut Object) -> &mut Self;

    /// Gives up the view and keeps the object.
    fn into_object(self) -> Object;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else is to implement it")]
    pub trait Sealed {}
    impl<K> Sealed for super::As<K> {}
}

impl<K: 'static> Typed for As<K> {
    type Kind = K;

    fn of(object: &Object) -> &Self {
        Self::ref_cast(&object.members)
    }

    fn of_mut(object: &mut Object) -> &mut Self {
        Self::ref_cast_mut(&mut object.members)
    }

    fn into_object(self) -> Object {
        As { members: self.members, kind: PhantomData }
    }
}

impl Object {
    /// An object with no property at all.
    pub fn new() -> Self {
        Self::from_members(Members::default())
    }

    pub(crate) fn from_members(members: Members) -> Self {
        Self { members, kind: PhantomData }
    }

    pub(crate) fn into_view<V>(self) -> As<V> {
        As { members: self.members, kind: PhantomData }
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> As<K> {
    /// The same object, as nothing in particular.
    pub fn as_object(&self) -> &Object {
        Object::ref_cast(&self.members)
    }

    /// Whether the object's `type` makes it a `V`, by inheritance too: a Create is an Activity.
    ///
    /// A type nobody declared counts by what it has: with an `actor` it is an Activity, with an `inbox` an
    /// Actor ([FEP-2277](https://w3id.org/fep/2277)). Anything is an Object.
    pub fn is<V: Typed<Kind: Kind>>(&self) -> bool {
        vocab::matches::<V::Kind>(self.as_object())
    }

    /// The same object seen as a `V`, if [it is one](Self::is).
    pub fn cast<V: Typed<Kind: Kind>>(&self) -> Option<&V> {
        self.is::<V>().then(|| V::of(self.as_object()))
    }

    /// The same to be [changed](Self::edit).
    pub fn cast_mut<V: Typed<Kind: Kind>>(&mut self) -> Option<&mut V> {
        self.is::<V>().then(|| V::of_mut(self.as_object_mut()))
    }

    /// Its `id`, as written. `None` where it is absent, `null` or not a string.
    pub fn id(&self) -> Option<&Iri> {
        self.member("id").and_then(Value::as_str).map(Iri::new)
    }

    /// The names in its `type`, as written.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.member("type").map_or(&[][..], Value::one_or_many).iter().filter_map(Value::as_str)
    }

    /// The value of any property by its term; other spellings of the term (`as:actor`, a full IRI, `@id`)
    /// are found too. `null` counts as absent.
    pub fn member(&self, term: &str) -> Option<&Value> {
        self.members.get(term).filter(|value| !value.is_null())
    }

    /// Every property as written, in the order written.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.members.iter()
    }

    /// Reads a property, from whatever vocabulary.
    pub fn get<S: Shape + ?Sized>(&self, property: Property<S>) -> S::Get<'_> {
        S::get(self.as_object(), property.term())
    }

    /// Writes a property, from whatever vocabulary, and adds to `@context` what the property needs if it is
    /// missing there.
    pub fn set<S: Shape + ?Sized>(&mut self, property: Property<S>, value: impl Put<S>) {
        value.put(self.as_object_mut(), property);
    }

    /// Takes a property out, in whatever spelling it stands there.
    pub fn remove(&mut self, term: &str) -> Option<Value> {
        self.members.remove(term)
    }

    /// Puts any JSON under any name, as it is.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.members.insert(name, value.into());
    }

    /// Everything that is wrong with it and the objects inside, as far as the document itself shows it. None of
    /// it kept the rest from being read.
    ///
    /// Whether what it says is true, only the servers it speaks of can tell: a document without flaws is not
    /// verified.
    pub fn check(&self) -> Vec<Flaw> {
        self.check_with(&[])
    }

    /// The same with vocabularies of other crates, whose types and properties then have to be what these say, as those
    /// of this crate do: `note.check_with(&[&books::VOCABULARY])`.
    pub fn check_with(&self, vocabularies: &[&'static Vocabulary]) -> Vec<Flaw> {
        flaw::check(self.as_object(), vocabularies)
    }

    pub(crate) fn members_mut(&mut self) -> &mut Members {
        &mut self.members
    }

    pub(crate) fn as_object_mut(&mut self) -> &mut Object {
        Object::ref_cast_mut(&mut self.members)
    }

    pub(crate) fn as_members(&self) -> &Members {
        &self.members
    }

    pub(crate) fn into_members(self) -> Members {
        self.members
    }
}

impl<K> Clone for As<K> {
    fn clone(&self) -> Self {
        Self { members: self.members.clone(), kind: PhantomData }
    }
}

impl<K> PartialEq for As<K> {
    /// Equal as JSON: the order of properties does not count.
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<K> fmt::Debug for As<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
