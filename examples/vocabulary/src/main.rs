//! Builds a document with a vocabulary of our own, reads it back as a stranger's, and changes it.

use std::error::Error;

use activitypub_core::{Create, Iri, Note, PUBLIC, Parsed, Text, Typed};
use vocabulary::books::{self, Any, Book, Chapter, Getters as _, Isbn, Setters as _};

fn main() -> Result<(), Box<dyn Error>> {
    // A builder has the properties of all vocabularies whose `Setters` are in scope.
    let book = Book::builder()
        .id("https://library.example/books/sea")
        .title(Text::in_language("en", "The Sea"))
        .written_by("https://library.example/people/iris")
        .chapters([Chapter::builder().name("Ebb"), Chapter::builder().name("Flood")])
        .isbn(Isbn::parse("978-0-306-40615-7").ok_or("not an ISBN")?)
        .page_count(312)
        .stars(4.5);
    let note = Note::builder().content("<p>A fine book</p>").to(PUBLIC).attachment(book);
    let create = Create::builder()
        .id("https://library.example/creates/1")
        .actor("https://library.example/people/ada")
        .to(PUBLIC)
        .object(note)
        .build();
    println!("{create}\n");

    // What arrives is a document like any other. By our table nothing is wrong with it.
    let parsed = Parsed::parse(create.to_json())?;
    for flaw in parsed.check_with(&[&books::VOCABULARY]) {
        println!("flaw: {flaw}");
    }
    for note in parsed.cast::<Create>().ok_or("not a Create")?.object().of::<Note>() {
        for attached in note.attachment().objects() {
            match Any::from(attached) {
                Any::Book(book) => describe(book),
                Any::Other(other) => println!("attached: {:?}", other.id()),
                _ => {}
            }
        }
    }

    // Changing one property leaves everything else as it was written, in words that we know and others.
    let mut book =
        Parsed::parse(r#"{"type":"books:Book","books:stars":3.50,"ex:smell":"old"}"#)?.into_object();
    println!("\n{:?} stars", Book::of(&book).stars());
    book.edit().shelf("https://library.example/shelves/7");
    println!("{book}");
    Ok(())
}

fn describe(book: &Book) {
    let chapters: Vec<&str> =
        book.chapters().of::<Chapter>().filter_map(|chapter| chapter.name().as_str()).collect();
    println!("title: {:?}", book.title().in_language("en-GB"));
    println!("by: {:?}", book.written_by().ids().map(Iri::as_str).collect::<Vec<_>>());
    println!("chapters: {chapters:?}");
    println!("isbn: {:?}, {:?} pages, {:?} stars", book.isbn(), book.number_of_pages(), book.stars());
}
