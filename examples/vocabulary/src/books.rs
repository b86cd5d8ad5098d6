//! Books and what is said of them: a vocabulary that no published context defines, so that each document says
//! itself what its words mean.

use std::fmt;

use activitypub_core::{
    Document, Html, Iri, List, Many, Measured, Object, One, Organization, Person, Scalar, Sequence, Text,
    Timestamp, Value, Values, vocabulary,
};

vocabulary! {
    namespace "https://books.example/ns#" | "http://books.example/ns#" as "books";

    /// A book.
    Book: Document + Object + Measured + Rated {
        /// Its title, as it stands on the cover.
        title = "title": Text,
        /// What the back of it says.
        blurb = "blurb": Html,
        /// Who wrote it.
        written_by = "writtenBy": Many<Person>,
        /// Who published it.
        published_by = "publishedBy": One<Organization>,
        /// What it consists of.
        chapters = "chapters": List<Chapter>,
        /// What it is about, in words.
        subjects = "subjects": Values<str>,
        /// How many copies each printing had, the first one first.
        printings = "printings": Sequence<u64>,
        /// Its number in bookshops.
        isbn = "isbn": Isbn,
        /// When it came out. Our first version called it something else.
        printed = "printed" | "released": Timestamp,
        /// How many pages it has. Search engines look for the name that schema.org has for it.
        page_count = "pageCount" & "numberOfPages": u64,
        /// The same, in the vocabulary of <https://schema.org>.
        number_of_pages = "numberOfPages" @ "https://schema.org/numberOfPages": u64,
    }

    /// A chapter of a book.
    Chapter: Object {}

    /// What readers have an opinion of.
    abstract Rated: Object {
        /// From 0 to 5.
        stars = "stars": f64,
    }

    /// More about everything.
    extend Object {
        /// The shelf that it stands on.
        shelf = "shelf": Iri,
    }
}

/// An International Standard Book Number of thirteen digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isbn(u64);

impl Isbn {
    /// The number in a text, hyphens or not. `None` where its last digit does not fit the others.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u64> = text
            .chars()
            .filter(|character| *character != '-')
            .map(|character| character.to_digit(10).map(u64::from))
            .collect::<Option<_>>()?;
        let sum: u64 =
            digits.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        let number = digits.iter().fold(0_u64, |number, digit| number.wrapping_mul(10).wrapping_add(*digit));
        (digits.len() == 13 && sum.is_multiple_of(10)).then_some(Self(number))
    }
}

impl fmt::Display for Isbn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}", self.0)
    }
}

/// With this, `Isbn` can be asked for wherever a table has the type of a property.
impl Scalar for Isbn {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}

/// And with this, set: as the text that it is in documents.
impl From<Isbn> for Value {
    fn from(isbn: Isbn) -> Self {
        Self::from(isbn.to_string())
    }
}
