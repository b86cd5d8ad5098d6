//! References to other objects: [`One`] or [`Many`] of them, bare ids, embedded objects or Links, and how
//! they read: [`Item`], [`Items`]. Activity Streams 2.0 §4.

use std::marker::PhantomData;

use crate::iri::Iri;
use crate::value::Value;
use crate::view::{Kind, Typed};
use crate::vocab::as2::{Link, Object};

/// The shape of a functional property that refers to one `V`.
#[derive(Debug)]
pub struct One<V>(PhantomData<fn() -> V>);

/// The shape of a property that refers to any number of `V`; one alone is written bare.
#[derive(Debug)]
pub struct Many<V>(PhantomData<fn() -> V>);

/// The shape of [`Many`] that is always written as an array, since some servers take nothing else.
#[derive(Debug)]
pub struct List<V>(PhantomData<fn() -> V>);

/// One reference, as it stands in a document: the id of an object, the object itself, or a Link.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    value: &'a Value,
}

impl<'a> Item<'a> {
    pub(crate) fn new(value: &'a Value) -> Self {
        Self { value }
    }

    /// The id: of a bare reference the text itself, of an embedded object its `id`.
    pub fn id(self) -> Option<&'a Iri> {
        match self.value {
            Value::String(text) => Some(Iri::new(text)),
            Value::Object(object) => object.id(),
            _ => None,
        }
    }

    /// Where a Link leads: the `href` of a Link, the id of anything else.
    pub fn href(self) -> Option<&'a Iri> {
        link_href(self.value)
    }

    /// The object, where it is embedded.
    pub fn object(self) -> Option<&'a Object> {
        self.value.as_object()
    }

    /// The object as a `V`, where it is embedded and is one.
    pub fn of<V: Typed<Kind: Kind>>(self) -> Option<&'a V> {
        self.object()?.cast::<V>()
    }

    /// The JSON of it.
    pub fn value(self) -> &'a Value {
        self.value
    }
}

/// The references a property holds: none, one, or several. An iterator over them.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    rest: &'a [Value],
}

impl<'a> Items<'a> {
    pub(crate) fn new(value: Option<&'a Value>) -> Self {
        Self { rest: value.map_or(&[], values) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// The first of them.
    pub fn first(&self) -> Option<Item<'a>> {
        self.clone().next()
    }

    /// The only one, or `None` where there are none or several.
    pub fn only(&self) -> Option<Item<'a>> {
        let mut items = self.clone();
        items.next().filter(|_| items.next().is_none())
    }

    /// Their [ids](Item::id); what has none is left out.
    pub fn ids(&self) -> impl Iterator<Item = &'a Iri> + use<'a> {
        self.clone().filter_map(Item::id)
    }

    /// Those that are embedded and are a `V`.
    pub fn of<V: Typed<Kind: Kind>>(&self) -> impl Iterator<Item = &'a V> + use<'a, V> {
        self.clone().filter_map(Item::of::<V>)
    }

    /// Those that are embedded.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.clone().filter_map(Item::object)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            let (value, rest) = self.rest.split_first()?;
            self.rest = rest;
            if !value.is_null() {
                return Some(Item { value });
            }
        }
    }
}

/// The values that a property has: those of an array, or the only one; what a [container](container) holds.
pub(crate) fn values(value: &Value) -> &[Value] {
    match (container(value), value) {
        (Some((held, _)), _) => values(held),
        (None, Value::Null) => &[],
        (None, value) => value.one_or_many(),
    }
}

/// What the `@list` or `@set` holds that a value is, alone or as the only one of an array, and whether it is in
/// order, so a list. JSON-LD 1.1 [§9.7](https://www.w3.org/TR/json-ld11/#lists-and-sets).
pub(crate) fn container(value: &Value) -> Option<(&Value, bool)> {
    let only = match value {
        Value::Object(only) => only,
        Value::Array(several) => match several.as_slice() {
            [Value::Object(only)] => only,
            _ => return None,
        },
        _ => return None,
    };
    let keyword = container_keyword(only)?;
    Some((only.member(keyword)?, keyword == "@list"))
}

/// The keyword under which a list or set of JSON-LD holds its values.
pub(crate) fn container_keyword(object: &Object) -> Option<&'static str> {
    // Nothing but an `@index` may stand beside. Most objects have more properties, which need no look.
    if object.as_members().len() > 2 {
        return None;
    }
    let keyword = ["@list", "@set"].into_iter().find(|keyword| object.member(keyword).is_some())?;
    object.members().all(|(name, _)| name == keyword || name == "@index").then_some(keyword)
}

/// Adds a value to those that a property [has](values).
pub(crate) fn add(place: &mut Value, value: Value) {
    if let Some(inside) = contained_mut(place) {
        return add(inside, value);
    }
    match place {
        Value::Array(several) => several.push(value),
        only => *only = Value::Array(vec![std::mem::replace(only, Value::Null), value]),
    }
}

fn contained_mut(place: &mut Value) -> Option<&mut Value> {
    let only = match place {
        Value::Object(only) => only,
        Value::Array(several) => match several.as_mut_slice() {
            [Value::Object(only)] => only,
            _ => return None,
        },
        _ => return None,
    };
    let keyword = container_keyword(only)?;
    only.members_mut().get_mut(keyword)
}

/// Where a reference leads. What has an `href` and no `id` is a Link, whatever its type.
pub(crate) fn link_href(value: &Value) -> Option<&Iri> {
    match value {
        Value::String(text) => Some(Iri::new(text)),
        Value::Object(object) => match object.member("href") {
            Some(href) if object.is::<Link>() || object.id().is_none() => href.as_str().map(Iri::new),
            _ => object.id(),
        },
        _ => None,
    }
}
