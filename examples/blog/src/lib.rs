//! A blog of Markdown files that federates: people on Mastodon and elsewhere follow it, answer it, like it.
//!
//! A file in a folder is a post. Saving one publishes it, editing it updates it everywhere, deleting it deletes it. The
//! pages need no script, load nothing from other servers, and show what readers answered from theirs.

#![expect(
    clippy::exhaustive_structs,
    clippy::exhaustive_enums,
    reason = "an application: nobody else builds on its types"
)]

pub mod app;
pub mod article;
pub mod auth;
pub mod db;
pub mod error;
pub mod federation;
pub mod feed;
pub mod folder;
pub mod front_matter;
pub mod html;
pub mod library;
pub mod markdown;
pub mod pages;
pub mod plan;
pub mod post;
pub mod settings;
pub mod shelf;
pub mod start;
pub mod web;

pub use error::Error;
pub use start::{Blog, Config, run};

/// The name of the blog's actor: `@blog@host`.
pub const ACTOR: &str = "blog";
