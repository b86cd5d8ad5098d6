//! From what is in the folder and what is published to what has to be done.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::db::posts::Row;
use crate::folder::{Folder, State};
use crate::post::{Post, PostError, Problem, slug};

/// What has to be done, and what stands in the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which to do it.
    pub changes: Vec<Change>,
    /// Files that are not understood. Where one is published already, its last good text stays.
    pub problems: Vec<Problem>,
    /// Files that wait: drafts, and posts dated later.
    pub waiting: Vec<Waiting>,
    /// Published posts whose files are gone while the folder does not look like the blog's own.
    pub held: Vec<String>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The file `file` holds a post that nobody has seen yet.
    Publish {
        /// The file, without `.md`.
        file: String,
        /// The last part of the address it asks for.
        slug: String,
        /// Its text.
        source: String,
    },
    /// The text of a published post changed.
    Edit {
        /// The post.
        slug: String,
        /// Its new text.
        source: String,
    },
    /// The file of a published post was deleted, or its text is a draft again.
    Delete {
        /// The post.
        slug: String,
    },
}

/// A file that is not published yet, as its author wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The file, without `.md`.
    pub file: String,
    /// Its title, or how it begins.
    pub heading: String,
    /// When it goes out; `None` for a draft.
    pub date: Option<Timestamp>,
}

/// Compares the folder with `published`, the posts that are out.
pub fn plan(folder: &Folder, published: &[Row], now: Timestamp) -> Plan {
    let mut plan = Plan::default();
    let marked = folder.is_marked();
    for row in published {
        match folder.state(&row.file) {
            State::Unsettled => {}
            State::Absent if marked => plan.changes.push(Change::Delete { slug: row.slug.clone() }),
            State::Absent => plan.held.push(row.file.clone()),
            State::Settled(Err(error)) => {
                plan.problems.push(Problem { file: row.file.clone(), error: error.clone() })
            }
            State::Settled(Ok(text)) => match Post::parse(text) {
                Err(error) => plan.problems.push(Problem { file: row.file.clone(), error }),
                Ok(post) if post.matter.draft => {
                    plan.changes.push(Change::Delete { slug: row.slug.clone() });
                    plan.waiting.push(waiting(&row.file, &post));
                }
                Ok(_) if text != row.source => {
                    plan.changes.push(Change::Edit { slug: row.slug.clone(), source: text.to_owned() });
                }
                Ok(_) => {}
            },
        }
    }
    let out: BTreeSet<_> = published.iter().map(|row| row.file.as_str()).collect();
    for file in folder.files().filter(|file| !out.contains(file)) {
        let text = match folder.state(file) {
            State::Settled(Ok(text)) => text,
            State::Settled(Err(error)) => {
                plan.problems.push(Problem { file: file.to_owned(), error: error.clone() });
                continue;
            }
            State::Unsettled | State::Absent => continue,
        };
        match (Post::parse(text), slug(file)) {
            (Ok(post), _) if !post.is_public(now) => plan.waiting.push(waiting(file, &post)),
            (Ok(_), Some(slug)) => {
                plan.changes.push(Change::Publish { file: file.to_owned(), slug, source: text.to_owned() })
            }
            (Ok(_), None) => {
                plan.problems.push(Problem { file: file.to_owned(), error: PostError::Nameless })
            }
            (Err(error), _) => plan.problems.push(Problem { file: file.to_owned(), error }),
        }
    }
    plan
}

fn waiting(file: &str, post: &Post) -> Waiting {
    let date = post.matter.date.filter(|_| !post.matter.draft);
    Waiting { file: file.to_owned(), heading: post.heading(), date }
}
