//! Views, builders and edits: what they read, what they write, and what they leave alone.

use activitypub_core::{
    ACTIVITY_STREAMS, Activity, Actor, Any, Collection, Create, Emoji, Follow, Hashtag, Iri, Link, Mention,
    Multikey, Note, Object, OrderedCollection, OrderedCollectionPage, PUBLIC, Parsed, Person, PropertyValue,
    Question, Text, Timestamp, Typed, Undo, Value,
};

fn object(json: &str) -> Object {
    Object::parse(json.as_bytes()).unwrap()
}

#[test]
fn an_object_is_seen_as_each_of_its_types_and_their_ancestors() {
    let create = object(r#"{"type":["Create","ex:Other"],"actor":"https://a.example/a"}"#);
    assert!(create.is::<Create>() && create.is::<Activity>() && create.is::<Object>());
    assert!(!create.is::<Follow>() && !create.is::<Note>() && !create.is::<Actor>());
    for spelling in ["as:Note", "https://www.w3.org/ns/activitystreams#Note", "Note"] {
        assert!(object(&format!(r#"{{"type":"{spelling}"}}"#)).is::<Note>(), "{spelling}");
    }
    for other in ["schema:Note", "toot:Note", "https://schema.org/Note", "as:note", "x:Note"] {
        assert!(!object(&format!(r#"{{"type":"{other}"}}"#)).is::<Note>(), "{other} is another Note");
    }
    assert!(
        object(r#"{"type":"as:Hashtag"}"#).is::<Hashtag>()
            && object(r#"{"type":"toot:Emoji"}"#).is::<Emoji>()
    );
    let page = object(r#"{"type":"OrderedCollectionPage","orderedItems":["https://a.example/1"]}"#);
    assert_eq!(page.cast::<OrderedCollectionPage>().unwrap().ordered_items().ids().count(), 1);
    assert!(page.is::<Collection>());
}

#[test]
fn what_has_an_undeclared_type_counts_by_what_it_has() {
    let ping = object(r#"{"type":"Ping","actor":"https://a.example/a"}"#);
    assert!(ping.is::<Activity>() && !ping.is::<Create>() && !ping.is::<Actor>());
    assert!(object(r#"{"type":"Robot","inbox":"https://a.example/i"}"#).is::<Actor>());
    // A declared type says what it is.
    assert!(!object(r#"{"type":"Note","actor":"https://a.example/a"}"#).is::<Activity>());
}

#[test]
fn a_match_is_by_the_most_specific_type() {
    let undo = object(r#"{"type":"Undo","object":{"type":"Follow"}}"#);
    let Any::Undo(undo) = Any::from(&undo) else { panic!("an Undo") };
    assert!(undo.object().of::<Follow>().next().is_some());
    assert!(matches!(Any::from(&object(r#"{"type":"Ping"}"#)), Any::Other(_)));
    let parsed = Parsed::parse(r#"{"type":"Note"}"#).unwrap();
    assert!(matches!(Any::from(&parsed), Any::Note(_)), "a document");
    assert!(matches!(Any::from(Activity::of(&parsed)), Any::Note(_)), "whatever it is seen as");
}

#[test]
fn references_read_bare_embedded_and_as_links() {
    let note = object(
        r##"{"type":"Note","to":"https://a.example/1","cc":[],"inReplyTo":null,
            "attributedTo":[{"id":"https://a.example/2"},"https://a.example/3"],
            "url":[{"type":"Link","href":"https://a.example/4"},"https://a.example/5"],
            "tag":[{"type":"Mention","href":"https://a.example/6"},{"type":"Hashtag","name":"#x"},7]}"##,
    );
    let note = note.cast::<Note>().unwrap();
    let ids = |items: activitypub_core::Items<'_>| items.ids().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(ids(note.to()), ["https://a.example/1"]);
    assert!(note.cc().is_empty() && note.in_reply_to().is_empty());
    assert_eq!(ids(note.attributed_to()), ["https://a.example/2", "https://a.example/3"]);
    let hrefs: Vec<_> = note.url().filter_map(|item| item.href()).map(Iri::as_str).collect();
    assert_eq!(hrefs, ["https://a.example/4", "https://a.example/5"]);
    assert_eq!(note.tag().of::<Mention>().next().unwrap().href().unwrap(), "https://a.example/6");
    assert_eq!(note.tag().of::<Hashtag>().next().unwrap().name().as_str(), Some("#x"));
    assert_eq!(note.tag().of::<Link>().count(), 2);
}

#[test]
fn a_property_is_found_by_its_synonyms_and_written_with_them() {
    for name in ["quote", "quoteUrl", "quoteUri", "_misskey_quote"] {
        let note = object(&format!(r#"{{"type":"Note","{name}":"https://a.example/q"}}"#));
        assert_eq!(note.quote().unwrap().id().unwrap(), "https://a.example/q", "{name}");
    }
    let both = object(r#"{"quoteUrl":"https://a.example/url","quote":"https://a.example/id"}"#);
    assert_eq!(both.quote().unwrap().id().unwrap(), "https://a.example/id");
    for (name, quote) in [("_misskey_quote", "https://a.example/m"), ("quote", "https://a.example/q")] {
        let mut note = object(&format!(r#"{{"type":"Note","{name}":"https://a.example/old"}}"#));
        note.edit().quote(quote);
        for read in ["quote", "quoteUrl", "quoteUri", "_misskey_quote"] {
            assert_eq!(note.member(read).and_then(Value::as_str), Some(quote), "{read} of {name}");
        }
    }
    let note = Note::builder().quote(Note::builder().id("https://a.example/q")).build();
    assert_eq!(note.quote_url().unwrap(), "https://a.example/q", "others are given the id");
    assert_eq!(note.quote().unwrap().object().unwrap().id().unwrap(), "https://a.example/q");
    assert!(note.to_json().contains(r#""fedibird":"http://fedibird.com/ns#""#), "{}", note.to_json());
}

#[test]
fn text_knows_its_languages() {
    let note =
        object(r#"{"type":"Note","contentMap":{"de-AT":"Servus","en":"Hi"},"name":"plain","summary":5}"#);
    let note = note.cast::<Note>().unwrap();
    assert_eq!(note.content().as_html().unwrap(), "Servus", "the first one");
    assert_eq!(note.content().in_language("en-GB").unwrap(), "Hi");
    assert_eq!(note.content().in_language("DE-at").unwrap(), "Servus");
    assert_eq!(note.content().in_language("fr"), None);
    assert_eq!(note.name().as_str(), Some("plain"));
    assert_eq!(note.summary().as_html(), None);
}

#[test]
fn values_are_read_as_real_servers_write_them() {
    let note = object(
        r#"{"type":"Note","sensitive":"true","published":"2025-01-02T03:04Z","updated":"yesterday",
            "replies":["https://a.example/r"],"width":"12"}"#,
    );
    let note = note.cast::<Note>().unwrap();
    assert_eq!(note.sensitive(), Some(true));
    assert_eq!(note.published().map(Timestamp::as_second), Some(1_735_787_040));
    assert_eq!(note.updated(), None);
    assert_eq!(note.replies().unwrap().id().unwrap(), "https://a.example/r");
}

#[test]
fn what_is_set_is_read_again() {
    let note = Note::builder()
        .id("https://a.example/1")
        .content(Text::in_language("en", "Hi"))
        .name("N".to_owned())
        .to([PUBLIC, "https://a.example/2"])
        .cc("https://a.example/3")
        .sensitive(false)
        .published("2025-01-02T03:04:05Z".parse::<Timestamp>().unwrap())
        .build();
    assert_eq!(note.id().unwrap(), "https://a.example/1");
    assert_eq!(note.content().in_language("en").unwrap(), "Hi");
    assert_eq!(note.content().as_html().unwrap(), "Hi");
    assert_eq!(note.name().as_str(), Some("N"));
    assert_eq!((note.to().count(), note.cc().count()), (2, 1));
    assert_eq!(note.sensitive(), Some(false));
    assert_eq!(note.published().unwrap().to_string(), "2025-01-02T03:04:05Z");
    // Lemmy takes addresses as arrays only.
    assert!(note.to_json().contains(r#""cc":["https://a.example/3"]"#));
}

#[test]
fn the_context_holds_what_is_used_and_nothing_else() {
    let context = |object: &Object| object.member("@context").unwrap().to_json();
    let follow = Follow::builder().object("https://a.example/1").build();
    assert_eq!(context(follow.as_object()), r#""https://www.w3.org/ns/activitystreams""#);
    assert!(follow.to_json().len() < 400);

    let person = Person::builder()
        .manually_approves_followers(true)
        .featured("https://a.example/f")
        .assertion_method(Multikey::builder().public_key_multibase("z6Mk"));
    let create = Create::builder().object(person).build();
    assert_eq!(
        context(create.as_object()),
        concat!(
            r#"["https://www.w3.org/ns/activitystreams","https://w3id.org/security/multikey/v1","#,
            r#""https://www.w3.org/ns/did/v1",{"as":"https://www.w3.org/ns/activitystreams#","#,
            r#""manuallyApprovesFollowers":"as:manuallyApprovesFollowers","#,
            r#""toot":"http://joinmastodon.org/ns#","featured":{"@id":"toot:featured","@type":"@id"}}]"#
        )
    );
    assert_eq!(create.to_json().matches("@context").count(), 1, "lifted out of the object");
}

#[test]
fn a_published_context_defines_names_that_do_not_continue_its_namespace_too() {
    let all = OrderedCollection::builder().ordered_items("https://a.example/1").build();
    assert_eq!(all.member("@context").and_then(Value::as_str), Some(ACTIVITY_STREAMS));
}

#[test]
fn a_context_that_is_there_keeps_what_it_says() {
    for (before, after) in [
        (
            r#"{"toot":"https://other.example/"}"#,
            r#""featured":{"@id":"http://joinmastodon.org/ns#featured","@type":"@id"}"#,
        ),
        (
            r#"{"toot":{"@id":"http://joinmastodon.org/ns#"}}"#,
            r#""featured":{"@id":"http://joinmastodon.org/ns#featured","@type":"@id"}"#,
        ),
        (r#"{"toot":"http://joinmastodon.org/ns#"}"#, r#""featured":{"@id":"toot:featured","@type":"@id"}"#),
        (
            r#"{"toot:featured":{"@id":"toot:featured","@type":"@json"}}"#,
            r#",{"featured":{"@id":"toot:featured","@type":"@id"}}"#,
        ),
    ] {
        let mut person = Person::of(&object(&format!(r#"{{"@context":[{before}]}}"#))).clone();
        person.edit().featured("https://a.example/f");
        let written = person.member("@context").unwrap().to_json();
        assert!(
            written.contains(before.trim_end_matches('}')) && written.contains(after),
            "{before}: {written}"
        );
    }
}

#[test]
fn a_text_by_language_is_defined_where_no_published_context_does() {
    let field = PropertyValue::builder().value(Text::in_language("en", "she")).build();
    let context = field.member("@context").unwrap().to_json();
    assert!(context.contains(r#""valueMap":{"@id":"schema:value","@container":"@language"}"#), "{context}");
    let note = Note::builder().content(Text::in_language("en", "Hi")).build();
    assert_eq!(note.member("@context").and_then(Value::as_str), Some(ACTIVITY_STREAMS));
}

#[test]
fn an_edit_changes_one_property_and_leaves_the_rest_as_it_was() {
    let text = r#"{"@context":["https://www.w3.org/ns/activitystreams",{"ex":"https://ex.example/#"}],"type":"Note","ex:n":1.50,"content":"old","to":"https://a.example/1"}"#;
    let mut note = Note::of(&object(text)).clone();
    note.edit().content("new");
    assert_eq!(note.to_json(), text.replace("old", "new"));
    note.edit().sensitive(true);
    assert!(note.to_json().contains(r#""sensitive":"as:sensitive"}]"#), "{}", note.to_json());
    assert!(note.to_json().contains("1.50"), "numbers stay as written");
}

#[test]
fn a_value_is_added_to_what_is_there_and_in_its_place() {
    for (before, after) in [
        (r#"{"as:to":"b","x":1}"#, r#"{"as:to":["b","a"],"x":1}"#),
        (r#"{"to":null,"x":1}"#, r#"{"to":["a"],"x":1}"#),
        (r#"{"to":[],"x":1}"#, r#"{"to":["a"],"x":1}"#),
        (r#"{"to":{"@list":["b"]}}"#, r#"{"to":{"@list":["b","a"]}}"#),
        (r#"{"to":[{"@set":"b","@index":"i"}]}"#, r#"{"to":[{"@set":["b","a"],"@index":"i"}]}"#),
        (r#"{"to":[{"@set":"b"},"c"]}"#, r#"{"to":[{"@set":"b"},"c","a"]}"#),
    ] {
        let mut note = Note::of(&object(before)).clone();
        note.edit().to("a");
        assert_eq!(note.to_json(), after, "{before}");
    }
}

#[test]
fn a_text_replaces_the_one_in_the_same_language() {
    let mut note = Note::of(&object(r#"{"as:nameMap":{"EN":"old","de":"alt"},"name":"alt"}"#)).clone();
    note.edit().name(Text::in_language("en", "new"));
    assert_eq!(note.to_json(), r#"{"as:nameMap":{"EN":"new","de":"alt"},"name":"alt"}"#);
    assert_eq!(note.name().in_language("en"), Some("new"));
}

#[test]
fn a_text_that_is_set_anew_contradicts_none_of_its_languages() {
    let before = r#"{"type":"Note","content":"old","contentMap":{"en":"old","de":"alt"},"name":"n"}"#;
    let mut note = Note::of(&object(before)).clone();
    note.edit().content("new");
    assert_eq!(note.to_json(), r#"{"type":"Note","content":"new","name":"n"}"#);

    let mut note = Note::of(&object(before)).clone();
    note.edit().content(Text::in_language("EN", "new"));
    let after = r#"{"type":"Note","content":"new","contentMap":{"en":"new","de":"alt"},"name":"n"}"#;
    assert_eq!(note.to_json(), after, "what is written bare is in that language");
    note.edit().content(Text::in_language("de", "neu"));
    assert_eq!(note.content().as_html().unwrap(), "new");
    assert_eq!(note.content().in_language("de").unwrap(), "neu");
}

#[test]
fn a_part_of_a_document_is_edited_as_what_it_is() {
    let mut poll = object(r#"{"type":"Question","x":1.50,"closed":false}"#);
    assert!(poll.cast_mut::<Note>().is_none());
    poll.cast_mut::<Question>().unwrap().edit().closed(true);
    assert_eq!(poll.to_json(), r#"{"type":"Question","x":1.50,"closed":true}"#);
}

#[test]
fn casts_change_nothing() {
    let text = r#"{"type":["Question","Note"],"oneOf":[{"name":"a"}],"x":{"y":[1,2.0]}}"#;
    let parsed = Parsed::parse(text).unwrap();
    let question = parsed.cast::<Question>().unwrap();
    assert_eq!(question.one_of().objects().count(), 1);
    assert_eq!((question.to_json(), parsed.cast::<Note>().unwrap().to_json()), (text.into(), text.into()));
    assert!(parsed.cast::<Undo>().is_none());
}
