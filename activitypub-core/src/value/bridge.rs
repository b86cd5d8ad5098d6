//! The bridge to other JSON: [`serde`] both ways, and [`serde_json::Value`] both ways.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{Clash, Member, Members, Name, Number, Value};
use crate::read::Limits;
use crate::{As, Object};

impl From<serde_json::Value> for Value {
    /// Of two spellings of one property, which a document of ours cannot hold, the first is taken.
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => Self::Number(Number::new(&number.to_string())),
            serde_json::Value::String(text) => Self::String(text.into()),
            serde_json::Value::Array(values) => values.into(),
            serde_json::Value::Object(members) => {
                let member =
                    |(name, value): (String, _)| Member { name: Name::new(&name), value: Self::from(value) };
                Self::Object(Object::from_members(Members::first_of(
                    members.into_iter().map(member).collect(),
                )))
            }
        }
    }
}

impl From<Value> for serde_json::Value {
    /// Numbers become what `serde_json` has for them: a `u64`, an `i64`, else the nearest `f64`, and `null` for
    /// what is beyond that.
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => number.into(),
                (_, Some(number)) => number.into(),
                _ => number.as_f64().into(),
            },
            Value::String(text) => Self::String(text.into()),
            Value::Array(values) => values.into_iter().map(Self::from).collect(),
            Value::Object(object) => object.into(),
        }
    }
}

impl<K> From<As<K>> for serde_json::Value {
    fn from(object: As<K>) -> Self {
        let members = object.into_members().into_vec();
        members
            .into_iter()
            .map(|member| (member.name.as_str().to_owned(), Self::from(member.value)))
            .collect()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(values) => serializer.collect_seq(values),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Number {
    /// As a `u64`, an `i64`, else the nearest `f64`: serde knows no number as written.
    /// [`to_json`](As::to_json) does.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.as_u64(), self.as_i64(), self.as_f64()) {
            (Some(number), ..) => serializer.serialize_u64(number),
            (_, Some(number), _) => serializer.serialize_i64(number),
            (.., Some(number)) => serializer.serialize_f64(number),
            _ => serializer.serialize_unit(),
        }
    }
}

impl<K> Serialize for As<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.members())
    }
}

impl<'de> Deserialize<'de> for Value {
    /// Refuses what [reading](Value::parse) refuses: a property that stands in an object twice, and nesting
    /// deeper than [`Limits::depth`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tree { depth: Limits::default().depth }.deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Object {
    /// As a [`Value`], which must be an object.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) => Ok(object),
            _ => Err(de::Error::custom("not an object")),
        }
    }
}

/// Builds a value that may be nested `depth` levels deep.
#[derive(Clone, Copy)]
struct Tree {
    depth: u8,
}

impl Tree {
    fn inside<E: de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth }),
            None => Err(E::custom("nested too deep")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element_seed(inside)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            members.push(Member { name: Name::new(&name), value: map.next_value_seed(inside)? });
        }
        match Members::new(members) {
            Ok(members) => Ok(Value::Object(Object::from_members(members))),
            Err(Clash { first, again }) => {
                Err(de::Error::custom(format_args!("{first:?} and {again:?} are one property")))
            }
        }
    }
}
