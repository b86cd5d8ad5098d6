//! Definitions as contexts write them: [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/) §9.15.1.

use super::JsonLdError;
use super::definition::{Coercion, Container};
use crate::Object;
use crate::value::Value;

/// A definition as it is written.
pub(super) struct Written<'a> {
    /// `None` where it takes the name's meaning away.
    pub(super) iri: Option<&'a str>,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    pub(super) is_simple: bool,
    pub(super) is_prefix: bool,
}

impl<'a> Written<'a> {
    pub(super) fn of(name: &'a str, value: &'a Value) -> Result<Self, JsonLdError> {
        let simple = Self {
            iri: None,
            coercion: Coercion::None,
            container: Container::None,
            is_simple: true,
            is_prefix: false,
        };
        match value {
            Value::Null => Ok(simple),
            Value::String(iri) => Ok(Self { iri: Some(iri), ..simple }),
            Value::Object(definition) => Self::expanded(name, definition),
            _ => Err(JsonLdError::invalid(name, "defined by an IRI, an object or null")),
        }
    }

    fn expanded(name: &'a str, definition: &'a Object) -> Result<Self, JsonLdError> {
        let mut written = Self {
            iri: Some(name),
            coercion: Coercion::None,
            container: Container::None,
            is_simple: false,
            is_prefix: false,
        };
        for (key, value) in definition.members() {
            match (key, value) {
                ("@id", Value::Null) => written.iri = None,
                ("@id", Value::String(iri)) => written.iri = Some(iri),
                ("@type", Value::String(of)) => {
                    written.coercion = match &**of {
                        "@id" => Coercion::Id,
                        "@vocab" => Coercion::Name,
                        "@json" => return Err(JsonLdError::unsupported("@json")),
                        _ => Coercion::None,
                    };
                }
                ("@container", Value::String(of)) => written.container = container(of)?,
                ("@container", Value::Array(several)) => {
                    for of in several {
                        match container(of.as_str().unwrap_or_default())? {
                            Container::None => {}
                            of => written.container = of,
                        }
                    }
                }
                ("@prefix", Value::Bool(is_prefix)) => written.is_prefix = *is_prefix,
                ("@language" | "@direction" | "@protected", _) => {}
                ("@reverse" | "@nest" | "@context" | "@index", _) => {
                    return Err(JsonLdError::unsupported(key));
                }
                _ => {
                    return Err(JsonLdError::invalid(
                        name,
                        "defined by keywords of JSON-LD and their values",
                    ));
                }
            }
        }
        Ok(written)
    }
}

fn container(of: &str) -> Result<Container, JsonLdError> {
    match of {
        "@list" => Ok(Container::List),
        "@language" => Ok(Container::Language),
        "@set" => Ok(Container::None),
        other => Err(JsonLdError::unsupported(&format!("a container that is {other:?}"))),
    }
}
