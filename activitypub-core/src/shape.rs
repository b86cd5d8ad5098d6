//! [`Shape`]: how the values of a property read and write.
//!
//! A shape is named by the type one thinks of: `bool`, `u64`, `i64`, `f64`, `str`, [`Timestamp`](crate::Timestamp),
//! [`Iri`], any [`Scalar`]; [`Values`] and [`Sequence`] of these; [`Text`](crate::Text) and
//! [`Html`](crate::Html); and for references [`One`], [`Many`] and [`List`]. A reading is lenient where real
//! servers need it and `None` where nothing fits: a bad value costs its property, never the document.

use std::fmt;

use crate::audience;
use crate::context;
use crate::iri::{Iri, IriBuf};
use crate::item::{Item, Items, List, Many, One, add, values};
use crate::property::{Property, Term};
use crate::scalar::{Scalar, Scalars, Sequence, Values};
use crate::time::{Closed, Timestamp};
use crate::value::Value;
use crate::view::As;
use crate::vocab::Terms;
use crate::vocab::as2::Object;

/// How the values of a property read and write.
pub trait Shape {
    /// What reading gives, borrowed from the object.
    type Get<'a>: fmt::Debug;

    /// Whether a bare string in such a property is an IRI (`"@type": "@id"` in a context).
    const REFERENCE: bool = false;

    /// Whether the property has a twin by language: `contentMap` of `content`.
    const IN_LANGUAGES: bool = false;

    /// Whether the order of several values counts (`"@container": "@list"` in a context).
    const ORDERED: bool = false;

    /// Reads the property `term` of an object.
    fn get<'a>(object: &'a Object, term: &Term) -> Self::Get<'a>;

    /// Whether a value has this shape, arrays of one and the leniencies of reading included.
    fn fits(value: &Value) -> bool;
}

/// A value that a property of shape `S` can be set to.
///
/// A [`Scalar`] of one's own can be as soon as there is a `From` of it for [`Value`].
#[diagnostic::on_unimplemented(
    message = "a property of shape `{S}` cannot be set to a `{Self}`",
    label = "not what this property takes",
    note = "numbers are `u64`, `i64` or `f64`, and what may be missing is set inside an `if let`",
    note = "a `Scalar` of one's own can be set when there is a `From` of it for `Value`"
)]
pub trait Put<S: Shape + ?Sized> {
    /// Writes it into an object.
    fn put(self, object: &mut Object, property: Property<S>);
}

/// Gives a property its value, and the properties that are written along with it.
pub(crate) fn write<S: Shape + ?Sized>(object: &mut Object, property: Property<S>, value: Value) {
    let term = property.term();
    context::require(object, term, S::REFERENCE, S::ORDERED);
    for other in term.also {
        write_other(object, term, other, &value);
    }
    object.insert(&term.written(object), value);
}

/// Writes another property that servers look for instead, always bare: of an object its id.
fn write_other(object: &mut Object, term: &Term, name: &str, value: &Value) {
    let id = value.as_object().map_or_else(|| Some(value.clone()), |object| object.id().map(Value::from));
    let row = term.vocabulary().and_then(|vocabulary| vocabulary.rows().find(|row| row.term.name == name));
    let (Some(id), Some(row)) = (id, row.or_else(|| Terms::of(object, &[]).get(name))) else { return };
    context::require(object, &row.term, row.is_reference, false);
    object.insert(name, id);
}

/// Adds one value to a property that may have several. One value alone stands bare unless `list` asks for an
/// array: Lemmy and Pixelfed take `to`, `cc`, `tag` and `attachment` only as arrays.
fn append<S: Shape + ?Sized>(object: &mut Object, property: Property<S>, value: Value, list: bool) {
    let term = property.term();
    context::require(object, term, S::REFERENCE, S::ORDERED);
    let name = term.written(object);
    match object.members_mut().get_mut(&name).filter(|place| !place.is_null()) {
        Some(place) => add(place, value),
        None if list => object.insert(&name, vec![value]),
        None => object.insert(&name, value),
    }
}

/// The value of a functional property: the first one, where a server wrapped it in an array.
fn single<'a>(object: &'a Object, term: &Term) -> Option<&'a Value> {
    term.of(object).and_then(first)
}

fn first(value: &Value) -> Option<&Value> {
    values(value).iter().find(|value| !value.is_null())
}

impl<S: Scalar + ?Sized> Shape for S {
    type Get<'a> = Option<S::Read<'a>>;
    const REFERENCE: bool = S::REFERENCE;

    fn get<'a>(object: &'a Object, term: &Term) -> Option<S::Read<'a>> {
        single(object, term).and_then(S::read)
    }

    fn fits(value: &Value) -> bool {
        first(value).and_then(S::read).is_some()
    }
}

/// Whatever is written the way it is read, an application's own types among them.
impl<S: Scalar + Into<Value>> Put<S> for S {
    fn put(self, object: &mut Object, property: Property<S>) {
        write(object, property, self.into());
    }
}

impl<S: Scalar + Into<Value>> Put<Values<S>> for S {
    fn put(self, object: &mut Object, property: Property<Values<S>>) {
        append(object, property, self.into(), true);
    }
}

impl<S: Scalar + Into<Value>> Put<Sequence<S>> for S {
    fn put(self, object: &mut Object, property: Property<Sequence<S>>) {
        append(object, property, self.into(), true);
    }
}

/// Other values that may be set where a scalar is asked for.
macro_rules! put_scalar {
    ($($from:ty => $scalar:ty;)*) => { $(
        impl Put<$scalar> for $from {
            fn put(self, object: &mut Object, property: Property<$scalar>) {
                write(object, property, Value::from(self));
            }
        }

        impl Put<Values<$scalar>> for $from {
            fn put(self, object: &mut Object, property: Property<Values<$scalar>>) {
                append(object, property, Value::from(self), true);
            }
        }

        impl Put<Sequence<$scalar>> for $from {
            fn put(self, object: &mut Object, property: Property<Sequence<$scalar>>) {
                append(object, property, Value::from(self), true);
            }
        }
    )* };
}

put_scalar! {
    &str => str;
    String => str;
    bool => Closed;
    Timestamp => Closed;
    Object => Value;
}

/// What a property that takes several values reads as.
macro_rules! scalars {
    ($($shape:ident: $ordered:literal),*) => { $(
        impl<S: Scalar + ?Sized> Shape for $shape<S> {
            type Get<'a> = Scalars<'a, S>;
            const REFERENCE: bool = S::REFERENCE;
            const ORDERED: bool = $ordered;

            fn get<'a>(object: &'a Object, term: &Term) -> Scalars<'a, S> {
                Scalars::new(term.of(object))
            }

            fn fits(value: &Value) -> bool {
                values(value).iter().all(|value| value.is_null() || S::read(value).is_some())
            }
        }
    )* };
}

scalars!(Values: false, Sequence: true);

/// An IRI as text, wherever one may stand.
macro_rules! put_iri {
    ($($type:ty),*) => { $(
        impl Put<Iri> for $type {
            fn put(self, object: &mut Object, property: Property<Iri>) {
                write(object, property, reference(AsRef::<str>::as_ref(&self)));
            }
        }

        impl Put<Values<Iri>> for $type {
            fn put(self, object: &mut Object, property: Property<Values<Iri>>) {
                append(object, property, reference(AsRef::<str>::as_ref(&self)), true);
            }
        }

        impl Put<Sequence<Iri>> for $type {
            fn put(self, object: &mut Object, property: Property<Sequence<Iri>>) {
                append(object, property, reference(AsRef::<str>::as_ref(&self)), true);
            }
        }

        impl<V: 'static> Put<One<V>> for $type {
            fn put(self, object: &mut Object, property: Property<One<V>>) {
                write(object, property, reference(AsRef::<str>::as_ref(&self)));
            }
        }

        impl<V: 'static> Put<Many<V>> for $type {
            fn put(self, object: &mut Object, property: Property<Many<V>>) {
                append(object, property, reference(AsRef::<str>::as_ref(&self)), false);
            }
        }

        impl<V: 'static> Put<List<V>> for $type {
            fn put(self, object: &mut Object, property: Property<List<V>>) {
                append(object, property, reference(AsRef::<str>::as_ref(&self)), true);
            }
        }
    )* };
}

put_iri!(&str, String, &String, &Iri, IriBuf, &IriBuf);

/// Public is written in full, since Lemmy knows it by no other spelling.
fn reference(iri: &str) -> Value {
    Value::from(if audience::is_public(Iri::new(iri)) { audience::PUBLIC } else { iri })
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

/// What a property that refers to several reads as.
macro_rules! several {
    ($($shape:ident),*) => { $(
        impl<V: 'static> Shape for $shape<V> {
            type Get<'a> = Items<'a>;
            const REFERENCE: bool = true;

            fn get<'a>(object: &'a Object, term: &Term) -> Items<'a> {
                Items::new(term.of(object))
            }

            fn fits(value: &Value) -> bool {
                let reference =
                    |value: &Value| matches!(value, Value::String(_) | Value::Object(_) | Value::Null);
                values(value).iter().all(reference)
            }
        }
    )* };
}

several!(Many, List);

/// Several values at once for a property that takes several.
macro_rules! put_several {
    ($($shape:ident<$parameter:ident> where [$($bound:tt)*]),*) => { $(
        impl<$parameter: $($bound)*, T: Put<$shape<$parameter>>> Put<$shape<$parameter>> for Vec<T> {
            fn put(self, object: &mut Object, property: Property<$shape<$parameter>>) {
                self.into_iter().for_each(|value| value.put(object, property));
            }
        }

        impl<$parameter: $($bound)*, T: Put<$shape<$parameter>>, const N: usize> Put<$shape<$parameter>> for [T; N] {
            fn put(self, object: &mut Object, property: Property<$shape<$parameter>>) {
                self.into_iter().for_each(|value| value.put(object, property));
            }
        }
    )* };
}

put_several!(
    Many<V> where ['static],
    List<V> where ['static],
    Values<S> where [Scalar + ?Sized],
    Sequence<S> where [Scalar + ?Sized]
);

/// An object as it is, with the `@context` it brings.
macro_rules! put_view {
    ($($shape:ident: $write:expr),*) => { $(
        impl<V: crate::view::Typed, K: crate::view::Is<V> + 'static> Put<$shape<V>> for As<K> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                let value = Value::Object(crate::view::Typed::into_object(self));
                $write(object, property, value);
            }
        }

        impl<V: crate::view::Typed, K: crate::view::Is<V> + 'static> Put<$shape<V>> for &As<K> {
            fn put(self, object: &mut Object, property: Property<$shape<V>>) {
                self.clone().put(object, property);
            }
        }

        impl<V: crate::view::Typed, K: crate::view::Is<V>> Put<$shape<V>> for crate::builder::Builder<K> {
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
