//! WebFinger, host-meta and NodeInfo from outside: as a peer, as a client, as an attacker.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod acct;
mod answer;
mod confirm;
mod corpus;
mod jrd;
mod lookup;
mod network;
mod nodeinfo;
