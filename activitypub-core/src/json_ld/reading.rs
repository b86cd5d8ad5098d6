//! A document under the names of our vocabularies: [JSON-LD 1.1 Processing Algorithms and
//! API](https://www.w3.org/TR/json-ld11-api/) §5.1 (expansion) and §6.1 (compaction) in one pass, since what a document
//! is compacted to is known beforehand.

use std::collections::HashMap;
use std::sync::Arc;

use super::definition::{Coercion, Container, Meaning, Scope};
use super::naming::Names;
use super::property::Property;
use super::{Budget, JsonLdError};
use crate::Object;
use crate::context::ACTIVITY_STREAMS;
use crate::value::{Member, Members, Name, Value};

/// Reads a document by its contexts.
pub(super) fn read(document: &Object, budget: Budget) -> Result<Object, JsonLdError> {
    let mut reading = Reading { budget, names: Names::default() };
    let mut scope = Scope::default();
    match document.as_members().get("@context") {
        Some(context) => scope.enter(context, &mut reading.budget)?,
        // Activity Streams 2.0 §2.1: it applies where nothing is said.
        None => scope.enter(&Value::from(ACTIVITY_STREAMS), &mut reading.budget)?,
    }
    let mut object = reading.node(document, &scope)?;
    reading.names.write_context(&mut object);
    Ok(object)
}

/// What the name of a property says of its values.
#[derive(Clone, Copy)]
struct Form {
    coercion: Coercion,
    container: Container,
}

#[derive(Debug)]
struct Reading {
    budget: Budget,
    names: Names,
}

impl Reading {
    /// An object with the meaning its scope gives it, in which its own context is in force already.
    fn node(&mut self, object: &Object, scope: &Scope<'_>) -> Result<Object, JsonLdError> {
        let mut keywords: Vec<(&'static str, &str, Value)> = Vec::new();
        let mut properties: Vec<Property> = Vec::new();
        let mut places: HashMap<Arc<str>, usize> = HashMap::new();
        for (name, value) in object.members().filter(|(name, _)| *name != "@context") {
            let iri = match scope.name(name, &mut self.budget)? {
                Meaning::Nothing => continue,
                Meaning::Keyword(keyword) => {
                    if let Some((_, first, _)) = keywords.iter().find(|(known, ..)| *known == keyword) {
                        return Err(JsonLdError::TwoNames { first: (*first).into(), second: name.into() });
                    }
                    if let Some(value) = self.keyword(keyword, value, scope)? {
                        keywords.push((keyword, name, value));
                    }
                    continue;
                }
                Meaning::Iri(iri) => iri,
            };
            if value.is_null() {
                continue;
            }
            let definition = scope.definition(name);
            let form = Form {
                coercion: definition.map_or(Coercion::None, |definition| definition.coercion),
                container: definition.map_or(Container::None, |definition| definition.container),
            };
            let is_reference = form.coercion != Coercion::None;
            let mut target = self.names.target(&iri, name, is_reference, &mut self.budget)?;
            if form.container == Container::List && target.is_declared() && *target.name == *"items" {
                // The published context has them as one property, told apart by the container alone.
                target.name = "orderedItems".into();
            }
            let key = if target.is_declared() { target.name.clone() } else { iri };
            let place = *places.entry(key).or_insert(properties.len());
            if place == properties.len() {
                properties.push(Property::new(target));
            }
            if let Some(property) = properties.get_mut(place) {
                self.gather(property, value, form, scope)?;
            }
        }
        let keywords = keywords.into_iter().map(|(keyword, _, value)| {
            let name = match keyword {
                "@id" => "id",
                "@type" => "type",
                other => other,
            };
            Member { name: Name::new(name), value }
        });
        let properties = properties.into_iter().flat_map(Property::into_members);
        let members = Members::new(keywords.chain(properties).collect());
        let members =
            members.map_err(|clash| JsonLdError::TwoNames { first: clash.first, second: clash.again })?;
        Ok(Object::from_members(members))
    }

    /// What stands under a keyword, or another name for it.
    fn keyword(
        &mut self,
        keyword: &'static str,
        value: &Value,
        scope: &Scope<'_>,
    ) -> Result<Option<Value>, JsonLdError> {
        match (keyword, value) {
            (_, Value::Null) | ("@index", _) => Ok(None),
            ("@id", Value::String(id)) => Ok(self.id(id, scope)?.map(Value::from)),
            ("@id", _) => Err(JsonLdError::invalid("@id", "a text")),
            ("@type", Value::String(name)) => Ok(Some(Value::from(self.type_name(name, scope)?))),
            ("@type", Value::Array(names)) => {
                let names = names.iter().map(|name| match name.as_str() {
                    Some(name) => Ok(Value::from(self.type_name(name, scope)?)),
                    None => Err(JsonLdError::invalid("@type", "a name or several")),
                });
                Ok(Some(Value::Array(names.collect::<Result<_, _>>()?)))
            }
            ("@type", _) => Err(JsonLdError::invalid("@type", "a name or several")),
            (other, _) => Err(JsonLdError::unsupported(other)),
        }
    }

    /// `None` for a text that looks like a keyword without being one, which stands for nothing.
    fn id(&mut self, text: &str, scope: &Scope<'_>) -> Result<Option<String>, JsonLdError> {
        match scope.id(text, &mut self.budget)? {
            Meaning::Iri(iri) => Ok(Some((*iri).to_owned())),
            Meaning::Nothing => Ok(None),
            Meaning::Keyword(_) => Err(JsonLdError::invalid(text, "an id, not a keyword")),
        }
    }

    fn type_name(&mut self, text: &str, scope: &Scope<'_>) -> Result<String, JsonLdError> {
        match scope.name(text, &mut self.budget)? {
            Meaning::Iri(iri) => {
                let target = self.names.target(&iri, text, false, &mut self.budget)?;
                Ok((*target.name).to_owned())
            }
            Meaning::Nothing => Ok(format!("_:{text}")),
            Meaning::Keyword(_) => Err(JsonLdError::invalid(text, "a type, not a keyword")),
        }
    }

    /// Adds what a value stands for to a property.
    fn gather(
        &mut self,
        property: &mut Property,
        value: &Value,
        form: Form,
        scope: &Scope<'_>,
    ) -> Result<(), JsonLdError> {
        match value {
            Value::Null => {}
            Value::Array(values) => {
                property.is_array = true;
                for value in values {
                    match (value, form.container) {
                        (Value::Array(_), Container::List) => {
                            let mut inner = Property::new(property.target.clone());
                            self.gather(&mut inner, value, form, scope)?;
                            property.values.push(Value::Array(inner.values));
                        }
                        _ => self.gather(property, value, form, scope)?,
                    }
                }
            }
            Value::Object(map) if form.container == Container::Language => {
                for (language, texts) in map.members() {
                    for text in texts.one_or_many().iter().filter(|text| !text.is_null()) {
                        if text.as_str().is_none() {
                            return Err(JsonLdError::invalid(language, "a text in that language"));
                        }
                        property.add_text(language, text.clone());
                    }
                }
            }
            Value::Object(object) => self.gather_object(property, object, form, scope)?,
            Value::String(text) => match form.coercion {
                Coercion::None => property.values.push(value.clone()),
                Coercion::Id => property.add_reference(self.id(text, scope)?),
                Coercion::Name => match scope.name(text, &mut self.budget)? {
                    Meaning::Iri(iri) => {
                        self.budget.write(iri.len())?;
                        property.add_reference(Some((*iri).to_owned()));
                    }
                    _ => property.add_reference(self.id(text, scope)?),
                },
            },
            scalar => property.values.push(scalar.clone()),
        }
        Ok(())
    }

    /// A list, a set, a literal, or an object.
    fn gather_object(
        &mut self,
        property: &mut Property,
        object: &Object,
        form: Form,
        around: &Scope<'_>,
    ) -> Result<(), JsonLdError> {
        let mut inner = Scope::inside(around);
        let scope = match object.as_members().get("@context") {
            Some(context) => {
                inner.enter(context, &mut self.budget)?;
                &inner
            }
            None => around,
        };
        let mut keywords = HashMap::new();
        for (name, value) in object.members() {
            if let Some(keyword) = scope.keyword(name)
                && keywords.insert(keyword, value).is_some()
            {
                return Err(JsonLdError::TwoNames { first: keyword.into(), second: name.into() });
            }
        }
        if let Some(value) = keywords.get("@value") {
            return self.gather_literal(property, value, &keywords, scope);
        }
        if let Some(values) = keywords.get("@list").or_else(|| keywords.get("@set")) {
            if object.members().count() > 1 {
                return Err(JsonLdError::invalid("@list", "alone in its object"));
            }
            property.is_array = true;
            return self.gather(property, values, form, scope);
        }
        let node = self.node(object, scope)?;
        property.values.push(Value::Object(node));
        Ok(())
    }

    fn gather_literal(
        &mut self,
        property: &mut Property,
        value: &Value,
        keywords: &HashMap<&'static str, &Value>,
        scope: &Scope<'_>,
    ) -> Result<(), JsonLdError> {
        if keywords.get("@type").and_then(|of| of.as_str()) == Some("@json") {
            return Err(JsonLdError::unsupported("@json"));
        }
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            return Err(JsonLdError::invalid("@value", "a text, a number, true or false"));
        }
        if value.is_null() {
            return Ok(());
        }
        match (keywords.get("@language"), keywords.get("@type")) {
            (Some(language), _) => match language.as_str() {
                Some(language) => property.add_text(language, value.clone()),
                None => return Err(JsonLdError::invalid("@language", "a text")),
            },
            // Of our own properties the table says what their values are.
            (None, Some(of)) if !property.target.is_declared() => {
                let of = of.as_str().ok_or_else(|| JsonLdError::invalid("@type", "a name"))?;
                let Meaning::Iri(of) = scope.name(of, &mut self.budget)? else {
                    return Err(JsonLdError::unsupported(of));
                };
                self.budget.write(of.len())?;
                property.add_literal(value, "@type", &of);
            }
            _ => property.values.push(value.clone()),
        }
        Ok(())
    }
}
