//! Signatures as strangers send them, from outside.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should say where"
)]

mod captures;
mod hostile;
mod keys;
mod laws;
mod owner;
mod requests;
mod scene;
mod vectors;
