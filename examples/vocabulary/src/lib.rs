//! What an application of readers says in documents that no other says: [`books`], and the [`clubs`] that read
//! them.
//!
//! A vocabulary is a table. The views, getters, setters and the `@context` that come of it are those that Activity
//! Streams itself has, since the core declares it with the same macro.

pub mod books;
pub mod clubs;
