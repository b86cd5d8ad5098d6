//! The `@context` of documents that are edited, and of those that are built from parts: what was there stays, what
//! was set is defined, and a part that a builder made leaves its own context to the whole.

#![no_main]

use activitypub_core::{
    ACTIVITY_STREAMS, As, Create, Limits, Multikey, Note, Object, ParseError, Parsed, Person, Property, Rule,
    Sequence, Typed, Value,
};
use libfuzzer_sys::fuzz_target;

const CONTEXT: Property<Value> = Property::new("@context", "https://books.example/ns#");
const STARS: Property<Sequence<f64>> = Property::new("stars", "https://books.example/ns#stars");

/// What the context of one document may grow by: all that is set here, defined in full.
const GROWTH: usize = 2048;

fuzz_target!(|bytes: &[u8]| {
    let Ok(parsed) = Parsed::parse(bytes.to_vec()) else { return };
    edit(&parsed);
    embed(&parsed);
    rename(&parsed);
    if let Some(context) = parsed.member("@context") {
        lift(context);
    }
});

/// What a JSON-LD processor reads has names that mean what they say.
fn rename(parsed: &Parsed) {
    let Ok(processed) = Parsed::parse_json_ld(parsed.bytes().clone(), &Limits::default()) else { return };
    assert_eq!(processed.bytes(), parsed.bytes());
    let says_otherwise =
        |flaw: &activitypub_core::Flaw| flaw.rule == Rule::Meaning && flaw.path.contains("@context/");
    assert!(!processed.check().iter().any(says_otherwise), "{} is read as {}", **parsed, *processed);
    reads_back(&processed);
}

/// Properties from contexts that are published, and from namespaces that stand in the document.
fn edit(object: &Object) {
    let mut person = Person::of(object).clone();
    let key = Multikey::builder().public_key_multibase("z6Mk");
    person.edit().name("Iris").sensitive(false).featured("https://a.example/f").assertion_method(key);
    person.set(STARS, 4.5);

    defines(&person, &["sensitive", "as", "featured", "toot", "stars"]);
    names(
        &person,
        &[ACTIVITY_STREAMS, "https://w3id.org/security/multikey/v1", "https://www.w3.org/ns/did/v1"],
    );
    keeps(object, &person);
    assert!(person.to_json().len() <= object.to_json().len() + GROWTH, "{person}");

    let once = person.to_json();
    person.edit().name("Iris").sensitive(false).featured("https://a.example/f");
    assert_eq!(person.to_json(), once, "what is defined is not defined again");
    reads_back(&person);
}

/// A document that is part of another one as it is keeps the context it brings.
fn embed(object: &Object) {
    let create = Create::builder().sensitive(true).object(Note::of(object)).build();
    let part = create.object().only().and_then(|part| part.object());
    assert_eq!(part, Some(object).filter(|_| !is_list(object)), "{create}");
    defines(&create, &["sensitive", "as"]);
    reads_back(&create);
}

/// Read as what a list holds: nothing but an index stands beside.
fn is_list(object: &Object) -> bool {
    let held = ["@list", "@set"].into_iter().find(|name| object.member(name).is_some());
    held.is_some_and(|held| object.members().all(|(name, _)| name == held || name == "@index"))
}

/// What a builder made leaves its context to the whole that it becomes part of.
fn lift(context: &Value) {
    let note = Note::builder().with(CONTEXT, context.clone()).sensitive(true);
    let create = Create::builder().sensitive(true).object(note).build();
    let part = create.object().of::<Note>().next().expect("the note");
    assert_eq!(part.member("@context"), None);
    defines(&create, &["sensitive", "as"]);
    names(&create, &[ACTIVITY_STREAMS]);
    for entry in entries(context) {
        match entry {
            Value::Object(terms) => terms.members().for_each(|(name, _)| defines(&create, &[name])),
            Value::String(url) if **url != *"http://www.w3.org/ns/activitystreams" => names(&create, &[url]),
            _ => {}
        }
    }
    reads_back(&create);
}

/// The context says what each of these means.
fn defines<K>(object: &As<K>, terms: &[&str]) {
    let context = object.member("@context").map_or(&[][..], entries);
    for term in terms {
        let mut maps = context.iter().filter_map(Value::as_object);
        assert!(
            maps.any(|map| map.members().any(|(name, _)| name == *term)),
            "{term} is undefined in {object}"
        );
    }
}

/// The context names each of these published ones.
fn names<K>(object: &As<K>, urls: &[&str]) {
    let context = object.member("@context").map_or(&[][..], entries);
    for url in urls {
        let is_named = context.iter().filter_map(Value::as_str).any(|named| {
            named == *url || (*url == ACTIVITY_STREAMS && named == "http://www.w3.org/ns/activitystreams")
        });
        assert!(is_named, "{url} is not named in {object}");
    }
}

/// Every entry of the one context is in the other, in the same order: those that are not maps as they are, of the
/// maps each definition.
fn keeps<K>(before: &Object, after: &As<K>) {
    let after = after.member("@context").map_or(&[][..], entries);
    let mut rest = after.iter();
    for entry in before.member("@context").map_or(&[][..], entries) {
        let is_kept = rest.any(|other| match (entry, other) {
            (Value::Object(terms), Value::Object(others)) => {
                terms.members().all(|term| others.members().any(|other| other == term))
            }
            _ => entry == other,
        });
        assert!(is_kept, "{entry} is not in {}", Value::Array(after.to_vec()));
    }
}

fn entries(context: &Value) -> &[Value] {
    match context {
        Value::Array(entries) => entries,
        entry => std::slice::from_ref(entry),
    }
}

/// What is written is read again, unless a document at the limits has now passed them.
fn reads_back<K>(object: &As<K>) {
    match Object::parse(object.to_json().as_bytes()) {
        Ok(again) => assert_eq!(again, *object.as_object()),
        Err(ParseError::TooDeep { .. } | ParseError::TooLong { .. } | ParseError::TooLarge { .. }) => {}
        Err(error) => panic!("{error}: {object}"),
    }
}
