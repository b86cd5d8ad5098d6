//! The pages: one frame for all of them, and what they have in common.

pub mod admin;
pub mod lists;
pub mod post;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use activitypub::as2::one_line;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::db::responses::Person;
use crate::html::web_url;
use crate::settings::{Settings, Site};

/// The one style sheet.
pub const STYLE: &str = include_str!("style.css");

/// The icon, also what the pages show beside the blog's name.
pub const ICON: &str = include_str!("icon.svg");

/// The style sheet's address: it changes when its content does, so browsers may keep it.
pub static STYLE_URL: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    STYLE.hash(&mut hasher);
    format!("/style.css?{:x}", hasher.finish())
});

/// What a page says about itself, and what is in it.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) site: &'a Site,
    /// For the browser's tab and for previews; empty for the first page.
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) language: &'a str,
    /// Its address, from `/`.
    pub(crate) path: &'a str,
    pub(crate) kind: Kind,
    pub(crate) content: Markup,
}

/// Who a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everybody, search engines too.
    Website,
    /// The same, and it is a post: it has an ActivityPub twin at its own address.
    Article,
    /// People, not search engines.
    Unlisted,
    /// The author alone.
    Admin,
}

impl Page<'_> {
    pub(crate) fn render(self) -> Markup {
        let Self { settings, site, kind, .. } = self;
        let title = if self.title.is_empty() {
            settings.title.clone()
        } else {
            format!("{} · {}", self.title, settings.title)
        };
        let listed = matches!(kind, Kind::Website | Kind::Article);
        html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    link rel="stylesheet" href=(*STYLE_URL);
                    link rel="icon" type="image/svg+xml" href="/icon.svg";
                    link rel="alternate" type="application/atom+xml" title=(settings.title) href="/feed.atom";
                    @if !self.description.is_empty() { meta name="description" content=(self.description); }
                    @if listed {
                        link rel="canonical" href=(site.url(self.path));
                        meta property="og:site_name" content=(settings.title);
                        meta property="og:title" content=(if self.title.is_empty() { &settings.title } else { self.title });
                        meta property="og:type" content=(if kind == Kind::Article { "article" } else { "website" });
                        meta property="og:url" content=(site.url(self.path));
                        @if !self.description.is_empty() { meta property="og:description" content=(self.description); }
                        // Mastodon shows this handle below a shared link.
                        meta name="fediverse:creator" content=(site.handle());
                    } @else {
                        meta name="robots" content="noindex";
                    }
                    @if kind == Kind::Article {
                        link rel="alternate" type="application/activity+json" href=(site.url(self.path));
                    }
                }
                body {
                    a.skip href="#content" { "Skip to the text" }
                    header.top {
                        a.name href="/" { (settings.title) }
                        nav aria-label="Blog" {
                            @if kind == Kind::Admin {
                                a href="/admin" { "Desk" }
                                a href="/admin/reading" { "Reading" }
                                a href="/admin/servers" { "Servers" }
                            } @else {
                                a href="/tags" { "Tags" }
                                a href="/feed.atom" { "Feed" }
                            }
                        }
                    }
                    main #content class=[(kind == Kind::Admin).then_some("admin")] { (self.content) }
                    footer.bottom {
                        p { (if settings.author.is_empty() { &settings.title } else { &settings.author }) " · " a href="/feed.atom" { "Atom feed" } " · " span.handle { (site.handle()) } }
                        p { "No scripts, no cookies for readers, nothing loaded from anywhere else." }
                    }
                }
            }
        }
    }
}

/// What every public page shows about following.
pub(crate) fn follow(site: &Site, followers: u64) -> Markup {
    html! {
        aside.follow aria-label="Follow" data-followers=(followers) {
            details {
                summary { span { "Follow " b.handle { (site.handle()) } } span.quiet { (count(followers, "follower", "followers")) } }
                p {
                    "With an account on Mastodon or any other server of the fediverse, paste that name into your server’s search and press "
                    em { "Follow" } ". New posts then appear among those of your friends, and what you answer appears here. "
                    "With a feed reader, use the " a href="/feed.atom" { "feed" } "."
                }
            }
        }
    }
}

/// A page that only says something: not found, gone, not allowed.
pub(crate) fn notice(settings: &Settings, site: &Site, title: &str, says: &str) -> Markup {
    let content = html! {
        section.notice {
            h1 { (title) }
            p { (says) }
            p { a href="/" { "To the first page" } }
        }
    };
    Page { settings, site, title, description: "", language: "en", path: "/", kind: Kind::Unlisted, content }
        .render()
}

/// A date, readable and exact.
pub(crate) fn date(at: Timestamp) -> Markup {
    html! { time datetime=(at) { (at.strftime("%-d %B %Y")) } }
}

/// A date that leads to `url`, where that is a page.
pub(crate) fn linked_date(url: &str, at: Timestamp) -> Markup {
    html! {
        @match web_url(url) {
            Some(url) => a href=(url) rel="nofollow noopener noreferrer ugc" { (date(at)) },
            None => (date(at)),
        }
    }
}

/// `1 reply`, `3 replies`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A sign for a person, made from their name. Portraits are not loaded: that would tell their server who reads here.
pub(crate) fn monogram(person: &Person) -> Markup {
    let mut hasher = DefaultHasher::new();
    person.actor.hash(&mut hasher);
    let letter = name(person)
        .chars()
        .find(|c| c.is_alphanumeric())
        .map_or('?', |c| c.to_uppercase().next().unwrap_or(c));
    html! { span class={ "monogram m" (hasher.finish() % 6) } aria-hidden="true" { (letter) } }
}

/// A person's name, linked to their page where that is a page.
pub(crate) fn person(person: &Person) -> Markup {
    html! {
        @match web_url(&person.profile).or_else(|| web_url(&person.actor)) {
            Some(url) => a.person href=(url) rel="nofollow noopener noreferrer ugc" title=(one_line(&person.handle, 120)) { bdi { (name(person)) } },
            None => span.person { bdi { (name(person)) } },
        }
    }
}

/// What to call them: their name, else their handle.
pub(crate) fn name(person: &Person) -> String {
    let name = one_line(&person.name, 60);
    if name.is_empty() { one_line(&person.handle, 80) } else { name }
}
