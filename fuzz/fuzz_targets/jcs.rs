//! The canonical form of a document, RFC 8785: the one that a writer in the simplest way comes to, it stands for the
//! same JSON, and it is its own canonical form.

#![no_main]

use activitypub_core::{ParseError, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = Value::parse(bytes) else { return };
    let simple = simple(&value);
    let Ok(canonical) = value.to_jcs() else {
        assert_eq!(simple, None, "{value} has a canonical form");
        return;
    };
    assert_eq!(Some(&*canonical), simple.as_deref());
    match Value::parse(canonical.as_bytes()) {
        Ok(again) => assert_eq!(again.to_jcs().as_deref(), Ok(&*canonical)),
        Err(error) => assert!(matches!(error, ParseError::TooLarge { .. }), "{error}: {canonical}"),
    }
});

/// `None` where a number is beyond the range of a double.
fn simple(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number_in_ecmascript(number.as_f64()?),
        Value::String(text) => text_in_json(text),
        Value::Array(values) => {
            let values: Option<Vec<_>> = values.iter().map(simple).collect();
            format!("[{}]", values?.join(","))
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object.members().collect();
            members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            let member =
                |(name, value): (&str, &Value)| Some(format!("{}:{}", text_in_json(name), simple(value)?));
            let members: Option<Vec<_>> = members.into_iter().map(member).collect();
            format!("{{{}}}", members?.join(","))
        }
    })
}

/// `serde_json` escapes what RFC 8785 §3.2.2.2 says, in the same way.
fn text_in_json(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// ECMA-262 §6.1.6.1.20, from the digits that Rust finds.
fn number_in_ecmascript(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    // As many digits as are needed; of those that will do the nearest, of two the even one.
    let shortest = format!("{:e}", number.abs());
    let needed = shortest.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    let nearest = format!("{:.*e}", needed - 1, number.abs());
    let written = if nearest.parse() == Ok(number.abs()) { nearest } else { shortest };
    let (digits, exponent) = written.split_once('e').expect("an exponent");
    let digits = digits.replace('.', "");
    let point = exponent.parse::<i32>().expect("a number") + 1;
    let count = digits.len() as i32;
    let written = match point {
        _ if count <= point && point <= 21 => format!("{digits}{}", "0".repeat((point - count) as usize)),
        1..=21 => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
        -5..=0 => format!("0.{}{digits}", "0".repeat(-point as usize)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
            format!("{first}{rest}e{:+}", point - 1)
        }
    };
    format!("{sign}{written}")
}
