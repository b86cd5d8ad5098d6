//! [`Value`]: any JSON value, kept as it was written.

mod bridge;
mod members;
pub(crate) mod names;
mod number;

pub(crate) use members::{Clash, Member, Members, Name};
pub use number::Number;

use crate::Object;
use crate::iri::{Iri, IriBuf};

/// A JSON value: numbers as written, properties in the order written.
///
/// Two values are equal when they are the same JSON; the order of properties does not count, the way a
/// [number](Number) is written does.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these and no others")]
pub enum Value {
    /// `null`; [read](crate::As::member) like an absent property.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(Box<str>),
    /// Several values.
    Array(Vec<Self>),
    /// Properties and their values.
    Object(Object),
}

impl Value {
    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if it is an integer that a `u64` holds.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The number, if it is an integer that an `i64` holds.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The nearest `f64`, if it is a number in its range.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The values, if it is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The values of an array, or this one: the two ways in which documents write what may be several.
    pub(crate) fn one_or_many(&self) -> &[Self] {
        match self {
            Self::Array(values) => values,
            only => std::slice::from_ref(only),
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<f64> for Value {
    /// Infinities and what is not a number become `null`: JSON cannot write them.
    fn from(number: f64) -> Self {
        Number::from_f64(number).map_or(Self::Null, Self::Number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<&Iri> for Value {
    fn from(iri: &Iri) -> Self {
        Self::from(iri.as_str())
    }
}

impl From<IriBuf> for Value {
    fn from(iri: IriBuf) -> Self {
        Self::from(iri.as_str())
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => { $(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Number(number.into())
            }
        }
    )* };
}

from_integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
