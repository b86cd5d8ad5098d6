//! What a vocabulary has that another crate than the core declares.

#![expect(clippy::unwrap_used, clippy::panic, reason = "this is how a test fails")]

mod documents;
mod edits;
mod flaws;
mod views;
