//! The author's pages.

use maud::{Markup, html};

use super::{Kind, Page, count, date, monogram, person};
use crate::app::Desk;
use crate::auth::Session;
use crate::db::blocks::Block;
use crate::db::responses::Reply;
use crate::html::web_url;
use crate::settings::{Settings, Site};
use crate::shelf::Shelf;

pub(crate) fn login(settings: &Settings, site: &Site, wrong: Option<&str>) -> Markup {
    let content = html! {
        section.login {
            h1 { "The author’s desk" }
            @if let Some(wrong) = wrong { p.trouble role="alert" { (wrong) } }
            form method="post" action="/admin/login" {
                label for="password" { "Password" }
                input #password name="password" type="password" autocomplete="current-password" required autofocus;
                p.quiet { "It was printed in the terminal when the blog first started. Lost it? Start once with " code { "--new-password" } "." }
                button type="submit" { "Open" }
            }
        }
    };
    Page {
        settings,
        site,
        title: "Desk",
        description: "",
        language: "en",
        path: "/admin",
        kind: Kind::Unlisted,
        content,
    }
    .render()
}

/// Everything on the desk.
#[derive(Debug)]
pub(crate) struct Overview<'a> {
    pub(crate) session: &'a Session,
    pub(crate) desk: &'a Desk,
    pub(crate) shelf: &'a Shelf,
    pub(crate) replies: &'a [Reply],
    pub(crate) followers: u64,
}

pub(crate) fn overview(settings: &Settings, site: &Site, all: &Overview<'_>) -> Markup {
    let Overview { session, desk, shelf, replies, followers } = all;
    let content = html! {
        div.row { h1 { "Desk" } (button(session, "/admin/logout", "Leave", &[])) }
        p.quiet { (count(*followers, "follower", "followers")) " · " (count(shelf.posts().len() as u64, "post", "posts")) }
        (troubles(site, desk, shelf))
        section {
            h2 { "Replies" }
            @if replies.is_empty() { p.quiet { "None yet. They come from other servers and appear below their post." } }
            @for reply in *replies { (letter(session, reply)) }
        }
        section {
            h2 { "Posts" }
            @if !desk.plan.waiting.is_empty() {
                ul.plain {
                    @for waiting in &desk.plan.waiting {
                        li {
                            span.badge { @if waiting.date.is_some() { "scheduled" } @else { "draft" } } " "
                            (waiting.heading) " " span.quiet { (waiting.file) ".md" @if let Some(at) = waiting.date { ", goes out " (date(at)) } }
                        }
                    }
                }
            }
            ul.plain {
                @for entry in shelf.posts() {
                    li { a href={ "/posts/" (entry.slug) } { (entry.post.heading()) } " " span.quiet { (entry.file) ".md, " (date(entry.published)) } }
                }
            }
        }
    };
    let title = "Desk";
    Page {
        settings,
        site,
        title,
        description: "",
        language: "en",
        path: "/admin",
        kind: Kind::Admin,
        content,
    }
    .render()
}

/// The servers that are kept out.
#[derive(Debug)]
pub(crate) struct Servers<'a> {
    pub(crate) session: &'a Session,
    pub(crate) trouble: Option<&'a str>,
    pub(crate) blocks: &'a [Block],
}

pub(crate) fn servers(settings: &Settings, site: &Site, all: &Servers<'_>) -> Markup {
    let Servers { session, trouble, blocks } = all;
    let content = html! {
        h1 { "Servers" }
        @if let Some(trouble) = trouble { p.trouble role="alert" { (trouble) } }
        section {
            h2 { "Block a server" }
            p.quiet { "Nothing it sends is taken, nothing is sent to it, and what its people wrote is not shown. The block holds for its subdomains." }
            form.fields method="post" action="/admin/block" {
                (token(session))
                label for="host" { "Server" }
                input #host name="host" required placeholder="loud.example" autocapitalize="none" spellcheck="false";
                label for="reason" { "Reason, for your memory" }
                input #reason name="reason";
                button type="submit" { "Block" }
            }
            @if !blocks.is_empty() {
                ul.plain {
                    @for block in *blocks {
                        li.row {
                            span { b { (block.host) } " " span.quiet { (block.reason) @if !block.reason.is_empty() { ", " } "since " (date(block.since)) } }
                            (button(session, "/admin/unblock", "Unblock", &[("host", &block.host)]))
                        }
                    }
                }
            }
        }
    };
    let title = "Servers";
    Page {
        settings,
        site,
        title,
        description: "",
        language: "en",
        path: "/admin/servers",
        kind: Kind::Admin,
        content,
    }
    .render()
}

fn troubles(site: &Site, desk: &Desk, shelf: &Shelf) -> Markup {
    let pictures: Vec<_> = shelf
        .posts()
        .iter()
        .flat_map(|entry| entry.foreign_pictures(site).map(move |url| (entry.file.as_str(), url)))
        .collect();
    let calm = desk.unreadable.is_none()
        && desk.plan.problems.is_empty()
        && desk.plan.held.is_empty()
        && pictures.is_empty();
    html! {
        @if !calm {
            section.trouble aria-label="Problems" {
                h2 { "Something to look at" }
                ul {
                    @if let Some(error) = &desk.unreadable { li { "The folder of posts cannot be read, so everything stays as it is: " (error) } }
                    @for problem in &desk.plan.problems {
                        li {
                            (problem.to_string())
                            @if shelf.posts().iter().any(|entry| entry.file == problem.file) { " " span.quiet { "The post stays as it last was." } }
                        }
                    }
                    @for file in &desk.plan.held {
                        li {
                            code { "posts/" (file) ".md" } " is gone, and so is " code { "posts/" (crate::folder::Folder::MARK) } ", which marks the folder as the blog’s own. "
                            "The post stays. If this is the right folder, make that file again; then the post is deleted."
                        }
                    }
                    @for (file, url) in pictures {
                        li { code { "posts/" (file) ".md" } ": readers do not see the picture " code { (url) } ", for pages load nothing from other servers. Put it into " code { "media/" } " and write " code { "/media/…" } "." }
                    }
                }
            }
        }
    }
}

fn letter(session: &Session, reply: &Reply) -> Markup {
    html! {
        article.reply class=[reply.hidden.then_some("hidden-reply")] {
            header {
                (monogram(&reply.author))
                div {
                    (person(&reply.author))
                    @if reply.ours { " " span.badge { "you" } }
                    @if reply.hidden { " " span.badge { "hidden" } }
                    div.meta {
                        span.handle { bdi { (crate::html::one_line(&reply.author.handle, 80)) } }
                        @match web_url(&reply.url) {
                            Some(url) => a href=(url) rel="nofollow noopener noreferrer" { (date(reply.published)) },
                            None => (date(reply.published)),
                        }
                        span { "on " a href={ "/posts/" (reply.post) } { (reply.post) } }
                    }
                }
            }
            div.text dir="auto" { (reply.content.sanitise()) }
            div.actions {
                @if reply.ours {
                    (button(session, "/admin/delete", "Delete", &[("id", &reply.id)]))
                } @else {
                    details {
                        summary { "Write a reply" }
                        form method="post" action="/admin/reply" {
                            (token(session))
                            input type="hidden" name="to" value=(reply.id);
                            label for={ "text-" (reply.id) } { "Markdown; their name is put in front" }
                            textarea #{ "text-" (reply.id) } name="text" rows="4" required {}
                            button type="submit" { "Send" }
                        }
                    }
                    @if reply.hidden { (button(session, "/admin/show", "Show", &[("id", &reply.id)])) }
                    @else { (button(session, "/admin/hide", "Hide", &[("id", &reply.id)])) }
                }
            }
        }
    }
}

/// A form that is only a button.
fn button(session: &Session, action: &str, label: &str, fields: &[(&str, &str)]) -> Markup {
    html! {
        form.button method="post" action=(action) {
            (token(session))
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.plain-button type="submit" { (label) }
        }
    }
}

fn token(session: &Session) -> Markup {
    html! { input type="hidden" name="form" value=(session.form); }
}
