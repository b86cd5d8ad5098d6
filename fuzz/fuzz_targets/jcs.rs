//! The canonical form of a value, RFC 8785: itself canonical, the same for every order and spelling, and the value that
//! `serde_json` reads from it.

#![no_main]

use activitypub_core::Value;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = Value::parse(bytes) else { return };
    let Ok(canonical) = value.to_jcs() else {
        assert!(
            serde_json::from_slice::<serde_json::Value>(bytes).is_err(),
            "only a number can be beyond it"
        );
        return;
    };
    let again = Value::parse(canonical.as_bytes()).expect("the canonical form is JSON");
    assert_eq!(again.to_jcs().as_deref(), Ok(&*canonical), "canonical already");
    assert_eq!(reversed(&value).to_jcs().as_deref(), Ok(&*canonical), "whatever the order of properties");
    // By way of doubles, which the form is made for; `serde_json` writes some of them otherwise.
    let theirs: serde_json::Value = serde_json::from_str(&canonical).expect("the canonical form is JSON");
    assert!(names_are_sorted(&canonical), "{canonical}");
    assert_eq!(count(&theirs), count(&serde_json::Value::from(value)), "nothing is lost");
});

/// The same with the properties of every object in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(values) => Value::Array(values.iter().map(reversed).collect()),
        Value::Object(object) => {
            let mut turned = activitypub_core::Object::new();
            let members: Vec<_> = object.members().collect();
            members.into_iter().rev().for_each(|(name, value)| turned.insert(name, reversed(value)));
            Value::Object(turned)
        }
        value => value.clone(),
    }
}

/// Whether the names of each object stand in the order of their UTF-16 code units.
fn names_are_sorted(canonical: &str) -> bool {
    fn sorted(value: &Value) -> bool {
        match value {
            Value::Array(values) => values.iter().all(sorted),
            Value::Object(object) => {
                let names: Vec<Vec<u16>> =
                    object.members().map(|(name, _)| name.encode_utf16().collect()).collect();
                names.is_sorted() && object.members().all(|(_, value)| sorted(value))
            }
            _ => true,
        }
    }
    Value::parse(canonical.as_bytes()).is_ok_and(|value| sorted(&value))
}

/// How many values there are.
fn count(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(values) => 1 + values.iter().map(count).sum::<usize>(),
        serde_json::Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        _ => 1,
    }
}
