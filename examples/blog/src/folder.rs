//! The folder of Markdown files: what is in it, once it keeps still.
//!
//! Editors save in steps: they empty a file and fill it, or move it away and write a new one. So nothing in the folder
//! is believed until two looks in a row, a second apart, agree about it; that goes for a missing file, too.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::post::{Post, PostError};

/// The folder, and what the last looks saw.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    files: BTreeMap<String, Seen>,
    looks: u64,
}

/// What is known of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State<'a> {
    /// It has just changed; the next look may tell.
    Unsettled,
    /// It holds this text, or this is why it cannot be read.
    Settled(Result<&'a str, &'a PostError>),
    /// It is not there.
    Absent,
}

#[derive(Debug)]
struct Seen {
    stamp: Stamp,
    text: Result<String, PostError>,
    /// Two looks agreed about `text`.
    settled: bool,
    /// How many looks in a row missed it.
    missed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Folder {
    /// The file whose presence says that this is the blog's own folder.
    ///
    /// A disk that is not mounted looks like a folder without files. Where the mark is missing, nothing is taken for
    /// deleted: other servers never take back a post that they were told to delete.
    pub const MARK: &'static str = ".blog";

    /// Nothing is looked at yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), files: BTreeMap::new(), looks: 0 }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether [`Self::MARK`] is there.
    pub fn is_marked(&self) -> bool {
        self.path.join(Self::MARK).is_file()
    }

    /// Looks at every file. Files whose time and length stand as before are not opened.
    ///
    /// # Errors
    /// The folder's own, when it cannot be listed; then nothing that was known changes.
    pub fn look(&mut self) -> io::Result<()> {
        let mut present = BTreeMap::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".md")) else { continue };
            if stem.is_empty() || stem.starts_with('.') {
                continue;
            }
            // A file that vanished between listing and asking is a missing file.
            let Ok(meta) = fs::metadata(entry.path()) else { continue };
            if meta.is_file() {
                present.insert(stem.to_owned(), Stamp { modified: meta.modified().ok(), bytes: meta.len() });
            }
        }
        for (stem, seen) in &mut self.files {
            if !present.contains_key(stem) {
                seen.missed += 1;
            }
        }
        self.files.retain(|_, seen| seen.missed < 2);
        for (stem, stamp) in present {
            if self
                .files
                .get(&stem)
                .is_some_and(|seen| seen.settled && seen.missed == 0 && seen.stamp == stamp)
            {
                continue;
            }
            let text = read(&self.path.join(format!("{stem}.md")), stamp.bytes);
            let settled = self.files.get(&stem).is_some_and(|seen| seen.missed == 0 && seen.text == text);
            self.files.insert(stem, Seen { stamp, text, settled, missed: 0 });
        }
        self.looks += 1;
        Ok(())
    }

    /// What is known of the file `stem`.
    pub fn state(&self, stem: &str) -> State<'_> {
        match self.files.get(stem) {
            Some(Seen { settled: true, missed: 0, text, .. }) => State::Settled(text.as_deref()),
            Some(_) => State::Unsettled,
            None if self.looks >= 2 => State::Absent,
            None => State::Unsettled,
        }
    }

    /// The names, without `.md`, of the files that are there, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn read(path: &Path, bytes: u64) -> Result<String, PostError> {
    if bytes > Post::LIMIT {
        return Err(PostError::TooLong { bytes });
    }
    let bytes = fs::read(path).map_err(|error| PostError::Unreadable(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| PostError::NotText)
}
