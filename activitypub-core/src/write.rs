//! Writing JSON: the inverse of reading, compact, with everything as it was written but the white space and the
//! escapes that text can do without.

use std::fmt;

use crate::As;
use crate::read::plain;
use crate::value::{Members, Name, Value};

impl Value {
    /// The value as JSON text.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_value(&mut out, self);
        out
    }
}

impl<K> As<K> {
    /// The object as JSON text.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(1024);
        write_object(&mut out, self.as_members());
        out
    }
}

impl fmt::Display for Value {
    /// As JSON text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl<K> fmt::Display for As<K> {
    /// As JSON text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::String(text) => write_text(out, text),
        Value::Array(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(out, object.as_members()),
    }
}

fn write_object(out: &mut String, members: &Members) {
    out.push('{');
    for (index, member) in members.as_slice().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        member.name.write(out);
        write_value(out, &member.value);
    }
    out.push('}');
}

impl Name {
    /// Writes the name and the colon after it.
    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Known(known) => out.push_str(known.quoted),
            Self::Other(name) => {
                write_text(out, name);
                out.push(':');
            }
        }
    }
}

pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some((run, special)) = rest.split_at_checked(plain(rest.as_bytes())) {
        out.push_str(run);
        let mut characters = special.chars();
        let Some(character) = characters.next() else { break };
        escape(out, character);
        rest = characters.as_str();
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        control => {
            out.push_str("\\u00");
            for shift in [4, 0] {
                out.extend(char::from_digit(u32::from(control) >> shift & 0xf, 16));
            }
        }
    }
}
