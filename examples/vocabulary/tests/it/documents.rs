//! Builders: the documents that come out, and their `@context`.

use std::process::Command;

use activitypub_core::{Create, Note, Object, Organization, Parsed, Text, Timestamp, Value};
use vocabulary::books::{Book, Chapter, Getters as _, Isbn, Setters as _};
use vocabulary::clubs::{Club, Getters as _, Recommend, Setters as _};

/// What a context defines, and the published ones it names.
fn context(object: &Object) -> (Vec<String>, Object) {
    let (mut named, mut defined) = (Vec::new(), Object::new());
    let entries = match object.member("@context").unwrap() {
        Value::Array(entries) => entries.as_slice(),
        entry => std::slice::from_ref(entry),
    };
    for entry in entries {
        match entry {
            Value::String(url) => named.push(String::from(&**url)),
            Value::Object(terms) => {
                terms.members().for_each(|(name, value)| defined.insert(name, value.clone()));
            }
            other => panic!("{other} in a context"),
        }
    }
    (named, defined)
}

#[test]
fn what_is_set_is_read_again() {
    let printed: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
    let book = Book::builder()
        .name("A name from Activity Streams")
        .width(12)
        .title(Text::in_language("en", "The Sea"))
        .blurb("<p>Wet</p>")
        .written_by(["https://a.example/1", "https://a.example/2"])
        .published_by(Organization::builder().name("Tide"))
        .chapters(Chapter::builder().name("Ebb"))
        .subjects(["sea", "salt"])
        .printings(vec![10, 20])
        .isbn(Isbn::parse("9780306406157").unwrap())
        .printed(printed)
        .page_count(312)
        .stars(4.5)
        .shelf("https://a.example/s")
        .build();
    let parsed = Parsed::parse(book.to_json()).unwrap();
    assert_eq!(*parsed, *book.as_object());
    let book = parsed.cast::<Book>().unwrap();
    assert_eq!((book.name().as_str(), book.width()), (Some("A name from Activity Streams"), Some(12)));
    assert_eq!(book.title().in_language("en"), Some("The Sea"));
    assert_eq!(book.blurb().as_html().unwrap(), "<p>Wet</p>");
    assert_eq!(book.written_by().ids().count(), 2);
    assert!(book.published_by().unwrap().of::<Organization>().is_some());
    assert_eq!(book.chapters().of::<Chapter>().count(), 1);
    assert_eq!(book.subjects().collect::<Vec<_>>(), ["sea", "salt"]);
    assert_eq!(book.printings().collect::<Vec<_>>(), [10, 20]);
    assert_eq!(book.isbn(), Isbn::parse("9780306406157"));
    assert_eq!(book.printed(), Some(printed));
    assert_eq!((book.page_count(), book.number_of_pages()), (Some(312), Some(312)), "written along");
    assert_eq!((book.stars(), book.shelf().is_some()), (Some(4.5), true));
    assert_eq!(parsed.check(), []);
}

#[test]
fn the_context_defines_what_is_used_in_each_shape() {
    let book = Book::builder()
        .title(Text::in_language("en", "The Sea"))
        .written_by("https://a.example/1")
        .printings([10])
        .stars(4.5)
        .number_of_pages(312);
    let (named, defined) = context(Note::builder().attachment(book).build().as_object());
    assert_eq!(named, ["https://www.w3.org/ns/activitystreams"]);
    let expected = r#"{
        "books": "https://books.example/ns#",
        "Book": "books:Book",
        "title": "books:title",
        "titleMap": {"@id": "books:title", "@container": "@language"},
        "writtenBy": {"@id": "books:writtenBy", "@type": "@id"},
        "printings": {"@id": "books:printings", "@container": "@list"},
        "stars": "books:stars",
        "numberOfPages": "https://schema.org/numberOfPages"
    }"#;
    assert_eq!(defined, Object::parse(expected.as_bytes()).unwrap());
}

#[test]
fn a_published_context_is_named_and_nothing_is_defined() {
    let club = Club::builder().name("The Tide").reads("https://a.example/books/1");
    let recommend = Recommend::builder().actor("https://a.example/1").suited_for(club).build();
    let (named, defined) = context(recommend.as_object());
    assert_eq!(named, ["https://www.w3.org/ns/activitystreams", "https://clubs.example/context.jsonld"]);
    assert_eq!(defined, Object::new());
    let club = recommend.suited_for().of::<Club>().next().unwrap();
    assert_eq!(club.reads().unwrap().id().unwrap(), "https://a.example/books/1");
    assert!(club.member("@context").is_none(), "the whole has it");
}

#[test]
fn both_vocabularies_and_the_core_stand_in_one_document() {
    let book = Book::builder().stars(4.5);
    let create = Create::builder().object(Club::builder().reads(book).sensitive(true)).build();
    let (named, defined) = context(create.as_object());
    assert_eq!(named.len(), 2);
    let names: Vec<_> = defined.members().map(|(name, _)| name).collect();
    assert_eq!(names, ["books", "Book", "stars", "as", "sensitive"]);
}

#[test]
fn the_program_shows_what_it_is_an_example_of() {
    let output = Command::new(env!("CARGO_BIN_EXE_vocabulary")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let document = Object::parse(text.lines().next().unwrap().as_bytes()).unwrap();
    assert!(document.is::<Create>());
    assert!(
        text.contains("title: Some(\"The Sea\")") && text.contains("chapters: [\"Ebb\", \"Flood\"]"),
        "{text}"
    );
    assert!(text.contains(r#""books:stars":3.50,"ex:smell":"old""#) && !text.contains("flaw"), "{text}");
}

#[test]
fn a_vocabulary_needs_no_crate_but_the_core() {
    let manifest = include_str!("../../Cargo.toml");
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    assert_eq!(dependencies.trim(), "activitypub-core.workspace = true");
}
