//! A post: one Markdown file, understood.

use activitypub::as2::one_line;
use jiff::Timestamp;

use crate::front_matter::{self, FrontMatter, FrontMatterError};
use crate::markdown::{self, Rendered};

/// A post as its file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// What its head says.
    pub matter: FrontMatter,
    /// Its text, rendered.
    pub body: Rendered,
}

/// Why a file is not a post.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PostError {
    /// Nothing is written in it.
    #[error("there is no text in it; to unpublish a post, delete its file or say `draft: true`")]
    Empty,
    /// Longer than [`Post::LIMIT`].
    #[error("it has {bytes} bytes; {} are the most other servers take", Post::LIMIT)]
    TooLong {
        /// The file's length.
        bytes: u64,
    },
    /// Not text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// The file is there and cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// The file's name gives no address.
    #[error("its name has no letter a–z or digit to make an address of")]
    Nameless,
    /// The head is broken.
    #[error(transparent)]
    FrontMatter(#[from] FrontMatterError),
}

/// A file that has something wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name, without `.md`.
    pub file: String,
    /// What is wrong.
    pub error: PostError,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "posts/{}.md", self.file)?;
        if let PostError::FrontMatter(error) = &self.error {
            if let Some(line) = error.line() {
                write!(f, ", line {line}")?;
            }
            if let Some(field) = error.field() {
                write!(f, ", field `{field}`")?;
            }
        }
        write!(f, ": {}", self.error)
    }
}

impl Post {
    /// The longest file that is a post, in bytes. Mastodon reads documents up to 1 MB, and Markdown grows on its way to
    /// HTML in JSON.
    pub const LIMIT: u64 = 256 * 1024;

    /// Understands `text`.
    ///
    /// # Errors
    /// [`PostError`] says what is wrong and, where it can, on which line.
    pub fn parse(text: &str) -> Result<Self, PostError> {
        let bytes = text.len() as u64;
        if bytes > Self::LIMIT {
            return Err(PostError::TooLong { bytes });
        }
        let (matter, body) = front_matter::read(text)?;
        if body.trim().is_empty() {
            return Err(PostError::Empty);
        }
        Ok(Self { matter, body: markdown::render(body) })
    }

    /// Whether others may see it at `now`: not a draft, and not dated later.
    pub fn is_public(&self, now: Timestamp) -> bool {
        !self.matter.draft && self.matter.date.is_none_or(|date| date <= now)
    }

    /// The summary the author wrote, or how the text begins.
    pub fn summary(&self) -> &str {
        self.matter.summary.as_deref().unwrap_or(&self.body.excerpt)
    }

    /// The title, or how the text begins: what a list or a browser's tab shows.
    pub fn heading(&self) -> String {
        match &self.matter.title {
            Some(title) => title.clone(),
            None => one_line(&self.body.excerpt, 60),
        }
    }
}

/// The last part of the address of the post in the file `stem`: `a–z`, digits and single hyphens, at most 80 characters.
///
/// Nothing else, because this becomes the identity of the post on every server that hears of it, and those do not
/// agree on how to spell anything that needs escaping.
pub fn slug(stem: &str) -> Option<String> {
    let mut slug = String::with_capacity(stem.len());
    for c in stem.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(80);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}
