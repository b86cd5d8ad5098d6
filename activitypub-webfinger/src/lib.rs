#![doc = include_str!("../README.md")]

mod acct;
mod answer;
pub mod host_meta;
mod jrd;
mod lookup;
pub mod nodeinfo;

pub use acct::{Acct, AcctError};
pub use answer::{CONTENT_TYPE, CORS, PATH, Query, QueryError, Resource};
pub use jrd::{Jrd, JrdError, Link, MAX_BYTES};
pub use lookup::{ConfirmError, Found, Handle, Lookup, LookupError, MAX_REDIRECTS, Step};
