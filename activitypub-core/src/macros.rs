//! `vocabulary!`: from a table of types and properties, the views, their getters and setters, and the table
//! as data.
//!
//! ```text
//! vocabulary! {
//!     namespace "https://www.w3.org/ns/activitystreams#" as "as" in "https://www.w3.org/ns/activitystreams";
//!
//!     /// A type of its own, `Kind::NAME` in a document's `type`; all its ancestors are listed.
//!     Create: Activity + Object + Transitive {
//!         /// A property: getter on every view that is a Create, setter on its builders.
//!         rust_name = "termInDocuments" | "synonym": Shape,
//!     }
//!
//!     /// A type that only stands for others: no document has it, so it has no builder.
//!     abstract Actor: Object {}
//!
//!     /// More properties for a type declared elsewhere.
//!     extend Actor {}
//! }
//! ```
//!
//! With `in` the terms are defined by the context at that address, without it each is written out in the
//! `@context` of the documents that use it.

macro_rules! vocabulary {
    (
        namespace $namespace:literal as $prefix:literal $(in $context:literal)?;
        $($items:tt)*
    ) => {
        vocabulary! { @sort [$namespace $prefix [$($context)?]] [] [] [] $($items)* }
    };

    // Sort the items into concrete types, abstract types and extensions.
    (
        @sort $head:tt $concrete:tt $abstract:tt [$($extend:tt)*]
        $(#[$meta:meta])* extend $name:ident { $($properties:tt)* }
        $($rest:tt)*
    ) => {
        vocabulary! {
            @sort $head $concrete $abstract [$($extend)* { $name { $($properties)* } }]
            $($rest)*
        }
    };
    (
        @sort $head:tt $concrete:tt [$($abstract:tt)*] $extend:tt
        $(#[$meta:meta])* abstract $name:ident $(: $parent:ident $(+ $more:ident)*)? { $($properties:tt)* }
        $($rest:tt)*
    ) => {
        vocabulary! {
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
        vocabulary! {
            @sort $head
            [$($concrete)* { [$(#[$meta])*] $name [$($parent $($more)*)?] { $($properties)* } }]
            $abstract $extend
            $($rest)*
        }
    };

    // Write everything out.
    (
        @sort [$namespace:literal $prefix:literal [$($context:literal)?]]
        [$( { [$(#[$cmeta:meta])*] $concrete:ident [$($cparent:ident)*] {
            $( $(#[$cpmeta:meta])* $cprop:ident = $cterm:literal $(| $csyn:literal)* : $cshape:ty ),* $(,)?
        } } )*]
        [$( { [$(#[$ameta:meta])*] $abstract:ident [$($aparent:ident)*] {
            $( $(#[$apmeta:meta])* $aprop:ident = $aterm:literal $(| $asyn:literal)* : $ashape:ty ),* $(,)?
        } } )*]
        [$( { $extend:ident {
            $( $(#[$epmeta:meta])* $eprop:ident = $eterm:literal $(| $esyn:literal)* : $eshape:ty ),* $(,)?
        } } )*]
    ) => {
        /// This vocabulary as data.
        pub const VOCABULARY: $crate::vocab::Vocabulary = $crate::vocab::Vocabulary {
            namespace: $namespace,
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
                $( $( $crate::vocab::Row::of::<$cshape>($cterm, &[$($csyn),*], stringify!($concrete)), )* )*
                $( $( $crate::vocab::Row::of::<$ashape>($aterm, &[$($asyn),*], stringify!($abstract)), )* )*
                $( $( $crate::vocab::Row::of::<$eshape>($eterm, &[$($esyn),*], stringify!($extend)), )* )*
            ],
        };

        /// The kinds of this vocabulary: what the `K` of an [`As<K>`]($crate::As) may be.
        pub mod kind {
            $(
                $(#[$cmeta])*
                #[derive(Debug)]
                #[expect(clippy::exhaustive_enums, reason = "a marker without values")]
                pub enum $concrete {}
            )*
            $(
                $(#[$ameta])*
                #[derive(Debug)]
                #[expect(clippy::exhaustive_enums, reason = "a marker without values")]
                pub enum $abstract {}
            )*
        }

        /// An object by its most specific type, for `match`.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum Any<'a> {
            $( #[doc = concat!("It is of type ", stringify!($concrete), ".")] $concrete(&'a $concrete), )*
            /// It is of no type of this vocabulary.
            Other(&'a $crate::Object),
        }

        impl<'a> From<&'a $crate::Object> for Any<'a> {
            /// By the first of the object's types that this vocabulary declares.
            fn from(object: &'a $crate::Object) -> Self {
                for name in object.types() {
                    match $crate::vocab::local_name(name) {
                        $( stringify!($concrete) => {
                            return Self::$concrete(<$concrete as $crate::Typed>::of(object));
                        } )*
                        _ => {}
                    }
                }
                Self::Other(object)
            }
        }

        $(
            vocabulary! { @kind [$(#[$cmeta])*] $concrete [$($cparent)*] }
            impl $crate::Concrete for kind::$concrete {}
            vocabulary! { @properties $concrete
                $( [$(#[$cpmeta])*] $cprop = $cterm [$($csyn)*] [$cshape] )* }
        )*
        $(
            vocabulary! { @kind [$(#[$ameta])*] $abstract [$($aparent)*] }
            vocabulary! { @properties $abstract
                $( [$(#[$apmeta])*] $aprop = $aterm [$($asyn)*] [$ashape] )* }
        )*
        $(
            vocabulary! { @properties $extend
                $( [$(#[$epmeta])*] $eprop = $eterm [$($esyn)*] [$eshape] )* }
        )*
    };

    ( @kind [$($meta:tt)*] $name:ident [$($parent:ident)*] ) => {
        $($meta)*
        pub type $name = $crate::As<kind::$name>;

        impl $crate::Kind for kind::$name {
            const NAME: &'static str = stringify!($name);
            const VOCABULARY: &'static $crate::vocab::Vocabulary = &VOCABULARY;
        }

        $( impl $crate::Is<<$parent as $crate::Typed>::Kind> for kind::$name {} )*
    };

    ( @properties $name:ident ) => {};
    ( @properties $name:ident
        $( [$($meta:tt)*] $property:ident = $term:literal [$($synonym:literal)*] [$shape:ty] )+
    ) => {
        #[doc = concat!("Properties of every ", stringify!($name), ".")]
        impl<K: $crate::Is<<$name as $crate::Typed>::Kind>> $crate::As<K> {
            $(
                $($meta)*
                pub fn $property(&self) -> <$shape as $crate::Shape>::Get<'_> {
                    self.get(const {
                        $crate::Property::<$shape>::declared($term, &[$($synonym),*], &VOCABULARY)
                    })
                }
            )+
        }

        #[doc = concat!("Properties of every ", stringify!($name), ".")]
        impl<K, O> $crate::Builder<K, O>
        where
            K: $crate::Is<<$name as $crate::Typed>::Kind>,
            O: ::std::borrow::BorrowMut<$crate::Object>,
        {
            $(
                $($meta)*
                #[must_use = "a builder builds nothing until it is built or sent"]
                pub fn $property(self, value: impl $crate::Put<$shape>) -> Self {
                    self.with(
                        const {
                            $crate::Property::<$shape>::declared($term, &[$($synonym),*], &VOCABULARY)
                        },
                        value,
                    )
                }
            )+
        }
    };
}

pub(crate) use vocabulary;
