//! [`Shape`]: how the values of a property read and write.
//!
//! A shape is named by the type one thinks of: `bool`, `u64`, `f64`, `str`, [`Timestamp`], [`Iri`], [`Text`],
//! and for references [`One`], [`Many`] and [`List`]. A reading is lenient where real servers need it and
//! `None` where nothing fits: a bad value costs its property, never the document.

use crate::context;
use crate::iri::{Iri, IriBuf};
use crate::item::{Item, Items, List, Many, One, link_href};
use crate::property::{Property, Term};
use crate::text::{LanguageText, Text, TextRef};
use crate::time::Timestamp;
use crate::value::Value;
use crate::view::As;
use crate::vocab::as2::Object;

/// How the values of a property read and write.
pub trait Shape {
    /// What reading gives, borrowed from the object.
    type Get<'a>;

    /// Whether a bare string in such a property is an IRI (`"@type": "@id"` in a context).
    const REFERENCE: bool = false;

    /// Reads the property `term` of an object.
    fn get<'a>(object: &'a Object, term: &Term) -> Self::Get<'a>;

    /// Whether a value has this shape, arrays of one and the leniencies of reading included.
    fn fits(value: &Value) -> bool;
}

/// A value that a property of shape `S` can be set to.
pub trait Put<S: Shape + ?Sized> {
    /// Writes it into an object.
    fn put(self, object: &mut Object, property: Property<S>);
}

/// The value of a functional property: the first one, where a server wrapped it in an array.
fn single<'a>(object: &'a Object, term: &Term) -> Option<&'a Value> {
    first(term.of(object)?)
}

fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(values) => values.iter().find(|value| !value.is_null()),
        value => Some(value),
    }
}

fn write<S: Shape + ?Sized>(object: &mut Object, property: Property<S>, value: Value) {
    let term = property.term();
    context::require(object, term, S::REFERENCE);
    object.insert(term.name, value);
}

/// A value that stands for itself, read by `$read`.
macro_rules! scalar {
    ($($type:ty: $read:ident),*) => { $(
        impl Shape for $type {
            type Get<'a> = Option<Self>;

            fn get(object: &Object, term: &Term) -> Option<Self> {
                single(object, term).and_then($read)
            }

            fn fits(value: &Value) -> bool {
                first(value).and_then($read).is_some()
            }
        }

        impl Put<Self> for $type {
            fn put(self, object: &mut Object, property: Property<Self>) {
                write(object, property, Value::from(self));
            }
        }
    )* };
}

scalar!(bool: boolean, u64: unsigned, f64: float, Timestamp: timestamp);

/// Some servers write `"sensitive": "true"`.
fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn unsigned(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// `latitude` and `longitude` arrive as strings from some event servers.
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

impl Shape for str {
    type Get<'a> = Option<&'a Self>;

    fn get<'a>(object: &'a Object, term: &Term) -> Option<&'a Self> {
        single(object, term)?.as_str()
    }

    fn fits(value: &Value) -> bool {
        first(value).is_some_and(|value| value.as_str().is_some())
    }
}

impl Put<str> for &str {
    fn put(self, object: &mut Object, property: Property<str>) {
        write(object, property, Value::from(self));
    }
}

impl Put<str> for String {
    fn put(self, object: &mut Object, property: Property<str>) {
        write(object, property, Value::from(self));
    }
}

impl Shape for Iri {
    type Get<'a> = Option<&'a Self>;
    const REFERENCE: bool = true;

    fn get<'a>(object: &'a Object, term: &Term) -> Option<&'a Self> {
        single(object, term).and_then(link_href)
    }

    fn fits(value: &Value) -> bool {
        first(value).is_some_and(|value| link_href(value).is_some())
    }
}

macro_rules! put_iri {
    ($($type:ty),*) => { $(
        impl Put<Iri> for $type {
            fn put(self, object: &mut Object, property: Property<Iri>) {
                write(object, property, Value::from(AsRef::<str>::as_ref(&self)));
            }
        }

        impl<V: 'static> Put<One<V>> for $type {
            fn put(self, object: &mut Object, property: Property<One<V>>) {
                write(object, property, Value::from(AsRef::<str>::as_ref(&self)));
            }
        }

        impl<V: 'static> Put<Many<V>> for $type {
            fn put(self, object: &mut Object, property: Property<Many<V>>) {
                append(object, property, Value::from(AsRef::<str>::as_ref(&self)), false);
            }
        }

        impl<V: 'static> Put<List<V>> for $type {
            fn put(self, object: &mut Object, property: Property<List<V>>) {
                append(object, property, Value::from(AsRef::<str>::as_ref(&self)), true);
            }
        }
    )* };
}

put_iri!(&str, String, &String, &Iri, IriBuf, &IriBuf);

impl Shape for Text {
    type Get<'a> = TextRef<'a>;

    fn get<'a>(object: &'a Object, term: &Term) -> TextRef<'a> {
        TextRef::of(object, term)
    }

    fn fits(value: &Value) -> bool {
        Self::fits(value)
    }
}

impl Put<Text> for &str {
    fn put(self, object: &mut Object, property: Property<Text>) {
        write(object, property, Value::from(self));
    }
}

impl Put<Text> for String {
    fn put(self, object: &mut Object, property: Property<Text>) {
        write(object, property, Value::from(self));
    }
}

impl Put<Text> for LanguageText<'_> {
    fn put(self, object: &mut Object, property: Property<Text>) {
        context::require(object, property.term(), false);
        self.write(object, property.term().name);
    }
}

impl<V: 'static> Shape for One<V> {
    type Get<'a> = Option<Item<'a>>;
    const REFERENCE: bool = true;

    fn get<'a>(object: &'a Object, term: &Term) -> Option<Item<'a>> {
        single(object, term).map(Item::new)
    }

    fn fits(value: &Value) -> bool {
        first(value).is_some_and(|value| matches!(value, Value::String(_) | Value::Object(_)))
    }
}

fn items_fit(value: &Value) -> bool {
    let reference = |value: &Value| matches!(value, Value::String(_) | Value::Object(_) | Value::Null);
    match value {
        Value::Array(values) => values.iter().all(reference),
        value => reference(value),
    }
}

/// Adds one value to a property that may have several. One value alone stands bare unless `list` asks for an
/// array: Lemmy and Pixelfed take `to`, `cc`, `tag` and `attachment` only as arrays.
pub(crate) fn append<S: Shape + ?Sized>(
    object: &mut Object,
    property: Property<S>,
    value: Value,
    list: bool,
) {
    let term = property.term();
    context::require(object, term, S::REFERENCE);
    let value = match object.remove(term.name) {
        None | Some(Value::Null) if list => Value::Array(vec![value]),
        None | Some(Value::Null) => value,
        Some(Value::Array(mut values)) => {
            values.push(value);
            Value::Array(values)
        }
        Some(other) => Value::Array(vec![other, value]),
    };
    object.insert(term.name, value);
}

/// What a property that takes several values reads as, and several values for it.
macro_rules! several {
    ($($shape:ident),*) => { $(
        impl<V: 'static> Shape for $shape<V> {
            type Get<'a> = Items<'a>;
            const REFERENCE: bool = true;

            fn get<'a>(object: &'a Object, term: &Term) -> Items<'a> {
                Items::new(term.of(object))
            }

            fn fits(value: &Value) -> bool {
                items_fit(value)
            }
        }

        impl<V: 'static, T: Put<$shape<V>>> Put<$shape<V>> for Vec<T> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                for value in self {
                    value.put(object, property);
                }
            }
        }

        impl<V: 'static, T: Put<$shape<V>>, const N: usize> Put<$shape<V>> for [T; N] {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                for value in self {
                    value.put(object, property);
                }
            }
        }
    )* };
}

several!(Many, List);

/// An object as it is, with the `@context` it brings.
macro_rules! put_view {
    ($($shape:ident: $write:expr),*) => { $(
        impl<V: crate::view::Typed, K: crate::view::Is<V::Kind> + 'static> Put<$shape<V>> for As<K> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                let value = Value::Object(crate::view::Typed::into_object(self));
                $write(object, property, value);
            }
        }

        impl<V: crate::view::Typed, K: crate::view::Is<V::Kind> + 'static> Put<$shape<V>> for &As<K> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                self.clone().put(object, property);
            }
        }

        impl<V: crate::view::Typed, K: crate::view::Is<V::Kind>> Put<$shape<V>> for crate::builder::Builder<K> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                let mut inner = self.into_inner();
                context::lift(&mut inner, object);
                $write(object, property, Value::Object(inner));
            }
        }
    )* };
}

put_view!(
    One: write,
    Many: |object, property, value| append(object, property, value, false),
    List: |object, property, value| append(object, property, value, true)
);
