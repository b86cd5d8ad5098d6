//! The first page, the pages behind it, and the tags.

use std::collections::HashMap;

use maud::{Markup, html};

use super::{Kind, Page, count, date, follow};
use crate::db::responses::Counts;
use crate::front_matter::Tag;
use crate::settings::{Settings, Site};
use crate::shelf::{Entry, Shelf};

/// Posts on one page.
pub(crate) const POSTS: usize = 10;

/// Page `number`, from 1, of all posts; `None` when there is no such page.
pub(crate) fn index(
    settings: &Settings,
    site: &Site,
    shelf: &Shelf,
    counts: &HashMap<String, Counts>,
    followers: u64,
    number: usize,
) -> Option<Markup> {
    let pages = shelf.posts().len().div_ceil(POSTS).max(1);
    if number == 0 || number > pages {
        return None;
    }
    let path = address(number);
    let content = html! {
        @if number == 1 {
            section.about {
                h1 { (settings.title) }
                @if !settings.description.is_empty() { p.lead { (settings.description) } }
            }
            (follow(site, followers))
        } @else {
            h1.small { "Page " (number) " of " (pages) }
        }
        @if shelf.posts().is_empty() { p.quiet { "Nothing is written here yet." } }
        ol.posts { @for entry in shelf.posts().iter().skip((number - 1) * POSTS).take(POSTS) { li { (item(settings, entry, counts.get(&entry.slug))) } } }
        @if pages > 1 {
            nav.pager aria-label="Pages" {
                @if number > 1 { a rel="prev" href=(address(number - 1)) { "← Newer" } } @else { span {} }
                @if number < pages { a rel="next" href=(address(number + 1)) { "Older →" } }
            }
        }
    };
    let title = if number == 1 { String::new() } else { format!("Page {number}") };
    let kind = if number == 1 { Kind::Website } else { Kind::Unlisted };
    Some(
        Page {
            settings,
            site,
            title: &title,
            description: &settings.description,
            language: &settings.language,
            path: &path,
            kind,
            content,
        }
        .render(),
    )
}

/// All tags.
pub(crate) fn tags(settings: &Settings, site: &Site, shelf: &Shelf) -> Markup {
    let content = html! {
        h1 { "Tags" }
        @if shelf.tags().is_empty() { p.quiet { "No post carries a tag yet." } }
        ul.cloud { @for (key, (name, posts)) in shelf.tags() { li { a href={ "/tags/" (key) } { "#" (name) } " " span.quiet { (posts) } } } }
    };
    Page {
        settings,
        site,
        title: "Tags",
        description: "",
        language: &settings.language,
        path: "/tags",
        kind: Kind::Website,
        content,
    }
    .render()
}

/// The posts with the tag `key`; `None` when there are none.
pub(crate) fn tag(
    settings: &Settings,
    site: &Site,
    shelf: &Shelf,
    counts: &HashMap<String, Counts>,
    key: &str,
) -> Option<Markup> {
    let (name, posts) = *shelf.tags().get(key)?;
    let content = html! {
        h1 { "#" (name) }
        p.quiet { (count(posts as u64, "post", "posts")) " · " a href="/tags" { "all tags" } }
        ol.posts { @for entry in shelf.tagged(key) { li { (item(settings, entry, counts.get(&entry.slug))) } } }
    };
    let title = format!("#{name}");
    let path = format!("/tags/{key}");
    Some(
        Page {
            settings,
            site,
            title: &title,
            description: "",
            language: &settings.language,
            path: &path,
            kind: Kind::Website,
            content,
        }
        .render(),
    )
}

/// The tags of one post.
pub(crate) fn tag_links(tags: &[Tag]) -> Markup {
    html! { @for tag in tags { a.tag rel="tag" href={ "/tags/" (tag.key) } { "#" (tag.name) } " " } }
}

fn item(settings: &Settings, entry: &Entry, counts: Option<&Counts>) -> Markup {
    let address = format!("/posts/{}", entry.slug);
    let language = entry.post.matter.language.as_deref().filter(|language| *language != settings.language);
    html! {
        article.item lang=[language] {
            @match &entry.post.matter.title {
                Some(title) => {
                    h2 { a href=(address) { (title) } }
                    p { (entry.post.summary()) }
                }
                // A short post is its own summary.
                None => div.text.short { (entry.html) },
            }
            p.meta {
                a href=(address) { (date(entry.published)) }
                @if let Some(said) = counts.and_then(said) { span { (said) } }
                (tag_links(&entry.post.matter.tags))
            }
        }
    }
}

fn said(counts: &Counts) -> Option<String> {
    let parts = [
        (counts.replies, "reply", "replies"),
        (counts.likes, "like", "likes"),
        (counts.boosts, "boost", "boosts"),
    ];
    let said: Vec<_> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(number.into(), one, many))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn address(number: usize) -> String {
    if number == 1 { "/".to_owned() } else { format!("/page/{number}") }
}
