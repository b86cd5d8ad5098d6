//! [`Scalar`]: a value that stands for itself, and properties that have [one](crate::Shape) or
//! [several](Values) of a kind. [Activity Streams 2.0 §2](https://www.w3.org/TR/activitystreams-core/#syntaxconventions)

use std::fmt;
use std::marker::PhantomData;

use crate::iri::Iri;
use crate::item::values;
use crate::value::Value;

/// A value that stands for itself: a number, a text without a language, a time.
///
/// An application's own types can be one, and with a `From` for [`Value`] a property can be set to them too:
///
/// ```
/// use activitypub_core::{Note, Property, Scalar, Value};
///
/// #[derive(Debug, PartialEq)]
/// enum Mood { Cheerful, Grumpy }
///
/// impl Scalar for Mood {
///     type Read<'a> = Self;
///
///     fn read(value: &Value) -> Option<Self> {
///         match value.as_str()? {
///             "cheerful" => Some(Self::Cheerful),
///             "grumpy" => Some(Self::Grumpy),
///             _ => None,
///         }
///     }
/// }
///
/// impl From<Mood> for Value {
///     fn from(mood: Mood) -> Self {
///         Self::from(match mood {
///             Mood::Cheerful => "cheerful",
///             Mood::Grumpy => "grumpy",
///         })
///     }
/// }
///
/// const MOOD: Property<Mood> = Property::new("mood", "https://moods.example/ns#mood");
///
/// let note = Note::builder().with(MOOD, Mood::Grumpy).build();
/// assert_eq!(note.get(MOOD), Some(Mood::Grumpy));
/// assert!(note.to_json().ends_with(r#""type":"Note","mood":"grumpy"}"#));
/// ```
pub trait Scalar: 'static {
    /// What reading gives, borrowed from the value where it can be.
    type Read<'a>: fmt::Debug;

    /// Whether a bare string is an IRI (`"@type": "@id"` in a context).
    const REFERENCE: bool = false;

    /// Reads one value; `None` where it is none of these.
    fn read(value: &Value) -> Option<Self::Read<'_>>;
}

/// The shape of a property that has any number of `S`, in no order; always written as an array.
#[derive(Debug)]
pub struct Values<S: ?Sized>(PhantomData<fn() -> Box<S>>);

/// The shape of a property that has several `S` whose order counts, such as coordinates.
#[derive(Debug)]
pub struct Sequence<S: ?Sized>(PhantomData<fn() -> Box<S>>);

/// The values of a property that has several. What cannot be read as one is left out.
pub struct Scalars<'a, S: ?Sized> {
    rest: &'a [Value],
    scalar: PhantomData<fn() -> Box<S>>,
}

impl<'a, S: ?Sized> Scalars<'a, S> {
    pub(crate) fn new(value: Option<&'a Value>) -> Self {
        Self { rest: value.map_or(&[], values), scalar: PhantomData }
    }
}

impl<'a, S: Scalar + ?Sized> Iterator for Scalars<'a, S> {
    type Item = S::Read<'a>;

    fn next(&mut self) -> Option<S::Read<'a>> {
        loop {
            let (value, rest) = self.rest.split_first()?;
            self.rest = rest;
            if let Some(read) = S::read(value) {
                return Some(read);
            }
        }
    }
}

impl<S: ?Sized> Clone for Scalars<'_, S> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<S: Scalar + ?Sized> fmt::Debug for Scalars<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// Some servers write `"sensitive": "true"`.
impl Scalar for bool {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        match literal(value) {
            Value::Bool(value) => Some(*value),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Scalar for u64 {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        match literal(value) {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Scalar for i64 {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        match literal(value) {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// `latitude` and `longitude` arrive as strings from some event servers.
impl Scalar for f64 {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        match literal(value) {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok().filter(|number: &Self| number.is_finite()),
            _ => None,
        }
    }
}

impl Scalar for str {
    type Read<'a> = &'a Self;

    fn read(value: &Value) -> Option<&Self> {
        literal(value).as_str()
    }
}

/// An IRI, or the object that it identifies, or a Link that leads to it.
impl Scalar for Iri {
    type Read<'a> = &'a Self;
    const REFERENCE: bool = true;

    fn read(value: &Value) -> Option<&Self> {
        crate::item::link_href(literal(value))
    }
}

/// Whatever stands there.
impl Scalar for Value {
    type Read<'a> = &'a Self;

    fn read(value: &Self) -> Option<&Self> {
        Some(value)
    }
}

/// The value of a JSON-LD literal, `{"@value": …, "@type": …}`; any other value itself.
pub(crate) fn literal(value: &Value) -> &Value {
    value.as_object().and_then(|object| object.member("@value")).unwrap_or(value)
}
