//! A post, and what readers answered from their servers.

use std::collections::HashMap;

use activitypub::as2::one_line;
use maud::{Markup, html};

use super::lists::tag_links;
use super::{Kind, Page, count, date, follow, linked_date, monogram, name, person};
use crate::db::responses::{self, Reaction, Reply};
use crate::html::foreign;
use crate::settings::{Settings, Site};
use crate::shelf::Entry;

/// Replies that one page shows.
pub(crate) const REPLIES: u32 = 200;

/// People named for their like or boost; the rest are counted.
const NAMES: usize = 30;

/// What readers answered to one post.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Oldest first.
    pub(crate) replies: Vec<Reply>,
    pub(crate) reactions: Vec<Reaction>,
}

pub(crate) fn page(
    settings: &Settings,
    site: &Site,
    entry: &Entry,
    answers: &Answers,
    followers: u64,
) -> Markup {
    let heading = entry.post.heading();
    let path = format!("/posts/{}", entry.slug);
    let language = entry.post.matter.language.as_deref().unwrap_or(&settings.language);
    let content = html! {
        article.post {
            header {
                @if let Some(title) = &entry.post.matter.title { h1 { (title) } } @else { h1.visually-hidden { (heading) } }
                p.meta {
                    (date(entry.published))
                    @if let Some(updated) = entry.updated { span { "updated " (date(updated)) } }
                    @if !settings.author.is_empty() { span { (settings.author) } }
                }
            }
            div.text { (entry.html) }
            @if !entry.post.matter.tags.is_empty() { p.meta.tags { (tag_links(&entry.post.matter.tags)) } }
        }
        (section(site, entry, answers))
        (follow(site, followers))
    };
    Page {
        settings,
        site,
        title: &heading,
        description: entry.post.summary(),
        language,
        path: &path,
        kind: Kind::Article,
        content,
    }
    .render()
}

fn section(site: &Site, entry: &Entry, answers: &Answers) -> Markup {
    let (likes, boosts): (Vec<_>, Vec<_>) =
        answers.reactions.iter().partition(|reaction| reaction.kind == responses::Kind::Like);
    let threads = threads(&answers.replies);
    html! {
        section.answers aria-labelledby="answers" lang="en" data-replies=(answers.replies.len()) data-likes=(likes.len()) data-boosts=(boosts.len()) {
            h2 #answers { "Answers" }
            @if !likes.is_empty() || !boosts.is_empty() {
                div.reactions {
                    (people(&likes, "like", "likes"))
                    (people(&boosts, "boost", "boosts"))
                }
            }
            @if threads.is_empty() { p.quiet { "Nobody has answered yet." } }
            @else {
                ol.thread {
                    @for thread in &threads {
                        li {
                            (reply(thread.top, None))
                            @if !thread.under.is_empty() {
                                ol { @for (below, to) in &thread.under { li { (reply(below, to.as_deref())) } } }
                            }
                        }
                    }
                }
            }
            details.howto {
                summary { "Answer this post" }
                p { "Answers come from other servers. Paste this address into your own server’s search, and reply to what it finds:" }
                p { code.address { (site.post(&entry.slug)) } }
            }
        }
    }
}

fn people(reactions: &[&Reaction], one: &str, many: &str) -> Markup {
    html! {
        @if !reactions.is_empty() {
            details {
                summary { (count(reactions.len() as u64, one, many)) }
                ul.people {
                    @for reaction in reactions.iter().take(NAMES) { li { (monogram(&reaction.person)) (person(&reaction.person)) } }
                    @if reactions.len() > NAMES { li.quiet { "and " (reactions.len() - NAMES) " more" } }
                }
            }
        }
    }
}

fn reply(reply: &Reply, to: Option<&str>) -> Markup {
    html! {
        article.reply class=[reply.ours.then_some("ours")] data-id=(reply.id) {
            header {
                (monogram(&reply.author))
                div {
                    (person(&reply.author))
                    @if reply.ours { " " span.badge { "author" } }
                    div.meta {
                        span.handle { bdi { (one_line(&reply.author.handle, 80)) } }
                        (linked_date(&reply.url, reply.published))
                        @if reply.updated.is_some() { span { "edited" } }
                        @if let Some(to) = to { span { "to " bdi { (to) } } }
                    }
                }
            }
            div.text dir="auto" { (foreign(&reply.content)) }
        }
    }
}

/// A reply to the post, and everything that hangs on it, in order of time.
#[derive(Debug)]
struct Thread<'a> {
    top: &'a Reply,
    /// With the name of whom it answers, where that is not the one on top.
    under: Vec<(&'a Reply, Option<String>)>,
}

/// One level of indentation, however deep the conversation went: a phone has no room for more.
fn threads(replies: &[Reply]) -> Vec<Thread<'_>> {
    let by_id: HashMap<&str, &Reply> = replies.iter().map(|reply| (reply.id.as_str(), reply)).collect();
    let mut threads: Vec<Thread<'_>> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for reply in replies {
        let top = top_of(reply, &by_id);
        if top.id == reply.id {
            place.insert(&reply.id, threads.len());
            threads.push(Thread { top: reply, under: Vec::new() });
        }
    }
    for reply in replies {
        let top = top_of(reply, &by_id);
        if top.id == reply.id {
            continue;
        }
        let Some(thread) = place.get(top.id.as_str()).and_then(|&place| threads.get_mut(place)) else {
            continue;
        };
        let parent = by_id.get(reply.in_reply_to.as_str()).filter(|parent| parent.id != top.id);
        thread.under.push((reply, parent.map(|parent| name(&parent.author))));
    }
    threads
}

/// The reply that `reply` hangs on in the end. Walking up ends after as many steps as there are replies: two of them may
/// claim to answer each other.
fn top_of<'a>(reply: &'a Reply, by_id: &HashMap<&str, &'a Reply>) -> &'a Reply {
    let mut top = reply;
    for _ in 0..by_id.len() {
        match by_id.get(top.in_reply_to.as_str()) {
            Some(parent) => top = parent,
            None => return top,
        }
    }
    reply
}
