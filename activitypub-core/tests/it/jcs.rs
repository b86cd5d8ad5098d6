//! The canonical form, held to the published numbers and documents of RFC 8785 and to its laws.

use std::fs;

use activitypub_core::{Number, Object, Value};
use proptest::prelude::*;

use crate::corpus::shared;
use crate::laws::json;

fn jcs(text: &[u8]) -> String {
    Value::parse(text).expect("JSON").to_jcs().expect("a canonical form")
}

#[test]
fn the_published_numbers_are_written_as_published() {
    let Some(shared) = shared() else { return };
    let table = fs::read_to_string(shared.join("vectors/rfc8785/es6numbers-10000.txt")).expect("readable");
    for line in table.lines() {
        let (bits, expected) = line.split_once(',').expect("bits, a comma, a text");
        let double = f64::from_bits(u64::from_str_radix(bits, 16).expect("hexadecimal"));
        let number = Number::from_f64(double).expect("finite");
        assert_eq!(Value::from(number).to_jcs().as_deref(), Ok(expected), "{line}");
        assert_eq!(jcs(format!("{double:.16e}").as_bytes()), expected, "{line}, from its digits");
    }
    assert_eq!(table.lines().count(), 10_000);
}

#[test]
fn the_published_documents_are_written_as_published() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("vectors/rfc8785");
    let mut seen = 0;
    for entry in fs::read_dir(folder.join("input")).expect("readable") {
        let name = entry.expect("readable").file_name();
        let read = |of: &str| fs::read(folder.join(of).join(&name)).expect("readable");
        let canonical = jcs(&read("input"));
        assert_eq!(canonical.as_bytes(), read("output"), "{}", name.display());
        let hex =
            fs::read_to_string(folder.join("outhex").join(&name).with_extension("txt")).expect("readable");
        let bytes: Vec<String> = canonical.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(bytes, hex.split_whitespace().collect::<Vec<_>>(), "{}", name.display());
        seen += 1;
    }
    assert_eq!(seen, 6);
}

/// The same value with the members of every object in another order.
fn reordered(value: Value, shift: usize) -> Value {
    match value {
        Value::Array(values) => {
            Value::Array(values.into_iter().map(|value| reordered(value, shift)).collect())
        }
        Value::Object(object) => {
            let mut members: Vec<(String, Value)> =
                object.members().map(|(name, value)| (name.to_owned(), value.clone())).collect();
            members.reverse();
            let middle = shift % members.len().max(1);
            members.rotate_left(middle);
            let mut other = Object::new();
            for (name, value) in members {
                other.insert(&name, reordered(value, shift));
            }
            Value::Object(other)
        }
        other => other,
    }
}

/// Whether two values are the same but for how their numbers are written.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, value): (&str, &Value)| {
                other.members().any(|(theirs, other)| name == theirs && alike(value, other))
            };
            one.members().count() == other.members().count() && one.members().all(same)
        }
        _ => one == other,
    }
}

proptest! {
    #[test]
    fn the_canonical_form_is_the_same_document(text in json()) {
        if let Ok(value) = Value::parse(text.as_bytes()) {
            let canonical = value.to_jcs().unwrap();
            let again = Value::parse(canonical.as_bytes()).unwrap();
            prop_assert!(alike(&again, &value), "{} is not {}", canonical, text);
            prop_assert_eq!(again.to_jcs().unwrap(), canonical);
        }
    }

    #[test]
    fn the_canonical_form_depends_on_neither_order_nor_white_space(text in json(), shift in 0..8_usize) {
        if let Ok(value) = Value::parse(text.as_bytes()) {
            let canonical = value.to_jcs().unwrap();
            prop_assert_eq!(jcs(value.to_json().as_bytes()), canonical.as_str());
            prop_assert_eq!(reordered(value, shift).to_jcs().unwrap(), canonical);
        }
    }
}
