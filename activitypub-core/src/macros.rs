//! `vocabulary!`: from a table of types and properties, the views, their getters and setters, and the table
//! as data.

/// Declares a vocabulary: its types, its properties, and what they are called in documents.
///
/// The vocabularies of this crate are written with the same macro, and what it declares is read, written,
/// cast, built and put into `@context` by the same engine.
///
/// ```
/// mod books {
///     use activitypub_core::{Document, Many, Measured, Object, Person, Timestamp, Typed, vocabulary};
///
///     vocabulary! {
///         namespace "https://books.example/ns#" as "books";
///
///         /// A book.
///         Book: Document + Object + Measured {
///             /// Who wrote it.
///             written_by = "writtenBy": Many<Person>,
///             /// When it came out.
///             printed = "printed" | "released": Timestamp,
///         }
///
///         /// More about everything.
///         extend Object {
///             /// From 0 to 5.
///             stars = "stars": f64,
///         }
///     }
/// }
///
/// use activitypub_core::Note;
/// use books::{Book, Getters as _, Setters as _};
///
/// let note = Note::builder().content("A fine book").stars(4.5).attachment(
///     Book::builder().name("The Sea").written_by("https://books.example/people/iris"),
/// );
/// let note = note.build();
/// assert_eq!(note.stars(), Some(4.5));
/// let book = note.attachment().of::<Book>().next().expect("it has just been attached");
/// assert_eq!(book.written_by().ids().count(), 1);
/// assert!(note.to_json().contains(r#""stars":"books:stars""#), "the context says what it means");
/// ```
///
/// # What a table says
///
/// ```text
/// namespace "https://books.example/ns#" | "http://books.example/ns#" as "books" in "https://books.example/context";
/// ```
///
/// The IRI that all names of the vocabulary continue, other spellings of it that occur (another IRI, or a
/// prefix with its colon), the prefix that stands for it, and the published context that defines the names,
/// if servers know one. Without `in`, each name is defined in the `@context` of the documents that use it.
///
/// ```text
/// Book: Document + Object + Measured { … }
/// abstract Rated { … }
/// extend Object { … }
/// ```
///
/// A type with *all* its ancestors; a type that only stands for others, so that no document has it and it
/// has no builder; more properties for a type declared elsewhere.
///
/// ```text
/// written_by = "writtenBy": Many<Person>,
/// ```
///
/// The name in Rust, the term in documents, and the [shape](crate::Shape) of its values. After the term may
/// stand `@ "https://…"`, its IRI where it does not continue the namespace; `& "other"`, another property's
/// term that is written along with it and read where it is missing; `| "other"`, one that is only read.
///
/// The shapes are `bool`, `u64`, `i64`, `f64`, `str`, [`Timestamp`](crate::Timestamp), `std::time::Duration`,
/// [`Iri`](crate::Iri), and any other [`Scalar`](crate::Scalar), a type of one's own too;
/// [`Values`](crate::Values) and [`Sequence`](crate::Sequence) of these; [`Text`](crate::Text) and
/// [`Html`](crate::Html); [`One`](crate::One), [`Many`](crate::Many) and [`List`](crate::List) of a view.
///
/// # What it makes
///
/// `VOCABULARY`, the table as data; a view for each type (`type Book = As<kind::Book>`) and the module `kind`
/// of their markers; `Any`, an enum of the concrete types for `match`, whose `Other` is what this vocabulary
/// has no type for; and the traits `Getters` and `Setters` with a method for each property, which have to be in
/// scope where they are called. (In this crate they are methods of the views themselves, by the word `inherent`:
/// Rust allows that only where [`As`](crate::As) is defined. A method of a trait that is called like one of
/// those is hidden by it.)
///
/// Whoever has not seen the table does not know that a Book is a Document, this crate among them:
/// `is::<Document>()` is by what a document says. A builder says it with `.and_type("Document")`, as Activity
/// Streams 2.0 §4.2 wants; [`check_with`](crate::As::check_with) is given the table.
#[macro_export]
macro_rules! vocabulary {
    ( inherent namespace $($table:tt)* ) => { $crate::vocabulary! { @head [inherent] $($table)* } };
    ( namespace $($table:tt)* ) => { $crate::vocabulary! { @head [trait] $($table)* } };

    (
        @head $methods:tt
        $namespace:literal $(| $spelling:literal)* as $prefix:literal $(in $context:literal)?;
        $($items:tt)*
    ) => {
        $crate::vocabulary! {
            @sort [$methods $namespace [$($spelling)*] $prefix [$($context)?]] [] [] [] $($items)*
        }
    };

    // Sort the items into concrete types, abstract types and extensions.
    (
        @sort $head:tt $concrete:tt $abstract:tt [$($extend:tt)*]
        $(#[$meta:meta])* extend $name:ident { $($properties:tt)* }
        $($rest:tt)*
    ) => {
        $crate::vocabulary! {
            @sort $head $concrete $abstract [$($extend)* { $name { $($properties)* } }]
            $($rest)*
        }
    };
    (
        @sort $head:tt $concrete:tt [$($abstract:tt)*] $extend:tt
        $(#[$meta:meta])* abstract $name:ident $(: $parent:ident $(+ $more:ident)*)? { $($properties:tt)* }
        $($rest:tt)*
    ) => {
        $crate::vocabulary! {
            @sort $head $concrete
            [$($abstract)* { [$(#[$meta])*] $name [$($parent $($more)*)?] { $($properties)* } }]
            $extend
            $($rest)*
        }
    };
    (
        @sort $head:tt [$($concrete:tt)*] $abstract:tt $extend:tt
        $(#[$meta:meta])* $name:ident $(: $parent:ident $(+ $more:ident)*)? { $($properties:tt)* }
        $($rest:tt)*
    ) => {
        $crate::vocabulary! {
            @sort $head
            [$($concrete)* { [$(#[$meta])*] $name [$($parent $($more)*)?] { $($properties)* } }]
            $abstract $extend
            $($rest)*
        }
    };

    // Write everything out.
    (
        @sort [[$methods:ident] $namespace:literal [$($spelling:literal)*] $prefix:literal [$($context:literal)?]]
        [$( { [$(#[$cmeta:meta])*] $concrete:ident [$($cparent:ident)*] { $($cproperties:tt)* } } )*]
        [$( { [$(#[$ameta:meta])*] $abstract:ident [$($aparent:ident)*] { $($aproperties:tt)* } } )*]
        [$( { $extend:ident { $($eproperties:tt)* } } )*]
    ) => {
        /// This vocabulary as data.
        pub static VOCABULARY: $crate::vocab::Vocabulary = $crate::vocab::Vocabulary {
            namespace: $namespace,
            spellings: &[$($spelling),*],
            prefix: $prefix,
            context: { let context: &[&str] = &[$($context)?]; context.first().copied() },
            types: &[
                $( $crate::vocab::Type {
                    name: stringify!($concrete),
                    ancestors: &[$( stringify!($cparent) ),*],
                    is_abstract: false,
                }, )*
                $( $crate::vocab::Type {
                    name: stringify!($abstract),
                    ancestors: &[$( stringify!($aparent) ),*],
                    is_abstract: true,
                }, )*
            ],
            terms: &[
                $( $crate::vocabulary! { @rows $concrete $($cproperties)* }, )*
                $( $crate::vocabulary! { @rows $abstract $($aproperties)* }, )*
                $( $crate::vocabulary! { @rows $extend $($eproperties)* }, )*
            ],
        };

        /// The kinds of this vocabulary: what the `K` of an [`As<K>`]($crate::As) may be.
        pub mod kind {
            $(
                $(#[$cmeta])*
                #[derive(Debug)]
                #[non_exhaustive]
                pub enum $concrete {}
            )*
            $(
                $(#[$ameta])*
                #[derive(Debug)]
                #[non_exhaustive]
                pub enum $abstract {}
            )*
        }

        /// An object by its most specific type, for `match`: of the types of this vocabulary alone, which has
        /// an `Any` of its own as every other one has.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum Any<'a> {
            $( #[doc = concat!("It is of type ", stringify!($concrete), ".")] $concrete(&'a $concrete), )*
            /// It is of no type of this vocabulary.
            Other(&'a $crate::Object),
        }

        impl<'a, K> From<&'a $crate::As<K>> for Any<'a> {
            /// By the first of the object's types that this vocabulary declares.
            fn from(object: &'a $crate::As<K>) -> Self {
                let object = object.as_object();
                for name in object.types() {
                    match VOCABULARY.local_name(name) {
                        $( stringify!($concrete) => {
                            return Self::$concrete(<$concrete as $crate::Typed>::of(object));
                        } )*
                        _ => {}
                    }
                }
                Self::Other(object)
            }
        }

        impl<'a> From<&'a $crate::Parsed> for Any<'a> {
            fn from(document: &'a $crate::Parsed) -> Self {
                Self::from(&**document)
            }
        }

        $( $crate::vocabulary! { @kind [$(#[$cmeta])*] $concrete [$($cparent)*] }
           impl $crate::Concrete for kind::$concrete {} )*
        $( $crate::vocabulary! { @kind [$(#[$ameta])*] $abstract [$($aparent)*] } )*

        $crate::vocabulary! {
            @$methods
            $( $concrete { $($cproperties)* } )*
            $( $abstract { $($aproperties)* } )*
            $( $extend { $($eproperties)* } )*
        }
    };

    ( @kind [$($meta:tt)*] $name:ident [$($parent:ident)*] ) => {
        $($meta)*
        pub type $name = $crate::As<kind::$name>;

        impl $crate::Kind for kind::$name {
            const NAME: &'static str = stringify!($name);
            const VOCABULARY: &'static $crate::vocab::Vocabulary = &VOCABULARY;
        }

        $( impl $crate::Is<$parent> for kind::$name {} )*
    };

    // A type's properties as data.
    ( @rows $domain:ident $(
        $(#[$meta:meta])*
        $property:ident = $term:literal $(@ $iri:literal)? $(& $also:literal)* $(| $synonym:literal)* : $shape:ty
    ),* $(,)? ) => {
        &[$( $crate::vocab::Row::of::<$shape>(
            $crate::vocab::Names {
                term: $crate::Term {
                    name: $term,
                    also: &[$($also),*],
                    synonyms: &[$($synonym),*],
                    defined: $crate::vocabulary! { @defined $($iri)? },
                },
                quoted: concat!("\"", $term, "\":"),
                twin: concat!($term, "Map"),
                twin_quoted: concat!("\"", $term, "Map\":"),
            },
            stringify!($domain),
        ) ),*]
    };

    ( @defined ) => { $crate::Defined::By(&VOCABULARY) };
    ( @defined $iri:literal ) => { $crate::Defined::Within(&VOCABULARY, $iri) };

    // The property itself.
    ( @property $shape:ty, $term:literal [$($iri:literal)?] [$($also:literal)*] [$($synonym:literal)*] ) => {
        const {
            $crate::Property::<$shape>::declared($crate::Term {
                name: $term,
                also: &[$($also),*],
                synonyms: &[$($synonym),*],
                defined: $crate::vocabulary! { @defined $($iri)? },
            })
        }
    };

    // Getters and setters as methods of the views themselves.
    ( @inherent $( $name:ident { $(
        $(#[$($meta:tt)*])*
        $property:ident = $term:literal $(@ $iri:literal)? $(& $also:literal)* $(| $synonym:literal)* : $shape:ty
    ),* $(,)? } )* ) => { $(
        $crate::vocabulary! { @inherent_of $name $(
            { [$(#[$($meta)*])*] $property $shape, [$crate::vocabulary! {
                @property $shape, $term [$($iri)?] [$($also)*] [$($synonym)*]
            }] }
        )* }
    )* };
    ( @inherent_of $name:ident ) => {};
    ( @inherent_of $name:ident
        $( { [$($meta:tt)*] $property:ident $shape:ty, [$($value:tt)*] } )+
    ) => {
        #[doc = concat!("Properties of every ", stringify!($name), ".")]
        impl<K: $crate::Is<$name>> $crate::As<K> { $(
            $($meta)*
            pub fn $property(&self) -> <$shape as $crate::Shape>::Get<'_> {
                self.get($($value)*)
            }
        )+ }

        #[doc = concat!("Properties of every ", stringify!($name), ".")]
        impl<K, O> $crate::Builder<K, O>
        where
            K: $crate::Is<$name>,
            O: ::std::borrow::BorrowMut<$crate::Object>,
        { $(
            $($meta)*
            pub fn $property(self, value: impl $crate::Put<$shape>) -> Self {
                self.with($($value)*, value)
            }
        )+ }
    };

    // The same as methods of traits.
    ( @trait $( $name:ident { $(
        $(#[$($meta:tt)*])*
        $property:ident = $term:literal $(@ $iri:literal)? $(& $also:literal)* $(| $synonym:literal)* : $shape:ty
    ),* $(,)? } )* ) => {
        /// Reads the properties of this vocabulary from the views that have them.
        pub trait Getters<K> { $( $(
            $(#[$($meta)*])*
            fn $property(&self) -> <$shape as $crate::Shape>::Get<'_>
            where
                K: $crate::Is<$name>;
        )* )* }

        impl<K> Getters<K> for $crate::As<K> { $( $(
            fn $property(&self) -> <$shape as $crate::Shape>::Get<'_>
            where
                K: $crate::Is<$name>,
            {
                self.get($crate::vocabulary! {
                    @property $shape, $term [$($iri)?] [$($also)*] [$($synonym)*]
                })
            }
        )* )* }

        /// Sets the properties of this vocabulary on the builders of the views that have them.
        pub trait Setters<K>: Sized { $( $(
            $(#[$($meta)*])*
            fn $property(self, value: impl $crate::Put<$shape>) -> Self
            where
                K: $crate::Is<$name>;
        )* )* }

        impl<K, O: ::std::borrow::BorrowMut<$crate::Object>> Setters<K> for $crate::Builder<K, O> { $( $(
            fn $property(self, value: impl $crate::Put<$shape>) -> Self
            where
                K: $crate::Is<$name>,
            {
                self.with(
                    $crate::vocabulary! { @property $shape, $term [$($iri)?] [$($also)*] [$($synonym)*] },
                    value,
                )
            }
        )* )* }
    };
}
