//! The runtime from outside: over real sockets, on loopback.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "this is how a test fails")]

mod client;
mod fetch;
mod hostile;
mod inward;
mod keys;
mod knock;
mod network;
mod peer;
mod server;
mod story;
mod tls;
