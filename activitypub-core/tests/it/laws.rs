//! Laws of the tree that hold for every document, with `serde_json` as the other reader.

use activitypub_core::{Object, ParseError, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// A JSON text, with white space and escapes at random.
pub(crate) fn json() -> impl Strategy<Value = String> {
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?";
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        number,
        text()
    ];
    scalar.prop_recursive(5, 64, 8, |inner| {
        let array = (vec(spaced(inner.clone()), 0..8)).prop_map(|items| format!("[{}]", items.join(",")));
        let object = vec((spaced(name()), spaced(inner)), 0..8).prop_map(|members| {
            let members: Vec<String> =
                members.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![array, object]
    })
}

fn spaced(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    ("[ \n\r\t]{0,2}", inner, "[ \n\r\t]{0,2}").prop_map(|(before, inner, after)| before + &inner + &after)
}

/// Names of the vocabulary, other spellings of them, and any others.
fn name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(
        &["id", "@id", "type", "@type", "actor", "as:actor", "content", "schema:name"][..],
    );
    prop_oneof![known.prop_map(|name| format!("{name:?}")), text()]
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z ]{0,12}",
        "\\PC{0,6}".prop_map(|text: String| text.replace(['"', '\\'], "")),
        any::<char>().prop_map(escaped),
        prop::sample::select(&["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"][..])
            .prop_map(str::to_owned),
    ];
    vec(piece, 0..5).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn escaped(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// A JSON text with white space and escapes at random, and the same as it is written: without white space and
/// with the escapes that it cannot do without; names and numbers as they are and where they are.
fn two_spellings() -> impl Strategy<Value = (String, String)> {
    let number = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?";
    let token =
        prop_oneof![Just("null".to_owned()), Just("true".to_owned()), Just("false".to_owned()), number];
    let spaced =
        |open: &str, items: &[String], close: &str| format!("{open} \n{}\t\r{close}", items.join(" , "));
    let scalar = prop_oneof![token.prop_map(|token| (token.clone(), token)), text_in_two_spellings()];
    scalar.prop_recursive(5, 64, 8, move |inner| {
        let array = vec(inner.clone(), 0..8).prop_map(move |items| {
            let (spelled, written): (Vec<_>, Vec<_>) = items.into_iter().unzip();
            (spaced("[", &spelled, "]"), format!("[{}]", written.join(",")))
        });
        let object = vec((text_in_two_spellings(), inner), 0..8).prop_map(move |members| {
            let (spelled, written): (Vec<_>, Vec<_>) = members
                .into_iter()
                .map(|(name, value)| {
                    (format!("{}\n: {}", name.0, value.0), format!("{}:{}", name.1, value.1))
                })
                .unzip();
            (spaced("{", &spelled, "}"), format!("{{{}}}", written.join(",")))
        });
        prop_oneof![array, object]
    })
}

fn text_in_two_spellings() -> impl Strategy<Value = (String, String)> {
    let special =
        prop::sample::select(&['"', '\\', '/', '\u{8}', '\u{c}', '\n', '\r', '\t', '\0', '\u{7f}'][..]);
    vec((prop_oneof![any::<char>(), special], any::<bool>()), 0..12).prop_map(|characters| {
        let (spelled, written): (String, String) = characters
            .into_iter()
            .map(|(character, escape)| {
                let written = match character {
                    '"' | '\\' => format!("\\{character}"),
                    '\u{8}' => "\\b".to_owned(),
                    '\u{c}' => "\\f".to_owned(),
                    '\n' => "\\n".to_owned(),
                    '\r' => "\\r".to_owned(),
                    '\t' => "\\t".to_owned(),
                    '\0'..' ' => escaped(character),
                    _ => character.to_string(),
                };
                let spelled = match character {
                    _ if escape => escaped(character),
                    '/' => "\\/".to_owned(),
                    _ => written.clone(),
                };
                (spelled, written)
            })
            .unzip();
        (format!("\"{spelled}\""), format!("\"{written}\""))
    })
}

fn theirs(text: &[u8]) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::from_slice(text)
}

/// Whether two values are the same but for the last digits of their floats, which `serde_json` reads in haste.
fn alike(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Number(one), Number(other)) if one.is_f64() || other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
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

/// Reads a text both ways: the two agree, except where ours is stricter or keeps more.
fn agree(text: &[u8]) {
    let shown = String::from_utf8_lossy(text);
    match (Value::parse(text), theirs(text)) {
        (Ok(ours), Ok(theirs)) => {
            assert!(alike(&ours.clone().into(), &theirs), "{shown} is read as {ours}");
            assert_eq!(Value::parse(ours.to_json().as_bytes()), Ok(ours));
        }
        (Ok(_), Err(error)) => assert!(error.to_string().contains("number out of range"), "{shown}: {error}"),
        (Err(error), Ok(_)) => assert!(
            matches!(
                error,
                ParseError::DuplicateKey { .. }
                    | ParseError::TwoSpellings { .. }
                    | ParseError::TooDeep { .. }
                    | ParseError::TooLong { .. }
            ),
            "{shown}: {error}"
        ),
        (Err(_), Err(_)) => {}
    }
}

proptest! {
    #[test]
    fn well_formed_json_is_read_as_serde_json_reads_it(text in json()) {
        prop_assert!(theirs(text.as_bytes()).is_ok() || text.contains(['e', 'E']), "the strategy makes JSON");
        agree(text.as_bytes());
    }

    #[test]
    fn what_is_read_is_written_as_it_was((spelled, written) in two_spellings()) {
        match Value::parse(spelled.as_bytes()) {
            Ok(value) => prop_assert_eq!(value.to_json(), written),
            // By chance, which makes short names.
            Err(error) => prop_assert!(matches!(error, ParseError::DuplicateKey { .. }), "{spelled}: {error}"),
        }
    }

    #[test]
    fn damaged_json_is_refused_or_read_as_serde_json_reads_it(
        text in json(), at in any::<prop::sample::Index>(), damage in vec(any::<u8>(), 0..3), cut in 0..3_usize,
    ) {
        let mut text = text.into_bytes();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, damage);
        agree(&text);
    }

    #[test]
    fn any_bytes_are_refused_or_read_as_serde_json_reads_them(bytes in vec(any::<u8>(), 0..64)) {
        agree(&bytes);
    }

    #[test]
    fn tokens_in_any_order_are_refused_or_read_as_serde_json_reads_them(
        tokens in vec(prop::sample::select(&[
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"id\"", "\"\\u", "d83d", "\\ude00", "\"", "0", "1", "-", ".", "e", "true", "null", " ",
        ][..]), 0..16),
    ) {
        agree(tokens.concat().as_bytes());
    }

    #[test]
    fn the_bridge_to_serde_json_goes_both_ways(text in json()) {
        if let (Ok(value), Ok(theirs)) = (Value::parse(text.as_bytes()), theirs(text.as_bytes())) {
            let there_and_back = serde_json::Value::from(Value::from(theirs.clone()));
            prop_assert_eq!(&there_and_back, &theirs);
            prop_assert!(alike(&serde_json::to_value(&value).unwrap(), &theirs));
            let deserialized: Value = serde_json::from_value(theirs.clone()).unwrap();
            prop_assert!(alike(&deserialized.into(), &theirs));
        }
    }

    #[test]
    fn deserializing_refuses_what_reading_refuses(text in json()) {
        let read = Value::parse(text.as_bytes());
        match (&read, serde_json::from_slice::<Value>(text.as_bytes())) {
            (Ok(_), Err(error)) => prop_assert!(error.to_string().contains("number out of range"), "{}", error),
            (Err(error), Ok(value)) => prop_assert!(false, "{} is read as {}: {}", text, value, error),
            _ => {}
        }
    }

    #[test]
    fn writing_one_property_leaves_the_others_as_they_were(text in json(), name in "[a-z]{1,6}|actor|@id") {
        let Ok(Value::Object(before)) = Value::parse(text.as_bytes()) else { return Ok(()) };
        let mut after = before.clone();
        after.insert(&name, "new");
        prop_assert_eq!(after.member(&name).and_then(Value::as_str), Some("new"));
        let others = |object: &Object| -> Vec<(String, Value)> {
            let mut object = object.clone();
            object.remove(&name);
            object.members().map(|(name, value)| (name.to_owned(), value.clone())).collect()
        };
        prop_assert_eq!(others(&after), others(&before));
    }
}

#[test]
fn deserializing_refuses_deep_nesting() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(serde_json::from_str::<Value>(&deep(64)).is_ok());
    let error = serde_json::from_str::<Value>(&deep(65)).unwrap_err();
    assert!(error.to_string().contains("nested too deep"), "{error}");
}

#[test]
fn deserializing_an_object_takes_nothing_else() {
    assert!(serde_json::from_str::<Object>(r#"{"id":"https://a.example/1"}"#).is_ok());
    assert!(serde_json::from_str::<Object>("[]").is_err());
    assert!(serde_json::from_str::<Object>(r#"{"id":1,"@id":2}"#).is_err());
}

#[test]
fn numbers_beyond_floating_point_become_null_for_serde() {
    let value = Value::parse(b"[1e400, 9007199254740993, -1, 0.5]").unwrap();
    let expected = serde_json::json!([null, 9_007_199_254_740_993_u64, -1, 0.5]);
    assert_eq!(serde_json::to_value(&value).unwrap(), expected);
    assert_eq!(serde_json::Value::from(value), expected);
}
