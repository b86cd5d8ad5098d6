#![doc = include_str!("../README.md")]

mod decision;
mod hosts;
mod list;
mod live;
mod message;
mod policy;

pub use decision::{Admission, Decision, Disclosure, Effect, Obligation, Why};
pub use hosts::{HostError, HostRule, Hosts, Matching, Severity};
pub use list::{Blocklist, Diagnostic, ListError, Oddity};
pub use live::Live;
pub use message::{Message, Party, Role, Stage};
pub use policy::{FederationPolicy, Open};
