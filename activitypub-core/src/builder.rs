//! [`Builder`]: an object made property by property; [`Edit`]: one changed so.

use std::borrow::BorrowMut;
use std::fmt;
use std::marker::PhantomData;

use crate::context;
use crate::property::Property;
use crate::shape::{Put, Shape};
use crate::value::Value;
use crate::view::{As, Kind};
use crate::vocab::as2::Object;

/// A kind that documents name in their `type`, so that one can be built.
pub trait Concrete: Kind {}

/// Makes a `K` property by property. A property that takes several values is added to each time it is set,
/// any other is replaced.
///
/// ```
/// use activitypub_core::{Create, Note, PUBLIC};
///
/// let note = Note::builder().id("https://hello.example/notes/1").content("Hello, fediverse!");
/// let create = Create::builder()
///     .id("https://hello.example/creates/1")
///     .actor("https://hello.example/users/greeter")
///     .to(PUBLIC)
///     .object(note)
///     .build();
/// assert_eq!(create.object().of::<Note>().next().unwrap().content().as_html().unwrap(), "Hello, fediverse!");
/// ```
///
/// A property that the type does not have does not compile:
///
/// ```compile_fail
/// use activitypub_core::Note;
///
/// let note = Note::builder().actor("https://hello.example/users/greeter");
/// ```
///
/// Neither does an object where another one belongs:
///
/// ```compile_fail
/// use activitypub_core::{Like, Note};
///
/// let note = Note::builder().replies(Like::builder());
/// ```
pub struct Builder<K, O = Object> {
    object: O,
    kind: PhantomData<fn() -> K>,
}

/// Changes a `K` property by property, each at once, and leaves everything else as it was written.
///
/// ```
/// use activitypub_core::{Note, Parsed};
///
/// let text = r#"{"type":"Note","to":["https://a.example/ada"],"content":"Helo","x:score":1.50}"#;
/// let mut document = Parsed::parse(text)?.into_object();
/// let note = document.cast_mut::<Note>().expect("it says so itself");
/// note.edit().content("Hello").to("https://b.example/ben");
/// assert_eq!(
///     note.to_json(),
///     r#"{"type":"Note","to":["https://a.example/ada","https://b.example/ben"],"content":"Hello","x:score":1.50}"#
/// );
///
/// // A property that takes several values is emptied first where it is to have no others.
/// note.remove("to");
/// note.edit().to("https://c.example/cid");
/// assert_eq!(note.to().ids().count(), 1);
/// # Ok::<(), activitypub_core::ParseError>(())
/// ```
pub type Edit<'a, K> = Builder<K, &'a mut Object>;

impl<K: Concrete> As<K> {
    /// Starts a new object of this type.
    pub fn builder() -> Builder<K> {
        let mut object = Object::new();
        context::begin(&mut object);
        context::require_type(&mut object, K::NAME, K::VOCABULARY);
        object.insert("type", K::NAME);
        Builder { object, kind: PhantomData }
    }
}

impl<K: Kind> As<K> {
    /// Starts an object without a `type`, as the parts of others are written that need none: the key or the
    /// endpoints of an actor.
    pub fn untyped() -> Builder<K> {
        let mut object = Object::new();
        context::begin(&mut object);
        Builder { object, kind: PhantomData }
    }
}

impl<K> Builder<K> {
    /// The finished object, with the `@context` that its properties need.
    #[must_use]
    pub fn build(self) -> As<K> {
        self.object.into_view()
    }

    pub(crate) fn into_inner(self) -> Object {
        self.object
    }
}

impl<K> As<K> {
    /// Changes this object property by property.
    pub fn edit(&mut self) -> Edit<'_, K> {
        Builder { object: self.as_object_mut(), kind: PhantomData }
    }
}

impl<K, O: BorrowMut<Object>> Builder<K, O> {
    /// Its `id`.
    pub fn id(mut self, id: impl AsRef<str>) -> Self {
        self.object.borrow_mut().insert("id", id.as_ref());
        self
    }

    /// A property of whatever vocabulary.
    pub fn with<S: Shape + ?Sized>(mut self, property: Property<S>, value: impl Put<S>) -> Self {
        value.put(self.object.borrow_mut(), property);
        self
    }

    /// A further type that the object is of, in whatever vocabulary.
    pub fn and_type(mut self, name: &str) -> Self {
        let object = self.object.borrow_mut();
        let types = match object.remove("type") {
            Some(Value::Array(mut names)) => {
                names.push(Value::from(name));
                names
            }
            Some(first) => vec![first, Value::from(name)],
            None => vec![Value::from(name)],
        };
        object.insert("type", Value::Array(types));
        self
    }
}

impl<K, O: BorrowMut<Object>> fmt::Debug for Builder<K, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.object.borrow(), f)
    }
}

impl<K> From<Builder<K>> for As<K> {
    fn from(builder: Builder<K>) -> Self {
        builder.build()
    }
}
