//! What holds of `check()` for any document: it ends, it is bounded, and it changes nothing.

use std::collections::BTreeSet;

use activitypub_core::vocab::ALL;
use activitypub_core::{Severity, Value};
use proptest::prelude::*;

use super::flaws;

#[test]
fn a_thousand_hints_hide_no_danger_and_are_not_all_listed() {
    let hints = vec![r#"{"id":"http://a.example/1"}"#; 3000].join(",");
    let json = format!(
        r#"{{"x":[{hints}],"object":{{"id":"https://a.example/1","actor":"https://b.example/bob"}},"y":[{hints}]}}"#
    );
    let flaws = flaws(&json);
    assert!(flaws.len() < 300, "{}", flaws.len());
    assert!(flaws.iter().any(|flaw| flaw.severity == Severity::Danger && flaw.path == "/object/actor"));
}

#[test]
fn what_is_listed_is_no_larger_than_what_was_read() {
    let name = "n".repeat(100_000);
    let text = "t".repeat(100_000);
    let object = format!(r#"{{"{name}":{{"id":"{text}"}}}}"#);
    let flaws = flaws(&format!(r#"{{"{name}":[{object},{object}]}}"#));
    let listed: usize = flaws.iter().map(|flaw| flaw.path.len() + flaw.message.len()).sum();
    assert!(!flaws.is_empty() && listed < 10_000, "{listed}");
}

#[test]
fn what_is_as_deep_as_is_read_is_checked_to_its_end() {
    let deep = format!("{}{{\"id\":7}}{}", r#"{"type":"Announce","object":"#.repeat(63), "}".repeat(63));
    let path = "/object".repeat(63) + "/id";
    assert!(flaws(&deep).iter().any(|flaw| flaw.path == path));
}

#[test]
fn many_of_everything_take_no_time() {
    let ids = |host: &str| {
        (0..4000).map(|n| format!("\"https://{host}{n}.example/1\"")).collect::<Vec<_>>().join(",")
    };
    let json = format!(
        r#"{{"id":"https://a.example/1","type":"Update","actor":[{}],"object":[{}],"attributedTo":[{}],"to":[{}]}}"#,
        ids("a"),
        ids("b"),
        ids("c"),
        ids("d")
    );
    let start = std::time::Instant::now();
    assert_eq!(flaws(&json).iter().filter(|flaw| flaw.severity == Severity::Danger).count(), 100);
    // Comparing each with each would be sixteen million comparisons of hosts: minutes, as this is built.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn many_types_of_many_properties_take_no_time() {
    let types = (0..4000).map(|n| format!("\"x:{n}\"")).collect::<Vec<_>>().join(",");
    let names: BTreeSet<&str> = ALL.iter().flat_map(|of| of.rows()).map(|row| row.term.name).collect();
    let members = names.into_iter().filter(|name| *name != "type").take(240);
    let members = members.map(|name| format!("\"{name}\":1")).collect::<Vec<_>>().join(",");
    let object = format!(r#"{{"type":[{types}],{members}}}"#);
    let start = std::time::Instant::now();
    assert!(!flaws(&format!(r#"{{"tag":[{}]}}"#, [&*object; 10].join(","))).is_empty());
    // Asking each type for each property would be minutes, as this is built.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// A document of names that mean something and values that may not.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let names: Vec<String> = ALL
        .iter()
        .flat_map(|vocabulary| vocabulary.rows())
        .flat_map(|row| [row.term.name.to_owned(), format!("as:{}", row.term.name)])
        .chain(["id", "type", "@id", "@context", "nameMap", "contentMap", "x", ""].map(str::to_owned))
        .collect();
    let types: Vec<&str> = ALL.iter().flat_map(|vocabulary| vocabulary.types).map(|of| of.name).collect();
    let texts = [
        "https://a.example/1",
        "https://b.example:443/%61?b#c",
        "https://a.example@b.example/",
        "https://xn--99999999.example/",
        "http://[::1/",
        "javascript:alert(1)",
        "data:\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        "https://www.w3.org/ns/activitystreams",
        "as:Public",
        "2025-01-02T03:04:05Z",
        "-P1Y2M3DT4H5M6.7S",
        "<a href='",
        "<!-- <p \u{e9}=\u{e9}>",
        "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----",
        "z",
        "\u{202e}\u{0}\u{301}",
        "en-x",
        "",
    ];
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        prop::sample::select(texts.to_vec()).prop_map(Into::into),
        prop::sample::select(types).prop_map(Into::into),
        "\\PC{0,12}".prop_map(Into::into),
    ];
    let name = prop_oneof![4 => prop::sample::select(names), 1 => "\\PC{0,6}"];
    let object = move |value: BoxedStrategy<serde_json::Value>| {
        prop::collection::vec((name.clone(), value), 0..8)
            .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
    };
    let deeper = object.clone();
    let value = scalar.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into), deeper(inner.boxed())]
    });
    object(value.boxed())
}

proptest! {
    #[test]
    fn any_object_is_checked_and_left_as_it_is(json in document()) {
        let Value::Object(object) = Value::from(json) else { unreachable!() };
        let before = object.clone();
        let flaws = object.check();
        prop_assert_eq!(&object, &before);
        prop_assert!(flaws.len() <= 300);
        for flaw in flaws {
            prop_assert!(flaw.message.len() < 1000 && flaw.path.len() <= 1024, "{}", flaw);
            prop_assert!(!flaw.to_string().contains(char::is_control), "{}", flaw);
        }
    }
}
