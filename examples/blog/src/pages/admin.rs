//! The author's pages.

use activitypub::as2::one_line;
use activitypub::{LaneStatus, Undelivered};
use maud::{Markup, html};

use super::{Kind, Page, count, date, linked_date, monogram, person};
use crate::app::Desk;
use crate::auth::Session;
use crate::db::blocks::Block;
use crate::db::reading::{Followed, Received, Standing};
use crate::db::responses::Reply;
use crate::html::foreign;
use crate::library::Library;
use crate::settings::Site;
use crate::shelf::Shelf;

pub(crate) fn login(library: &Library, wrong: Option<&str>) -> Markup {
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
        settings: &library.settings,
        site: &library.site,
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
    /// Deliveries that wait.
    pub(crate) waiting: u64,
    /// Servers that do not answer.
    pub(crate) lanes: &'a [LaneStatus],
    /// Deliveries that were given up.
    pub(crate) undelivered: &'a [Undelivered],
}

pub(crate) fn overview(library: &Library, all: &Overview<'_>) -> Markup {
    let Overview { session, desk, shelf, replies, followers, waiting, lanes, undelivered } = all;
    let content = html! {
        div.row { h1 { "Desk" } (button(session, "/admin/logout", "Leave", &[])) }
        p.quiet { (count(*followers, "follower", "followers")) " · " (count(shelf.posts().len() as u64, "post", "posts")) }
        (troubles(&library.site, desk, shelf))
        (deliveries(*waiting, lanes, undelivered))
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
        settings: &library.settings,
        site: &library.site,
        title,
        description: "",
        language: "en",
        path: "/admin",
        kind: Kind::Admin,
        content,
    }
    .render()
}

/// Whom the blog follows, and what they wrote.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) session: &'a Session,
    pub(crate) trouble: Option<&'a str>,
    pub(crate) following: &'a [Followed],
    pub(crate) received: &'a [Received],
}

pub(crate) fn reading(library: &Library, all: &Reading<'_>) -> Markup {
    let Reading { session, trouble, following, received } = all;
    let content = html! {
        h1 { "Reading" }
        @if let Some(trouble) = trouble { p.trouble role="alert" { (trouble) } }
        section {
            form.fields method="post" action="/admin/follow" {
                (token(session))
                label for="handle" { "Follow somebody" }
                input #handle name="handle" required placeholder="@somebody@their.example" autocapitalize="none" spellcheck="false";
                button type="submit" { "Follow" }
            }
            @if !following.is_empty() {
                ul.plain {
                    @for Followed { person, standing } in *following {
                        li.row.following data-actor=(person.actor) data-state=(standing.as_str()) {
                            span { (super::person(person)) " " span.quiet { (person.handle) @match standing {
                                Standing::Pending => ", not answered yet",
                                Standing::Rejected => ", does not want it",
                                Standing::Accepted => "",
                            } } }
                            (button(session, "/admin/unfollow", "Unfollow", &[("actor", &person.actor)]))
                        }
                    }
                }
            }
        }
        section {
            @if received.is_empty() { p.quiet { "What they write appears here, for your eyes only." } }
            @for text in *received {
                article.reply.received data-id=(text.id) {
                    header {
                        (monogram(&text.author))
                        div {
                            (person(&text.author))
                            div.meta {
                                span.handle { bdi { (text.author.handle) } }
                                (linked_date(&text.url, text.published))
                            }
                        }
                    }
                    div.text dir="auto" { (foreign(&text.content)) }
                }
            }
        }
    };
    let title = "Reading";
    Page {
        settings: &library.settings,
        site: &library.site,
        title,
        description: "",
        language: "en",
        path: "/admin/reading",
        kind: Kind::Admin,
        content,
    }
    .render()
}

/// The servers that are kept out.
#[derive(Debug)]
pub(crate) struct Servers<'a> {
    pub(crate) session: &'a Session,
    pub(crate) told: Option<Told>,
    pub(crate) blocks: &'a [Block],
    /// Rules in force, those of the uploaded list included.
    pub(crate) rules: usize,
}

/// What came of the form before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing, and why.
    Refused(String),
    /// A list is in force; this is what was odd about it.
    Listed(Vec<String>),
}

/// Oddities of a list that are shown; the rest are counted.
const ODDITIES: usize = 50;

pub(crate) fn servers(library: &Library, all: &Servers<'_>) -> Markup {
    let Servers { session, told, blocks, rules } = all;
    let content = html! {
        h1 { "Servers" }
        @match told {
            Some(Told::Refused(why)) => p.trouble role="alert" { (why) },
            Some(Told::Listed(oddities)) => div.told role="status" {
                p { "The list is in force." @if !oddities.is_empty() { " " (count(oddities.len() as u64, "row is", "rows are")) " odd:" } }
                @if !oddities.is_empty() {
                    ul {
                        @for oddity in oddities.iter().take(ODDITIES) { li { bdi { (one_line(oddity, 300)) } } }
                        @if oddities.len() > ODDITIES { li { "and " (oddities.len() - ODDITIES) " more" } }
                    }
                }
            },
            None => {}
        }
        p.quiet { (count(*rules as u64, "rule", "rules")) " in force." }
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
        section {
            h2 { "Upload a list" }
            p.quiet { "A " code { "domain_blocks.csv" } " as Mastodon exports it. It takes the place of the list before; your own blocks above stay. An empty file takes the list away." }
            form.fields method="post" action="/admin/list" enctype="multipart/form-data" {
                (token(session))
                label for="list" { "File" }
                input #list name="list" type="file" accept=".csv,text/csv" required;
                button type="submit" { "Upload" }
            }
        }
    };
    let title = "Servers";
    Page {
        settings: &library.settings,
        site: &library.site,
        title,
        description: "",
        language: "en",
        path: "/admin/servers",
        kind: Kind::Admin,
        content,
    }
    .render()
}

fn deliveries(waiting: u64, lanes: &[LaneStatus], undelivered: &[Undelivered]) -> Markup {
    html! {
        @if waiting > 0 || !lanes.is_empty() || !undelivered.is_empty() {
            section {
                h2 { "Deliveries" }
                p.quiet { (count(waiting, "delivery waits", "deliveries wait")) "." }
                ul.plain {
                    @for lane in lanes {
                        li {
                            b { (lane.origin) } " " span.quiet {
                                (count(lane.waiting, "delivery waits", "deliveries wait")) ", " (count(lane.failures.into(), "failure", "failures")) " in a row"
                                @if let Some(error) = &lane.last_error { ": " bdi { (one_line(error, 200)) } }
                            }
                        }
                    }
                    @for given_up in undelivered {
                        li { b { (given_up.origin) } " " span.quiet { "given up after " (count(given_up.attempts.into(), "attempt", "attempts")) ": " bdi { (one_line(&given_up.error, 200)) } } }
                    }
                }
            }
        }
    }
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
                        span.handle { bdi { (one_line(&reply.author.handle, 80)) } }
                        (linked_date(&reply.url, reply.published))
                        span { "on " a href={ "/posts/" (reply.post) } { (reply.post) } }
                    }
                }
            }
            div.text dir="auto" { (foreign(&reply.content)) }
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
