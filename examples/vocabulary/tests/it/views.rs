//! Types and getters: what is read, under which names.

use activitypub_core::{
    Actor, Document, Group, Is, Link, Note, Object, OrderedCollection, Severity, Typed as _, kind, vocab,
};
use vocabulary::books::{self, Any, Book, Chapter, Getters as _, Isbn, Rated};
use vocabulary::clubs::{self, Club, Getters as _, Recommend};

fn object(json: &str) -> Object {
    Object::parse(json.as_bytes()).unwrap()
}

#[test]
fn an_object_is_of_our_types_by_any_spelling_of_them() {
    for spelling in ["Book", "books:Book", "https://books.example/ns#Book", "http://books.example/ns#Book"] {
        let book = object(&format!(r#"{{"type":["ex:Thing","{spelling}"]}}"#));
        assert!(book.is::<Book>() && book.is::<Rated>() && book.is::<Object>(), "{spelling}");
        assert!(!book.is::<Chapter>() && !book.is::<Note>() && !book.is::<Club>(), "{spelling}");
        assert!(matches!(Any::from(&book), Any::Book(_)), "{spelling}");
    }
    for other in ["other:Book", "https://other.example/ns#Book", "book"] {
        assert!(!object(&format!(r#"{{"type":"{other}"}}"#)).is::<Book>(), "{other}");
    }
    assert!(matches!(Any::from(&object(r#"{"type":"Note"}"#)), Any::Other(_)));
    assert!(matches!(clubs::Any::from(&object(r#"{"type":"clubs:Club"}"#)), clubs::Any::Club(_)));
}

#[test]
fn our_types_stand_where_their_ancestors_are_asked_for() {
    fn stands_for<K: Is<V>, V>() {}
    stands_for::<books::kind::Book, Document>();
    stands_for::<books::kind::Book, Rated>();
    stands_for::<clubs::kind::Club, Group>();
    stands_for::<clubs::kind::Club, Actor>();
    stands_for::<kind::Note, Object>();
}

#[test]
fn a_cast_is_the_object_itself() {
    let json = r#"{"books:stars":4.50,"type":["Book","Document"],"width":7,"x":{"y":1e3}}"#;
    let book = object(json);
    assert_eq!(book.cast::<Book>().unwrap().to_json(), json);
    assert_eq!(book.cast::<Rated>().unwrap().stars(), Some(4.5));
    assert_eq!(book.cast::<Document>().unwrap().width(), Some(7), "a getter of the core");
    assert_eq!(book.cast::<Book>().unwrap().width(), Some(7), "by inheritance");
}

#[test]
fn a_property_is_read_under_every_spelling_of_its_name() {
    for prefix in ["", "books:", "https://books.example/ns#", "http://books.example/ns#"] {
        let book = object(&format!(
            r#"{{"{prefix}stars":4.5,"{prefix}titleMap":{{"en":"The Sea"}},"{prefix}writtenBy":["https://a.example/1"]}}"#,
        ));
        let book = Book::of(&book);
        assert_eq!(book.stars(), Some(4.5), "{prefix}");
        assert_eq!(book.title().in_language("en-GB"), Some("The Sea"), "{prefix}");
        assert_eq!(book.written_by().ids().count(), 1, "{prefix}");
    }
    let pages = object(r#"{"https://schema.org/numberOfPages":312}"#);
    assert_eq!(Book::of(&pages).number_of_pages(), Some(312));
    assert_eq!(Book::of(&object(r#"{"books:numberOfPages":312}"#)).number_of_pages(), None, "another name");
}

#[test]
fn other_names_are_read_where_the_first_is_missing() {
    let book = object(r#"{"released":"2020-01-01T00:00:00Z","numberOfPages":1}"#);
    assert_eq!(Book::of(&book).printed().unwrap().to_string(), "2020-01-01T00:00:00Z");
    assert_eq!(Book::of(&book).page_count(), Some(1));
    let book =
        object(r#"{"released":"2020-01-01T00:00:00Z","printed":"2021-01-01T00:00:00Z","pageCount":2}"#);
    assert_eq!(Book::of(&book).printed().unwrap().to_string(), "2021-01-01T00:00:00Z");
    assert_eq!(Book::of(&book).page_count(), Some(2));
}

#[test]
fn every_shape_reads_what_it_can() {
    let book = object(
        r#"{"title":["The Sea"],"blurb":"<p>Wet</p>","publishedBy":{"type":"Organization","name":"Tide"},
            "chapters":[{"type":"Chapter","name":"Ebb"},7],"subjects":["sea",7,"salt"],"printings":{"@list":["10",2.5,30]},
            "isbn":"978-0-306-40615-7","stars":"4.5","shelf":{"id":"https://a.example/s"}}"#,
    );
    let book = Book::of(&book);
    assert_eq!(book.title().as_str(), Some("The Sea"));
    assert_eq!(book.blurb().as_html().unwrap(), "<p>Wet</p>");
    assert_eq!(book.published_by().unwrap().object().unwrap().name().as_str(), Some("Tide"));
    assert_eq!(book.chapters().of::<Chapter>().count(), 1);
    assert_eq!(book.subjects().collect::<Vec<_>>(), ["sea", "salt"]);
    assert_eq!(book.printings().collect::<Vec<_>>(), [10, 30]);
    assert_eq!(book.isbn(), Isbn::parse("9780306406157"));
    assert_eq!(book.stars(), Some(4.5));
    assert_eq!(book.shelf().unwrap(), "https://a.example/s");
    let bad = object(r#"{"isbn":"978-0-306-40615-8","stars":"many","subjects":7,"title":{}}"#);
    let bad = Book::of(&bad);
    assert_eq!((bad.isbn(), bad.stars(), bad.title().as_str()), (None, None, None));
    assert_eq!(bad.subjects().count(), 0);
}

#[test]
fn everything_has_what_an_extension_gives_to_objects() {
    let all = object(r#"{"shelf":"https://a.example/s"}"#);
    assert!(Note::of(&all).shelf().is_some() && OrderedCollection::of(&all).shelf().is_some());
    assert!(Club::of(&all).shelf().is_some(), "of another vocabulary");
    assert!(Recommend::of(&all).suited_for().is_empty());
    assert!(!object(r#"{"type":"Mention"}"#).is::<Rated>());
    let _: &Link = Link::of(&all);
}

#[test]
fn checking_finds_the_flaws_of_a_document_that_has_properties_of_ours() {
    let note =
        object(r#"{"type":"Note","to":5,"attachment":{"type":"Book","id":7,"stars":4.5,"name":[{}]}}"#);
    let flaws = note.check();
    let paths: Vec<_> =
        flaws.iter().filter(|flaw| flaw.severity > Severity::Hint).map(|flaw| &*flaw.path).collect();
    assert_eq!(paths, ["/to", "/attachment/name/0", "/attachment/id"]);
}

#[test]
fn the_table_says_what_was_declared() {
    let table = &books::VOCABULARY;
    let book = table.types.iter().find(|of| of.name == "Book").unwrap();
    assert_eq!(book.ancestors, ["Document", "Object", "Measured", "Rated"]);
    let row = |name: &str| table.rows().find(|row| row.term.name == name).unwrap();
    assert_eq!((row("stars").domain, row("shelf").domain), ("Rated", "Object"));
    assert!(row("writtenBy").is_reference && row("title").is_text && !row("stars").is_reference);
    assert_eq!(row("printed").names().collect::<Vec<_>>(), ["printed", "released"]);
    assert_eq!(row("stars").read(&object(r#"{"stars":4.5}"#)), "Some(4.5)");
    assert!(vocab::ALL.iter().all(|of| of.prefix != table.prefix), "the core knows nothing of it");
}
