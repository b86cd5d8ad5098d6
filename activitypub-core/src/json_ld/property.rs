//! The values of one property as they gather, and how they are written: [JSON-LD 1.1 Processing Algorithms and
//! API](https://www.w3.org/TR/json-ld11-api/) §6.1, with the form of the values known from the vocabulary.

use std::collections::HashMap;

use super::naming::Target;
use crate::Object;
use crate::property::TWIN;
use crate::value::{Member, Members, Name, Value};

/// The values of one property as they gather.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) target: Target,
    pub(super) values: Vec<Value>,
    by_language: Vec<(Box<str>, Value)>,
    /// Whether they stand in an array, however many they are.
    pub(super) is_array: bool,
}

impl Property {
    /// A property that has no value yet.
    pub(super) fn new(target: Target) -> Self {
        Self { target, values: Vec::new(), by_language: Vec::new(), is_array: false }
    }

    /// Adds an id.
    pub(super) fn add_reference(&mut self, id: Option<String>) {
        let Some(id) = id else { return };
        self.values.push(if self.target.reference {
            Value::from(id)
        } else {
            object([("id", Value::from(id))])
        });
    }

    /// Adds a text in a language.
    pub(super) fn add_text(&mut self, language: &str, text: Value) {
        if self.target.text {
            self.by_language.push((language.into(), text));
        } else {
            self.add_literal(&text, "@language", language);
        }
    }

    /// Adds a text or number with what is said of it.
    pub(super) fn add_literal(&mut self, value: &Value, key: &str, of: &str) {
        self.values.push(object([(key, Value::from(of)), ("@value", value.clone())]));
    }

    /// The property as it is written, and its twin if it has texts in languages.
    pub(super) fn into_members(mut self) -> impl Iterator<Item = Member> {
        let map = (!self.by_language.is_empty()).then(|| by_language(self.by_language));
        let map =
            map.map(|map| Member { name: Name::new(&format!("{}{TWIN}", self.target.name)), value: map });
        let value = match self.values.pop() {
            Some(only) if self.values.is_empty() && !self.is_array => Some(only),
            Some(last) => {
                self.values.push(last);
                Some(Value::Array(self.values))
            }
            None => (self.is_array && map.is_none()).then(|| Value::Array(Vec::new())),
        };
        let value = value.map(|value| Member { name: Name::new(&self.target.name), value });
        value.into_iter().chain(map)
    }
}

/// Texts by language, several in an array.
fn by_language(texts: Vec<(Box<str>, Value)>) -> Value {
    let mut order: Vec<(Box<str>, Vec<Value>)> = Vec::new();
    let mut places = HashMap::new();
    for (language, text) in texts {
        let place = *places.entry(language.clone()).or_insert(order.len());
        match order.get_mut(place) {
            Some((_, texts)) => texts.push(text),
            None => order.push((language, vec![text])),
        }
    }
    let member = |(language, mut texts): (Box<str>, Vec<Value>)| {
        let value = if texts.len() == 1 { texts.pop().unwrap_or(Value::Null) } else { Value::Array(texts) };
        Member { name: Name::new(&language), value }
    };
    Value::Object(Object::from_members(Members::first_of(order.into_iter().map(member).collect())))
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().map(|(name, value)| Member { name: Name::new(name), value });
    Value::Object(Object::from_members(Members::first_of(members.collect())))
}
