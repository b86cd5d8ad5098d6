//! Natural language: a property such as `name` together with its `nameMap`. Activity Streams 2.0 §4.7.

use std::fmt;

use crate::context;
use crate::html::UntrustedHtml;
use crate::item::values;
use crate::property::{Property, TWIN, Term};
use crate::scalar::literal;
use crate::shape::{Put, Shape, write};
use crate::value::Value;
use crate::vocab::as2::Object;

/// The shape of a property that is plain text in natural language: `name`, with its twin `nameMap`.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum Text {}

/// The shape of a property that is HTML in natural language: `content` and `summary`, with their twins by
/// language. Activity Streams 2.0 §4.7; where an object's `mediaType` says that its `content` is something
/// else, that is still text of a stranger.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum Html {}

/// A text as it stands in an object, in one language or several: a `str` where it is plain text,
/// [`UntrustedHtml`] where it is HTML.
pub struct TextRef<'a, T: ?Sized = str> {
    plain: Option<&'a Value>,
    by_language: Option<&'a Object>,
    read: fn(&'a str) -> &'a T,
}

/// A text and the language it is in, for setting a property: `note.content(Text::in_language("en", "Hi"))`.
#[derive(Clone, Copy, Debug)]
pub struct LanguageText<'a> {
    language: &'a str,
    text: &'a str,
}

impl Text {
    /// A text and its language, a BCP 47 tag. Written both bare and in the map, since most servers read only
    /// the one or the other.
    pub fn in_language<'a>(language: &'a str, text: &'a str) -> LanguageText<'a> {
        LanguageText { language, text }
    }
}

impl<'a, T: ?Sized> TextRef<'a, T> {
    fn of(object: &'a Object, term: &Term, read: fn(&'a str) -> &'a T) -> Self {
        Self { plain: term.of(object), by_language: term.twin(object), read }
    }

    fn read_first(&self) -> Option<&'a str> {
        self.literals().find_map(|value| literal(value).as_str()).or_else(|| Some(self.by_tag().next()?.1))
    }

    /// The text in a language (a BCP 47 tag): in exactly that one, else in the one it is a dialect of (`en`
    /// for `en-GB`), by [RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4). `None` where the
    /// object has no such text.
    pub fn in_language(&self, tag: &str) -> Option<&'a T> {
        let mut range = tag;
        loop {
            let found = self.by_tag().find(|(language, _)| language.eq_ignore_ascii_case(range));
            match (found, range.rfind('-')) {
                (Some((_, text)), _) => return Some((self.read)(text)),
                (None, Some(end)) => range = range.get(..end)?,
                (None, None) => return None,
            }
        }
    }

    /// Every language there is a text in, with the text: of the map, then of literals with an `@language`.
    pub fn languages(&self) -> impl Iterator<Item = (&'a str, &'a T)> + use<'a, T> {
        let read = self.read;
        self.by_tag().map(move |(language, text)| (language, read(text)))
    }

    fn by_tag(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a, T> {
        let mapped = self.by_language.into_iter().flat_map(Object::members).filter_map(|(language, text)| {
            Some((language, values(text).iter().find_map(|text| literal(text).as_str())?))
        });
        let tagged = self.literals().filter_map(Value::as_object).filter_map(|object| {
            Some((object.member("@language")?.as_str()?, object.member("@value")?.as_str()?))
        });
        mapped.chain(tagged)
    }

    fn literals(&self) -> impl Iterator<Item = &'a Value> + use<'a, T> {
        self.plain.map_or(&[][..], values).iter()
    }
}

impl<'a> TextRef<'a> {
    /// The text, in the language the author put first. It is plain text: escape it before it becomes part of a
    /// page, and show a name by way of [`one_line`](crate::one_line).
    pub fn as_str(&self) -> Option<&'a str> {
        self.read_first()
    }
}

impl<'a> TextRef<'a, UntrustedHtml> {
    /// The HTML, in the language the author put first.
    pub fn as_html(&self) -> Option<&'a UntrustedHtml> {
        self.read_first().map(UntrustedHtml::new)
    }
}

impl<T: ?Sized> Clone for TextRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for TextRef<'_, T> {}

impl<T: fmt::Debug + ?Sized> fmt::Debug for TextRef<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.read_first().map(|text| (None, (self.read)(text)));
        let all = first.into_iter().chain(self.languages().map(|(language, text)| (Some(language), text)));
        f.debug_list().entries(all).finish()
    }
}

impl Object {
    /// `contentMap` of `content`, in whatever spelling, found without building the name.
    pub(crate) fn twin(&self, name: &str) -> Option<&Value> {
        let is_twin = |term: &str| term.strip_suffix(TWIN).is_some_and(|stem| stem == name);
        let member =
            self.as_members().as_slice().iter().find(|member| is_twin(member.name.term_or_written()))?;
        Some(&member.value)
    }
}

/// The same of both kinds of text.
macro_rules! text {
    ($($shape:ty, $read:ty: $as:expr;)*) => { $(
        impl Shape for $shape {
            type Get<'a> = TextRef<'a, $read>;
            const IN_LANGUAGES: bool = true;

            fn get<'a>(object: &'a Object, term: &Term) -> TextRef<'a, $read> {
                TextRef::of(object, term, $as)
            }

            fn fits(value: &Value) -> bool {
                values(value).iter().all(|value| literal(value).as_str().is_some())
            }
        }

        impl Put<$shape> for &str {
            fn put(self, object: &mut Object, property: Property<$shape>) {
                write_plain(object, property, Value::from(self));
            }
        }

        impl Put<$shape> for String {
            fn put(self, object: &mut Object, property: Property<$shape>) {
                write_plain(object, property, Value::from(self));
            }
        }

        impl Put<$shape> for LanguageText<'_> {
            fn put(self, object: &mut Object, property: Property<$shape>) {
                context::require(object, property.term(), false, false);
                context::require_by_language(object, property.term());
                self.write(object, property.term());
            }
        }
    )* };
}

text! {
    Text, str: |text| text;
    Html, UntrustedHtml: UntrustedHtml::new;
}

/// Writes a text that is all there is: those by language said something else.
fn write_plain<S: Shape + ?Sized>(object: &mut Object, property: Property<S>, text: Value) {
    let map = property.term().written_twin(object);
    object.remove(&map);
    write(object, property, text);
}

impl LanguageText<'_> {
    fn write(self, object: &mut Object, term: &Term) {
        let (name, map) = (term.written(object), term.written_twin(object));
        let plain = object.member(&name).and_then(Value::as_str);
        let before =
            object.member(&map).and_then(Value::as_object).and_then(|map| self.place_in(map)?.1.as_str());
        if plain.is_none() || plain == before {
            object.insert(&name, self.text);
        }
        if let Some(Value::Object(by_language)) = object.members_mut().get_mut(&map) {
            let there = self.place_in(by_language).map(|(language, _)| language.to_owned());
            by_language.insert(there.as_deref().unwrap_or(self.language), self.text);
        } else {
            let mut by_language = Object::new();
            by_language.insert(self.language, self.text);
            object.insert(&map, by_language);
        }
    }

    /// The text in this language, in whatever case its tag stands there: it is the same in any. RFC 5646 §2.1.1.
    fn place_in(self, by_language: &Object) -> Option<(&str, &Value)> {
        by_language.members().find(|(language, _)| language.eq_ignore_ascii_case(self.language))
    }
}
