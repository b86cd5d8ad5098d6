//! The published posts, rendered, newest first: what the pages are made from.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use crate::db::posts::Row;
use crate::html::{self, SafeHtml};
use crate::post::Post;
use crate::settings::Site;

/// All posts that are out.
#[derive(Debug, Default)]
pub struct Shelf {
    posts: Vec<Entry>,
    graves: HashSet<String>,
}

/// A post that is out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The last part of its address.
    pub slug: String,
    /// Its file, without `.md`.
    pub file: String,
    /// What its file says.
    pub post: Post,
    /// Its text for the page.
    pub html: SafeHtml,
    /// The date its author gave it, or when it went out.
    pub published: Timestamp,
    /// When its text last changed.
    pub updated: Option<Timestamp>,
}

impl Shelf {
    /// Puts `rows` in order. One whose text is not understood is left out, and said in the log: it was understood when
    /// it was published, so that takes a change of this program.
    pub fn new(rows: Vec<Row>, graves: Vec<String>) -> Self {
        let mut posts: Vec<_> = rows.into_iter().filter_map(Entry::new).collect();
        posts.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.slug.cmp(&b.slug)));
        Self { posts, graves: graves.into_iter().collect() }
    }

    /// Every post, newest first.
    pub fn posts(&self) -> &[Entry] {
        &self.posts
    }

    /// The post at `slug`.
    pub fn post(&self, slug: &str) -> Option<&Entry> {
        self.posts.iter().find(|entry| entry.slug == slug)
    }

    /// Whether there was a post at `slug`, and is no more.
    pub fn is_grave(&self, slug: &str) -> bool {
        self.graves.contains(slug)
    }

    /// Every tag by its key: its name as last written, and how many posts carry it.
    pub fn tags(&self) -> BTreeMap<&str, (&str, usize)> {
        let mut tags = BTreeMap::new();
        for tag in self.posts.iter().flat_map(|entry| &entry.post.matter.tags) {
            tags.entry(tag.key.as_str()).or_insert((tag.name.as_str(), 0)).1 += 1;
        }
        tags
    }

    /// The posts that carry the tag `key`, newest first.
    pub fn tagged(&self, key: &str) -> Vec<&Entry> {
        self.posts.iter().filter(|entry| entry.post.matter.tags.iter().any(|tag| tag.key == key)).collect()
    }

    /// When anything last changed.
    pub fn updated(&self) -> Option<Timestamp> {
        self.posts.iter().map(Entry::touched).max()
    }
}

impl Entry {
    /// What `row` says; `None`, and a line in the log, where it is not understood.
    pub fn new(row: Row) -> Option<Self> {
        let post = Post::parse(&row.source)
            .inspect_err(
                |error| tracing::error!(slug = row.slug, %error, "a published post is no longer understood"),
            )
            .ok()?;
        Some(Self {
            html: html::own(&post.body.html),
            published: post.matter.date.unwrap_or(row.published),
            updated: row.updated,
            slug: row.slug,
            file: row.file,
            post,
        })
    }

    /// When it went out or last changed.
    pub fn touched(&self) -> Timestamp {
        self.updated.map_or(self.published, |updated| updated.max(self.published))
    }

    /// Its text as it goes to feeds and other servers: every link absolute.
    pub fn absolute_html(&self, site: &Site) -> SafeHtml {
        html::own_absolute(&self.post.body.html, &site.post_base(&self.slug))
    }

    /// Pictures that readers will not see, because they lie on other servers: the pages load nothing from elsewhere.
    pub fn foreign_pictures(&self, site: &Site) -> impl Iterator<Item = &str> {
        let base = site.post_base(&self.slug);
        let pictures = self.post.body.pictures.iter().map(|picture| picture.url.as_str());
        pictures.filter(move |url| base.join(url).is_ok_and(|url| url.origin() != base.origin()))
    }
}
