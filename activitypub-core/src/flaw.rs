//! [`Flaw`]: a property that is not as its vocabulary says. None of them makes a document unreadable.

use std::fmt;

use crate::value::Value;
use crate::vocab;
use crate::vocab::as2::Object;

/// A property that is not as its vocabulary says, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flaw {
    /// Where: the names and numbers that lead to it, as a JSON Pointer (RFC 6901).
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The value has not the form that the property's values have; reading gives nothing.
    Shape,
    /// `id` is something else than a string.
    Id,
    /// `type` is something else than a name or several.
    Type,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = match self.problem {
            Problem::Shape => "the value has not the form of this property's values",
            Problem::Id => "an id is a string",
            Problem::Type => "a type is a string or an array of strings",
        };
        write!(f, "{}: {problem}", self.path)
    }
}

pub(crate) fn check(object: &Object) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    check_object(object, &mut String::new(), &mut flaws);
    flaws
}

fn check_object(object: &Object, path: &mut String, flaws: &mut Vec<Flaw>) {
    for (name, value) in object.members() {
        if name == "@context" || value.is_null() {
            continue;
        }
        let parent = path.len();
        path.push('/');
        path.push_str(&name.replace('~', "~0").replace('/', "~1"));
        let problem = match vocab::local_name(name) {
            "id" | "@id" => value.as_str().is_none().then_some(Problem::Id),
            "type" | "@type" => (!is_type(value)).then_some(Problem::Type),
            _ => vocab::term(object, name)
                .filter(|row| !is_empty(value) && !(row.fits)(value))
                .map(|_| Problem::Shape),
        };
        flaws.extend(problem.map(|problem| Flaw { path: path.clone(), problem }));
        check_value(value, path, flaws);
        path.truncate(parent);
    }
}

fn check_value(value: &Value, path: &mut String, flaws: &mut Vec<Flaw>) {
    match value {
        Value::Object(object) => check_object(object, path, flaws),
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                let parent = path.len();
                path.push_str(&format!("/{at}"));
                check_value(value, path, flaws);
                path.truncate(parent);
            }
        }
        _ => {}
    }
}

fn is_type(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(names) => names.iter().all(|name| name.as_str().is_some()),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Array(values) if values.is_empty())
}
