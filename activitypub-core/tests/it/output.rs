//! What is written, as the strictest of the servers it goes to read it.

use std::time::{Duration, SystemTime};

use activitypub_core::{
    Create, Document, Follow, Hashtag, Iri, IriBuf, Mention, Note, Object, PUBLIC, Person, Text, Timestamp,
};
use serde_json::{Value, json};

const ACTOR: &str = "https://social.example/users/somebody-with-a-name";

fn json(object: &Object) -> Value {
    serde_json::from_str(&object.to_json()).unwrap()
}

/// A Note as an application writes one, with nothing left out that servers look for.
fn note() -> activitypub_core::Builder<activitypub_core::kind::Note> {
    let published = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
    Note::builder()
        .id("https://social.example/users/somebody-with-a-name/notes/114000000000000000")
        .attributed_to(ACTOR)
        .content(Text::in_language("en", "<p>Hello, fediverse! This is what a short post says.</p>"))
        .published(Timestamp::try_from(published).unwrap())
        .url("https://social.example/@somebody-with-a-name/114000000000000000")
        .to(PUBLIC)
        .cc("https://social.example/users/somebody-with-a-name/followers")
        .sensitive(false)
}

#[test]
fn a_follow_and_a_plain_note_are_small() {
    let follow = Follow::builder()
        .id("https://social.example/users/somebody-with-a-name/follows/114000000000000000")
        .actor(ACTOR)
        .object("https://elsewhere.example/users/somebody-else");
    let size = follow.build().to_json().len();
    assert!(size < 400, "a Follow of {size} bytes");
    let size = note().build().to_json().len();
    assert!(size < 1500, "a Note of {size} bytes");
    let create =
        Create::builder().id("https://social.example/creates/1").actor(ACTOR).to(PUBLIC).object(note());
    let size = create.build().to_json().len();
    assert!(size < 1800, "a Create of a Note of {size} bytes");
}

#[test]
fn what_strict_servers_take_only_as_arrays_is_an_array_even_of_one() {
    let note = note()
        .tag(Mention::builder().href("https://b.example/b").name("@b@b.example"))
        .attachment(Document::builder().url("https://social.example/1.png").media_type("image/png"))
        .build();
    let note = json(note.as_object());
    for name in ["to", "cc", "tag", "attachment"] {
        assert!(note[name].is_array(), "{name}: {}", note[name]);
    }
    for name in ["attributedTo", "url"] {
        assert!(note[name].is_string(), "{name}: {}", note[name]);
    }
}

#[test]
fn public_is_written_in_full_however_it_was_said() {
    for public in ["as:Public", "Public", PUBLIC] {
        let note = Note::builder().to(public).cc(Iri::new(public)).bto(IriBuf::from(public)).build();
        let note = json(note.as_object());
        for name in ["to", "cc", "bto"] {
            assert_eq!(note[name], json!([PUBLIC]), "{name} of {public}");
        }
    }
}

#[test]
fn a_time_has_seconds_no_fraction_and_a_z() {
    assert_eq!(json(note().build().as_object())["published"], "2023-11-14T22:13:20Z");
}

#[test]
fn a_text_stands_bare_and_in_its_language() {
    let note = json(note().build().as_object());
    assert_eq!(note["content"], note["contentMap"]["en"]);
}

#[test]
fn the_context_holds_what_is_used_in_the_whole_document_once() {
    let context = |object: &Object| json(object)["@context"].clone();
    assert_eq!(
        context(Note::builder().content("x").build().as_object()),
        "https://www.w3.org/ns/activitystreams"
    );
    let create = Create::builder()
        .object(
            Note::builder()
                .sensitive(true)
                .tag([Hashtag::builder().name("#one"), Hashtag::builder().name("#two")]),
        )
        .build();
    assert_eq!(
        context(create.as_object()),
        json!([
            "https://www.w3.org/ns/activitystreams",
            {
                "as": "https://www.w3.org/ns/activitystreams#",
                "sensitive": "as:sensitive",
                "Hashtag": "as:Hashtag",
            }
        ])
    );
    let person = Person::builder().attachment(
        activitypub_core::PropertyValue::builder().name("Web").value("<a href=\"https://a.example\">a</a>"),
    );
    assert_eq!(
        context(person.build().as_object()),
        json!([
            "https://www.w3.org/ns/activitystreams",
            {
                "schema": "http://schema.org#",
                "PropertyValue": "schema:PropertyValue",
                "value": "schema:value",
            }
        ])
    );
}
