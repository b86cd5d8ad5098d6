//! What is read as JSON and what is refused: RFC 8259, and the rules beyond it.

use activitypub_core::{Limits, Object, ParseError, Parsed, Value};

fn parse(text: impl AsRef<[u8]>) -> Result<Value, ParseError> {
    Value::parse(text.as_ref())
}

/// The text of a JSON string.
fn text(json: &str) -> String {
    parse(json).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_form_of_the_grammar_is_read() {
    let forms = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "7",
        "-7",
        "10",
        "3.25",
        "-0.0",
        "1e5",
        "1E5",
        "1e+5",
        "1e-5",
        "0e0",
        "12.5E-03",
        r#""""#,
        r#""a""#,
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[null]",
        "[1,2]",
        "[[],{}]",
        r#"{"a":1}"#,
        r#"{"":0}"#,
        r#"{"a":{"b":[]}}"#,
        " \t\r\n1\n\r\t ",
        "[ 1 ,\n2 ]",
        "{ \"a\" :\t1 }",
        r#""/""#,
        "\"\u{7f}\"",
        "\"\u{2028}\u{feff}\u{10ffff}\"",
        r#"{"a":1,"A":2}"#,
        r#"{"a\u0000":1,"a":2}"#,
    ];
    for form in forms {
        let value = parse(form).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(parse(value.to_json()), Ok(value), "{form}");
    }
}

#[test]
fn what_the_grammar_does_not_have_is_refused() {
    let malformed = [
        // Literals and things that look like some.
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "NULL",
        "undefined",
        "NaN",
        "Infinity",
        "-Infinity",
        "tru e",
        // Numbers.
        "-",
        "+1",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "-.5",
        "1.e1",
        "1e",
        "1e+",
        "1E-",
        "1.2.3",
        "0x10",
        "1_000",
        "1,5",
        "--1",
        "- 1",
        "1 000",
        "\u{ff11}",
        "1f",
        "0b1",
        // Texts.
        "\"",
        "\"a",
        "a",
        "'a'",
        "\"a\"b\"",
        "\"\\\"",
        r#""\x41""#,
        r#""\a""#,
        r#""\u12""#,
        r#""\u12G4""#,
        r#""\u 041""#,
        r#""\U0041""#,
        r#""\u+041""#,
        "\"\\\n\"",
        "\"a\tb\"",
        "\"a\nb\"",
        "\"\0\"",
        "\"\u{1f}\"",
        // Arrays.
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1,,2]",
        "[1}",
        "[1;2]",
        "[1:2]",
        "(1)",
        // Objects.
        "{",
        "}",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a" 1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1,,"b":2}"#,
        "{a:1}",
        "{1:1}",
        r#"{'a':1}"#,
        r#"{"a"::1}"#,
        r#"{"a":1]"#,
        r#"{"a","b"}"#,
        r#"{null:1}"#,
        r#"{"a":1"#,
        r#"{"a":"#,
        // White space and comments that JSON does not have.
        "\u{a0}1",
        "\u{c}1",
        "1\u{b}",
        "1\u{2028}",
        "// a\n1",
        "/* a */1",
        "[1 // a\n]",
        "# a\n1",
        // More than one document.
        "1 2",
        "{}{}",
        "[][]",
        "{} x",
        "{}}",
        "[]]",
        "null,",
        "{}\0",
        "\"a\"\"b\"",
    ];
    for text in malformed {
        assert!(parse(text).is_err(), "{text:?} is read as {:?}", parse(text));
    }
}

#[test]
fn escapes_stand_for_their_characters() {
    assert_eq!(text(r#""\"\\\/\b\f\n\r\t""#), "\"\\/\u{8}\u{c}\n\r\t");
    assert_eq!(text(r#""\u0041\u00e9\u20AC\uFFFF""#), "Aé€\u{ffff}");
    assert_eq!(text(r#""\ud83d\ude00 and \uD83D\uDE00""#), "😀 and 😀");
    assert_eq!(text(r#""\ud800\udc00\udbff\udfff""#), "\u{10000}\u{10ffff}");
    assert_eq!(text(r#""\u0000""#), "\0", "a NUL is a character; an id refuses it");
    assert_eq!(
        text(r#""a much longer text \u003cp\u003e that goes on and on""#),
        "a much longer text <p> that goes on and on"
    );
}

#[test]
fn a_text_is_plain_up_to_wherever_its_first_special_character_stands() {
    for length in 0..40 {
        let run = "é~".repeat(length);
        let run = run.get(..length).unwrap_or("x");
        assert_eq!(text(&format!("\"{run}\"")), run);
        assert_eq!(text(&format!("\"{run}\\n{run}\"")), format!("{run}\n{run}"));
        for control in 0..0x20_u8 {
            let raw = format!("\"{run}{}\"", char::from(control));
            assert!(parse(&raw).is_err(), "{raw:?}");
        }
    }
}

#[test]
fn lone_surrogates_are_refused() {
    for lone in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\ud83d""#,
        r#""\ude00\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\u0041""#,
        r#"{"\udc00":1}"#,
    ] {
        assert!(matches!(parse(lone), Err(ParseError::LoneSurrogate { .. })), "{lone}: {:?}", parse(lone));
    }
}

#[test]
fn only_utf_8_without_a_byte_order_mark_is_read() {
    assert_eq!(parse(b"\"a\xff\""), Err(ParseError::NotUtf8 { at: 2 }));
    for wrong in [
        &b"\"\xc0\xaf\""[..],
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"\"\xe2\x82\"",
        b"\"\x80\"",
        b"\"\xe9\"",
        b"\xff\xfe{\0}\0",
        b"\xfe\xff\0{\0}",
    ] {
        assert!(matches!(parse(wrong), Err(ParseError::NotUtf8 { .. })), "{wrong:?}");
    }
    assert!(parse(b"{\0}\0").is_err(), "UTF-16 without a mark");
    assert_eq!(parse("\u{feff}{}"), Err(ParseError::ByteOrderMark));
}

#[test]
fn a_name_that_stands_twice_is_refused_at_any_depth_and_however_it_is_escaped() {
    for twice in [
        r#"{"actor":"https://a.example/1","actor":"https://b.example/2"}"#,
        r#"{"actor":1,"\u0061ctor":2}"#,
        r#"{"\u0061ctor":1,"id":2,"actor":2}"#,
        r#"{"object":{"object":[{"x":1,"y":2,"\u0078":3}]}}"#,
        r#"[{"":1,"":1}]"#,
        r#"{"@context":[{"a":1,"a":1}]}"#,
    ] {
        assert!(matches!(parse(twice), Err(ParseError::DuplicateKey { .. })), "{twice}: {:?}", parse(twice));
    }
    assert_eq!(
        parse(r#"{"object":{"actor":1,"\u0061ctor":2}}"#),
        Err(ParseError::DuplicateKey { name: "actor".into(), at: 10 })
    );
    assert!(parse(r#"{"actor":{"actor":1},"Actor":2}"#).is_ok(), "other objects and other names");
}

#[test]
fn a_name_that_stands_twice_among_many_is_refused() {
    let names = |count: usize| (0..count).map(|name| format!("\"x{name}\":0")).collect::<Vec<_>>().join(",");
    for count in [2, 9, 255] {
        assert!(parse(format!("{{{}}}", names(count))).is_ok());
        let twice = format!("{{{},\"x0\":1}}", names(count));
        assert!(matches!(parse(&twice), Err(ParseError::DuplicateKey { name, .. }) if *name == *"x0"));
    }
}

#[test]
fn two_spellings_of_one_property_in_one_object_are_refused() {
    for (first, second) in [
        ("id", "@id"),
        ("@type", "type"),
        ("actor", "as:actor"),
        ("as:actor", "https://www.w3.org/ns/activitystreams#actor"),
        ("https://www.w3.org/ns/activitystreams#actor", "actor"),
        ("publicKey", "https://w3id.org/security#publicKey"),
    ] {
        let refused = parse(format!(r#"{{"{first}":1,"x":2,"{second}":3}}"#));
        let expected = ParseError::TwoSpellings { first: first.into(), second: second.into(), at: 0 };
        assert_eq!(refused, Err(expected));
    }
    assert!(parse(r#"{"name":"a","schema:name":"b","foo:name":"c"}"#).is_ok(), "these are three properties");
}

#[test]
fn nesting_ends_at_the_limit() {
    let arrays = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    assert!(parse(arrays(64)).is_ok());
    assert!(parse(objects(64)).is_ok());
    assert_eq!(parse(arrays(65)), Err(ParseError::TooDeep { limit: 64, at: 64 }));
    assert_eq!(parse(objects(65)), Err(ParseError::TooDeep { limit: 64, at: 64 * 5 }));
    assert!(matches!(parse(arrays(10_000)), Err(ParseError::TooDeep { .. })));
    assert!(matches!(parse("[".repeat(1 << 20)), Err(ParseError::TooDeep { .. })));
    assert!(parse(format!("[{}0]", "[[]],".repeat(1_000))).is_ok(), "wide is not deep");
}

#[test]
fn what_is_too_long_is_refused() {
    let too_long = |text: String| match parse(&text) {
        Err(ParseError::TooLong { what, limit, .. }) => (what, limit),
        other => panic!("{other:?}"),
    };
    let items = |count: usize| format!("[{}]", vec!["0"; count].join(","));
    assert!(parse(items(4096)).is_ok());
    assert_eq!(too_long(items(4097)), ("array", 4096));

    let properties = |count: usize| {
        format!("{{{}}}", (0..count).map(|name| format!("\"{name}\":0")).collect::<Vec<_>>().join(","))
    };
    assert!(parse(properties(256)).is_ok());
    assert_eq!(too_long(properties(257)), ("object", 256));

    let text = |length: usize| format!("\"{}\"", "a".repeat(length));
    assert!(parse(text(256 << 10)).is_ok());
    assert_eq!(too_long(text((256 << 10) + 1)), ("text", 256 << 10));
    let escaped = |length: usize| format!("\"{}\"", "\\n".repeat(length));
    assert!(parse(escaped(256 << 10)).is_ok());
    assert_eq!(too_long(escaped((256 << 10) + 1)), ("text", 256 << 10));
    assert_eq!(too_long(format!("{{{}:0}}", text((256 << 10) + 1))), ("text", 256 << 10));

    assert!(parse("1".repeat(128)).is_ok());
    assert_eq!(too_long("1".repeat(129)), ("number", 128));
    assert_eq!(too_long(format!("0.{}", "1".repeat(1 << 19))), ("number", 128));

    let padded = |size: usize| format!("{}1", " ".repeat(size - 1));
    assert!(parse(padded(1 << 20)).is_ok());
    let size = (1 << 20) + 1;
    assert_eq!(parse(padded(size)), Err(ParseError::TooLarge { size, limit: 1 << 20 }));
}

#[test]
fn limits_can_be_set() {
    let mut limits = Limits::default();
    limits.size = 12;
    limits.depth = 1;
    assert!(Parsed::parse_with(r#"{"a":"bcde"}"#, &limits).is_ok());
    assert!(matches!(
        Parsed::parse_with(r#"{"a":"bcdef"}"#, &limits),
        Err(ParseError::TooLarge { size: 13, limit: 12 })
    ));
    assert!(matches!(
        Parsed::parse_with(r#"{"a":[]}"#, &limits),
        Err(ParseError::TooDeep { limit: 1, at: 5 })
    ));
}

#[test]
fn a_document_is_an_object() {
    for other in ["[]", "1", "\"a\"", "null", r#"[{"id":"https://a.example/1"}]"#] {
        assert_eq!(Object::parse(other.as_bytes()), Err(ParseError::NotAnObject));
        assert!(matches!(Parsed::parse(other), Err(ParseError::NotAnObject)));
    }
    let parsed = Parsed::parse(" {\"id\" : \"https://a.example/1\"} ").unwrap();
    assert_eq!(parsed.bytes(), " {\"id\" : \"https://a.example/1\"} ");
    assert_eq!(parsed.id().map(|id| id.as_str()), Some("https://a.example/1"));
    assert_eq!(parsed.into_object().to_json(), r#"{"id":"https://a.example/1"}"#);
}

#[test]
fn an_error_says_where() {
    assert_eq!(parse("[1, x]"), Err(ParseError::Unexpected { expected: "a value", at: 4 }));
    assert_eq!(parse("[1, "), Err(ParseError::UnexpectedEnd { expected: "a value" }));
    assert_eq!(parse("{} {}"), Err(ParseError::TrailingData { at: 3 }));
    let long = parse(format!("[{}]", "1".repeat(129))).unwrap_err();
    assert_eq!(long.to_string(), "more than 128 in one number at byte 130");
    assert_eq!(parse("{1:2}").unwrap_err().to_string(), "a quoted name should be at byte 1");
    assert_eq!(
        parse(r#"{"id":1,"@id":2}"#).unwrap_err().to_string(),
        r#""id" and "@id" are one property, both in the object at byte 0"#
    );
}

#[test]
fn a_number_keeps_its_spelling() {
    let document = r#"[0,-0,1.0,1.10,1e3,1E+03,9007199254740993,18446744073709551616,1e400,-1.5e-400]"#;
    assert_eq!(parse(document).unwrap().to_json(), document);
}

#[test]
fn writing_is_compact_and_escapes_only_what_it_must() {
    let written =
        parse(r#" { "a\u0000\u001f" : "\/\u00e9\u2028\"\\\b\f\n\r\t\u007f" , "id" : [ true , null ] } "#)
            .unwrap();
    assert_eq!(
        written.to_json(),
        "{\"a\\u0000\\u001f\":\"/é\u{2028}\\\"\\\\\\b\\f\\n\\r\\t\u{7f}\",\"id\":[true,null]}"
    );
    assert_eq!(written.to_string(), written.to_json());
}
