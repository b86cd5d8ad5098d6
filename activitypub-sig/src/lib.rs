#![doc = include_str!("../README.md")]

mod candidate;
mod digest;
mod engine;
mod error;
mod http;
mod key;
mod owner;
mod signer;
mod structured;
mod verified;

pub use candidate::{Candidate, Window};
pub use error::{Refusal, SignError};
pub use http::{Dialect, Part};
pub use key::{KeyError, KeyType, PrivateKey, PublicKey};
pub use owner::OwnedKey;
pub use signer::Signer;
pub use verified::{Authentic, Evidence, HttpSignature, Verified, danger};
