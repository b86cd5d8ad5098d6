//! A document seen as everything it could be: no getter panics, no view or cast changes it, and setting a property
//! changes that property and nothing else.

#![no_main]

use std::ptr;
use std::time::Duration;

use activitypub_core::vocab::{self, ALL};
use activitypub_core::{
    Activity, Actor, Closed, Collection, Create, Emoji, Endpoints, Hashtag, Items, Key, Link, Measured,
    Mention, Multikey, Note, Object, OrderedCollectionPage, Parsed, Person, Place, Property, PropertyValue,
    Question, Sequence, Text, Timestamp, Transitive, Typed, Value, Values,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(parsed) = Parsed::parse(bytes.to_vec()) else { return };
    let written = parsed.to_json();
    each_object(&parsed, &mut |object| {
        read(object);
        cast(object);
        set(object);
    });
    assert_eq!(parsed.to_json(), written, "reading changed it");
});

/// The document and every object inside.
fn each_object(object: &Object, visit: &mut impl FnMut(&Object)) {
    visit(object);
    for (_, value) in object.members() {
        each_object_of(value, visit);
    }
}

fn each_object_of(value: &Value, visit: &mut impl FnMut(&Object)) {
    match value {
        Value::Object(object) => each_object(object, visit),
        Value::Array(values) => values.iter().for_each(|value| each_object_of(value, visit)),
        _ => {}
    }
}

/// Every getter there is.
fn read(object: &Object) {
    for row in ALL.iter().flat_map(|vocabulary| vocabulary.rows()) {
        let reading = row.read(object);
        if row.names().all(|name| object.member(name).is_none()) && !row.is_text {
            assert!(
                matches!(&*reading, "None" | "[]" | "Items { rest: [] }"),
                "{} of nothing: {reading}",
                row.term.name
            );
        }
    }
}

fn cast(object: &Object) {
    macro_rules! same {
        ($($view:ty),*) => { $(
            let view = object.cast::<$view>();
            assert_eq!(view.is_some(), object.is::<$view>());
            assert!(view.is_none_or(|view| ptr::eq(view.as_object(), object)), "a cast is another object");
        )* };
    }
    same!(Activity, Actor, Collection, Create, Emoji, Endpoints, Hashtag, Key, Link, Measured, Mention);
    same!(Multikey, Note, OrderedCollectionPage, PropertyValue, Question, Transitive);
    assert!(object.is::<Object>());
    assert!(
        !object.is::<Create>() || (object.is::<Activity>() && object.is::<Transitive>()),
        "by inheritance"
    );
    assert!(!object.is::<Mention>() || (object.is::<Link>() && object.is::<Measured>()), "by inheritance");

    macro_rules! matched {
        ($($vocabulary:path),*) => { $( {
            use $vocabulary::{Any, VOCABULARY};
            let shown = format!("{:?}", Any::from(object));
            let (name, _) = shown.split_once('(').expect("a variant with an object");
            let first = object.types().map(|of| VOCABULARY.local_name(of)).find(|name| {
                VOCABULARY.types.iter().any(|of| of.name == *name && !of.is_abstract)
            });
            assert_eq!(name, first.unwrap_or("Other"), "matched by another than the first type");
        } )* };
    }
    matched!(
        vocab::as2,
        vocab::as2::ldp,
        vocab::miscellany,
        vocab::security,
        vocab::security::multikey,
        vocab::security::did,
        vocab::security::data_integrity,
        vocab::mastodon,
        vocab::ostatus,
        vocab::schema,
        vocab::schema::fields,
        vocab::vcard,
        vocab::misskey,
        vocab::misskey::firefish,
        vocab::misskey::sharkey,
        vocab::fedibird,
        vocab::litepub,
        vocab::gotosocial,
        vocab::lemmy,
        vocab::peertube,
        vocab::pixelfed,
        vocab::fep::quotes,
        vocab::fep::featured,
        vocab::fep::featured::actors,
        vocab::fep::webfinger,
        vocab::fep::inverse,
        vocab::fep::migration,
        vocab::fep::discovery,
        vocab::fep::conversations,
        vocab::fep::identity,
        vocab::fep::portable,
        vocab::fep::mfm,
        vocab::fep::services,
        vocab::forgefed,
        vocab::forgefed::draft,
        vocab::event,
        vocab::event::ical,
        vocab::event::fep_8a8e,
        vocab::funkwhale,
        vocab::bookwyrm,
        vocab::castopod,
        vocab::valueflows,
        vocab::valueflows::om2,
        vocab::bite
    );
}

const LABELS: Property<Values<str>> = Property::new("labels", "https://books.example/ns#labels");
const MARKS: Property<Sequence<f64>> = Property::new("marks", "https://books.example/ns#marks");
const ANYTHING: Property<Value> = Property::new("anything", "https://books.example/ns#anything");

const IRI: &str = "https://books.example/1";

/// A property of each shape.
fn set(object: &Object) {
    macro_rules! replaces {
        ($($view:ident.$property:ident($($value:expr),*), $names:expr => $read:expr;)*) => { $( {
            let mut view = $view::of(object).clone();
            view.edit().$property($($value),*);
            assert!($read(&view), "{} in {view}", stringify!($property));
            nothing_else(object, view.as_object(), &$names);
        } )* };
    }
    let moment: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a timestamp");
    replaces! {
        Note.id(IRI), ["id"] => |note: &Note| note.id().is_some_and(|id| id == IRI);
        Note.sensitive(true), ["sensitive"] => |note: &Note| note.sensitive() == Some(true);
        Collection.total_items(7_u64), ["totalItems"] => |all: &Collection| all.total_items() == Some(7);
        Place.latitude(-0.5), ["latitude"] => |place: &Place| place.latitude() == Some(-0.5);
        Note.media_type("text/html"), ["mediaType"] => |note: &Note| note.media_type() == Some("text/html");
        Note.published(moment), ["published"] => |note: &Note| note.published() == Some(moment);
        Note.duration(Duration::from_secs(90)), ["duration"] => |note: &Note| note.duration() == Some(Duration::from_secs(90));
        Question.closed(Closed::Flag(true)), ["closed"] => |poll: &Question| poll.closed() == Some(Closed::Flag(true));
        Person.inbox(IRI), ["inbox"] => |person: &Person| person.inbox().is_some_and(|inbox| inbox == IRI);
        Note.name("new"), ["name", "nameMap"] => |note: &Note| note.name().as_str() == Some("new");
        Note.content("new"), ["content", "contentMap"] => |note: &Note| note.content().as_html().is_some_and(|html| html == "new");
        Note.content(Text::in_language("en-GB", "new")), ["content", "contentMap"] => |note: &Note| {
            note.content().in_language("EN-gb").is_some_and(|html| html == "new")
        };
        Note.replies(IRI), ["replies"] => |note: &Note| note.replies().and_then(|replies| replies.id()).is_some_and(|id| id == IRI);
        Note.quote(IRI), ["quote", "quoteUrl", "quoteUri", "_misskey_quote"] => |note: &Note| {
            note.quote_url().is_some_and(|quote| quote == IRI)
        };
        Note.with(ANYTHING, Value::Null), ["anything"] => |note: &Note| note.get(ANYTHING).is_none();
    }
    macro_rules! adds {
        ($($view:ident.$property:ident($($value:expr),*), $name:expr => $read:expr;)*) => { $( {
            let mut view = $view::of(object).clone();
            view.edit().$property($($value),*);
            let before = format!("{:?}", $read($view::of(object)));
            let after = format!("{:?}", $read(&view));
            let before = before.strip_suffix(']').expect("a list");
            let kept = after.strip_prefix(before);
            assert!(kept.is_some_and(|new| new.contains("1")), "{} was {before}, is {after}", stringify!($property));
            nothing_else(object, view.as_object(), &[$name]);
        } )* };
    }
    let all = |items: Items<'_>| items.map(|item| item.value().to_json()).collect::<Vec<_>>();
    adds! {
        Note.to(IRI), "to" => |note: &Note| all(note.to());
        Note.in_reply_to(IRI), "inReplyTo" => |note: &Note| all(note.in_reply_to());
        Note.tag(Hashtag::builder().name("#1")), "tag" => |note: &Note| all(note.tag());
    }
    let mut labelled = object.clone();
    labelled.set(LABELS, ["a", "b"]);
    labelled.set(MARKS, vec![0.5]);
    let labels = object.get(LABELS).chain(["a", "b"]);
    assert!(labelled.get(LABELS).eq(labels), "{labelled}");
    assert!(labelled.get(MARKS).eq(object.get(MARKS).chain([0.5])), "{labelled}");
    nothing_else(object, &labelled, &["labels", "marks"]);
}

/// Apart from these properties, and the context, the two are the same JSON.
fn nothing_else(before: &Object, after: &Object, names: &[&str]) {
    let rest = |object: &Object| {
        let mut rest = object.clone();
        names.iter().chain(&["@context"]).for_each(|name| drop(rest.remove(name)));
        rest
    };
    assert_eq!(rest(before), rest(after), "setting {names:?}");
}
