//! The tests of this crate, in one binary.

mod corpus;
mod json;
mod laws;
