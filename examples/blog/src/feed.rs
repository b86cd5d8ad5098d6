//! The Atom feed ([RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)).

use std::fmt::Write;

use crate::settings::{Settings, Site};
use crate::shelf::{Entry, Shelf};

/// Posts in the feed.
const POSTS: usize = 20;

/// The feed of the newest posts.
pub fn atom(settings: &Settings, site: &Site, shelf: &Shelf) -> String {
    let mut feed = String::with_capacity(16 * 1024);
    feed.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"");
    let language = text(&settings.language);
    line(&mut feed, format_args!(" xml:lang=\"{language}\">"));
    line(&mut feed, format_args!("<id>{}</id>", text(&site.url("/"))));
    line(&mut feed, format_args!("<title>{}</title>", text(&settings.title)));
    if !settings.description.is_empty() {
        line(&mut feed, format_args!("<subtitle>{}</subtitle>", text(&settings.description)));
    }
    line(
        &mut feed,
        format_args!(
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
            text(&site.url("/feed.atom"))
        ),
    );
    line(
        &mut feed,
        format_args!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", text(&site.url("/"))),
    );
    let updated = shelf.updated().unwrap_or_default();
    line(&mut feed, format_args!("<updated>{updated}</updated>"));
    let author = if settings.author.is_empty() { &settings.title } else { &settings.author };
    line(
        &mut feed,
        format_args!("<author><name>{}</name><uri>{}</uri></author>", text(author), text(&site.url("/"))),
    );
    for post in shelf.posts().iter().take(POSTS) {
        entry(&mut feed, site, post);
    }
    feed.push_str("</feed>\n");
    feed
}

fn entry(feed: &mut String, site: &Site, entry: &Entry) {
    let address = site.post(&entry.slug);
    match &entry.post.matter.language {
        Some(language) => line(feed, format_args!("<entry xml:lang=\"{}\">", text(language))),
        None => line(feed, format_args!("<entry>")),
    }
    line(feed, format_args!("<id>{}</id>", text(&address)));
    line(feed, format_args!("<title>{}</title>", text(&entry.post.heading())));
    line(feed, format_args!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", text(&address)));
    line(feed, format_args!("<published>{}</published>", entry.published));
    line(feed, format_args!("<updated>{}</updated>", entry.touched()));
    for tag in &entry.post.matter.tags {
        line(feed, format_args!("<category term=\"{}\" label=\"{}\"/>", text(&tag.key), text(&tag.name)));
    }
    if entry.post.matter.title.is_some() {
        line(feed, format_args!("<summary>{}</summary>", text(entry.post.summary())));
    }
    line(feed, format_args!("<content type=\"html\">{}</content>", text(entry.absolute_html(site).as_str())));
    line(feed, format_args!("</entry>"));
}

fn line(feed: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(feed, "{arguments}");
}

/// `text` for the inside of an element or a quoted attribute; signs that XML 1.0 cannot carry are left out.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && c < ' ' => {}
            c => safe.push(c),
        }
    }
    safe
}
