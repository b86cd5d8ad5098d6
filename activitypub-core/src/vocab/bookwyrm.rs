//! Books and what people write about them, as BookWyrm publishes it:
//! <https://docs.joinbookwyrm.com/activitypub.html>.
//!
//! No context defines these names. That of Activity Streams gives such names the namespace `_:`, which only
//! says that they are no IRIs.

use super::as2::{
    Activity, Actor, Collection, Document, Note, Object, ObjectOrLink, OrderedCollection, Transitive,
};
use crate::iri::Iri;
use crate::item::{Many, One};
use crate::scalar::Values;
use crate::text::Html;
use crate::vocabulary;

vocabulary! {
    inherent namespace "_:" as "_" in "https://www.w3.org/ns/activitystreams";

    // What people write.

    /// Something written about a book.
    Comment: BookStatus + Note + Object {}

    /// A passage of a book, and what is to be said about it as `content`.
    Quotation: BookStatus + Note + Object {
        /// The passage. Elsewhere the property of that name refers to what is [quoted](crate::As::quote).
        quoted_text = "quote": Html,
        /// Where it stands, in what `positionMode` says.
        quoted_position = "position": u64,
        /// `PG` for pages, `PCT` for percent.
        quoted_position_mode = "positionMode": str,
    }

    /// A review of a book; `name` is its title.
    Review: BookStatus + Note + Object {
        /// From 0.5 to 5 stars.
        rating = "rating": f64,
    }

    /// A review that is a rating alone.
    Rating: Review + BookStatus + Note + Object {}

    /// A note that the server wrote, such as that somebody has begun to read a book.
    GeneratedNote: Note + Object {}

    /// What is written about a book.
    abstract BookStatus: Note + Object {
        /// The book.
        in_reply_to_book = "inReplyToBook": One<Edition>,
        /// How far whoever writes it is: `to-read`, `reading`, `read` or `stopped-reading`.
        reading_status = "readingStatus": str,
        /// How far that is within the book, in what `progressMode` says.
        reading_progress = "progress": u64,
        /// `PG` for pages, `PCT` for percent.
        reading_progress_mode = "progressMode": str,
    }

    // Books.

    /// A book as it was printed once.
    Edition: Book + BookData + Object {
        /// The book as such, whatever the edition.
        work = "work": One<Work>,
        /// Its ISBN of ten digits.
        isbn10 = "isbn10": str,
        /// Its ISBN of thirteen digits.
        isbn13 = "isbn13": str,
        /// Its number in WorldCat.
        oclc_number = "oclcNumber": str,
        /// How many pages it has.
        pages = "pages": u64,
        /// `AudiobookFormat`, `EBook`, `GraphicNovel`, `Hardcover` or `Paperback`.
        physical_format = "physicalFormat": str,
        /// The same in words.
        physical_format_detail = "physicalFormatDetail": str,
        /// Who published it.
        publishers = "publishers": Values<str>,
        /// The higher, the sooner it stands for its work.
        edition_rank = "editionRank": u64,
    }

    /// A book, whatever the edition.
    Work: Book + BookData + Object {
        /// Its number at the Library of Congress.
        lccn = "lccn": str,
        /// Its editions.
        editions = "editions": Many<Edition>,
    }

    /// Who wrote a book; no actor.
    Author: BookData + Object {
        /// Their ISNI.
        isni = "isni": str,
        /// Their number in VIAF.
        viaf_id = "viafId": str,
        /// Their number at Project Gutenberg.
        gutenberg_id = "gutenbergId": str,
        /// When they were born: a year, a month or a day.
        born = "born": str,
        /// When they died: a year, a month or a day.
        died = "died": str,
        /// Other names of theirs.
        aliases = "aliases": Values<str>,
        /// Their life.
        bio = "bio": Html,
        /// Where Wikipedia has it.
        wikipedia_link = "wikipediaLink": Iri,
        /// Their own site.
        website = "website": Iri,
    }

    /// What editions and works have in common.
    abstract Book: BookData + Object {
        /// Its title.
        book_title = "title": str,
        /// Its title as it is sorted by.
        sort_title = "sortTitle": str,
        /// Its subtitle.
        subtitle = "subtitle": str,
        /// What it is about.
        book_description = "description": Html,
        /// The languages it is in, in English words.
        languages = "languages": Values<str>,
        /// The series it is part of, before there were [`Series`].
        series_title = "series": str,
        /// Its place in that series.
        series_number = "seriesNumber": str,
        /// Its places in series.
        series_books = "seriesBooks": Many<SeriesBook>,
        /// What it is about, in words to search for.
        subjects = "subjects": Values<str>,
        /// The places it is about.
        subject_places = "subjectPlaces": Values<str>,
        /// Who wrote it.
        authors = "authors": Many<Author>,
        /// When it came out first: a year, a month or a day.
        first_published_date = "firstPublishedDate": str,
        /// When it came out: a year, a month or a day.
        published_date = "publishedDate": str,
        /// Where there are files of it.
        file_links = "fileLinks": Many<ObjectOrLink>,
        /// Its cover, a picture.
        book_cover = "cover": One<Document>,
    }

    /// Where else a book, an author or a series is described.
    abstract BookData: Object {
        /// Its key at Open Library.
        openlibrary_key = "openlibraryKey": str,
        /// Its id at Inventaire.
        inventaire_id = "inventaireId": str,
        /// Its key at Finna.
        finna_key = "finnaKey": str,
        /// Its key at Libris.
        libris_key = "librisKey": str,
        /// Its key at LibraryThing.
        librarything_key = "librarythingKey": str,
        /// Its key at Goodreads.
        goodreads_key = "goodreadsKey": str,
        /// Its id at the national library of France.
        bnf_id = "bnfId": str,
        /// Its number in VIAF.
        viaf = "viaf": str,
        /// Its item at Wikidata.
        wikidata = "wikidata": str,
        /// Its number at Amazon.
        asin = "asin": str,
        /// Its number at Audible.
        aasin = "aasin": str,
        /// Its id at the Internet Speculative Fiction Database.
        isfdb = "isfdb": str,
        /// Who changed this description last.
        last_edited_by = "lastEditedBy": Iri,
    }

    // Where books stand.

    /// Books of somebody that are in the same state, such as those they have read.
    Shelf: OrderedCollection + Collection + Object {}
    /// Books that belong together.
    BookList: OrderedCollection + Collection + Object {
        /// Who may add to it: `open`, `curated`, `group` or `closed`.
        curation = "curation": str,
    }
    /// Books for those who liked a book.
    SuggestionList: OrderedCollection + Collection + Object {
        /// The book.
        suggested_for = "book": One<Work>,
    }
    /// Books that continue each other.
    Series: BookData + OrderedCollection + Collection + Object {
        /// Other names of it.
        alternative_names = "alternativeNames": Values<str>,
    }

    /// A book on a shelf.
    ShelfItem: CollectionItem + Activity + Object + Transitive {}
    /// A book on a list.
    ListItem: CollectionItem + Activity + Object + Transitive {
        /// Whether the owner of the list wants it there.
        is_approved = "approved": bool,
        /// Its place on the list, from 1.
        list_order = "order": u64,
    }
    /// A book that is suggested.
    SuggestionListItem: CollectionItem + Activity + Object + Transitive {}
    /// A book in a series.
    SeriesBook: CollectionItem + Activity + Object + Transitive {
        /// The series.
        in_series = "series": One<Series>,
        /// Its place in the series.
        number_in_series = "seriesNumber": str,
    }

    /// A book on one of these, written like an activity: `actor` has put it there.
    abstract CollectionItem: Activity + Object + Transitive {
        /// The book.
        book = "book": One<Book>,
        /// Why it is there.
        item_notes = "notes": Html,
    }

    /// Properties of every ordered collection.
    extend OrderedCollection {
        /// Whose it is.
        collection_owner = "owner": Iri,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether it is on a BookWyrm, and wants to be sent what only that understands.
        bookwyrm_user = "bookwyrmUser": bool,
        /// Whether those it follows are kept secret.
        hide_follows = "hideFollows": bool,
    }
}
