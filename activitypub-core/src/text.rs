//! Natural language: a property such as `name` together with its `nameMap`. Activity Streams 2.0 §4.7.

use crate::property::Term;
use crate::value::Value;
use crate::vocab::as2::Object;

/// The shape of a property in natural language, which has a twin by language: `content` and `contentMap`.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum Text {}

/// A text as it stands in an object, in one language or several.
///
/// Text of strangers is never safe to put into a page: `content` and `summary` are HTML by default and must
/// pass a sanitiser, `name` is plain text and must be escaped.
#[derive(Clone, Copy, Debug)]
pub struct TextRef<'a> {
    plain: Option<&'a str>,
    by_language: Option<&'a Object>,
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

    pub(crate) fn fits(value: &Value) -> bool {
        plain(value).is_some() || matches!(value, Value::Object(_))
    }
}

impl<'a> TextRef<'a> {
    pub(crate) fn of(object: &'a Object, term: &Term) -> Self {
        let by_language = std::iter::once(term.name)
            .chain(term.synonyms.iter().copied())
            .find_map(|name| twin(object, name)?.as_object());
        Self { plain: term.of(object).and_then(plain), by_language }
    }

    /// The text, in the language the author put first.
    pub fn as_str(&self) -> Option<&'a str> {
        self.plain.or_else(|| self.languages().next().map(|(_, text)| text))
    }

    /// The text in a language (a BCP 47 tag): in exactly that one, else in the one it is a dialect of (`en`
    /// for `en-GB`). `None` where the object has no such text.
    pub fn in_language(&self, tag: &str) -> Option<&'a str> {
        let mut range = tag;
        loop {
            let found = self.languages().find(|(language, _)| language.eq_ignore_ascii_case(range));
            match (found, range.rfind('-')) {
                (Some((_, text)), _) => return Some(text),
                (None, Some(end)) => range = range.get(..end)?,
                (None, None) => return None,
            }
        }
    }

    /// Every language there is a text in, with the text.
    pub fn languages(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.by_language
            .into_iter()
            .flat_map(Object::members)
            .filter_map(|(language, text)| Some((language, text.as_str()?)))
    }
}

impl LanguageText<'_> {
    pub(crate) fn write(self, object: &mut Object, name: &str) {
        let map = format!("{name}Map");
        if object.member(name).is_none() {
            object.insert(name, self.text);
        }
        let mut by_language = match object.remove(&map) {
            Some(Value::Object(by_language)) => by_language,
            _ => Object::new(),
        };
        by_language.insert(self.language, self.text);
        object.insert(&map, Value::Object(by_language));
    }
}

/// `contentMap` of `content`, found without building the name.
fn twin<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object
        .members()
        .find(|(other, _)| other.strip_suffix("Map").is_some_and(|stem| stem == name))
        .map(|(_, value)| value)
}

/// A bare text, the first of several, or the `@value` of a JSON-LD literal.
fn plain(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values) => values.iter().find_map(plain),
        Value::Object(object) => object.member("@value")?.as_str(),
        _ => None,
    }
}
