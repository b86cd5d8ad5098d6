//! A document of a stranger: reading never panics, writing is its inverse, and `serde_json` reads the same, except
//! where ours is stricter.

#![no_main]

use activitypub_core::{ParseError, Parsed, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let theirs = serde_json::from_slice::<serde_json::Value>(bytes);
    match (Value::parse(bytes), theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert!(alike(&ours.clone().into(), &theirs), "read as {ours}, by serde_json as {theirs}");
            written_reads_back(&ours);
        }
        // Ours keeps a number as written; theirs has to find a float for it.
        (Ok(ours), Err(error)) => {
            assert!(
                error.to_string().contains("number out of range"),
                "only ours is read, as {ours}: {error}"
            );
            written_reads_back(&ours);
        }
        (Err(error), Ok(theirs)) => assert!(stricter(&error), "{error}, but {theirs}"),
        (Err(_), Err(_)) => {}
    }
    if let Ok(parsed) = Parsed::parse(bytes.to_vec()) {
        assert_eq!(parsed.bytes(), bytes);
        // The readings that every document goes through, whatever its type.
        _ = (parsed.id(), parsed.types().count(), parsed.check());
    }
});

fn written_reads_back(value: &Value) {
    let written = value.to_json();
    let again = Value::parse(written.as_bytes());
    assert_eq!(again.as_ref(), Ok(value), "{written}");
    assert_eq!(again.map(|again| again.to_json()), Ok(written));
}

/// Whether this refusal is of something that RFC 8259 allows.
fn stricter(error: &ParseError) -> bool {
    matches!(
        error,
        ParseError::DuplicateKey { .. }
            | ParseError::TwoSpellings { .. }
            | ParseError::TooDeep { .. }
            | ParseError::TooLong { .. }
            | ParseError::TooLarge { .. }
    )
}

/// Whether two values are the same but for the last digits of their floats, which `serde_json` reads in haste.
fn alike(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) if one.is_f64() || other.is_f64() => {
            let (Some(one), Some(other)) = (one.as_f64(), other.as_f64()) else { return false };
            (one - other).abs() <= one.abs() * 1e-15 || (one - other).abs() < f64::MIN_POSITIVE
        }
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| alike(value, other)))
        }
        _ => one == other,
    }
}
