//! Policies from outside: their laws, their lists, and the cases that went wrong elsewhere.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod decide;
mod hosts;
mod lattice;
mod mastodon_csv;
mod real_lists;
