//! The tests of this crate, in one binary.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "this is how a test fails")]

mod corpus;
mod json;
mod laws;
