//! Edits: one property changes, in the name it stands under, and the rest stays as it was written.

use activitypub_core::{Edit, Object, Text, Typed as _};
use vocabulary::books::{Book, Isbn, Setters as _, kind};

const CONTEXT: &str = r#""@context":["https://www.w3.org/ns/activitystreams",{"books":"https://books.example/ns#","shelf":"books:shelf","stars":"books:stars","title":"books:title","titleMap":{"@id":"books:title","@container":"@language"},"writtenBy":"books:writtenBy","subjects":"books:subjects","isbn":"books:isbn","pageCount":"books:pageCount","numberOfPages":"https://schema.org/numberOfPages"}]"#;

type Change = fn(Edit<'_, kind::Book>) -> Edit<'_, kind::Book>;

fn check(before: &str, change: Change, after: &str) {
    let document =
        |members: &str| format!(r#"{{{CONTEXT},"type":"Book",{members},"ex:smell":{{"of":1.50}}}}"#);
    let mut book = Book::of(&Object::parse(document(before).as_bytes()).unwrap()).clone();
    change(book.edit());
    assert_eq!(book.to_json(), document(after));
}

#[test]
fn a_value_is_replaced_in_its_place_and_spelling() {
    check(r#""stars":3.50,"x":1"#, |book| book.stars(2.0), r#""stars":2.0,"x":1"#);
    check(r#""books:stars":3.50,"x":1"#, |book| book.stars(2.0), r#""books:stars":2.0,"x":1"#);
    check(
        r#""https://books.example/ns#stars":3,"x":1"#,
        |book| book.stars(2.0),
        r#""https://books.example/ns#stars":2.0,"x":1"#,
    );
    check(r#""other:stars":3,"stars":1"#, |book| book.stars(2.0), r#""other:stars":3,"stars":2.0"#);
    let isbn = r#""books:isbn":"9780306406157""#;
    check(r#""books:isbn":"?""#, |book| book.isbn(Isbn::parse("9780306406157").unwrap()), isbn);
}

#[test]
fn a_value_is_added_in_its_place_and_spelling() {
    check(
        r#""books:writtenBy":"https://a.example/1","x":1"#,
        |book| book.written_by("https://a.example/2"),
        r#""books:writtenBy":["https://a.example/1","https://a.example/2"],"x":1"#,
    );
    check(
        r#""subjects":{"@set":["sea"]}"#,
        |book| book.subjects(["salt"]),
        r#""subjects":{"@set":["sea","salt"]}"#,
    );
}

#[test]
fn a_text_is_replaced_in_its_language() {
    check(
        r#""books:title":"Das Meer","books:titleMap":{"de":"Das Meer","EN":"Sea"}"#,
        |book| book.title(Text::in_language("en", "The Sea")),
        r#""books:title":"Das Meer","books:titleMap":{"de":"Das Meer","EN":"The Sea"}"#,
    );
}

#[test]
fn what_is_written_along_is_kept_in_step() {
    check(
        r#""pageCount":1,"numberOfPages":1"#,
        |book| book.page_count(2),
        r#""pageCount":2,"numberOfPages":2"#,
    );
}
