//! Laws of views and of setting properties, for documents that hold anything at all where the properties stand.

use std::collections::BTreeMap;
use std::time::Duration;

use activitypub_core::vocab::ALL;
use activitypub_core::{
    Activity, Actor, Closed, Collection, Emoji, Hashtag, Item, Items, Key, Link, Mention, Note, Object,
    Person, Place, Property, PropertyValue, Question, Sequence, Text, Timestamp, Transitive, Typed as _,
    Value, Values,
};
use proptest::collection::vec;
use proptest::prelude::*;

const IRI: &str = "https://a.example/new";
const LABELS: Property<Values<str>> = Property::new("labels", "https://books.example/ns#labels");
const MARKS: Property<Sequence<f64>> = Property::new("marks", "https://books.example/ns#marks");
const RAW: Property<Value> = Property::new("raw", "https://books.example/ns#raw");

/// A property, how it is set, and whether it was, given the document before and after.
struct Case {
    /// The names that setting it writes.
    names: &'static [&'static str],
    set: fn(&Object) -> Object,
    is_set: fn(&Object, &Object) -> bool,
}

/// `View.setter(value) writes names if condition`, the condition being of the views before and after.
macro_rules! cases {
    ($($view:ident.$set:ident($($value:expr),*) writes $names:expr, $is_set:expr;)*) => { [ $( Case {
        names: &$names,
        set: |object| {
            let mut view = $view::of(object).clone();
            view.edit().$set($($value),*);
            view.into_object()
        },
        is_set: |before, after| {
            let is_set: fn(&$view, &$view) -> bool = $is_set;
            is_set($view::of(before), $view::of(after))
        },
    } ),* ] };
}

/// A property of each shape, from every vocabulary of the core, and some of an application.
const CASES: [Case; 32] = cases! {
    Note.id(IRI) writes ["id"], |_, note| note.id().is_some_and(|id| id == IRI);
    Note.sensitive(true) writes ["sensitive"], |_, note| note.sensitive() == Some(true);
    Person.discoverable(false) writes ["discoverable"], |_, person| person.discoverable() == Some(false);
    Collection.total_items(7) writes ["totalItems"], |_, all| all.total_items() == Some(7);
    Place.latitude(-1e-9) writes ["latitude"], |_, place| place.latitude() == Some(-1e-9);
    Note.media_type("text/plain") writes ["mediaType"], |_, note| note.media_type() == Some("text/plain");
    Note.blurhash("LE".to_owned()) writes ["blurhash"], |_, note| note.blurhash() == Some("LE");
    Key.public_key_pem("-") writes ["publicKeyPem"], |_, key| key.public_key_pem() == Some("-");
    Note.published(moment()) writes ["published"], |_, note| note.published() == Some(moment());
    Note.duration(Duration::from_secs(90_061)) writes ["duration"], |_, note| {
        note.duration() == Some(Duration::from_secs(90_061))
    };
    Question.closed(Closed::At(moment())) writes ["closed"], |_, poll| poll.closed() == Some(Closed::At(moment()));
    Question.closed(moment()) writes ["closed"], |_, poll| poll.closed() == Some(Closed::At(moment()));
    Question.closed(true) writes ["closed"], |_, poll| poll.closed() == Some(Closed::Flag(true));
    Question.closed(Closed::Flag(false)) writes ["closed"], |_, poll| poll.closed() == Some(Closed::Flag(false));
    Person.inbox(IRI) writes ["inbox"], |_, person| person.inbox().is_some_and(|inbox| inbox == IRI);
    Person.moved_to(IRI) writes ["movedTo"], |_, person| person.moved_to().is_some_and(|id| id == IRI);
    Key.owner(IRI) writes ["owner"], |_, key| key.owner().is_some_and(|owner| owner == IRI);
    Note.name("new") writes ["name", "nameMap"], |_, note| note.name().as_str() == Some("new");
    Note.content("new") writes ["content", "contentMap"], |_, note| note.content().as_html().is_some_and(|html| html == "new");
    PropertyValue.value("new") writes ["value"], |_, field| field.value().as_html().is_some_and(|html| html == "new");
    Note.name(Text::in_language("en-GB", "new")) writes ["name", "nameMap"], |before, note| {
        let others = |note: &Note| note.name().languages().filter(|(tag, _)| *tag != "en-GB" && *tag != "EN-gb").count();
        note.name().in_language("en-gb") == Some("new") && others(note) == others(before)
    };
    Note.replies(IRI) writes ["replies"], |_, note| note.replies().and_then(Item::id).is_some_and(|id| id == IRI);
    Note.quote(IRI) writes ["quote", "quoteUrl", "quoteUri", "_misskey_quote"], |_, note| {
        let quote = note.quote().and_then(Item::id);
        [quote, note.quote_url(), note.quote_uri(), note.misskey_quote()].iter().all(|id| id.is_some_and(|id| id == IRI))
    };
    Note.in_reply_to(IRI) writes ["inReplyTo"], |before, note| adds(before.in_reply_to(), note.in_reply_to());
    Person.also_known_as([IRI]) writes ["alsoKnownAs"], |before, person| {
        adds(before.also_known_as(), person.also_known_as())
    };
    Note.to(IRI) writes ["to"], |before, note| adds(before.to(), note.to());
    Note.tag(Hashtag::builder().id(IRI).name("#sea")) writes ["tag"], |before, note| adds(before.tag(), note.tag());
    Person.assertion_method(IRI) writes ["assertionMethod"], |before, person| {
        adds(before.assertion_method(), person.assertion_method())
    };
    Note.with(LABELS, ["a", "b"]) writes ["labels"], |before, note| {
        note.get(LABELS).eq(before.get(LABELS).chain(["a", "b"]))
    };
    Note.with(MARKS, vec![0.5]) writes ["marks"], |before, note| note.get(MARKS).eq(before.get(MARKS).chain([0.5]));
    Note.with(RAW, Value::Bool(true)) writes ["raw"], |_, note| note.get(RAW) == Some(&Value::Bool(true));
    Note.with(RAW, Value::Null) writes ["raw"], |_, note| note.get(RAW).is_none();
};

fn moment() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

fn adds(before: Items<'_>, after: Items<'_>) -> bool {
    let values = |items: Items<'_>| items.map(|item| item.value().clone()).collect::<Vec<_>>();
    let new = after.clone().last().and_then(Item::id).is_some_and(|id| id == IRI);
    let kept = values(after.clone()).starts_with(&values(before.clone()));
    new && kept && after.count() == before.count() + 1
}

/// A document that has anything at all under the names that are going to be set, in any spelling of them.
fn document() -> impl Strategy<Value = Object> {
    let names: Vec<&str> =
        CASES.iter().flat_map(|case| case.names).copied().chain(["type", "ex:other"]).collect();
    let members = prop::collection::btree_map(prop::sample::select(names), (0..3_usize, value()), 0..16);
    (prop::option::of(context()), members).prop_map(|(context, members)| {
        let mut object = Object::new();
        for (name, (spelling, value)) in members {
            object.insert(&spelled(name, spelling), value);
        }
        if let Some(context) = context {
            object.insert("@context", context);
        }
        object
    })
}

/// The name, with its prefix, or in full.
fn spelled(name: &str, spelling: usize) -> String {
    let declares = |name: &str| ALL.iter().find(|of| of.rows().any(|row| row.term.name == name));
    match (spelling, declares(name.strip_suffix("Map").unwrap_or(name))) {
        (1, Some(vocabulary)) => format!("{}:{name}", vocabulary.prefix),
        (2, Some(vocabulary)) => format!("{}{name}", vocabulary.namespace),
        (2, None) if ["labels", "marks", "raw"].contains(&name) => format!("https://books.example/ns#{name}"),
        _ => name.to_owned(),
    }
}

/// What stands in documents, and what does not.
fn value() -> impl Strategy<Value = Value> {
    let scalar = [
        "null",
        "true",
        "0",
        "1.50",
        "1e400",
        r#""""#,
        r#""true""#,
        r#""https://a.example/old""#,
        r#""Note""#,
        r#""2020-01-01T00:00Z""#,
        "[]",
        "{}",
        r#"{"@value":"old","@language":"EN-gb"}"#,
        r#"{"en-GB":"old","de":["alt"]}"#,
        r##"{"type":"Hashtag","name":"#old"}"##,
        r#"{"id":"https://a.example/old","EN-gb":{"@value":"old"}}"#,
        r#"{"de":"alt","EN-gb":"old"}"#,
    ];
    let scalar = prop::sample::select(scalar.map(|json| Value::parse(json.as_bytes()).unwrap()).to_vec());
    scalar.prop_recursive(3, 12, 4, |inner| {
        let object = |(name, value): (&'static str, Value)| {
            let mut object = Object::new();
            object.insert(name, value);
            Value::Object(object)
        };
        let names = prop::sample::select(&["@list", "@set", "@value", "object", "en-GB"][..]);
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::Array), (names, inner).prop_map(object)]
    })
}

fn context() -> impl Strategy<Value = Value> {
    let entries = [
        "null",
        "7",
        "{}",
        r#""https://www.w3.org/ns/activitystreams""#,
        r#""http://www.w3.org/ns/activitystreams""#,
        r#""https://w3id.org/security/v1""#,
        r#"{"toot":"https://other.example/"}"#,
        r#"{"as:sensitive":null,"x":"y:z"}"#,
        r#"{"sensitive":{"@id":"as:sensitive"},"labels":"https://books.example/ns#labels"}"#,
        r#"{"@vocab":"_:"}"#,
    ];
    let entry = prop::sample::select(entries.map(|json| Value::parse(json.as_bytes()).unwrap()).to_vec());
    prop_oneof![entry.clone(), vec(entry, 0..5).prop_map(Value::Array)]
}

fn entries(object: &Object) -> &[Value] {
    match object.member("@context") {
        None => &[],
        Some(Value::Array(entries)) => entries,
        Some(entry) => std::slice::from_ref(entry),
    }
}

/// Whether every entry is still there, in its order; a map may have got more definitions.
fn keeps(before: &Object, after: &Object) -> bool {
    let mut rest = entries(after).iter();
    entries(before).iter().all(|entry| {
        rest.any(|other| match (entry, other) {
            (Value::Object(terms), Value::Object(others)) => {
                let others: BTreeMap<_, _> = others.members().collect();
                terms.members().all(|(term, definition)| others.get(term) == Some(&definition))
            }
            _ => entry == other,
        })
    })
}

fn without(object: &Object, names: &[&str]) -> Object {
    let mut object = object.clone();
    names.iter().for_each(|name| drop(object.remove(name)));
    // Names that only this file declares are found by their IRI as well.
    names.iter().for_each(|name| drop(object.remove(&format!("https://books.example/ns#{name}"))));
    object
}

proptest! {
    #[test]
    fn what_is_set_is_read_again_and_nothing_else_changes(before in document()) {
        for case in &CASES {
            let after = (case.set)(&before);
            prop_assert!((case.is_set)(&before, &after), "{:?}: {before} became {after}", case.names);
            let written = [case.names, &["@context"]].concat();
            prop_assert_eq!(without(&before, &written), without(&after, &written));
            prop_assert!(keeps(&before, &after), "{before} became {after}");
            let again = Object::parse(after.to_json().as_bytes());
            prop_assert_eq!(again.as_ref(), Ok(&after));

            let twice = (case.set)(&after);
            prop_assert_eq!(twice.member("@context"), after.member("@context"), "it was all there");
        }
    }

    #[test]
    fn a_view_is_the_document_itself(document in document()) {
        let json = document.to_json();
        macro_rules! same {
            ($($view:ident)*) => { $(
                prop_assert_eq!($view::of(&document).to_json(), &*json);
                prop_assert!(document.cast::<$view>().is_none_or(|view| std::ptr::eq(view.as_object(), &document)));
                prop_assert_eq!($view::of(&document).clone().into_object(), document.clone());
            )* };
        }
        same!(Activity Actor Collection Emoji Hashtag Key Link Mention Note Object Person Question Transitive);
        for row in ALL.iter().flat_map(|vocabulary| vocabulary.rows()) {
            row.read(&document);
        }
        prop_assert_eq!(document.to_json(), json);
    }
}
