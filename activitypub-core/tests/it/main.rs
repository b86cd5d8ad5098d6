//! The tests of this crate, in one binary.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this is how a test fails"
)]

mod audience;
mod check;
mod collections;
mod contexts;
mod corpus;
mod extensions;
#[cfg(feature = "html")]
mod html;
mod index;
mod jcs;
mod json;
#[cfg(feature = "json-ld")]
mod json_ld;
mod laws;
mod meanings;
mod output;
mod proposals;
mod servers;
mod setting;
mod table;
mod views;
