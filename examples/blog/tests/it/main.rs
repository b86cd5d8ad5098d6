//! The blog from outside: its files, its pages, its forms.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod admin;
mod federation;
mod feed;
mod folder;
mod front_matter;
mod html;
mod objects;
mod pages;
mod running;
mod starting;
mod tables;
